//! Parts of a blob, and readers that go or whose blob goes.

use crate::support::{Place, all, bytes, until};
use blobs::Error;
use futures_util::StreamExt;
use std::path::Path;

const MIB: u64 = 1024 * 1024;

both!(ranges, nothing, dropped, removed_meanwhile);

async fn ranges(place: Place) {
    let length = 20 * MIB;
    let bytes = bytes(20 * 1024 * 1024);
    place.blobs.put_file("whole", &place.file("staged", &bytes)).await.unwrap();
    for (start, end) in [
        (0, 1),
        (0, 0),
        (5, 5),
        (1, 2),
        (length - 1, length),
        (0, length),
        (100_000, 400_000),
        // Where one request to the store ends and the next begins.
        (8 * MIB - 1, 8 * MIB + 1),
        (0, 8 * MIB),
        (3 * MIB, 12 * MIB + 5),
        (8 * MIB, 16 * MIB),
        (length - 5, length + 5),
        (length - 1, u64::MAX),
        (length, length + 1),
        (length, u64::MAX),
        (length + 1, length + 9),
        (u64::MAX - 1, u64::MAX),
    ] {
        let read = all(place.blobs.read("whole", start..end).await.unwrap()).await.unwrap();
        let clip = |at: u64| usize::try_from(at.min(length)).unwrap();
        assert!(read == bytes[clip(start)..clip(end)], "{start}..{end} gave {} bytes", read.len());
    }
}

async fn nothing(place: Place) {
    place.blobs.put("empty", bytes::Bytes::new()).await.unwrap();
    for range in [0..0, 0..1, 0..u64::MAX, 7..9] {
        assert!(all(place.blobs.read("empty", range).await.unwrap()).await.unwrap().is_empty());
    }
}

/// How many files of this folder the process has open.
fn open_in(folder: &Path) -> usize {
    let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    open.filter(|fd| std::fs::read_link(fd.path()).is_ok_and(|target| target.starts_with(folder))).count()
}

async fn dropped(place: Place) {
    let bytes = bytes(20 * 1024 * 1024);
    place.blobs.put_file("whole", &place.file("staged", &bytes)).await.unwrap();
    let folder = place.folder.path().canonicalize().unwrap();
    for _ in 0..20 {
        let mut pieces = place.blobs.read("whole", 0..u64::MAX).await.unwrap();
        let first = pieces.next().await.unwrap().unwrap();
        assert!(bytes.starts_with(&first) && first.len() < 1024 * 1024, "{} bytes at once", first.len());
    }
    until("nobody reads any more", || open_in(&folder) == 0).await;
}

async fn removed_meanwhile(place: Place) {
    let bytes = bytes(20 * 1024 * 1024);
    place.blobs.put_file("whole", &place.file("staged", &bytes)).await.unwrap();
    let mut pieces = place.blobs.read("whole", 0..u64::MAX).await.unwrap();
    let first = pieces.next().await.unwrap().unwrap();
    place.blobs.delete("whole").await.unwrap();
    match all(pieces).await {
        // A disk keeps it for who has it open.
        Ok(rest) => assert!([&first[..], &rest].concat() == bytes, "all of it or an error"),
        Err(error) => assert!(matches!(error, Error::NotFound), "{error}"),
    }
}
