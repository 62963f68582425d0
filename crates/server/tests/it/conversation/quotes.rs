//! Answers that refer to a message.

use super::kit::*;
use crate::support::Server;
use crate::talk::{Ear, at, finish, log, private, say};
use serde_json::json;

both! {
    async fn a_quote_is_a_reference_to_a_message_of_the_room(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let first = say(ana, room, "canary: at four?").await;
        let mut hears = Ear::open(&scene.server, ana).await;
        let mut says = Ear::open(&scene.server, bo).await;
        let answer = json!({"text": "Yes.", "quote": first, "client_id": "a"});
        let sent = bo.post(&at(room, "/messages"), answer.clone()).await.ok(201);
        assert_eq!(sent["quote"], first);
        assert_eq!(bo.post(&at(room, "/messages"), answer).await.ok(200), sent);
        says.say(json!({"t": "send", "room": room, "client_id": "b", "text": "With cake.", "quote": first})).await;
        let seq = says.hear("ack").await["seq"].as_i64().unwrap();
        hears.reach(room, seq).await;
        let quotes: Vec<_> = hears.events(room).iter().map(|event| event["quote"].clone()).collect();
        assert_eq!(quotes, [json!(first), json!(first)]);
        // The words are not copied: once they are gone, nothing of them is left in the answer.
        ana.delete(&at(room, &format!("/messages/{first}"))).await.ok(204);
        let answer = shown(bo, room, seq).await;
        assert_eq!((&answer["quote"], &answer["text"]), (&json!(first), &json!("With cake.")));
        assert!(!json!(log(bo, room).await).to_string().contains("canary"));
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn what_is_no_message_of_the_room_cannot_be_quoted(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let hers = ana.post("/api/v1/rooms", json!({"name": "hers", "private": true})).await.ok(201)["id"].as_i64().unwrap();
        // A seq that only the other room has; a line; one that is gone; none at all.
        let gone = say(ana, room, "gone").await;
        ana.delete(&at(room, &format!("/messages/{gone}"))).await.ok(204);
        let mut there = 0;
        for _ in 0..12 {
            there = say(ana, hers, "canary").await;
        }
        let mut says = Ear::open(&scene.server, bo).await;
        for quote in [there, 1, gone, 0, -1, i64::MAX] {
            let answer = bo.post(&at(room, "/messages"), json!({"text": "hm", "quote": quote})).await;
            assert_eq!(answer.refused(400, "invalid").field(), "quote", "{quote}");
            let frame = json!({"t": "send", "room": room, "client_id": "q", "text": "hm", "quote": quote});
            says.say(frame).await;
            let refused = says.hear("refused").await;
            assert_eq!((&refused["code"], &refused["field"]), (&json!("invalid"), &json!("quote")), "{quote}");
        }
        assert!(log(bo, room).await.iter().all(|event| event["text"] != "hm"));
        // A room that one may not see is not told by what it holds.
        for (name, client) in &scene.others {
            let quotes = json!({"text": "hm", "quote": 5});
            let there = client.post(&at(room, "/messages"), quotes.clone()).await;
            let nowhere = client.post(&at(999_999, "/messages"), quotes).await;
            assert_eq!(alike(&there), alike(&nowhere), "{name}");
        }
        let other = private(&[bo]).await;
        assert_eq!(bo.post(&at(other, "/messages"), json!({"text": "hm", "quote": gone})).await.field(), "quote");
        finish(scene.server, &[&scene.ana]).await;
    }
}
