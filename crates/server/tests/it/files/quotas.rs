//! How much one person and the whole server may keep, and how many things at once.

use super::kit::*;
use super::pieces::{announce, piece, tus};
use crate::support::{Client, Db, Server};
use reqwest::Method;
use serde_json::json;

/// There is no room for so many bytes: neither whole nor announced.
async fn full(who: &Client, size: usize, seed: u8) {
    let bytes = vec![seed; size];
    assert_eq!(send(who, "a", &bytes).await.refused(507, "storage_full").field(), "file");
    spoken_for(who, size).await;
}

async fn spoken_for(who: &Client, size: usize) {
    let begun = tus(who).saying("upload-length", &size.to_string()).raw(Method::POST, FILES, None).await;
    assert_eq!(begun.refused(507, "storage_full").field(), "file");
}

both! {
    async fn one_person_cannot_fill_the_server(db: Db) {
        let server = Server::with(db, |config| {
            config.limits.files_person = 1_000;
            config.limits.files_server = 1_700;
        })
        .await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let first = upload(&ana, "a", &[1; 600]).await;
        full(&ana, 401, 2).await;
        upload(&ana, "a", &[2; 400]).await;
        full(&ana, 1, 3).await;
        assert_eq!(lying(&server.db, "files").len(), 2);
        assert_eq!(lying(&server.db, "uploads").len(), 0);
        // The same bytes lie there once, and count for each who sent them.
        upload(&bo, "b", &[1; 600]).await;
        full(&bo, 401, 1).await;
        ana.delete(&path(first)).await.ok(204);
        bo.delete(&path(first)).await.refused(404, "not_found");
        // What is announced counts for what is announced then, until it is given up.
        let place = announce(&ana, 500, "").await;
        spoken_for(&ana, 101).await;
        tus(&ana).delete(&place).await.ok(204);
        let place = announce(&ana, 500, "").await;
        piece(&ana, &place, 0, &[5; 500]).await.ok(204);
        // 600 + 400 + 500 lie there now, and the server is full for everybody.
        full(&bo, 201, 6).await;
        full(&server.person("cy").await, 201, 7).await;
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_names_and_previews_at_their_limits() {
    let server = Server::with(Db::sqlite(), |config| {
        config.rates = true;
        config.limits.uploads = 3;
        config.limits.files = 2;
        config.limits.file_name = 10;
    })
    .await;
    let ana = server.person("ana").await;
    let limits = server.guest().get("/api/v1/limits").await.ok(200);
    for (name, value) in [
        ("uploads", 3),
        ("files", 2),
        ("file_name", 10),
        ("upload", 100 << 20),
        ("unsent_ms", 86_400_000),
        ("previews", 3),
        ("emoji", 1_000),
        ("alt", 1_000),
    ] {
        assert_eq!(limits[name], value, "{name}");
    }
    for name in ["files_person", "files_server", "pixels", "picture_ms", "preview_ms", "upload_idle_ms"] {
        assert!(limits[name].is_number(), "{name}");
    }
    let mut places = Vec::new();
    for _ in 0..3 {
        places.push(announce(&ana, 10, "").await);
    }
    let more = tus(&ana).saying("upload-length", "10").raw(Method::POST, FILES, None).await;
    more.refused(429, "rate_limited");
    assert_eq!(more.header("retry-after"), "1");
    // What is whole is not on its way any more.
    piece(&ana, &places[0], 0, &[7; 10]).await.ok(204);
    announce(&ana, 10, "").await;
    tus(&ana).delete(&places[1]).await.ok(204);
    let mut files = Vec::new();
    for (name, kept) in [("123456.txt", "123456.txt"), ("1234567.txt", "123456.txt"), ("12345678901", "1234567890")] {
        let file = send(&ana, name, name.as_bytes()).await.ok(201);
        assert_eq!(file["name"], kept);
        files.push(id(&file));
    }
    share(&ana, 1, "", json!(files[..2])).await;
    assert_eq!(
        ana.post("/api/v1/rooms/1/messages", json!({"files": files})).await.refused(400, "invalid").field(),
        "files"
    );
    server.stop().await;
}
