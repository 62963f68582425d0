//! The first account, and who may make it.

use crate::support::Server;
use serde_json::json;

both! {
    async fn a_hundred_first_visitors_make_one_owner(db: Db) {
        let server = Server::with(db, |config| config.limits.hashes_waiting = 16).await;
        assert_eq!(server.guest().get("/api/v1/server").await.json["setup"], true);
        let visitors = (0..100).map(|n| {
            let guest = server.guest();
            async move {
                let body = json!({"username": format!("first{n}"), "password": "long enough"});
                guest.post("/api/v1/accounts", body).await
            }
        });
        let answers = futures_util::future::join_all(visitors).await;
        // More than may wait for a hash are told to come back.
        let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 503)), "{answers:?}");
        assert!(made.len() >= 10);
        let owners: Vec<_> = made.iter().filter(|answer| answer.json["user"]["role"] == "owner").collect();
        assert_eq!(owners.len(), 1);
        assert_eq!(server.guest().get("/api/v1/server").await.json["setup"], false);
        // All of them are in the one Lobby.
        let mut owner = server.guest();
        owner.take_login(owners[0]);
        let rooms = owner.get("/api/v1/rooms").await.ok(200);
        assert_eq!(rooms["rooms"].as_array().unwrap().len(), 1);
        assert_eq!((&rooms["rooms"][0]["name"], &rooms["rooms"][0]["members"]), (&json!("Lobby"), &json!(made.len())));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_here_needs_the_code() {
    let server = Server::start(crate::support::Db::sqlite()).await;
    let body = json!({"username": "eve", "password": "long enough"});
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
        ("host", "chat.example"),
        ("host", "localhost.evil.example"),
    ] {
        let stranger = server.guest().saying(name, value);
        assert_eq!(stranger.get("/api/v1/server").await.json["setup_code"], true, "{name}");
        let answer = stranger.post("/api/v1/accounts", body.clone()).await;
        assert_eq!(answer.refused(403, "forbidden").field(), "setup_code", "{name}: {value}");
    }
    let guest = server.guest().saying("host", "chat.example");
    let wrong = json!({"username": "eve", "password": "long enough", "setup_code": "aaaa-bbbb-cccc"});
    guest.post("/api/v1/accounts", wrong).await.refused(403, "forbidden");
    // Here the code is not asked for.
    assert_eq!(server.guest().get("/api/v1/server").await.json["setup_code"], false);
    let ana = server.person("ana").await;
    assert_eq!(ana.get("/api/v1/me").await.json["role"], "owner");
    // Afterwards nobody needs it.
    assert_eq!(guest.post("/api/v1/accounts", body).await.ok(201)["user"]["role"], "member");
    server.stop().await;
}
