//! Reading files: whole, in ranges, not at all where one has them; and that what is asked for by HEAD has no body.

use super::kit::*;
use crate::support::{Client, Db, Server};
use reqwest::Method;

async fn asks(who: &Client, path: &str, headers: &[(&'static str, &str)]) -> crate::support::Answer {
    headers.iter().fold(who.clone(), |who, (name, value)| who.saying(name, value)).get(path).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_are_pieces_of_the_file() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    let whole = bytes(300_000);
    let place = path(upload(&ana, "a.bin", &whole).await);
    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=0-299999", 0..300_000),
        ("bytes=100000-", 100_000..300_000),
        ("bytes=299999-999999999", 299_999..300_000),
        ("bytes=-1", 299_999..300_000),
        ("bytes=-300001", 0..300_000),
        ("bytes=65535-131073", 65_535..131_074),
    ] {
        let got = asks(&ana, &place, &[("range", range)]).await;
        assert_eq!((got.status, got.bytes.len()), (206, part.len()), "{range}");
        assert!(got.bytes == whole[part.clone()], "{range}");
        assert_eq!(got.header("content-range"), format!("bytes {}-{}/300000", part.start, part.end - 1));
        assert_eq!(got.header("content-length"), part.len().to_string());
    }
    for range in ["bytes=300000-", "bytes=-0", "bytes=99999999999999999999-"] {
        let got = asks(&ana, &place, &[("range", range)]).await;
        got.refused(416, "out_of_range");
        assert_eq!(got.header("content-range"), "bytes */300000");
    }
    // More than one range, or none that is understood: the whole.
    for range in ["bytes=0-1,5-6", "bytes=5-4", "lines=1-2", "bytes=x-"] {
        let got = asks(&ana, &place, &[("range", range)]).await;
        assert_eq!((got.status, got.bytes.len()), (200, 300_000), "{range}");
        assert_eq!(got.header("accept-ranges"), "bytes");
    }
    let tag = ana.get(&place).await.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20);
    let weak = format!("W/{tag}");
    let never = "Wed, 21 Oct 2015 07:28:00 GMT";
    for (if_range, status) in [(tag.as_str(), 206), (weak.as_str(), 200), ("\"other\"", 200), (never, 200)] {
        let got = asks(&ana, &place, &[("range", "bytes=0-9"), ("if-range", if_range)]).await;
        assert_eq!(got.status, status, "{if_range}");
    }
    for (known, status) in
        [(tag.clone(), 304), (format!("\"x\", W/{tag}"), 304), ("*".into(), 304), ("\"x\"".into(), 200)]
    {
        let got = asks(&ana, &place, &[("if-none-match", &known)]).await;
        assert_eq!((got.status, got.bytes.is_empty()), (status, status == 304), "{known}");
        assert_eq!((got.header("etag"), got.header("vary")), (tag.as_str(), "cookie, authorization"));
    }
    let head = ana.raw(Method::HEAD, &place, None).await;
    assert_eq!((head.status, head.header("content-length"), head.bytes.len()), (200, "300000", 0));
    // A file without bytes has no range.
    let empty = path(upload(&ana, "empty", b"").await);
    asks(&ana, &empty, &[("range", "bytes=0-")]).await.refused(416, "out_of_range");
    let got = ana.get(&empty).await;
    assert_eq!((got.status, got.header("content-length"), got.bytes.len()), (200, "0", 0));
    server.stop().await;
}
