//! What a file is: what its bytes say, never what its sender claims.

mod boxes;
mod text;

pub use text::{TextCheck, is_text};

use boxes::{ebml, iso_media, ogg, zip};
use memchr::memmem::find;

/// How many bytes from a file's start [`sniff`] wants to see. Fewer are fine for a shorter file.
pub const HEAD: usize = 8192;

/// What is known to be nothing else.
pub const UNKNOWN: &str = "application/octet-stream";

/// How a page shows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Pixels that browsers draw.
    Picture,
    Audio,
    Video,
    Pdf,
    /// Always served as `text/plain; charset=utf-8`.
    Text,
    /// All else: a name and a size.
    File,
}

/// The media type of a file by its first bytes ([`HEAD`] of them, or all).
///
/// `whole_is_utf8`: what [`is_text`] says of the whole file. Text is text, whatever it starts with, so that HTML,
/// SVG and scripts are never anything that a browser runs or draws. `name` is what the sender called the file;
/// its extension chooses among kinds of text, and among kinds that share a container, and does nothing else.
pub fn sniff(head: &[u8], whole_is_utf8: bool, name: &str) -> &'static str {
    let extension = extension(name);
    if whole_is_utf8 {
        // The one format that may be nothing but letters.
        return if head.starts_with(b"%PDF-") { "application/pdf" } else { text::of(&extension) };
    }
    magic(head, &extension).unwrap_or(UNKNOWN)
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

fn magic(head: &[u8], extension: &str) -> Option<&'static str> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    Some(match head {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => png(head),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, form @ ..] => match form.get(..4)? {
            b"WEBP" => "image/webp",
            b"WAVE" => "audio/wav",
            b"AVI " => "video/x-msvideo",
            _ => return None,
        },
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "image/tiff",
        // Two letters are a weak sign. The next are its own length and four zeroes.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => iso_media(head, extension),
        // Old QuickTime films have no brand.
        [_, _, _, _, b'm', b'o', b'o', b'v', ..] | [_, _, _, _, b'm', b'd', b'a', b't', ..] => "video/quicktime",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => ebml(head, extension)?,
        [b'O', b'g', b'g', b'S', 0, ..] => ogg(head, extension),
        [b'f', b'L', b'a', b'C', ..] => "audio/flac",
        [b'I', b'D', b'3', 2..=4, ..] => "audio/mpeg",
        [0xff, second, ..] if second & 0xf6 == 0xf0 => "audio/aac",
        [0xff, second, third, ..] if mpeg_audio(*second, *third) => "audio/mpeg",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zip(head, extension),
        [0x1f, 0x8b, 8, ..] => "application/gzip",
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => "application/x-7z-compressed",
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => "application/vnd.rar",
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => "application/x-bzip2",
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => "application/x-xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "application/zstd",
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => match extension {
            "doc" => "application/msword",
            "xls" => "application/vnd.ms-excel",
            "ppt" => "application/vnd.ms-powerpoint",
            _ => UNKNOWN,
        },
        _ if at(257, b"ustar") => "application/x-tar",
        _ => return None,
    })
}

/// A frame of MPEG audio: layer, bit rate and sample rate have values that mean nothing.
fn mpeg_audio(second: u8, third: u8) -> bool {
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let (bit_rate, sample_rate) = (third >> 4, third >> 2 & 3);
    second & 0xe0 == 0xe0 && version != 1 && layer != 0 && !matches!(bit_rate, 0 | 15) && sample_rate != 3
}

fn png(head: &[u8]) -> &'static str {
    // An animation is announced before the first pixels.
    let before = find(head, b"IDAT").unwrap_or(head.len());
    if find(&head[..before], b"acTL").is_some() { "image/apng" } else { "image/png" }
}

/// How a page shows what [`sniff`] named. A type that it never names is a [`Class::File`].
pub fn class(mime: &str) -> Class {
    match mime {
        "image/jpeg" | "image/png" | "image/apng" | "image/gif" | "image/webp" | "image/avif" | "image/bmp" => {
            Class::Picture
        }
        "audio/mpeg" | "audio/wav" | "audio/flac" | "audio/mp4" | "audio/aac" | "audio/ogg" | "audio/webm" => {
            Class::Audio
        }
        "video/mp4" | "video/quicktime" | "video/webm" | "video/ogg" | "video/3gpp" | "video/x-matroska" => {
            Class::Video
        }
        "application/pdf" => Class::Pdf,
        "text/plain" | "text/markdown" | "text/csv" => Class::Text,
        _ => Class::File,
    }
}

/// Whether a browser may show it in place. All else is sent as an attachment.
pub fn inline(mime: &str) -> bool {
    class(mime) != Class::File
}

/// Whether its own address shows a file of that name in place. Text whose name says that it is something else, a page or a
/// picture, is sent as an attachment: who follows a link to it gets no page in our name.
pub fn shown(mime: &str, name: &str) -> bool {
    let honest = || matches!(extension(name).as_str(), "" | "txt" | "text" | "log" | "md" | "markdown" | "csv");
    inline(mime) && (class(mime) != Class::Text || honest())
}

/// The `Content-Type` to serve it with.
pub fn content_type(mime: &str) -> &str {
    match class(mime) {
        Class::Text => "text/plain; charset=utf-8",
        _ => mime,
    }
}

/// Whether a worker can measure it and make thumbnails.
pub fn can_be_measured(mime: &str) -> bool {
    class(mime) == Class::Picture && mime != "image/avif"
}

#[cfg(test)]
mod tests;
