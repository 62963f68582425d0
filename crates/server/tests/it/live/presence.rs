//! Typing, and who is here.

use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

both! {
    async fn typing_ends_by_itself_or_with_the_message(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["bo", "cy"]).await;
        let room = owner.room("tea").await;
        for person in &others {
            person.post(&at(room, "/members"), json!({})).await.ok(201);
        }
        let mut bo = Ear::open(&server, &others[0]).await;
        let mut shows = Ear::open(&server, &owner).await;
        let mut elsewhere = Ear::open(&server, &others[1]).await;
        shows.ask(json!({"t": "watch", "rooms": [room]})).await;
        let typing = |users: serde_json::Value| json!({"t": "typing", "room": room, "users": users});
        bo.ask(json!({"t": "typing", "room": room})).await;
        let since = Instant::now();
        assert_eq!(shows.hear("typing").await, typing(json!([others[0].id])));
        // Who comes to the room in mid-typing sees it, too.
        let mut late = Ear::open(&server, &others[1]).await;
        late.ask(json!({"t": "watch", "rooms": [room]})).await;
        assert!(late.frames.contains(&typing(json!([others[0].id]))));
        assert_eq!(shows.hear("typing").await, typing(json!([])));
        let took = since.elapsed();
        assert!(took > Duration::from_secs(5) && took < Duration::from_secs(9), "{took:?}");
        bo.ask(json!({"t": "typing", "room": room})).await;
        assert_eq!(shows.hear("typing").await, typing(json!([others[0].id])));
        let since = Instant::now();
        say(&others[0], room, "said").await;
        assert_eq!(shows.hear("typing").await, typing(json!([])));
        assert!(since.elapsed() < Duration::from_secs(4), "with the message, not after six seconds");
        // Who does not show the room is not told.
        elsewhere.drain().await;
        assert!(!elsewhere.frames.iter().any(|frame| frame["t"] == "typing"));
        finish(server, &[&owner]).await;
    }

    async fn who_does_not_answer_is_taken_for_dead_and_who_does_stays(db: Db) {
        let server = Server::with(db, |config| {
            config.limits.ping_ms = 100;
            config.limits.dead_ms = 1_000;
        })
        .await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let mut shows = Ear::open(&server, &owner).await;
        // Nobody reads from it, so nobody answers.
        let mut frozen = Ear::open(&server, &bo).await;
        shows.ask(json!({"t": "watch", "users": [bo.id]})).await;
        shows.until(|frame| frame["users"] == json!([[bo.id, "offline"]])).await;
        frozen.closed().await;
        shows.drain().await;
        finish(server, &[&owner]).await;
    }

    async fn one_sees_those_with_whom_one_shares_a_room_for_as_long_as_one_does(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let [bo, cy]: [Client; 2] = people(&server, &["bo", "cy"]).await.try_into().ok().unwrap();
        bo.delete("/api/v1/rooms/1/members/me").await.ok(204);
        let told = |who: &Client, state: &str| {
            let change = json!([who.id, state]);
            move |frame: &Value| frame["t"] == "presence" && frame["users"].as_array().unwrap().contains(&change)
        };
        let mut shows = Ear::open(&server, &owner).await;
        let mut tab = Ear::open(&server, &bo).await;
        shows.ask(json!({"t": "watch", "users": [bo.id, cy.id]})).await;
        // A stranger is not told of; who comes to share a room is, without being asked for again.
        let first = shows.frames.iter().find(|frame| frame["t"] == "presence").unwrap();
        assert_eq!(first["users"], json!([[cy.id, "offline"]]));
        let room = private(&[&owner]).await;
        owner.post(&at(room, "/members"), json!({"user": bo.id})).await.ok(201);
        let first = shows.until(|frame| frame["t"] == "presence" && frame["users"][0][0] == json!(bo.id)).await;
        assert_eq!(first["users"], json!([[bo.id, "online"]]));
        tab.ask(json!({"t": "away", "away": true})).await;
        shows.until(told(&bo, "away")).await;
        drop(tab);
        shows.until(told(&bo, "offline")).await;
        // Also one who was not here when they were removed is a stranger again.
        owner.delete(&at(room, &format!("/members/{}", bo.id))).await.ok(204);
        let first = Ear::open(&server, &cy).await;
        shows.until(told(&cy, "online")).await;
        let heard = shows.frames.len();
        let _tab = Ear::open(&server, &bo).await;
        drop(first);
        shows.until(told(&cy, "offline")).await;
        let others = |frame: &Value| frame["t"] == "presence" && frame["users"] != json!([[cy.id, "offline"]]);
        assert!(!shows.frames[heard..].iter().any(others), "{:?}", &shows.frames[heard..]);
        // A room that is new to both.
        bo.post("/api/v1/direct", json!({"users": [owner.id]})).await.ok(201);
        shows.until(told(&bo, "online")).await;
        finish(server, &[&owner]).await;
    }

    async fn a_person_is_as_present_as_their_most_present_device(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let mut shows = Ear::open(&server, &owner).await;
        shows.ask(json!({"t": "watch", "users": [bo.id, owner.id, 999_999]})).await;
        let first = shows.frames.iter().find(|frame| frame["t"] == "presence").unwrap().clone();
        assert_eq!(first["users"], json!([[bo.id, "offline"], [owner.id, "online"]]));
        let told = |state: &str| {
            let change = json!([bo.id, state]);
            move |frame: &serde_json::Value| frame["t"] == "presence" && frame["users"].as_array().unwrap().contains(&change)
        };
        let mut tab = Ear::open(&server, &bo).await;
        shows.until(told("online")).await;
        let mut phone = Ear::open(&server, &bo).await;
        tab.ask(json!({"t": "away", "away": true})).await;
        phone.ask(json!({"t": "away", "away": true})).await;
        shows.until(told("away")).await;
        let members = owner.get("/api/v1/rooms/1/members?q=bo").await.ok(200);
        assert_eq!(members["members"][0]["state"], "away");
        phone.ask(json!({"t": "away", "away": false})).await;
        shows.until(told("online")).await;
        drop(phone);
        shows.until(told("away")).await;
        // A reload is no departure, but closing the last tab is.
        drop(tab);
        let tab = Ear::open(&server, &bo).await;
        shows.until(told("online")).await;
        drop(tab);
        shows.until(told("offline")).await;
        let online = owner.get("/api/v1/rooms/1/members?online=true").await.ok(200);
        assert_eq!(online["members"].as_array().unwrap().len(), 1);
        finish(server, &[&owner]).await;
    }
}
