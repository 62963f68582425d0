//! A full disk: refused, nothing written, and all is well when there is room again.

use crate::support::{Home, message};
use protocol::{RoomId, UserId};
use std::process::Command;
use store::{Error, Lane};

/// The answer that a full disk gives, after as many messages as fit.
async fn fill(home: &Home, room: RoomId, ana: UserId) -> (usize, Error) {
    let text = "word ".repeat(2000);
    for i in 0..5_000 {
        if let Err(error) = home.append(room, ana, message(&format!("m{i}"), &text)).await {
            return (i, error);
        }
    }
    panic!("it is never full");
}

async fn refuses_and_heals(home: &Home, room: RoomId, ana: UserId, more_room: impl AsyncFnOnce()) {
    let (sent, error) = fill(home, room, ana).await;
    assert!(matches!(error, Error::Full), "{error}");
    for _ in 0..3 {
        let error = home.append(room, ana, message("late", &"word ".repeat(2000))).await.unwrap_err();
        assert!(matches!(error, Error::Full), "{error}");
    }
    let log = home.log(room).await;
    assert_eq!(log.len(), sent + 2, "reading goes on, and nothing of what was refused is there");
    assert_eq!(home.told_of(room), log);
    home.verify(room).await;
    more_room().await;
    for i in 0..50 {
        home.append(room, ana, message(&format!("more{i}"), &"word ".repeat(2000))).await.unwrap();
    }
    assert_eq!(home.log(room).await.len(), sent + 52);
    home.verify(room).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_may_not_grow() {
    let home = Home::sqlite().await;
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    limit(&home, "PRAGMA max_page_count = 200").await;
    refuses_and_heals(&home, room, ana, async || limit(&home, "PRAGMA max_page_count = 1000000").await).await;
}

async fn limit(home: &Home, pragma: &'static str) {
    let write = home.write(Lane::Server, move |tx| Box::pin(async move { tx.rows(pragma, &[]).await.map(|_| ()) }));
    write.await.unwrap();
}

/// A file system in memory, so small that it is soon full.
struct Small(tempfile::TempDir);

impl Small {
    /// Only root may make one, and not in every container.
    fn new() -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(folder.path()).output();
        mount.is_ok_and(|out| out.status.success()).then_some(Small(folder))
    }

    fn grow(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=32m"]).arg(self.0.path()).status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disk_that_is_full() {
    let Some(small) = Small::new() else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let mut home = Home::sqlite().await;
    home.store.close().await;
    home.options.data = small.0.path().join("data");
    home.store = home.open().await.unwrap();
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    refuses_and_heals(&home, room, ana, async || small.grow()).await;
    home.store.close().await;
}
