//! Saying something, once, however often it is sent.

use crate::support::Server;
use crate::talk::{Ear, at, bare, finish, log, people, say};
use serde_json::json;

both! {
    async fn one_id_a_hundred_times_at_once_is_one_message(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        let mut ears = Vec::new();
        for _ in 0..10 {
            ears.push(Ear::open(&server, &owner).await);
        }
        for n in 0..10 {
            for ear in &mut ears {
                ear.say(json!({"t": "send", "room": room, "client_id": "once", "text": format!("try {n}")})).await;
            }
        }
        for ear in &mut ears {
            let first = ear.hear("ack").await;
            assert_eq!(first, json!({"t": "ack", "client_id": "once", "room": room, "seq": 3}));
            for _ in 1..10 {
                assert_eq!(ear.hear("ack").await, first);
            }
        }
        let log = log(&owner, room).await;
        assert_eq!(log.len(), 3);
        let again = owner.post(&at(room, "/messages"), json!({"text": "by HTTP", "client_id": "once"})).await;
        assert_eq!((again.status, &again.json), (200, &log[2]));
        // Of another author or in another room it is another message.
        bo.post(&at(room, "/members"), json!({})).await.ok(201);
        bo.post(&at(room, "/messages"), json!({"text": "mine", "client_id": "once"})).await.ok(201);
        finish(server, &[&owner]).await;
    }

    async fn each_message_is_acknowledged_once_and_to_who_sent_it(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let rooms = [owner.room("tea").await, owner.room("coffee").await];
        bo.post(&at(rooms[0], "/members"), json!({})).await.ok(201);
        // Two devices of one person, who use the same ids in different rooms, and somebody else.
        let mut ears = Vec::new();
        for (who, room) in [(&owner, rooms[0]), (&owner, rooms[1]), (&bo, rooms[0])] {
            ears.push((Ear::open(&server, who).await, room));
        }
        let ids: Vec<String> = (10..70).map(|n| format!("id{n}")).collect();
        for id in &ids {
            for (ear, room) in &mut ears {
                ear.say(json!({"t": "send", "room": room, "client_id": id, "text": "words"})).await;
            }
        }
        for (ear, room) in &mut ears {
            let mut acked = Vec::new();
            for _ in &ids {
                let ack = ear.hear("ack").await;
                assert_eq!(ack["room"], *room);
                acked.push(ack["client_id"].as_str().unwrap().to_owned());
            }
            acked.sort_unstable();
            assert_eq!(acked, ids);
            ear.say(json!({"t": "send", "room": room, "client_id": "no", "text": ""})).await;
            let next = ear.until(|frame| frame["t"] == "ack" || frame["t"] == "refused").await;
            assert_eq!(next["t"], "refused");
        }
        finish(server, &[&owner]).await;
    }

    async fn a_known_id_is_answered_whatever_stands_against_it(db: Db) {
        let server = Server::with(db, |config| {
            config.rates = true;
            config.limits.messages_burst = 4;
            config.limits.messages_per_second = 1;
        }).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        bo.post(&at(room, "/members"), json!({})).await.ok(201);
        let send = |id: &str| json!({"text": "words", "client_id": id});
        let path = at(room, "/messages");
        let first = bo.post(&path, send("first")).await.ok(201);
        let gone = bo.post(&path, send("gone")).await.ok(201);
        bo.delete(&at(room, &format!("/messages/{}", gone["seq"]))).await.ok(204);
        let mut tombstone = gone.clone();
        tombstone.as_object_mut().unwrap().remove("text");
        tombstone["erased"] = json!(true);

        // The rate is used up, refused with the time to wait, and known ids are answered all the same.
        let mut n = 0;
        let refused = loop {
            let answer = bo.post(&path, send(&format!("burst{n}"))).await;
            n += 1;
            if answer.status != 201 {
                break answer;
            }
            assert!(n < 50);
        };
        refused.refused(429, "rate_limited");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
        for stage in ["rate", "archived", "left"] {
            match stage {
                "archived" => drop(owner.patch(&at(room, ""), json!({"archived": true})).await.ok(200)),
                "left" => drop(bo.delete(&at(room, "/members/me")).await.ok(204)),
                _ => {}
            }
            for (id, event) in [("first", &first), ("gone", &tombstone)] {
                let again = bo.post(&path, json!({"text": "", "client_id": id})).await;
                assert_eq!((again.status, &again.json), (200, event), "{stage}");
                let mut ear = Ear::open(&server, &bo).await;
                let sent = json!({"t": "send", "room": room, "client_id": id, "text": "other words"});
                ear.say(sent).await;
                let ack = ear.hear("ack").await;
                assert_eq!((&ack["client_id"], &ack["seq"]), (&json!(id), &event["seq"]), "{stage}");
            }
        }
        finish(server, &[&owner]).await;
    }

    async fn what_is_heard_is_what_the_log_holds(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["bo", "cy"]).await;
        let room = owner.room("tea").await;
        let mut ear = Ear::open(&server, &owner).await;
        let id = |n: usize| others[n].id.0;
        others[0].post(&at(room, "/members"), json!({})).await.ok(201);
        owner.post(&at(room, "/members"), json!({"user": id(1)})).await.ok(201);
        let root = say(&others[0], room, "hello @cy and @room, \"quotes\" \u{1F375} \u{202e}").await;
        let path = at(room, "/messages");
        let reply = owner.post(&path, json!({"text": "in the thread", "thread": root})).await.ok(201);
        owner.post(&path, json!({"text": "and here", "thread": root, "also": true})).await.ok(201);
        owner.post(&path, json!({"text": "no", "thread": reply["seq"]})).await.refused(400, "invalid");
        others[0].patch(&at(room, &format!("/messages/{root}")), json!({"text": "changed @bo"})).await.ok(200);
        owner.patch(&at(room, ""), json!({"name": "coffee", "topic": "hot"})).await.ok(200);
        owner.put(&at(room, &format!("/members/{}/role", id(0))), json!({"role": "owner"})).await.ok(204);
        owner.delete(&at(room, &format!("/members/{}", id(1)))).await.ok(204);
        owner.patch(&at(room, ""), json!({"archived": true})).await.ok(200);
        owner.patch(&at(room, ""), json!({"archived": false})).await.ok(200);
        let heard = log(&owner, room).await;
        ear.reach(room, heard.len() as i64).await;
        assert_eq!(ear.events(room), heard[2..]);
        // Deleted: who hears it live and who reads it later are told the same, and the words are nowhere.
        owner.delete(&at(room, &format!("/messages/{}", reply["seq"]))).await.ok(204);
        let log = log(&owner, room).await;
        let deleted = ear.until(|frame| frame["kind"] == "deleted").await;
        assert_eq!(bare(&deleted), *log.last().unwrap());
        // From the log itself, and from the tail's memory, which holds what came since somebody listens.
        for from in [0, 2] {
            let late = Ear::resume(&server, &owner, &[(room, from)]).await;
            assert_eq!(late.events(room), log[from as usize..]);
            assert!(!late.heard("in the thread"));
        }
        finish(server, &[&owner]).await;
    }
}
