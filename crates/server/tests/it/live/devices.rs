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

    async fn no_version_of_a_place_is_told_again(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        let (door, me) = (at(room, "/members"), at(room, "/members/me"));
        bo.post(&door, json!({})).await.ok(201);
        let root = say(&owner, room, "root").await;
        let thread = |rest: &str| at(room, &format!("/messages/{root}/thread{rest}"));
        let standing = || async {
            let place = bo.get(&at(room, "")).await.ok(200);
            let of = bo.get(&thread("")).await.ok(200)["thread"].clone();
            json!([place["read"], place["version"], of["following"], of["version"]])
        };
        bo.put(&at(room, "/read"), json!({"seq": 1, "unread": true})).await.ok(200);
        // It was on the disk before it was told: a crash takes no version back.
        let (id, user) = (protocol::RoomId(room), bo.id);
        let kept = server.app.core.store.read(move |tx| {
            Box::pin(async move { store::rooms::seen_by(tx, id, user).await })
        });
        let (_, kept) = kept.await.unwrap().unwrap();
        assert_eq!(kept.map(|mine| (mine.read.0, mine.version)), Some((1, 1)));
        assert_eq!(bo.put(&thread("/follow"), json!({})).await.ok(200)["version"], 1, "as in the room");
        for version in 2..5 {
            bo.put(&thread("/read"), json!({"seq": root, "unread": true})).await.ok(200);
            assert_eq!(standing().await[3], version);
        }
        // Nothing of it is there for who left and came back, and no place begins with a version that was told before.
        bo.delete(&me).await.ok(204);
        let back = bo.post(&door, json!({})).await.ok(201);
        assert_eq!(standing().await, json!([back["head"], 4, false, 4]));
        let ear = Ear::open(&server, &bo).await;
        let told = ear.frames[0]["rooms"].as_array().unwrap().iter().find(|told| told[0] == room).cloned();
        assert_eq!(told, Some(json!([room, back["head"], back["head"], 4])));
        let new = say(&owner, room, "new").await;
        let marked = bo.put(&at(room, "/read"), json!({"seq": root, "unread": true})).await.ok(200);
        assert_eq!((&marked["read"], &marked["version"]), (&json!(root), &json!(5)));
        let late = bo.put(&at(room, "/read"), json!({"seq": new, "version": 1})).await.ok(200);
        assert_eq!(late["read"], root, "a device that was away all that time knows nothing of it");
        assert_eq!(standing().await, json!([root, 5, false, 5]));
        // Who never marked anything begins as always.
        owner.put(&at(room, &format!("/members/{}/role", bo.id)), json!({"role": "owner"})).await.ok(204);
        owner.delete(&me).await.ok(204);
        assert_eq!(owner.post(&door, json!({})).await.ok(201)["version"], 0);
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
