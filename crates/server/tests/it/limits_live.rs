//! The limits of talk, each at n and at n + 1.

use crate::support::Server;
use crate::talk::{Ear, at, crowd, finish, people, say};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

both! {
    async fn a_text_is_counted_in_bytes(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let room = owner.room("tea").await;
        let full = "\u{e9}".repeat(8 << 10);
        let over = format!("{full}x");
        let seq = say(&owner, room, &full).await;
        let path = at(room, "/messages");
        let mut ear = Ear::open(&server, &owner).await;
        let send = |text: &str, id: &str| json!({"t": "send", "room": room, "client_id": id, "text": text});
        ear.say(send(&full, "full")).await;
        assert_eq!(ear.hear("ack").await["seq"], seq + 1);
        assert_eq!(ear.ask(send(&over, "over")).await["code"], "too_large");
        owner.post(&path, json!({"text": over})).await.refused(413, "too_large");
        let message = at(room, &format!("/messages/{seq}"));
        owner.patch(&message, json!({"text": over})).await.refused(413, "too_large");
        owner.patch(&message, json!({"text": "\u{fc}".repeat(8 << 10)})).await.ok(200);
        owner.put(&at(room, "/draft"), json!({"text": full})).await.ok(200);
        owner.put(&at(room, "/draft"), json!({"text": over})).await.refused(413, "too_large");
        for empty in ["", " ", "\n\t"] {
            let refused = owner.post(&path, json!({"text": empty})).await;
            assert_eq!(refused.refused(400, "invalid").field(), "text");
        }
        finish(server, &[&owner]).await;
    }

    async fn names_of_messages_watches_and_cursors(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let room = owner.room("tea").await;
        let path = at(room, "/messages");
        owner.post(&path, json!({"text": "a", "client_id": "x".repeat(64)})).await.ok(201);
        for bad in ["x".repeat(65), String::new(), "a b".into(), "\u{e9}".into(), "a/b".into()] {
            let refused = owner.post(&path, json!({"text": "a", "client_id": bad})).await;
            assert_eq!(refused.refused(400, "invalid").field(), "client_id");
        }
        let mut ear = Ear::open(&server, &owner).await;
        let watch = |users: usize, rooms: usize| {
            json!({"t": "watch", "users": (1..=users).collect::<Vec<_>>(), "rooms": (1..=rooms).collect::<Vec<_>>()})
        };
        assert_eq!(ear.ask(watch(500, 8)).await["t"], "done");
        assert_eq!(ear.ask(watch(501, 8)).await["field"], "users");
        assert_eq!(ear.ask(watch(500, 9)).await["field"], "rooms");
        let hello = |cursors: i64| {
            let cursors: Vec<_> = (0..cursors).map(|room| (room + 1_000, 1)).collect();
            json!({"t": "hello", "v": 1, "cursors": cursors})
        };
        let mut full = Ear::hello(&server, &owner, hello(1_000)).await;
        full.until(|frame| frame["t"] == "reset" && frame["room"] == 1_999).await;
        let mut over = Ear::connect(&server, &owner, None).await;
        over.say(hello(1_001)).await;
        assert_eq!(over.closed().await.0, 4400);
        finish(server, &[&owner]).await;
    }

    async fn pings_are_all_answered_until_there_are_too_many(db: Db) {
        let server = Server::with(db, |config| {
            config.rates = true;
            config.limits.commands_burst = 20;
            config.limits.commands_per_second = 1;
        }).await;
        let owner = server.person("owner").await;
        let mut ear = Ear::open(&server, &owner).await;
        assert_eq!(ear.pings(10).await, (0..10).collect::<Vec<_>>());
        let answered = ear.pings(5_000).await;
        assert!(answered.len() < 500, "{} were answered", answered.len());
        assert!(answered.is_sorted());
        assert_eq!(ear.ask(json!({"t": "away", "away": false})).await["code"], "rate_limited");
        finish(server, &[&owner]).await;
    }

    async fn mentions_and_direct_rooms(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let names: Vec<String> = (0..51).map(|n| format!("p{n:02}")).collect();
        let everybody = crowd(&server, names.clone(), &["tea"]).await;
        let rooms = everybody[0].get("/api/v1/rooms").await.ok(200);
        let room = rooms["rooms"].as_array().unwrap().iter().find(|room| room["name"] == "tea").unwrap()["id"].as_i64().unwrap();
        let call = |n: usize| names[..n].iter().map(|name| format!("@{name} ")).collect::<String>();
        let path = at(room, "/messages");
        let sent = everybody[0].post(&path, json!({"text": call(50)})).await.ok(201);
        assert_eq!(sent["mentions"].as_array().unwrap().len(), 50);
        let refused = everybody[0].post(&path, json!({"text": call(51)})).await;
        assert_eq!(refused.refused(400, "invalid").field(), "text");
        let message = at(room, &format!("/messages/{}", sent["seq"]));
        everybody[0].patch(&message, json!({"text": call(51)})).await.refused(400, "invalid");
        // Doubles and I myself are not counted; the same people again are the same room.
        let ids = |n: usize| everybody[1..=n].iter().map(|person| person.id.0).collect::<Vec<_>>();
        let direct = |users: Vec<i64>| everybody[0].post("/api/v1/direct", json!({"users": users}));
        let first = direct(ids(10)).await.ok(201);
        assert_eq!(first["people"].as_array().unwrap().len(), 10);
        let mut twice = [ids(10), ids(10), vec![everybody[0].id.0]].concat();
        twice.reverse();
        assert_eq!(direct(twice).await.ok(200)["id"], first["id"]);
        assert_eq!(direct(ids(11)).await.refused(400, "invalid").field(), "users");
        assert_eq!(direct(vec![]).await.refused(400, "invalid").field(), "users");
        assert_eq!(direct(vec![999_999]).await.refused(400, "invalid").field(), "users");
        let notes = direct(vec![everybody[0].id.0]).await.ok(201);
        assert_eq!(notes["people"][0]["id"], everybody[0].id.0);
        finish(server, &[&owner, &everybody[0]]).await;
    }

    async fn a_burst_is_refused_with_the_time_to_wait(db: Db) {
        let server = Server::with(db, |config| config.rates = true).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        let mut ear = Ear::open(&server, &owner).await;
        let send = |n: usize| json!({"t": "send", "room": room, "client_id": format!("m{n}"), "text": "quick"});
        for n in 0..30 {
            ear.say(send(n)).await;
        }
        let mut answers: Vec<Value> = Vec::new();
        while answers.len() < 30 {
            let answer = ear.until(|frame| frame["t"] == "ack" || frame["t"] == "refused").await;
            answers.push(answer);
        }
        let refused: Vec<_> = answers.iter().filter(|answer| answer["t"] == "refused").collect();
        assert!((4..=10).contains(&refused.len()), "20 at once, 2 a second: {} of 30 refused", refused.len());
        let last = refused.last().unwrap();
        assert_eq!(last["code"], "rate_limited");
        let wait = last["retry_after_ms"].as_u64().unwrap();
        assert!((1..=1_000).contains(&wait), "{wait}");
        // Whoever waits that long is heard.
        tokio::time::sleep(Duration::from_millis(wait)).await;
        ear.say(send(99)).await;
        ear.until(|frame| frame["t"] == "ack" && frame["client_id"] == "m99").await;
        // One person's haste is nobody else's.
        bo.post(&at(room, "/members"), json!({})).await.ok(201);
        say(&bo, room, "calm").await;
        finish(server, &[&owner]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_of_just_that_size_is_read() {
    let server = Server::start(crate::support::Db::sqlite()).await;
    let owner = server.person("owner").await;
    let ping = |bytes: usize| {
        let frame = r#"{"t":"ping","id":"size","x":""}"#;
        Message::text(frame.replace(r#""x":"""#, &format!(r#""x":"{}""#, "y".repeat(bytes - frame.len()))))
    };
    let mut ear = Ear::open(&server, &owner).await;
    ear.raw(ping(64 << 10)).await;
    ear.hear("pong").await;
    ear.raw(ping((64 << 10) + 1)).await;
    assert_eq!(ear.closed().await.0, 1009);
    finish(server, &[&owner]).await;
}
