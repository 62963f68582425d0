//! What is sent, what comes back, and redirects.

use crate::support::{Names, OUTSIDE, Site, WANT, answer, client, client_with, moved, options, page};
use outbound::{Client, Error, HeaderMap, Method, Options, Refusal, Request, header};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn a_page_is_got() {
    let site = Site::new(|_| page("Text/HTML; charset=UTF-8", "hello")).await;
    let got = client().get(&site.url("/a b?c=%20d#fragment"), &WANT).await.unwrap();
    assert_eq!((got.status, &got.bytes[..], got.truncated), (200, &b"hello"[..], false));
    assert_eq!(got.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(got.url.as_str(), site.url("/a%20b?c=%20d"));

    let heard = site.heard().remove(0);
    assert!(heard.starts_with("GET /a%20b?c=%20d HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains(&format!("host: site.test:{}\r\n", site.at.port())), "{heard}");
    assert!(
        heard.contains(concat!("user-agent: Parlour/", env!("CARGO_PKG_VERSION"), " (+link preview)\r\n")),
        "{heard}"
    );
}

/// No cookies, no passwords, no word of where we come from; also not after a redirect.
#[tokio::test]
async fn nothing_is_sent_that_need_not_be() {
    let site = Site::new(|path| match path {
        "/" => answer("302 Found", "location: /next\r\nset-cookie: a=b\r\n", ""),
        _ => page("text/plain", "x"),
    })
    .await;
    client().get(&site.url("/"), &WANT).await.unwrap();
    let expected = BTreeSet::from(["accept", "accept-encoding", "connection", "host", "user-agent"]);
    for heard in site.heard() {
        let names: BTreeSet<_> = heard.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn an_encoded_line_break_stays_encoded() {
    let site = Site::new(|_| page("text/plain", "x")).await;
    client().get(&site.url("/%0d%0aX-Evil:%201?%0d%0aX-Evil: 1"), &WANT).await.unwrap();
    let heard = site.heard().remove(0);
    assert!(heard.starts_with("GET /%0d%0aX-Evil:%201?%0d%0aX-Evil:%201 HTTP/1.1\r\n"), "{heard}");
    let raw = client().get(&site.url("/\r\nX-Evil: 1"), &WANT).await;
    assert_eq!(raw.unwrap_err(), Error::Refused(Refusal::Unreadable));
}

/// Whatever the standard lets stand in a URL can be asked for.
#[tokio::test]
async fn odd_paths_are_sent() {
    let site = Site::new(|_| page("text/plain", "x")).await;
    for path in ["/{a}|b^c`d", "/?q={a}|b^c`d\\e'f[g]", "/%", "/%zz", "/ä?ä", "/a//b/../c", "/*"] {
        client().get(&site.url(path), &WANT).await.unwrap();
    }
}

#[tokio::test]
async fn redirects_are_followed_five_times() {
    let site = Site::new(|path| match path.trim_start_matches('/').parse::<u32>() {
        Ok(0) => page("text/plain", "arrived"),
        Ok(n) => answer("301 Moved", &format!("location: {}\r\n", n - 1), ""),
        Err(_) => answer("404 Not Found", "", ""),
    })
    .await;
    let got = client().get(&site.url("/5"), &WANT).await.unwrap();
    assert_eq!((got.url.path(), &got.bytes[..]), ("/0", &b"arrived"[..]));
    assert_eq!(client().get(&site.url("/6"), &WANT).await.unwrap_err(), Error::TooManyHops);
    assert_eq!(site.heard().len(), 12);
}

#[tokio::test]
async fn a_circle_ends_at_once() {
    let site = Site::new(|path| moved(if path == "/a" { "/b#1" } else { "/a#2" })).await;
    assert_eq!(client().get(&site.url("/a"), &WANT).await.unwrap_err(), Error::TooManyHops);
    assert_eq!(site.heard().len(), 2);
}

#[tokio::test]
async fn other_statuses_are_errors_of_get() {
    for (status, code) in
        [("404 Not Found", 404), ("500 Oh", 500), ("304 Not Modified", 304), ("302 Found", 302), ("300 Many", 300)]
    {
        let site = Site::new(move |_| answer(status, "", "")).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), Error::Http(code));
    }
}

#[tokio::test]
async fn a_request_has_any_method_and_follows_nothing() {
    let site = Site::with(OUTSIDE, |head, mut stream| async move {
        let mut body = vec![0; 4];
        stream.read_exact(&mut body).await?;
        assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
        stream.write_all(&answer("307 Elsewhere", "location: /other\r\nretry-after: 3\r\n", body)).await
    })
    .await;
    let mut headers = HeaderMap::new();
    headers.insert("x-signature", "abc".parse().unwrap());
    headers.insert(header::HOST, "evil.test".parse().unwrap());
    headers.insert(header::CONTENT_LENGTH, "99".parse().unwrap());
    headers.insert(header::TRANSFER_ENCODING, "chunked".parse().unwrap());
    let request = Request { method: Method::POST, url: site.url("/hook"), headers, body: "ping".into() };
    let got = client().request(request, &WANT).await.unwrap();
    assert_eq!(
        (got.status, &got.bytes[..], got.headers[header::RETRY_AFTER].as_bytes()),
        (307, &b"ping"[..], &b"3"[..])
    );
    let [heard] = site.heard().try_into().unwrap();
    assert!(heard.contains("x-signature: abc\r\n") && heard.contains("content-length: 4\r\n"), "{heard}");
    assert!(!heard.contains("evil") && !heard.contains("chunked"), "{heard}");
}

#[tokio::test]
async fn the_next_address_is_tried() {
    let site = Site::new(|_| page("text/plain", "x")).await;
    let names = Names::of("two.test", &[&["127.0.0.8", OUTSIDE]]);
    let allow = vec!["127.0.0.8/31".parse().unwrap()];
    let client = Client::new(Options { allow, resolver: names, ..options() }).unwrap();
    let url = format!("http://two.test:{}/", site.at.port());
    assert_eq!(client.get(&url, &WANT).await.unwrap().bytes, b"x");
}

#[tokio::test]
async fn ipv6_is_spoken() {
    let site = Site::on("::1", |_| page("text/plain", "six")).await;
    let names = Names::of("six.test", &[&["::1"]]);
    let client =
        Client::new(Options { allow: vec!["::1/128".parse().unwrap()], resolver: names, ..options() }).unwrap();
    for host in ["[::1]", "[0::0:1]", "six.test"] {
        let got = client.get(&format!("http://{host}:{}/", site.at.port()), &WANT).await.unwrap();
        assert_eq!(got.bytes, b"six", "{host}");
    }
    assert!(site.heard()[1].contains(&format!("host: [::1]:{}\r\n", site.at.port())));
}

#[tokio::test]
async fn nobody_there() {
    let listener = tokio::net::TcpListener::bind((OUTSIDE, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(client().get(&format!("http://site.test:{port}/"), &WANT).await.unwrap_err(), Error::Connect);
    assert_eq!(client().get("http://unknown.example/", &WANT).await.unwrap_err(), Error::Resolve);
    let empty = client_with(&Names::of("empty.test", &[&[]]));
    assert_eq!(empty.get("http://empty.test/", &WANT).await.unwrap_err(), Error::Resolve);
}

#[tokio::test]
async fn what_is_not_http_is_broken() {
    for nonsense in ["", "SSH-2.0-OpenSSH_9.2\r\n", "hello\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nx"] {
        let site = Site::new(move |_| nonsense.into()).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), Error::Broken, "{nonsense}");
    }
    let cut = Site::new(|_| "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".into()).await;
    assert_eq!(client().get(&cut.url("/"), &WANT).await.unwrap_err(), Error::Broken);
}

/// Runs a test of this program again, in an environment that names proxies where nobody is.
#[test]
fn proxies_of_the_environment_are_not_asked() {
    let mut again = Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        again.env(name, "http://127.0.0.1:1");
    }
    let output = again.args(["--exact", "client::a_page_is_got"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_client_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&client());
    let _: Arc<dyn outbound::Resolve> = Arc::new(outbound::System::default());
}
