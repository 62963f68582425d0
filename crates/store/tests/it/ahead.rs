//! The write-ahead log of SQLite keeps its length, however long one writes.

use crate::support::Home;
use std::path::Path;

/// How long the write-ahead log is, in bytes, and how often it was begun anew: the fourth number of its header.
fn write_ahead(folder: &Path) -> (usize, u32) {
    let bytes = std::fs::read(folder.join("parlour.db-wal")).unwrap();
    let begun = u32::from_be_bytes(bytes[12..16].try_into().unwrap());
    (bytes.len(), begun)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_copied_back_is_written_over() {
    let home = Home::sqlite().await;
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    // Some thirty pages each.
    let text = "word ".repeat(25_000);
    let (mut sent, mut last) = (0, write_ahead(home.folder.path()));
    for _ in 0..2 {
        loop {
            home.say(room, ana, &format!("m{sent}"), &text).await.unwrap();
            sent += 1;
            let now = write_ahead(home.folder.path());
            assert!(now.0 >= last.0, "it is not cut off: {} bytes, then {}", last.0, now.0);
            if now.1 != std::mem::replace(&mut last, now).1 {
                break;
            }
        }
    }
    assert!(last.0 < 64 << 20, "{} bytes", last.0);
    assert_eq!(home.log(room).await.len(), sent + 2);
    home.verify(room).await;
}
