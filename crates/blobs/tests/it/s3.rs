//! What only a store behind a line does: refuse, break off, not be there.

use crate::support::{ACCESS, BUCKET, Line, Place, SECRET, Server, all, bytes, s3, s3_as, until, walk};
use blobs::{Error, PART};
use bytes::Bytes;
use futures_util::StreamExt;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

const NEVER: u64 = u64::MAX;

fn opening(setting: &str, set: &[(&str, &str)]) -> String {
    let env = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    match blobs::open(setting, Path::new("/nowhere"), &env) {
        Ok(blobs) => blobs.place(),
        Err(error) => error,
    }
}

#[test]
fn settings() {
    let keys = [("AWS_ACCESS_KEY_ID", ACCESS), ("AWS_SECRET_ACCESS_KEY", SECRET)];
    let region = [&keys[..], &[("AWS_REGION", "eu-central-1"), ("AWS_SESSION_TOKEN", SECRET)]].concat();
    let near = |url| [&keys[..], &[("AWS_ENDPOINT", url)]].concat();
    for (setting, set, said) in [
        ("s3://b", &region[..], "s3://b"),
        ("s3://b/some/where/", &region, "s3://b/some/where"),
        ("s3://b/x", &near("http://localhost:9000"), "s3://b/x at localhost:9000"),
        ("s3://b", &near("https://me:a-secret@store.example/path"), "s3://b at store.example"),
        ("s3://b", &keys, "files in s3://b need AWS_REGION to be set"),
        ("s3://b", &region[1..], "files in s3://b need AWS_ACCESS_KEY_ID to be set"),
        ("s3://b", &[keys[0], region[2]], "files in s3://b need AWS_SECRET_ACCESS_KEY to be set"),
        ("s3://b", &near("store.example"), "AWS_ENDPOINT is a URL that begins with https:// or http://"),
    ] {
        assert_eq!(opening(setting, set), said, "{setting}");
    }
    for (setting, part) in [
        ("s3://", "the bucket's name"),
        ("s3:///prefix", "the bucket's name"),
        ("s3://key:a-secret@bucket/prefix", "the bucket's name"),
        ("s3://b/../x", "the prefix after s3://b/"),
        ("ftp://me:a-secret@host", "s3://bucket/prefix"),
        ("/srv/files", "s3://bucket/prefix"),
        ("s3", "s3://bucket/prefix"),
    ] {
        let error = opening(setting, &region);
        assert!(error.contains(part) && !error.contains("a-secret"), "{setting}: {error}");
    }
}

#[tokio::test]
async fn wrong_credentials() {
    let place = Place::s3().await;
    let address = place.server.as_ref().unwrap().address;
    let error = s3_as(address, BUCKET, "another-secret").check().await.unwrap_err();
    for part in [&format!("s3://{BUCKET}/blobs at {address}"), "403", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        assert!(error.contains(part), "{error}");
    }
    for secret in ["another-secret", SECRET, ACCESS] {
        assert!(!error.contains(secret), "{error}");
    }
}

#[tokio::test]
async fn no_such_bucket() {
    let place = Place::s3().await;
    let blobs = s3_as(place.server.as_ref().unwrap().address, "another-bucket", SECRET);
    // The sweep must not take it for a store without files.
    let error = blobs.list(SystemTime::now()).next().await.unwrap().unwrap_err().to_string();
    assert!(error.contains("no such bucket"), "{error}");
}

#[tokio::test]
async fn nobody_there() {
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = tokio::time::timeout(Duration::from_secs(20), s3(address).check()).await.unwrap().unwrap_err();
    assert!(error.contains("cannot be reached (look at AWS_ENDPOINT)") && error.contains("refused"), "{error}");
    assert!(matches!(s3(address).len("key").await, Err(Error::Unavailable(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_dies_while_it_is_given_a_file() {
    let mut place = Place::s3().await;
    let line = Line::start(place.server.as_ref().unwrap().address, 3 * PART as u64, NEVER, false).await;
    let staged = place.file("staged", &bytes(8 * PART));
    let error = s3(line.address).put_file("half", &staged).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert!(line.up.load(Ordering::SeqCst) >= 3 * PART as u64, "it was in the midst of it");
    place.server = None;
    place.server = Some(Server::start(place.folder.path()).await);
    place.blobs = s3(place.server.as_ref().unwrap().address);
    assert_eq!(place.blobs.len("half").await.unwrap(), None);
    assert!(place.keys(SystemTime::now() + Duration::from_secs(60)).await.is_empty());
    assert!(std::fs::read(&staged).unwrap() == bytes(8 * PART), "what was not taken over is still there");
    place.blobs.put_file("half", &staged).await.unwrap();
    assert_eq!(place.blobs.len("half").await.unwrap(), Some(8 * PART as u64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away() {
    let place = Place::s3().await;
    let line = Line::start(place.server.as_ref().unwrap().address, NEVER, NEVER, true).await;
    let blobs = s3(line.address);
    let staged = place.file("staged", &bytes(4 * PART));
    tokio::select! {
        put = blobs.put_file("abandoned", &staged) => put.unwrap(),
        () = until("one part is sent", || line.up.load(Ordering::SeqCst) > PART as u64) => {}
    }
    until("the upload is over", || !staged.exists()).await;
    assert_eq!(blobs.len("abandoned").await.unwrap(), Some(4 * PART as u64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_breaks_is_mended() {
    let place = Place::s3().await;
    let bytes = bytes(20 * 1024 * 1024);
    place.blobs.put_file("whole", &place.file("staged", &bytes)).await.unwrap();
    let line = Line::start(place.server.as_ref().unwrap().address, NEVER, 5 * 1024 * 1024, true).await;
    let read = all(s3(line.address).read("whole", 0..u64::MAX).await.unwrap()).await.unwrap();
    assert!(read == bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_stays_broken_is_an_error() {
    let place = Place::s3().await;
    let bytes = bytes(20 * 1024 * 1024);
    place.blobs.put_file("whole", &place.file("staged", &bytes)).await.unwrap();
    let line = Line::start(place.server.as_ref().unwrap().address, NEVER, 11 * 1024 * 1024, false).await;
    let pieces = s3(line.address).read("whole", 0..u64::MAX).await.unwrap();
    let error = all(pieces).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    let copy = place.folder.path().join("copy");
    assert!(s3(line.address).fetch_to("whole", &copy).await.is_err());
    assert!(!copy.exists());
}

/// The bucket may hold other things; the sweep must never name them.
#[tokio::test]
async fn others_in_the_bucket() {
    let place = Place::s3().await;
    place.blobs.put("ours", Bytes::from_static(b"x")).await.unwrap();
    let bucket = place.folder.path().join("s3").join(BUCKET);
    std::fs::create_dir_all(bucket.join("blobs/deeper")).unwrap();
    for other in ["outside", "blobs-too", "blobs/NOT-OURS", "blobs/deeper/key"] {
        std::fs::write(bucket.join(other), "x").unwrap();
    }
    assert_eq!(place.keys(SystemTime::now() + Duration::from_secs(60)).await, ["ours"]);
    assert!(walk(&bucket).len() > 4);
}
