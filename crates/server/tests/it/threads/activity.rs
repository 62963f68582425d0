//! What concerns a person: each message once, from the rooms that they are in, and from nobody but others.

use super::follow::reply;
use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::{Value, json};

/// Cause and seq of what concerns somebody, the newest first, asked for in small pages.
async fn all(who: &Client, cause: &str) -> Vec<(String, i64)> {
    let mut rows: Vec<(String, i64)> = Vec::new();
    let mut cursor = String::new();
    loop {
        let query = format!("/api/v1/activity?limit=2&cause={cause}{cursor}");
        let page = who.get(&query).await.ok(200);
        let list = page["activity"].as_array().unwrap();
        assert!(list.len() <= 2);
        rows.extend(list.iter().map(|row| (row["cause"].as_str().unwrap().into(), row["seq"].as_i64().unwrap())));
        match page["next"].as_str() {
            Some(next) => {
                assert!(
                    next.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-._".contains(&letter)),
                    "{next}"
                );
                cursor = format!("&cursor={next}");
            }
            None => return rows,
        }
    }
}

fn rows(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().rev().map(|(cause, seq)| ((*cause).to_owned(), *seq)).collect()
}

const ALL: &str = "mention,room,keyword,reaction,reply";

both! {
    async fn each_message_concerns_once_for_its_strongest_cause(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let [bo, cy] = people(&server, &["bo", "cy"]).await.try_into().ok().unwrap();
        let room = private(&[&ana, &bo, &cy]).await;
        say(&ana, room, "before, to nobody").await;
        let named = say(&ana, room, "@bo hello").await;
        let both = say(&ana, room, "@bo and @room").await;
        let everybody = say(&ana, room, "@room hello").await;
        let root = say(&bo, room, "mine: @bo @room").await;
        let first = reply(&cy, room, root, "an answer").await;
        let in_thread = reply(&cy, room, root, "@bo an answer").await;
        let to_all = reply(&cy, room, root, "@room an answer").await;
        let gone = reply(&cy, room, root, "@bo gone").await;
        reply(&bo, room, root, "my own").await;
        let foreign = say(&cy, room, "another thread").await;
        reply(&ana, room, foreign, "not mine @room").await;
        cy.delete(&at(room, &format!("/messages/{gone}"))).await.ok(204);
        let expected = [("mention", named), ("mention", both), ("room", everybody), ("reply", first),
            ("mention", in_thread), ("room", to_all)];
        assert_eq!(all(&bo, ALL).await, rows(&expected));
        assert_eq!(all(&bo, "reply").await, rows(&[("reply", first)]));
        assert_eq!(all(&bo, "room").await, rows(&[("room", everybody), ("room", to_all)]));
        assert_eq!(all(&bo, "mention,reply").await,
            rows(&[("mention", named), ("mention", both), ("reply", first), ("mention", in_thread)]));
        let page = bo.get("/api/v1/activity?cause=mention&limit=1").await.ok(200);
        let row = &page["activity"][0];
        assert_eq!((&row["room"], &row["by"], &row["message"]["text"]), (&json!(room), &json!(cy.id), &json!("@bo an answer")));
        assert_eq!(row["at"], row["message"]["at"]);
        for bad in ["cause=nonsense", "cause=", "cursor=1.2.3", "cursor=1.2.3.4.!", "cursor=1.2.3.4._w", "limit=0"] {
            bo.get(&format!("/api/v1/activity?{bad}")).await.refused(400, "invalid");
        }
        finish(server, &[&ana]).await;
    }

    async fn what_was_called_before_one_came_does_not_concern(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let [bo, cy] = people(&server, &["bo", "cy"]).await.try_into().ok().unwrap();
        let room = ana.room("tea").await;
        say(&ana, room, "@room early").await;
        let root = say(&ana, room, "root").await;
        bo.post(&at(room, "/members"), json!({})).await.ok(201);
        reply(&ana, room, root, "early").await;
        bo.put(&at(room, &format!("/messages/{root}/thread/follow")), json!({})).await.ok(200);
        let late = reply(&ana, room, root, "late").await;
        let call = say(&ana, room, "@room late").await;
        assert_eq!(all(&bo, ALL).await, rows(&[("reply", late), ("room", call)]));
        // Outside there is nothing, before and after.
        assert_eq!(all(&cy, ALL).await, []);
        bo.delete(&at(room, "/members/me")).await.ok(204);
        assert_eq!(all(&bo, ALL).await, []);
        finish(server, &[&ana]).await;
    }

    async fn what_one_has_looked_at_never_goes_back(db: Db) {
        let server = Server::start(db).await;
        let bo = server.person("bo").await;
        let cy = people(&server, &["cy"]).await.remove(0);
        let (mut tab, mut other) = (Ear::open(&server, &bo).await, Ear::open(&server, &cy).await);
        let see = async |at: &str| bo.put("/api/v1/activity/seen", json!({"at": at})).await.ok(200)["at"].clone();
        let noon = "2026-01-02T12:00:00.000Z";
        assert_eq!(see(noon).await, noon);
        assert_eq!(tab.hear("activity").await, json!({"t": "activity", "seen": noon}));
        assert_eq!(see("2025-01-02T12:00:00.000Z").await, noon);
        assert_eq!(bo.get("/api/v1/me").await.ok(200)["activity_seen"], noon);
        let ahead = see("2999-01-02T12:00:00.000Z").await;
        assert!(ahead.as_str().unwrap() < "2999", "no later than now: what comes is new");
        tab.hear("activity").await;
        other.drain().await;
        assert!(!other.frames.iter().any(|frame: &Value| frame["t"] == "activity"));
        finish(server, &[&bo]).await;
    }
}
