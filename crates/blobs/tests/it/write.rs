//! What is put is there as a whole, or not at all.

use crate::support::{Place, all, bytes, walk};
use blobs::{Error, PART};
use bytes::Bytes;
use futures_util::future::join_all;

both!(sizes, in_memory, again, gone, no_file, at_once, copies, check);

async fn sizes(place: Place) {
    for length in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 20 * 1024 * 1024] {
        let bytes = bytes(length);
        let key = format!("{length:08}-a.bin");
        let path = place.file("staged", &bytes);
        place.blobs.put_file(&key, &path).await.unwrap();
        assert!(!path.exists(), "{length}: it was taken over");
        assert_eq!(place.blobs.len(&key).await.unwrap(), Some(length as u64));
        let read = all(place.blobs.read(&key, 0..u64::MAX).await.unwrap()).await.unwrap();
        assert!(read == bytes, "{length}: the bytes are the same");
    }
    let unfinished: Vec<_> = walk(place.folder.path()).into_iter().filter(|path| !path.ends_with("a.bin")).collect();
    let strays = unfinished.iter().filter(|path| path.to_string_lossy().contains("upload")).count();
    assert_eq!(strays, 0, "{unfinished:?}");
}

async fn in_memory(place: Place) {
    for length in [0, 1, 200_000] {
        let bytes = Bytes::from(bytes(length));
        place.blobs.put("ab12-thumb.640.webp", bytes.clone()).await.unwrap();
        assert_eq!(place.blobs.get("ab12-thumb.640.webp", length).await.unwrap(), bytes);
        if length > 0 {
            let error = place.blobs.get("ab12-thumb.640.webp", length - 1).await.unwrap_err();
            assert!(matches!(error, Error::Other(_)), "{error}");
        }
    }
}

async fn again(place: Place) {
    for length in [300_000, 10, PART + 10, 0] {
        let bytes = bytes(length);
        place.blobs.put_file("same", &place.file("staged", &bytes)).await.unwrap();
        assert_eq!(place.blobs.len("same").await.unwrap(), Some(length as u64));
        assert!(place.blobs.get("same", length).await.unwrap() == bytes);
    }
    assert_eq!(place.keys(std::time::SystemTime::now() + std::time::Duration::from_secs(60)).await, ["same"]);
}

async fn gone(place: Place) {
    place.blobs.put("gone", Bytes::from_static(b"soon")).await.unwrap();
    for _ in 0..2 {
        place.blobs.delete("gone").await.unwrap();
        assert_eq!(place.blobs.len("gone").await.unwrap(), None);
        assert!(matches!(place.blobs.read("gone", 0..1).await.err(), Some(Error::NotFound)));
        assert!(matches!(place.blobs.read("gone", 0..0).await.err(), Some(Error::NotFound)));
        assert!(matches!(place.blobs.get("gone", 9).await, Err(Error::NotFound)));
    }
    place.blobs.delete("never-was").await.unwrap();
}

async fn no_file(place: Place) {
    let missing = place.folder.path().join("missing");
    assert!(matches!(place.blobs.put_file("none", &missing).await, Err(Error::NotFound)));
    assert_eq!(place.blobs.len("none").await.unwrap(), None);
}

/// Whoever reads sees one of them, never a mixture.
async fn at_once(place: Place) {
    let texts: Vec<Bytes> = (b'a'..=b'h').map(|letter| vec![letter; 500_000].into()).collect();
    place.blobs.put("one", texts[0].clone()).await.unwrap();
    let puts = texts.iter().map(|text| place.blobs.put("one", text.clone()));
    let reads = (0..8).map(|_| place.blobs.get("one", 500_000));
    let (puts, reads) = futures_util::join!(join_all(puts), join_all(reads));
    for put in puts {
        put.unwrap();
    }
    for read in reads.into_iter().chain([place.blobs.get("one", 500_000).await]) {
        let read = read.unwrap();
        assert!(texts.contains(&read), "{} bytes from {:?}", read.len(), read.first());
    }
}

async fn copies(place: Place) {
    let bytes = bytes(PART + 77);
    place.blobs.put("copied", bytes.clone().into()).await.unwrap();
    let path = place.folder.path().join("copy");
    for old in [&b""[..], &vec![1; 2 * PART]] {
        std::fs::write(&path, old).unwrap();
        place.blobs.fetch_to("copied", &path).await.unwrap();
        assert!(std::fs::read(&path).unwrap() == bytes);
    }
    assert!(matches!(place.blobs.fetch_to("absent", &path).await, Err(Error::NotFound)));
    assert!(!path.exists() || std::fs::read(&path).unwrap() == bytes);
    let local = place.blobs.local_path("copied").map(|path| std::fs::read(path).unwrap() == bytes);
    assert_eq!(local, place.server.is_none().then_some(true), "only a disk has the file itself");
}

async fn check(place: Place) {
    place.blobs.check().await.unwrap();
    let everything = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    assert!(place.keys(everything).await.is_empty(), "it leaves nothing behind");
}
