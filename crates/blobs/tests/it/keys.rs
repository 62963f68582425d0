//! Which names are keys, and which keys there are.

use crate::support::{Place, walk};
use bytes::Bytes;
use std::fs::File;
use std::time::{Duration, SystemTime};

both!(hostile, odd, by_age);

async fn hostile(place: Place) {
    let outside = place.file("outside", b"not yours");
    let before = walk(place.folder.path());
    let long = "a".repeat(121);
    for key in [
        "",
        ".",
        "..",
        "...",
        "-",
        "../outside",
        "a/b",
        "a/../../outside",
        "/etc/passwd",
        "a\0b",
        "a b",
        "A",
        "ä",
        "a_b",
        "a%2fb",
        "a\\b",
        "a\n",
        ".hidden",
        "-rf",
        &long,
    ] {
        let blobs = &place.blobs;
        assert!(blobs.put(key, Bytes::from_static(b"x")).await.is_err(), "{key:?}");
        assert!(blobs.put_file(key, &outside).await.is_err(), "{key:?}");
        assert!(blobs.len(key).await.is_err(), "{key:?}");
        assert!(blobs.read(key, 0..9).await.is_err(), "{key:?}");
        assert!(blobs.delete(key).await.is_err(), "{key:?}");
        assert!(blobs.fetch_to(key, &place.folder.path().join("to")).await.is_err(), "{key:?}");
        assert_eq!(blobs.local_path(key), None, "{key:?}");
    }
    assert_eq!(walk(place.folder.path()), before);
}

/// Keys that are allowed, and would be traps for who makes paths of them.
async fn odd(place: Place) {
    let long = "f".repeat(120);
    let mut keys = vec!["a", "0", "a..", "a...", "a-.", "aa..", "aaa.", "new", "newx", "new0", "ab12.640.webp", &long];
    for key in &keys {
        place.blobs.put(key, Bytes::from((*key).to_owned())).await.unwrap();
    }
    for key in &keys {
        assert_eq!(place.blobs.get(key, 200).await.unwrap(), key.as_bytes());
    }
    keys.sort_unstable();
    assert_eq!(place.keys(SystemTime::now() + Duration::from_secs(60)).await, keys);
}

async fn by_age(place: Place) {
    let now = SystemTime::now();
    assert!(place.keys(now).await.is_empty(), "an empty place has no keys");
    for n in 0..30 {
        let key = format!("{n:02}ab-key");
        place.blobs.put(&key, Bytes::from_static(b"x")).await.unwrap();
        let kept = File::options().write(true).open(place.kept(&key)).unwrap();
        kept.set_modified(now - Duration::from_secs(n * 3600)).unwrap();
    }
    let all: Vec<String> = (0..30).map(|n| format!("{n:02}ab-key")).collect();
    assert_eq!(place.keys(now + Duration::from_secs(60)).await, all);
    assert_eq!(place.keys(now - Duration::from_secs(10 * 3600 + 1800)).await, all[11..]);
    assert!(place.keys(now - Duration::from_secs(40 * 3600)).await.is_empty());
    // A file that was long on its way is as young as its arrival.
    let staged = place.file("staged", b"old");
    File::options().write(true).open(&staged).unwrap().set_modified(now - Duration::from_secs(99 * 3600)).unwrap();
    place.blobs.put_file("arrived", &staged).await.unwrap();
    assert!(!place.keys(now - Duration::from_secs(3600)).await.contains(&"arrived".to_owned()));
}
