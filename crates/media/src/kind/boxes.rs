//! Containers that share a magic: what is inside decides, and the name where the bytes leave it open.

use memchr::memmem::find;

fn has(head: &[u8], what: &[u8]) -> bool {
    find(head, what).is_some()
}

/// ISO 14496-12: the brands of `ftyp`, the major one first.
pub(super) fn iso_media(head: &[u8], extension: &str) -> &'static str {
    let size = head.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    let brands = head.get(8..size.min(head.len())).unwrap_or_default();
    let major = brands.first_chunk::<4>().copied().unwrap_or_default();
    // Bytes 4 to 8 are the minor version.
    let any = |wanted: &[&[u8; 4]]| {
        let (all, _) = brands.as_chunks::<4>();
        all.iter().enumerate().any(|(n, brand)| n != 1 && wanted.contains(&brand))
    };
    match &major {
        b"M4A " | b"M4B " | b"M4P " => "audio/mp4",
        b"qt  " => "video/quicktime",
        b"avif" | b"avis" => "image/avif",
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => "image/heic",
        b"mif1" | b"msf1" | b"miaf" if any(&[b"avif", b"avis"]) => "image/avif",
        b"mif1" | b"msf1" | b"miaf" => "image/heic",
        [b'3', b'g', b'p' | b'g' | b'r' | b's', _] => "video/3gpp",
        _ if extension == "m4a" || extension == "m4b" => "audio/mp4",
        _ => "video/mp4",
    }
}

/// Matroska and WebM: the document type, then the tracks' codecs.
pub(super) fn ebml(head: &[u8], extension: &str) -> Option<&'static str> {
    let start = &head[..head.len().min(64)];
    let codecs: &[&[u8]] = &[b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG", b"V_THEORA"];
    let video = codecs.iter().any(|codec| has(head, codec));
    // Where the tracks come later than the head the name decides.
    let audio = !video && (has(head, b"A_OPUS") || has(head, b"A_VORBIS") || extension == "weba");
    if has(start, b"webm") {
        Some(if audio { "audio/webm" } else { "video/webm" })
    } else if has(start, b"matroska") {
        Some("video/x-matroska")
    } else {
        None
    }
}

/// The first page of every stream of an Ogg file names its codec; those pages come first.
pub(super) fn ogg(head: &[u8], extension: &str) -> &'static str {
    let video: &[&[u8]] = &[b"\x80theora", b"\x01video\0\0\0", b"BBCD\0"];
    if video.iter().any(|codec| has(head, codec)) || extension == "ogv" { "video/ogg" } else { "audio/ogg" }
}

/// Office files and books are archives. Some say so in their first entry, for the others the name is asked,
/// and only believed where the entries fit.
pub(super) fn zip(head: &[u8], extension: &str) -> &'static str {
    const NAMED: &[(&[u8], &str)] = &[
        (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
        (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation"),
        (b"mimetypeapplication/epub+zip", "application/epub+zip"),
    ];
    // The first entry's name starts at byte 30.
    let first = head.get(30..).unwrap_or_default();
    if let Some((_, mime)) = NAMED.iter().find(|(start, _)| first.starts_with(start)) {
        return mime;
    }
    let office = has(head, b"[Content_Types].xml") || has(head, b"_rels/.rels") || has(head, b"docProps/");
    match extension {
        "docx" if office => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" if office => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" if office => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "jar" if has(head, b"META-INF/") => "application/java-archive",
        "apk" if has(head, b"AndroidManifest.xml") || has(head, b"META-INF/") => {
            "application/vnd.android.package-archive"
        }
        _ => "application/zip",
    }
}
