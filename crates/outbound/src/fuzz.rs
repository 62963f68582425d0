//! What must hold for any bytes at all. The fuzz targets in `fuzz/` call these functions, and so does a test with the
//! corpus that they begin with: the two cannot drift apart. They panic where something does not hold.

use crate::{guard, page};
use url::Url;

/// [`page::read`] of a page whose `Content-Type` is the first line: texts within their sizes and without tricks, URLs
/// that are absolute and of the web.
pub fn html(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (kind, bytes) = (String::from_utf8_lossy(&bytes[..end]), bytes.get(end + 1..).unwrap_or_default());
    let Ok(url) = Url::parse("https://example.org/a/b?c") else { return };
    page::head_ended(bytes);
    let meta = page::read(bytes, Some(&kind), &url);
    for (text, most) in [
        (&meta.title, page::TITLE),
        (&meta.description, page::DESCRIPTION),
        (&meta.site_name, page::SITE),
        (&meta.image_alt, page::DESCRIPTION),
    ] {
        let Some(text) = text else { continue };
        assert!((1..=most).contains(&text.chars().count()), "{text:?}");
        assert!(!text.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{text:?}");
    }
    for url in [&meta.image, &meta.oembed, &meta.canonical].into_iter().flatten() {
        assert!(matches!(url.scheme(), "http" | "https") && url.as_str().len() <= guard::LONGEST, "{url}");
    }
}

/// [`guard::parse`]: what it lets through is a public address or a name, and is read the same once more.
pub fn url(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(target) = guard::parse(text) else { return };
    let url = target.url();
    assert!(matches!(url.scheme(), "http" | "https") && url.as_str().is_ascii(), "{url}");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{url}");
    assert!(!target.host().is_empty() && target.port() > 0, "{url}");
    assert!(target.literal().is_none_or(guard::is_public), "{url}");
    // No name that a resolver could take for an address of the inside.
    if target.literal().is_none() {
        let last = target.host().trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        assert!(!last.bytes().all(|byte| byte.is_ascii_digit()), "{url}");
    }
    assert_eq!(guard::parse(url.as_str()).as_ref(), Ok(&target), "{url}");
}
