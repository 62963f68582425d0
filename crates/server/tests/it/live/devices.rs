//! What a person's other devices hear, and nobody else.

use crate::support::Server;
use crate::talk::{Ear, at, finish, people, say};
use serde_json::json;

both! {
    async fn cursor_draft_and_level_go_to_ones_own_devices(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        bo.post(&at(room, "/members"), json!({})).await.ok(201);
        for n in 0..5 {
            say(&owner, room, &format!("{n} @bo")).await;
        }
        let (mut tab, mut phone) = (Ear::open(&server, &bo).await, Ear::open(&server, &bo).await);
        let mut stranger = Ear::open(&server, &owner).await;
        tab.ask(json!({"t": "read", "room": room, "seq": 5})).await;
        let read = phone.hear("read").await;
        assert_eq!(read, json!({"t": "read", "room": room, "seq": 5, "version": 0, "unread": 3, "mentions": 3}));
        // Backwards moves nothing, by frame or by HTTP; further than the log is its end.
        tab.ask(json!({"t": "read", "room": room, "seq": 4})).await;
        let back = bo.put(&at(room, "/read"), json!({"seq": 2})).await.ok(200);
        assert_eq!(back["read"], 5);
        // Marked as unread from there: back, and a move made before it is ignored.
        let back = bo.put(&at(room, "/read"), json!({"seq": 3, "unread": true})).await.ok(200);
        assert_eq!(back, json!({"read": 3, "version": 1, "unread": 5, "mentions": 5}));
        for ear in [&mut tab, &mut phone] {
            let read = ear.hear("read").await;
            assert_eq!((&read["seq"], &read["version"]), (&json!(3), &json!(1)));
        }
        tab.ask(json!({"t": "read", "room": room, "seq": 7, "version": 0})).await;
        let still = bo.get(&at(room, "")).await.ok(200);
        assert_eq!((&still["read"], &still["version"]), (&json!(3), &json!(1)));
        tab.ask(json!({"t": "read", "room": room, "seq": 999, "version": 1})).await;
        let read = phone.hear("read").await;
        assert_eq!((&read["seq"], &read["unread"]), (&json!(8), &json!(0)));

        bo.put(&at(room, "/draft"), json!({"text": "canary draft"})).await.ok(200);
        bo.put(&at(room, "/level"), json!({"level": "mentions"})).await.ok(200);
        for ear in [&mut tab, &mut phone] {
            assert_eq!(ear.hear("draft").await, json!({"t": "draft", "room": room, "text": "canary draft"}));
            assert_eq!(ear.hear("level").await, json!({"t": "level", "room": room, "level": "mentions"}));
        }
        let mine = bo.get(&at(room, "")).await.ok(200);
        assert_eq!((&mine["draft"], &mine["level"]), (&json!("canary draft"), &json!("mentions")));
        // What one sends one has read.
        let sent = say(&bo, room, "and I").await;
        let mine = bo.get(&at(room, "")).await.ok(200);
        assert_eq!((&mine["read"], &mine["unread"]), (&json!(sent), &json!(0)));
        stranger.reach(room, sent).await;
        stranger.drain().await;
        let private = ["read", "draft", "level"];
        assert!(!stranger.frames.iter().any(|frame| private.contains(&frame["t"].as_str().unwrap())));
        assert!(!stranger.heard("canary"));
        finish(server, &[&owner]).await;
    }

    async fn cursors_survive_a_restart(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        bo.post(&at(room, "/members"), json!({})).await.ok(201);
        for _ in 0..5 {
            say(&owner, room, "word").await;
        }
        bo.put(&at(room, "/read"), json!({"seq": 6})).await.ok(200);
        let server = Server::start(server.stop().await).await;
        let mut again = server.guest();
        again.token = bo.token.clone();
        let mine = again.get(&at(room, "")).await.ok(200);
        assert_eq!((&mine["read"], &mine["unread"]), (&json!(6), &json!(2)));
        finish(server, &[&again]).await;
    }
}
