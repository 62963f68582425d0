//! All that comes is bounded, in bytes and in time.

use crate::support::{OUTSIDE, Site, WANT, answer, client, options, page};
use flate2::Compression;
use flate2::write::GzEncoder;
use outbound::{Client, Error, Options, Resolve, Resolving, Want};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;

const SHORT: Want<'static> = Want { deadline: Duration::from_millis(300), ..WANT };
const WHOLE: Want<'static> = Want { whole: true, ..WANT };

/// Sends `start` and then `more` without end; says when the client has hung up.
async fn endless(start: &'static str, more: Vec<u8>) -> (Site, Arc<Notify>) {
    let hung_up = Arc::new(Notify::new());
    let says = Arc::clone(&hung_up);
    let site = Site::with(OUTSIDE, move |_, mut stream| {
        let (more, says) = (more.clone(), Arc::clone(&says));
        async move {
            stream.write_all(start.as_bytes()).await?;
            while stream.write_all(&more).await.is_ok() {}
            says.notify_one();
            Ok(())
        }
    })
    .await;
    (site, hung_up)
}

#[tokio::test]
async fn an_endless_page_is_cut() {
    for (start, more) in [
        ("HTTP/1.1 200 OK\r\n\r\n", vec![b'x'; 8192]),
        ("HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n", vec![b'x'; 8192]),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"5\r\nxxxxx\r\n".repeat(500)),
    ] {
        let (site, hung_up) = endless(start, more.clone()).await;
        let got = client().get(&site.url("/"), &WANT).await.unwrap();
        assert_eq!((got.bytes.len(), got.truncated), (WANT.most_bytes, true));
        hung_up.notified().await;
        assert_eq!(client().get(&site.url("/"), &WHOLE).await.unwrap_err(), Error::TooLarge);
        hung_up.notified().await;
    }
}

#[tokio::test]
async fn ten_gibibytes_are_not_begun() {
    let site = Site::new(|_| "HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n".into()).await;
    assert_eq!(client().get(&site.url("/"), &WHOLE).await.unwrap_err(), Error::TooLarge);
    let nonsense = Site::new(|_| "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n".into()).await;
    assert_eq!(client().get(&nonsense.url("/"), &WANT).await.unwrap_err(), Error::Broken);
}

#[tokio::test]
async fn the_limit_is_the_limit() {
    for (size, truncated) in
        [(0, false), (WANT.most_bytes - 1, false), (WANT.most_bytes, false), (WANT.most_bytes + 1, true)]
    {
        for body in [page("text/plain", vec![b'x'; size]), gzip_page(&vec![b'x'; size])] {
            let site = Site::new(move |_| body.clone()).await;
            let got = client().get(&site.url("/"), &WANT).await.unwrap();
            assert_eq!((got.bytes.len(), got.truncated), (size.min(WANT.most_bytes), truncated));
            let whole = client().get(&site.url("/"), &WHOLE).await;
            assert_eq!(whole.err(), truncated.then_some(Error::TooLarge));
        }
    }
}

#[tokio::test]
async fn a_drip_does_not_stretch_the_time() {
    for start in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nx: "] {
        let site = Site::with(OUTSIDE, move |_, mut stream| async move {
            stream.write_all(start.as_bytes()).await?;
            loop {
                stream.write_all(b"x").await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        let began = Instant::now();
        assert_eq!(client().get(&site.url("/"), &SHORT).await.unwrap_err(), Error::TooSlow);
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn silence_ends() {
    let site = Site::with(OUTSIDE, |_, mut stream| async move { stream.read_u8().await.map(|_| ()) }).await;
    assert_eq!(client().get(&site.url("/"), &SHORT).await.unwrap_err(), Error::TooSlow);
    // Redirects share the time of the first.
    let slow = Site::with(OUTSIDE, |head, mut stream| async move {
        let n: u32 = head.split([' ', '/']).nth(2).unwrap().parse().unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        stream.write_all(&answer("302 Found", &format!("location: /{}\r\n", n + 1), "")).await
    })
    .await;
    assert_eq!(client().get(&slow.url("/0"), &SHORT).await.unwrap_err(), Error::TooSlow);
}

#[tokio::test]
async fn a_name_server_that_never_answers() {
    struct Never;
    impl Resolve for Never {
        fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
            Box::pin(std::future::pending())
        }
    }
    let step = Duration::from_millis(50);
    let client = Client::new(Options { resolver: Arc::new(Never), step, ..options() }).unwrap();
    assert_eq!(client.get("http://site.test/", &WANT).await.unwrap_err(), Error::Resolve);
}

#[tokio::test]
async fn huge_heads_are_broken() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(1000));
    let long = format!("HTTP/1.1 200 OK\r\na: {}\r\n\r\n", "b".repeat(100 << 10));
    for head in [many, long] {
        let site = Site::new(move |_| head.clone().into()).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), Error::Broken);
    }
    for more in [&b"a: b\r\n"[..], b"b"] {
        let (site, hung_up) = endless("HTTP/1.1 200 OK\r\na: ", more.repeat(1000)).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), Error::Broken);
        hung_up.notified().await;
    }
    // "Wait a little" for ever.
    let (site, hung_up) = endless("", b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec()).await;
    assert_eq!(client().get(&site.url("/"), &SHORT).await.unwrap_err(), Error::TooSlow);
    hung_up.notified().await;
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn gzip_page(plain: &[u8]) -> Vec<u8> {
    answer("200 OK", "content-encoding: gzip\r\n", gzip(plain))
}

#[tokio::test]
async fn gzip_is_unpacked() {
    for body in [gzip(b"hello"), [&gzip(b"hello")[..], b"and what is no part of it"].concat()] {
        let site = Site::new(move |_| answer("200 OK", "content-encoding: GZip\r\n", &body)).await;
        let got = client().get(&site.url("/"), &WANT).await.unwrap();
        assert_eq!((&got.bytes[..], got.truncated), (&b"hello"[..], false));
    }
}

/// Compressed, it is longer than it may be.
#[tokio::test]
async fn what_cannot_be_compressed_fits_too() {
    let mut n = 1u32;
    let mut noise = || {
        n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (n >> 24) as u8
    };
    let plain: Vec<u8> = (0..WANT.most_bytes).map(|_| noise()).collect();
    assert!(gzip(&plain).len() > plain.len());
    let packed = gzip_page(&plain);
    let site = Site::new(move |_| packed.clone()).await;
    assert_eq!(client().get(&site.url("/"), &WHOLE).await.unwrap().bytes, plain);
}

#[tokio::test]
async fn a_gzip_bomb_is_cut() {
    let bomb = gzip(&vec![0; 50 << 20]);
    assert!(bomb.len() < WANT.most_bytes);
    let site = Site::new(move |_| answer("200 OK", "content-encoding: gzip\r\n", &bomb)).await;
    let got = client().get(&site.url("/"), &WANT).await.unwrap();
    assert_eq!((got.bytes.len(), got.truncated), (WANT.most_bytes, true));
    assert_eq!(client().get(&site.url("/"), &WHOLE).await.unwrap_err(), Error::TooLarge);
}

/// Blocks of nothing, and a file name that does not end.
#[tokio::test]
async fn gzip_of_nothing_ends() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\u{1f}";
    let blocks = [&[0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0, 0, 0, 0xff, 0xff].repeat(50_000)].concat();
    let name = [&[0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], &[b'x'; 200_000]].concat();
    for bytes in [blocks, name] {
        let site = Site::new(move |_| [HEAD.as_bytes(), &bytes].concat()).await;
        match client().get(&site.url("/"), &WANT).await {
            Ok(got) => assert!(got.bytes.is_empty() && got.truncated),
            Err(error) => assert_eq!(error, Error::Broken),
        }
    }
}

#[tokio::test]
async fn other_encodings_are_broken() {
    for headers in [
        "content-encoding: br\r\n",
        "content-encoding: gzip, gzip\r\n",
        "content-encoding: gzip\r\n".repeat(2).as_str(),
    ] {
        let body = answer("200 OK", headers, gzip(&gzip(b"x")));
        let site = Site::new(move |_| body.clone()).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), Error::Broken, "{headers}");
    }
    for body in [&b"not gzip"[..], &gzip(b"hello")[..12], &[]] {
        let body = answer("200 OK", "content-encoding: gzip\r\n", body);
        let site = Site::new(move |_| body.clone()).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), Error::Broken);
    }
}

#[tokio::test]
async fn reading_stops_where_it_is_told() {
    let (site, hung_up) = endless("HTTP/1.1 200 OK\r\n\r\nstop", vec![b'x'; 8192]).await;
    let want = Want { stop_at: Some(|so_far| so_far.starts_with(b"stop")), most_bytes: 1 << 20, ..WANT };
    let got = client().get(&site.url("/"), &want).await.unwrap();
    assert!(got.truncated && (16 * 1024..1 << 20).contains(&got.bytes.len()), "{}", got.bytes.len());
    hung_up.notified().await;
}
