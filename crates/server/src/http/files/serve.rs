//! Bytes that strangers made, served so that nothing of them runs: their own strict policy, no sniffing, attachments
//! for all that a browser could take for a page.

use crate::app::App;
use crate::fault::Result;
use crate::files::Thumbnail;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use media::kind;
use protocol::{Code, Refusal};
use std::fmt::Write;
use std::ops::Range;
use store::files::FileRow;

/// For the case that a browser shows it as a page: nothing runs, nothing is asked for, it has no origin.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
);

/// Kept by the browser, asked for again each time: who may not read it any more does not.
const CACHE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Something in the file store, and how it is to be served.
pub struct Blob {
    key: String,
    size: u64,
    kind: String,
    disposition: String,
    /// It differs by what the asker takes.
    varies: bool,
}

impl Blob {
    pub fn original(file: &FileRow, saved: bool) -> Blob {
        let mime = &file.info.r#type;
        let shown = kind::shown(mime, &file.info.name) && !saved;
        Blob {
            key: file.key.clone(),
            size: file.info.size.unsigned_abs(),
            kind: if kind::inline(mime) { kind::content_type(mime) } else { kind::UNKNOWN }.to_owned(),
            disposition: disposition(if shown { "inline" } else { "attachment" }, &file.info.name),
            varies: false,
        }
    }

    pub fn thumbnail(made: Thumbnail) -> Blob {
        let Thumbnail { key, mime, size } = made;
        Blob { key, size, kind: mime.to_owned(), disposition: "inline".to_owned(), varies: true }
    }

    /// 200, 206, 304 or 416.
    ///
    /// # Errors
    /// `out_of_range`; the file store failed.
    pub async fn answer(self, app: &App, asked: &HeaderMap) -> Result<Response> {
        let tag = format!("\"{}\"", self.key);
        if known(asked, &tag) || known(asked, "*") {
            return Ok(self.head(StatusCode::NOT_MODIFIED.into_response(), &tag));
        }
        // A range of something that has changed since would be a piece of another thing: a weak tag says too little (RFC 9110,
        // 13.1.5).
        let same = asked.get(header::IF_RANGE).is_none_or(|value| value == tag.as_str());
        let range = asked.get(header::RANGE).and_then(|value| value.to_str().ok()).filter(|_| same);
        let (status, part) = match range.map(|range| parse(range, self.size)) {
            Some(Asked::Part(part)) => (StatusCode::PARTIAL_CONTENT, part),
            Some(Asked::Outside) => {
                let refusal = Refusal::new(Code::OutOfRange, format!("The file has {} bytes.", self.size));
                let mut response = crate::fault::Fault::from(refusal).into_response();
                set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{}", self.size));
                return Ok(response);
            }
            None | Some(Asked::Whole) => (StatusCode::OK, 0..self.size),
        };
        let pieces = app.files.blobs.read(&self.key, part.clone()).await?;
        let mut response = (status, Body::from_stream(pieces)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
        if status == StatusCode::PARTIAL_CONTENT {
            let range = format!("bytes {}-{}/{}", part.start, part.end.saturating_sub(1), self.size);
            set(headers, header::CONTENT_RANGE, &range);
        }
        Ok(self.head(response, &tag))
    }

    fn head(&self, mut response: Response, tag: &str) -> Response {
        let headers = response.headers_mut();
        set(headers, header::CONTENT_TYPE, &self.kind);
        set(headers, header::CONTENT_DISPOSITION, &self.disposition);
        set(headers, header::ETAG, tag);
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::CACHE_CONTROL, CACHE);
        headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
        // Another session of the same browser must ask anew.
        let vary = if self.varies { "cookie, authorization, accept" } else { "cookie, authorization" };
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        response
    }
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// Whether the asker has what bears this tag.
fn known(headers: &HeaderMap, tag: &str) -> bool {
    let value = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

/// Whether an `Accept` names this type, and with a weight that is not zero (RFC 9110, 12.5.1).
pub fn accepts(accept: &str, mime: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(mime));
        let weight = parts.find_map(|part| part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("q")));
        named && weight.is_none_or(|(_, weight)| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

/// What a `Range` asks for (RFC 9110). More than one range, or what is none, is answered with the whole.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    Whole,
    Part(Range<u64>),
    Outside,
}

pub fn parse(range: &str, size: u64) -> Asked {
    let Some(("bytes", spec)) = range.split_once('=') else { return Asked::Whole };
    let Some((first, last)) = spec.trim().split_once('-') else { return Asked::Whole };
    let number = |text: &str| -> Option<Option<u64>> {
        match text.trim() {
            "" => Some(None),
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => Some(Some(digits.parse().unwrap_or(u64::MAX))),
            _ => None,
        }
    };
    let part = match (number(first), number(last)) {
        (Some(Some(first)), Some(None)) => first..size,
        (Some(Some(first)), Some(Some(last))) if first <= last => first..size.min(last.saturating_add(1)),
        // The last so many bytes.
        (Some(None), Some(Some(0))) => return Asked::Outside,
        (Some(None), Some(Some(count))) => size.saturating_sub(count)..size,
        _ => return Asked::Whole,
    };
    if part.start >= size { Asked::Outside } else { Asked::Part(part) }
}

/// RFC 6266: the name twice, in ASCII for old programs and in UTF-8 for all others. No quote, control or line break
/// can stand in a name of ours, and none is believed not to.
pub fn disposition(how: &str, name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => encoded.push(char::from(byte)),
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_at_their_edges() {
        for (range, size, asked) in [
            ("bytes=0-", 10, Asked::Part(0..10)),
            ("bytes=0-0", 10, Asked::Part(0..1)),
            ("bytes=9-9", 10, Asked::Part(9..10)),
            ("bytes=9-99", 10, Asked::Part(9..10)),
            ("bytes=10-", 10, Asked::Outside),
            ("bytes=-1", 10, Asked::Part(9..10)),
            ("bytes=-99", 10, Asked::Part(0..10)),
            ("bytes=-0", 10, Asked::Outside),
            ("bytes=0-", 0, Asked::Outside),
            ("bytes=5-4", 10, Asked::Whole),
            ("bytes=0-1,3-4", 10, Asked::Whole),
            ("bytes=a-b", 10, Asked::Whole),
            ("bytes=+1-2", 10, Asked::Whole),
            ("lines=0-1", 10, Asked::Whole),
            ("bytes=99999999999999999999999-", 10, Asked::Outside),
            ("bytes=1-99999999999999999999999", 10, Asked::Part(1..10)),
        ] {
            assert_eq!(parse(range, size), asked, "{range} of {size}");
        }
    }

    #[test]
    fn a_weight_of_zero_is_a_no() {
        for (accept, takes) in [
            ("image/webp", true),
            ("image/avif,Image/WebP;q=0.8,*/*;q=0.5", true),
            ("image/webp; Q=0.001", true),
            ("image/webp;q=0", false),
            ("image/webp; q=0.000, image/png", false),
            ("image/webp;q=often", false),
            ("image/webpage, image/png;x=image/webp, */*", false),
            ("", false),
        ] {
            assert_eq!(accepts(accept, "image/webp"), takes, "{accept}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("attachment", "Übersicht \"2\".pdf"),
            "attachment; filename=\"_bersicht _2_.pdf\"; filename*=UTF-8''%C3%9Cbersicht%20%222%22.pdf"
        );
        let hostile = disposition("inline", "a\r\nSet-Cookie: x=1\\");
        assert!(!hostile.contains(['\r', '\n', '\\']), "{hostile}");
    }
}
