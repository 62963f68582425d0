#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use proptest::prelude::*;
use std::io::Cursor;

fn zip_with(entry: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(30, 0);
    bytes.extend_from_slice(entry.as_bytes());
    bytes
}

fn ftyp(brands: &str) -> Vec<u8> {
    let mut bytes = (brands.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend_from_slice(b"ftyp");
    bytes.extend_from_slice(brands.as_bytes());
    bytes
}

fn after(lead: &[u8], rest: &[u8]) -> Vec<u8> {
    [lead, rest].concat()
}

#[test]
fn bytes_say_what_a_file_is() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR................";
    let ebml = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84";
    let mut tar = b"file".to_vec();
    tar.resize(257, 0);
    tar.extend_from_slice(b"ustar\0");
    let cases: &[(&[u8], &str, &str)] = &[
        (b"\xff\xd8\xff\xe0", "a.png", "image/jpeg"),
        (&after(png, b"IDAT"), "a.jpg", "image/png"),
        (&after(png, b"acTL....IDAT"), "a.png", "image/apng"),
        (&after(png, b"IDAT....acTL"), "a.png", "image/png"),
        (b"GIF89a\x01\0\x01\0", "", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "", "audio/wav"),
        (b"RIFF\0\0\0\0NONE", "", UNKNOWN),
        (b"RIFF", "", UNKNOWN),
        (b"II*\0\x08\0\0\0", "", "image/tiff"),
        (b"BM\x46\0\0\0\0\0\0\0\x36", "", "image/bmp"),
        (b"BMW\xff is no picture", "a.bmp", UNKNOWN),
        (&ftyp("avif\0\0\0\0mif1"), "", "image/avif"),
        (&ftyp("mif1\0\0\0\0avif"), "", "image/avif"),
        (&ftyp("mif1\0\0\0\0heic"), "", "image/heic"),
        (&ftyp("mif1avif"), "", "image/heic"),
        (&ftyp("heic\0\0\0\0mif1"), "a.jpg", "image/heic"),
        (&ftyp("isom\0\0\0\0mp42"), "a.mp4", "video/mp4"),
        (&ftyp("isom\0\0\0\0mp42"), "a.m4a", "audio/mp4"),
        (&ftyp("M4A \0\0\0\0mp42"), "a.mp4", "audio/mp4"),
        (&ftyp("qt  \0\0\0\0"), "a.mov", "video/quicktime"),
        (&after(ebml, b"webm V_VP9 A_OPUS"), "", "video/webm"),
        (&after(ebml, b"webm A_OPUS"), "a.webm", "audio/webm"),
        (&after(ebml, b"webm"), "a.webm", "video/webm"),
        (&after(ebml, b"matroska"), "a.mkv", "video/x-matroska"),
        (b"OggS\0\x02 OpusHead", "", "audio/ogg"),
        (b"OggS\0\x02 \x80theora OggS \x01vorbis", "", "video/ogg"),
        (b"fLaC\0\0\0\x22", "", "audio/flac"),
        (b"ID3\x03\0\0", "", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "", "audio/aac"),
        (b"\xff\xff\xff\xff", "a.mp3", UNKNOWN),
        (b"%PDF-1.7\n%\xe2\xe3", "", "application/pdf"),
        (b"\x1f\x8b\x08\0", "a.svgz", "application/gzip"),
        (b"7z\xbc\xaf\x27\x1c", "", "application/x-7z-compressed"),
        (&tar, "", "application/x-tar"),
        (&zip_with("a.txt"), "a.docx", "application/zip"),
        (
            &zip_with("[Content_Types].xml"),
            "a.DOCX",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (&zip_with("mimetypeapplication/epub+zip"), "a.zip", "application/epub+zip"),
        (b"\x7fELF\x02\x01\x01\0", "a.png", UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>\xff", "a.svg", UNKNOWN),
    ];
    for (head, name, mime) in cases {
        assert_eq!(sniff(head, false, name), *mime, "{:?} {name}", head.escape_ascii().to_string());
    }
}

#[test]
fn text_is_text_whatever_it_is_called_or_starts_with() {
    let cases = [
        ("<html><script>alert(1)</script>", "cat.png", "text/plain"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "cat.png", "text/plain"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "cat.svg", "text/plain"),
        ("<?xml version='1.0'?>", "a.xml", "text/plain"),
        ("alert(1)", "a.js", "text/plain"),
        ("GIF89a=1;alert(1)", "a.gif", "text/plain"),
        ("BM of text", "a.bmp", "text/plain"),
        ("# Title", "README.MD", "text/markdown"),
        ("a,b", "table.csv", "text/csv"),
        ("", "empty", "text/plain"),
        ("%PDF-1.4 all in letters", "a.txt", "application/pdf"),
    ];
    for (text, name, mime) in cases {
        assert_eq!(sniff(text.as_bytes(), true, name), mime, "{text} {name}");
    }
}

#[test]
fn only_what_cannot_act_is_shown_in_place() {
    let shown = ["image/png", "image/avif", "video/mp4", "audio/ogg", "application/pdf", "text/markdown"];
    let sent = [
        "image/svg+xml",
        "text/html",
        "text/xml",
        "application/xhtml+xml",
        "text/javascript",
        "image/tiff",
        "application/zip",
        UNKNOWN,
        "",
        "image/png; x",
        "IMAGE/PNG",
    ];
    for mime in shown {
        assert!(inline(mime), "{mime}");
    }
    for mime in sent {
        assert!(!inline(mime), "{mime}");
    }
    assert_eq!(content_type("text/markdown"), "text/plain; charset=utf-8");
    assert_eq!(content_type("image/png"), "image/png");
}

#[test]
fn text_is_checked_to_its_end() {
    let good: &[&[u8]] = &[b"", b"plain", "é€🎈".as_bytes(), "\u{feff}bom".as_bytes()];
    let bad: &[&[u8]] =
        &[b"\0", b"a\0b", b"\xff", b"\xc3", b"a\xe2\x82", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80"];
    for bytes in good {
        assert!(is_text(Cursor::new(bytes)).unwrap(), "{}", bytes.escape_ascii());
    }
    for bytes in bad {
        assert!(!is_text(Cursor::new(bytes)).unwrap(), "{}", bytes.escape_ascii());
    }
    let mut long = vec![b'a'; 64 * 1024 - 1];
    long.extend_from_slice("🎈".as_bytes());
    assert!(is_text(Cursor::new(&long)).unwrap());
    long.pop();
    assert!(!is_text(Cursor::new(&long)).unwrap());
}

proptest! {
    #[test]
    fn pieces_say_what_the_whole_says(text in any::<String>(), mut bytes in any::<Vec<u8>>(), step in 1_usize..9) {
        for whole in [text.as_bytes(), &bytes] {
            let mut check = TextCheck::default();
            for piece in whole.chunks(step) {
                check.push(piece);
            }
            prop_assert_eq!(check.finish(), std::str::from_utf8(whole).is_ok() && !whole.contains(&0));
        }
        bytes.splice(0..0, *b"\0\0\0\x18ftyp");
        sniff(&bytes, false, &text);
        sniff(&bytes[4..], false, "a.zip");
    }

    #[test]
    fn whatever_is_named_can_be_classed(start in 0_usize..40, rest in any::<Vec<u8>>(), name in any::<String>()) {
        let magics: [&[u8]; 8] = [b"\x1a\x45\xdf\xa3", b"OggS\0", b"PK\x03\x04", b"RIFF....", b"\xff", b"\0\0\0\x20ftyp", b"\x89PNG\r\n\x1a\n", b"BM"];
        let head = [magics[start % 8], &rest].concat();
        let mime = sniff(&head, false, &name);
        prop_assert!(mime.is_ascii() && mime.contains('/'));
    }
}
