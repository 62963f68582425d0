//! A virus scanner: a real one that knows one virus, and one that is not there.

use super::kit::*;
use super::pieces::{announce, offset, piece};
use crate::support::{Db, Server};
use blobs::testing::{Clamd, eicar};

// One database: what is tried is what happens before anything is written.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_scanner_finds_does_not_come_in() {
    let clamd = Clamd::start().await;
    let server = Server::with(Db::sqlite(), |config| config.clamav = Some(clamd.scanner())).await;
    let ana = server.person("ana").await;
    let virus = [&bytes(1_000), eicar().as_bytes()].concat();
    let refused = send(&ana, "free.exe", &virus).await;
    assert_eq!(refused.refused(400, "invalid").field(), "file");
    assert!(refused.text.contains("Eicar-Test"));
    // Cut in the midst of it: looked at as a whole.
    let place = announce(&ana, virus.len(), "").await;
    piece(&ana, &place, 0, &virus[..1_020]).await.ok(204);
    assert_eq!(piece(&ana, &place, 1_020, &virus[1_020..]).await.refused(400, "invalid").field(), "file");
    ana.get(&place).await.refused(404, "not_found");
    // More than the scanner takes is not let in unseen.
    assert_eq!(send(&ana, "large", &bytes((1 << 20) + 1)).await.refused(400, "invalid").field(), "file");
    nothing_lies(&server.db);
    let clean = upload(&ana, "a.png", &png(9, 9, 1)).await;
    assert_eq!(ana.get(&thumbnail(clean, 80)).await.status, 200);
    ana.delete(&path(clean)).await.ok(204);

    // It does not answer any more: nothing comes in, and what came in pieces waits until it does.
    let place = announce(&ana, 10, "").await;
    drop(clamd);
    let late = send(&ana, "a", b"a").await;
    late.refused(503, "unavailable");
    assert!(!late.header("retry-after").is_empty());
    nothing_but_the_upload(&server.db);
    piece(&ana, &place, 0, &[1; 10]).await.refused(503, "unavailable");
    let server = Server::start(server.stop().await).await;
    let ana = server.login("ana").await;
    assert_eq!(offset(&ana, &place).await, 10);
    piece(&ana, &place, 10, b"").await.ok(204);
    let file = ana.get(&place).await.ok(200)["file"].clone();
    assert_eq!(ana.get(&path(id(&file))).await.bytes, [1; 10]);
    server.stop().await;
}

#[track_caller]
fn nothing_but_the_upload(db: &Db) {
    assert_eq!((lying(db, "uploads").len(), lying(db, "files").len()), (1, 0));
}
