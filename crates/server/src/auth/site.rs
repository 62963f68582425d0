//! Refuses what another web site makes a browser send: a browser adds our cookie to a request that a foreign page
//! causes, but it also says truthfully where that page is from.

use super::{Visitor, cookies};
use crate::config::Config;
use axum::http::{HeaderMap, Method, header};
use protocol::{Code, Refusal};

/// Checks a request that writes, or opens a socket.
///
/// # Errors
/// It comes from another site. With a Bearer token alone that is no danger: a foreign page does not know one,
/// and CORS names the origins whose pages may use theirs.
pub fn check(headers: &HeaderMap, visitor: &Visitor, config: &Config) -> Result<(), Refusal> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins.next();
    let fetch_site = headers.get("sec-fetch-site");
    // Programs that are no browsers send neither.
    if origin.is_none() && fetch_site.is_none() {
        return Ok(());
    }
    let own_page = fetch_site.is_none_or(|site| site == "same-origin" || site == "none");
    // No browser sends two; which of them counts is not for us to choose.
    let own_origin = origins.next().is_none()
        && origin.is_none_or(|origin| origin.to_str().is_ok_and(|origin| is_own(origin, visitor)));
    if own_page && own_origin {
        return Ok(());
    }
    let has_cookie = cookies::values(headers, cookies::SESSION).next().is_some();
    if !has_cookie && (headers.contains_key(header::AUTHORIZATION) || is_allowed(headers, config)) {
        return Ok(());
    }
    Err(Refusal::new(Code::Forbidden, "This came from another web site."))
}

/// Whether a method changes something.
pub fn writes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// An origin that the settings allow to use Bearer tokens.
pub fn is_allowed(headers: &HeaderMap, config: &Config) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| config.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)))
}

/// The whole of scheme, host and port must agree: `null`, a prefix or a suffix of our name are foreign.
fn is_own(origin: &str, visitor: &Visitor) -> bool {
    let Some(host) = visitor.host.as_deref() else { return false };
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let port = match scheme {
        // By TLS, a page that came without it is another one.
        "http" if visitor.tls => return false,
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let plain = |text: &str| text.to_ascii_lowercase().trim_end_matches(port).to_owned();
    !authority.is_empty() && plain(authority) == plain(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn check_of(headers: &[(&'static str, &str)], tls: bool) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a value"));
        }
        let host = map.get("host").and_then(|host| host.to_str().ok()).map(str::to_owned);
        let visitor = Visitor { address: IpAddr::V4(Ipv4Addr::LOCALHOST), tls, host, here: false };
        let mut config = Config::in_folder("x");
        config.origins = vec!["https://friend.example".to_owned()];
        check(&map, &visitor, &config).is_ok()
    }

    #[test]
    fn a_cookie_counts_only_from_our_own_pages() {
        let host = ("host", "chat.example:8080");
        let cookie = ("cookie", "a=b; parlour_session=xyz");
        let bearer = ("authorization", "Bearer xyz");
        for (headers, fine) in [
            (vec![host, cookie], true),
            (vec![host, cookie, ("origin", "http://chat.example:8080")], true),
            (vec![host, cookie, ("origin", "http://CHAT.example:8080"), ("sec-fetch-site", "same-origin")], true),
            (vec![host, cookie, ("origin", "null")], false),
            (vec![host, cookie, ("origin", "")], false),
            (vec![host, cookie, ("origin", "http://chat.example")], false),
            (vec![host, cookie, ("origin", "http://chat.example:8080.evil.example")], false),
            (vec![host, cookie, ("origin", "http://evilchat.example:8080")], false),
            (vec![host, cookie, ("origin", "ftp://chat.example:8080")], false),
            (vec![host, cookie, ("sec-fetch-site", "cross-site")], false),
            (vec![host, cookie, ("sec-fetch-site", "same-site")], false),
            (vec![host, cookie, ("sec-fetch-site", "none")], true),
            (vec![host, cookie, ("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (vec![host, cookie, ("origin", "https://friend.example")], false),
            (vec![host, cookie, bearer, ("origin", "http://evil.example")], false),
            (vec![host, bearer, ("origin", "http://evil.example")], true),
            (vec![host, ("origin", "https://friend.example"), ("sec-fetch-site", "cross-site")], true),
            (vec![host, ("origin", "http://evil.example")], false),
        ] {
            assert_eq!(check_of(&headers, false), fine, "{headers:?}");
        }
        assert!(check_of(&[("host", "chat.example"), cookie, ("origin", "https://chat.example")], true));
        assert!(check_of(&[("host", "chat.example:443"), cookie, ("origin", "https://chat.example")], true));
        assert!(!check_of(&[("host", "chat.example"), cookie, ("origin", "http://chat.example")], true));
    }
}
