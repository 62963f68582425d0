//! What must hold for any bytes at all. The fuzz targets in `fuzz/` call these functions, and so does a test with the
//! corpus that they begin with: the two cannot drift apart. They panic where something does not hold.

use super::files::serve::{Asked, disposition, parse as parse_range};
use super::{extract, uploads};
use axum::http::HeaderValue;
use protocol::file::Hints;
use protocol::text;

/// A `Range` of a file of so many bytes as the first eight say: what is given lies in the file.
pub fn range(bytes: &[u8]) {
    let Some((size, range)) = bytes.split_first_chunk::<8>() else { return };
    let (size, range) = (u64::from_le_bytes(*size), String::from_utf8_lossy(range));
    if let Asked::Part(part) = parse_range(&range, size) {
        assert!(part.start < part.end && part.end <= size, "{part:?} of {size}");
    }
}

/// An `Upload-Metadata`: what it says becomes a name that can stand in a header, and hints within their bounds.
pub fn metadata(bytes: &[u8]) {
    let Ok(line) = std::str::from_utf8(bytes) else { return };
    let Ok((name, hints)) = uploads::metadata(line, 1_000) else { return };
    assert!(hints.len() <= 1_000);
    let _ = extract::parse::<Hints>(hints.as_bytes(), 32);
    let name = text::file_name(&name, 255);
    assert!((1..=255).contains(&name.chars().count()), "{name:?}");
    assert!(!name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\' | '"')), "{name:?}");
    assert!(HeaderValue::try_from(disposition("attachment", &name)).is_ok_and(|value| value.to_str().is_ok()));
}
