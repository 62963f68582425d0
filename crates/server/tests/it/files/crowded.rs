//! More pictures at once than can be looked at: some are told to come again, and lose nothing by it.

use super::kit::*;
use super::pictures::photo;
use super::pieces::{announce, offset, piece};
use crate::support::{Db, Server};
use std::os::unix::fs::PermissionsExt;

// How many may wait is the same on every database.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_when_too_many_wait_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    // In place of the program that decodes: one that works until it is let go.
    let (program, go) = (folder.path().join("worker"), folder.path().join("go"));
    let script = format!("#!/bin/sh\nwhile [ ! -e {} ]; do sleep 0.05; done\n", go.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let server = Server::with(Db::sqlite(), |config| {
        config.program = program;
        config.limits.picture_ms = 60_000;
    })
    .await;
    let ana = server.person("ana").await;
    let mut waiting = Vec::new();
    // One after the other, so that the first of them that is answered is one too many.
    let refused = loop {
        let (n, who) = (waiting.len(), ana.clone());
        let (told, tell) = tokio::sync::oneshot::channel();
        let here = lying(&server.db, "uploads").len();
        let sending = tokio::spawn(async move {
            let answer = send(&who, "a.png", &png(20 + n as u32, 20, 1)).await;
            let refused = (answer.status == 503).then(|| answer.code().to_owned());
            let _ = told.send(refused);
            answer.status
        });
        waiting.push(sending);
        let more = async { until("it lies there", || lying(&server.db, "uploads").len() > here).await };
        tokio::select! {
            refused = tell => break refused.unwrap(),
            () = more => {}
        }
        assert!(waiting.len() < 500);
    };
    assert_eq!(refused.as_deref(), Some("busy"));
    // In pieces: what has come stays, and the last step is taken once more.
    let whole = photo(30, 30, 1);
    let place = announce(&ana, whole.len(), "").await;
    let late = piece(&ana, &place, 0, &whole).await;
    late.refused(503, "busy");
    assert_eq!(late.header("retry-after"), "1");
    assert_eq!(offset(&ana, &place).await, whole.len());
    std::fs::write(&go, b"").unwrap();
    let mut sent = 0;
    for answer in waiting {
        let status = answer.await.unwrap();
        assert!([201, 503].contains(&status));
        sent += usize::from(status == 201);
    }
    assert!(sent > 60);
    piece(&ana, &place, whole.len(), b"").await.ok(204);
    let file = ana.get(&place).await.ok(200)["file"].clone();
    let kept = ana.get(&path(id(&file))).await.bytes;
    assert!(kept.len() == whole.len() && kept != whole, "without the place where it was made");
    assert_eq!(lying(&server.db, "files").len(), sent + 1);
    upload(&ana, "again.jpg", &whole).await;
    assert_eq!(lying(&server.db, "files").len(), sent + 1, "and known again");
    assert_eq!(lying(&server.db, "uploads").len(), 1, "the note of the upload");
    server.stop().await;
}
