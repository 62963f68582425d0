//! A file of 300 MiB goes in and out, and the program stays small. Each in a process of its own, as nextest runs them, since it is measured.

use blobs::Blobs;
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::{BodyExt, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

const MIB: u64 = 1024 * 1024;
const LENGTH: u64 = 300 * MIB;
/// A disk: a few pieces. A store: two parts, their copies in the sockets and in the store of the test, which lies in the
/// same process, and what the allocator keeps of all that.
const GROWTH: [u64; 2] = [16 * MIB, 96 * MIB];

/// The highest that the memory of this process has been, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn file(folder: &Path) -> PathBuf {
    let path = folder.join("staged");
    let mut file = std::fs::File::create(&path).unwrap();
    for n in 0..LENGTH / MIB {
        file.write_all(&vec![u8::try_from(n % 251).unwrap(); MIB as usize]).unwrap();
    }
    path
}

/// Puts and reads it, and answers by how much memory had to grow for it.
async fn through(blobs: Arc<dyn Blobs>, folder: &Path) -> u64 {
    let path = file(folder);
    blobs.check().await.unwrap();
    let before = peak();
    blobs.put_file("large", &path).await.unwrap();
    let mut pieces = blobs.read("large", 0..u64::MAX).await.unwrap();
    let mut length = 0;
    while let Some(piece) = pieces.next().await {
        length += piece.unwrap().len() as u64;
    }
    assert_eq!(length, LENGTH);
    peak() - before
}

// One after the other: both look at the memory of the same process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stays_flat() {
    let folder = tempfile::tempdir().unwrap();
    let disk = through(blobs::open("", folder.path(), &|_| None).unwrap(), folder.path()).await;
    assert!(disk < GROWTH[0], "a disk takes {} MiB", disk / MIB);
    let store = bottomless().await;
    let env = |name: &str| Some(if name == "AWS_ENDPOINT" { format!("http://{store}") } else { "x".into() });
    let s3 = through(blobs::open("s3://bucket", folder.path(), &env).unwrap(), folder.path()).await;
    assert!(s3 < GROWTH[1], "a store takes {} MiB", s3 / MIB);
    eprintln!("grown by {} and {} KiB", disk / 1024, s3 / 1024);
}

/// A store that forgets what it is given, and gives as many bytes as it is asked for: a real one would hash 300 MiB
/// anew for each request, and its memory would be measured too.
async fn bottomless() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let http = hyper::server::conn::http1::Builder::new();
            tokio::spawn(http.serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer)));
        }
    });
    address
}

/// What `Blobs::check` writes, the only thing that is asked back.
const CHECKED: &[u8] = b"Parlour looks whether it can write here.";

async fn answer(request: Request<Incoming>) -> Result<Response<BoxBody<Bytes, Infallible>>, Infallible> {
    let (parts, mut body) = request.into_parts();
    while let Some(frame) = body.frame().await {
        drop(frame);
    }
    let response =
        Response::builder().header("etag", "\"one\"").header("last-modified", "Sat, 01 Jan 2000 00:00:00 GMT");
    let text = |text: &'static str| http_body_util::Full::new(Bytes::from_static(text.as_bytes())).boxed();
    let response = match (parts.method, parts.uri.query()) {
        (Method::GET, _) => {
            let total = if parts.uri.path().contains("check") { CHECKED.len() as u64 } else { LENGTH };
            let range = parts.headers["range"].to_str().unwrap().strip_prefix("bytes=").unwrap().to_owned();
            let (from, to) = range.split_once('-').unwrap();
            let (from, to) = (from.parse::<u64>().unwrap(), to.parse::<u64>().unwrap().min(total - 1));
            let response = response.status(StatusCode::PARTIAL_CONTENT).header("content-length", to + 1 - from);
            response.header("content-range", format!("bytes {from}-{to}/{total}")).body(bytes(total, to + 1 - from))
        }
        (Method::POST, Some(query)) if query.starts_with("uploads") => response.body(text(
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>\
             </InitiateMultipartUploadResult>",
        )),
        (Method::POST, _) => response.body(text(
            "<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>one</ETag>\
             </CompleteMultipartUploadResult>",
        )),
        (Method::DELETE, _) => response.status(StatusCode::NO_CONTENT).body(text("")),
        _ => response.body(text("")),
    };
    Ok(response.unwrap())
}

fn bytes(total: u64, length: u64) -> BoxBody<Bytes, Infallible> {
    if total == CHECKED.len() as u64 {
        return http_body_util::Full::new(Bytes::from_static(CHECKED)).boxed();
    }
    let zeros = Bytes::from_static(&[0; 64 * 1024]);
    let frames = futures_util::stream::unfold(length, move |left| {
        let piece = zeros.slice(..usize::try_from(left.min(64 * 1024)).unwrap());
        let left = left - piece.len() as u64;
        futures_util::future::ready((!piece.is_empty()).then_some((Ok(Frame::data(piece)), left)))
    });
    BodyExt::boxed(StreamBody::new(frames))
}
