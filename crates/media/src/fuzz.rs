//! What must hold for any bytes at all. The fuzz targets in `fuzz/` call these functions, and so does a test with the
//! corpus that they begin with: the two cannot drift apart. They panic where something does not hold.

use crate::{kind, picture, position};
use std::io::Cursor;

/// [`picture::header`]: no picture without a size, none of more pixels than its sides have room for by less.
pub fn header(bytes: &[u8]) {
    let Ok(header) = picture::header(bytes) else { return };
    assert!(header.width > 0 && header.height > 0 && header.frames > 0, "{header:?}");
    assert!(header.pixels >= u64::from(header.width) * u64::from(header.height), "{header:?}");
    // What is within the limits is small enough to count with.
    if picture::Limits::default().check(&header).is_ok() {
        assert!(u32::try_from(header.pixels).is_ok(), "{header:?}");
    }
}

/// Every type in which [`position::strip`] looks for something.
const STRIPPED: [&str; 10] = [
    "image/jpeg",
    "image/png",
    "image/apng",
    "image/webp",
    "image/tiff",
    "image/heic",
    "image/avif",
    "video/mp4",
    "video/quicktime",
    "audio/mp4",
];

/// [`position::strip`], whatever the bytes are taken for: the length stays, and done again it finds nothing.
pub fn strip(bytes: &[u8]) {
    for mime in STRIPPED {
        let mut file = Cursor::new(bytes.to_vec());
        let Ok(found) = position::strip(&mut file, mime) else { continue };
        let once = file.into_inner();
        assert_eq!(once.len(), bytes.len(), "{mime}");
        assert_eq!(found, once != bytes, "{mime}: it says what it did");
        let mut file = Cursor::new(once.clone());
        let again = position::strip(&mut file, mime);
        assert!(matches!(again, Ok(false)) && file.into_inner() == once, "{mime}: done again");
    }
}

/// [`kind::sniff`] of a file whose name is the first line: text is never more than text, and in pieces as in one.
pub fn sniff(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (name, bytes) = (String::from_utf8_lossy(&bytes[..end]), bytes.get(end + 1..).unwrap_or_default());
    let text = kind::is_text(bytes).is_ok_and(|text| text);
    assert_eq!(text, std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0));
    let mut check = kind::TextCheck::default();
    bytes.chunks(3).for_each(|piece| check.push(piece));
    assert_eq!(check.finish(), text);
    let mime = kind::sniff(&bytes[..bytes.len().min(kind::HEAD)], text, &name);
    assert!(mime.is_ascii() && mime.contains('/'), "{mime}");
    if text {
        assert!(matches!(kind::class(mime), kind::Class::Text | kind::Class::Pdf), "{mime}");
    }
    if kind::inline(mime) {
        assert!(!mime.contains("svg") && !mime.contains("html") && !mime.contains("xml"), "{mime}");
    }
}
