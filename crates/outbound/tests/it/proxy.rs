//! Through a proxy of the operator's, which is told addresses that were judged and no names.

use crate::guard::SPELLINGS;
use crate::support::{INSIDE, Names, OUTSIDE, Site, WANT, answer, moved, options, page};
use crate::tls;
use outbound::{Client, Error, Misconfigured, Options, Refusal};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

/// A proxy inside, as they are: it connects to wherever it is told.
async fn proxy() -> Site {
    Site::with(INSIDE, |head, mut stream| async move {
        let to = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut there = TcpStream::connect(to).await?;
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
        copy_bidirectional(&mut stream, &mut there).await.map(|_| ())
    })
    .await
}

fn through(proxy: &Site, options: Options) -> Client {
    let url = format!("http://us%65r:s3cret%21@{}", proxy.at);
    Client::new(Options { proxy: Some(url.parse().unwrap()), ..options }).unwrap()
}

#[tokio::test]
async fn the_proxy_hears_an_address_and_the_site_its_name() {
    let (proxy, site) = (proxy().await, Site::new(|_| page("text/plain", "hello")).await);
    let client = through(&proxy, options());
    assert_eq!(client.get(&site.url("/x"), &WANT).await.unwrap().bytes, b"hello");
    let [asked] = proxy.heard().try_into().unwrap();
    assert_eq!(
        asked,
        format!("CONNECT {0} HTTP/1.1\r\nhost: {0}\r\nproxy-authorization: Basic dXNlcjpzM2NyZXQh\r\n\r\n", site.at)
    );
    let [heard] = site.heard().try_into().unwrap();
    assert!(heard.starts_with("GET /x HTTP/1.1\r\n") && heard.contains("host: site.test"), "{heard}");
    assert!(!heard.contains("proxy") && !heard.contains("Basic"), "{heard}");
}

#[tokio::test]
async fn the_proxy_is_asked_for_ipv6_in_brackets() {
    let (proxy, site) = (proxy().await, Site::on("::1", |_| page("text/plain", "six")).await);
    let client = through(&proxy, Options { allow: vec!["::1/128".parse().unwrap()], ..options() });
    assert_eq!(client.get(&format!("http://{}/", site.at), &WANT).await.unwrap().bytes, b"six");
    assert!(proxy.heard()[0].starts_with(&format!("CONNECT [::1]:{} HTTP/1.1\r\n", site.at.port())));
}

#[tokio::test]
async fn https_goes_through_it_unread() {
    let proxy = proxy().await;
    let (port, root) = tls::serve("site.test", |_| page("text/plain", "private")).await;
    let client = through(&proxy, Options { roots: vec![root], ..options() });
    assert_eq!(client.get(&format!("https://site.test:{port}/"), &WANT).await.unwrap().bytes, b"private");
    let other = client.get(&format!("https://other.test:{port}/"), &WANT).await;
    assert_eq!(other.unwrap_err(), Error::Tls);
    assert!(proxy.heard().iter().all(|asked| asked.starts_with(&format!("CONNECT {OUTSIDE}:{port} "))));
}

#[tokio::test]
async fn the_proxy_is_never_asked_for_an_address_inside() {
    let (proxy, secret) = (proxy().await, Site::secret().await);
    let port = secret.at.port();
    let site = Site::new(move |_| moved(&format!("http://127.1:{port}/"))).await;
    let names = Names::of("evil.test", &[&[INSIDE]]);
    let client = through(&proxy, Options { resolver: names, ..options() });
    let refused = Error::Refused(Refusal::Inside);
    for host in SPELLINGS.iter().chain(&["evil.test"]) {
        let got = client.get(&format!("http://{host}:{port}/"), &WANT).await;
        assert_eq!(got.unwrap_err(), refused, "{host}");
    }
    assert!(proxy.heard().is_empty());
    assert_eq!(client.get(&site.url("/"), &WANT).await.unwrap_err(), refused);
    assert_eq!(proxy.heard().len(), 1);
    assert!(secret.heard().is_empty());
}

#[tokio::test]
async fn a_proxy_that_will_not() {
    let site = Site::new(|_| page("text/plain", "hello")).await;
    for refusal in
        [answer("407 Who", "", ""), answer("302 Found", "location: http://127.0.0.1/\r\n", ""), b"?\r\n\r\n".to_vec()]
    {
        let proxy = Site::on(INSIDE, move |_| refusal.clone()).await;
        assert_eq!(through(&proxy, options()).get(&site.url("/"), &WANT).await.unwrap_err(), Error::Connect);
    }
    assert!(site.heard().is_empty());
}

#[tokio::test]
async fn its_password_is_not_shown() {
    let proxy = proxy().await;
    let client = through(&proxy, options());
    let shown = format!("{client:?} {:?}", client.get("http://site.test:1/", &WANT).await);
    assert!(!shown.contains("s3cret") && !shown.contains("dXNlcjp"), "{shown}");
    let wrong = Options { proxy: Some("https://user:s3cret@proxy.example/".parse().unwrap()), ..options() };
    let error = Client::new(wrong).unwrap_err();
    assert_eq!(error, Misconfigured::Proxy);
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}
