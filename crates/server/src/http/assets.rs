//! The web client's files: inside the program in a release, from `web/dist` while one works on it.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;

/// One file, as the build packed it.
#[allow(dead_code)] // A debug build packs none.
struct Asset {
    path: &'static str,
    tag: &'static str,
    /// Absent where there is `gzip`, out of which it can be made.
    plain: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file of that path; for every other path the page itself, which has its own routes.
pub fn serve(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    if let Some(response) = find(name, headers) {
        return response;
    }
    // A file that is gone is gone: answering a script's address with the page only hides the error.
    if name.starts_with("assets/") {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    }
    let mut page = find("index.html", headers).unwrap_or_else(missing);
    if let Some(link) = ahead(path) {
        page.headers_mut().insert(header::LINK, link);
    }
    page
}

/// The messages that the page of a room begins with (`Timeline` in the web client): the browser asks for them while the
/// scripts that will are still on their way.
fn ahead(path: &str) -> Option<HeaderValue> {
    let mut parts = path.strip_prefix("/r/")?.trim_end_matches('/').split('/').map(str::parse::<u64>);
    let room = parts.next()?.ok()?;
    let place = match parts.next() {
        None => "limit=60".to_owned(),
        Some(seq) => format!("around={}&limit=120", seq.ok()?),
    };
    let link = format!("</api/v1/rooms/{room}/messages?{place}>; rel=preload; as=fetch; crossorigin");
    HeaderValue::try_from(link).ok()
}

fn find(name: &str, headers: &HeaderMap) -> Option<Response> {
    if cfg!(debug_assertions) && ASSETS.is_empty() {
        return from_disk(name);
    }
    let asset = ASSETS.binary_search_by(|asset| asset.path.cmp(name)).ok().and_then(|i| ASSETS.get(i))?;
    let etag = format!("\"{}\"", asset.tag);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)) {
        return Some(with_headers(StatusCode::NOT_MODIFIED.into_response(), name, &etag, None));
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |name: &str| {
        accepted.split(',').any(|item| {
            let mut parts = item.trim().split(';');
            parts.next().is_some_and(|coding| coding.trim() == name) && parts.all(|weight| weight.trim() != "q=0")
        })
    };
    let (bytes, coding) = match (asset.brotli, asset.gzip) {
        (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
        (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
        _ => return Some(with_headers(Response::new(plain(asset)), name, &etag, None)),
    };
    Some(with_headers(Response::new(Body::from(bytes)), name, &etag, coding))
}

/// For programs that take no compressed form: browsers all do.
fn plain(asset: &Asset) -> Body {
    let Some(gzip) = asset.gzip.filter(|_| asset.plain.is_none()) else {
        return Body::from(asset.plain.unwrap_or_default());
    };
    let mut bytes = Vec::new();
    // It was packed by ourselves, and cannot be broken.
    let _ = std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(gzip), &mut bytes);
    Body::from(bytes)
}

fn with_headers(mut response: Response, name: &str, etag: &str, coding: Option<&'static str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Vite puts a hash into the names under assets/: such a file never changes.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if !etag.is_empty()
        && let Ok(etag) = HeaderValue::try_from(etag)
    {
        headers.insert(header::ETAG, etag);
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// While one works on the client: what lies in `web/dist` now, or where `PARLOUR_DIST` says.
fn from_disk(name: &str) -> Option<Response> {
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist");
    let folder = std::env::var("PARLOUR_DIST").unwrap_or_else(|_| ours.to_owned());
    // No way out of that folder.
    if name.is_empty() || name.split('/').any(|part| part.is_empty() || part.starts_with('.')) || name.contains('\\') {
        return None;
    }
    let bytes = std::fs::read(std::path::Path::new(&folder).join(name)).ok()?;
    Some(with_headers(Response::new(Body::from(bytes)), name, "", None))
}

fn missing() -> Response {
    let text: Cow<'static, str> = "Parlour is running, but its web client was not built: run bin/build, \
         or `npm ci && npm run build` in web/. The API is at /api/v1.\n"
        .into();
    (StatusCode::OK, [(header::CACHE_CONTROL, "no-cache")], text).into_response()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "webm" => "audio/webm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_room_names_its_messages() {
        let ahead = |path| ahead(path).map(|link| link.to_str().expect("text").to_owned());
        let link = |place| Some(format!("</api/v1/rooms/7/messages?{place}>; rel=preload; as=fetch; crossorigin"));
        assert_eq!(ahead("/r/7"), link("limit=60"));
        assert_eq!(ahead("/r/7/"), link("limit=60"));
        assert_eq!(ahead("/r/7/42"), link("around=42&limit=120"));
        for path in ["/", "/r/", "/r/x", "/r/-1", "/r/7/x", "/r/7>;", "/r/%0a", "/settings", "/r/99999999999999999999"]
        {
            assert_eq!(ahead(path), None, "{path}");
        }
    }
}
