//! From bytes to text, as the HTML standard finds out in which charset they are (13.2.3.2, without guessing by language).

use super::tags::{Tag, Tags};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Where a page says its charset. The standard looks at 1,024 bytes; not every page keeps to it.
const PRESCAN: usize = 4 * 1024;

pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[bom..]).0;
    }
    let header = content_type.and_then(label).and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = header.or_else(|| written(bytes)).unwrap_or_else(|| likely(bytes));
    encoding.decode_without_bom_handling(bytes).0
}

/// What follows `charset=` in a content type.
pub(super) fn label(content_type: &str) -> Option<&str> {
    const KEY: &str = "charset=";
    let at = content_type.as_bytes().windows(KEY.len()).position(|part| part.eq_ignore_ascii_case(KEY.as_bytes()))?;
    let value = content_type[at + KEY.len()..].trim_start();
    let value = match value.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next()?,
        None => value.split([';', ' ', ',']).next()?,
    };
    Some(value.trim()).filter(|value| !value.is_empty())
}

fn written(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(PRESCAN)];
    let label = Tags::of(start).find_map(|tag| match tag {
        Tag::Charset(label) => Some(label),
        _ => None,
    })?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // What could be read as ASCII up to here is not UTF-16, whatever it says.
    Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding })
}

fn likely(bytes: &[u8]) -> &'static Encoding {
    match std::str::from_utf8(bytes) {
        Ok(_) => UTF_8,
        // Cut in the middle of a character.
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => WINDOWS_1252,
    }
}
