//! Messages that somebody put aside.

use super::kit::{heard_none, three};
use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, private, say};
use serde_json::{Value, json};

fn saved(room: i64, seq: i64) -> String {
    format!("/api/v1/saved/{room}/{seq}")
}

async fn list(who: &Client, query: &str) -> Vec<Value> {
    who.get(&format!("/api/v1/saved{query}")).await.ok(200)["saved"].as_array().unwrap().clone()
}

fn seqs(list: &[Value]) -> Vec<i64> {
    list.iter().map(|mark| mark["seq"].as_i64().unwrap()).collect()
}

both! {
    async fn a_message_is_put_aside_done_with_and_taken_back(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, cy, room) = three(&server).await;
        let (first, second) = (say(&owner, room, "water the canary").await, say(&owner, room, "second").await);
        let (mut tab, mut phone) = (Ear::open(&server, &bo).await, Ear::open(&server, &bo).await);
        let mut author = Ear::open(&server, &owner).await;
        let mut other = Ear::open(&server, &cy).await;

        let mark = bo.put(&saved(room, first), json!({})).await.ok(200);
        assert_eq!((&mark["room"], &mark["seq"], mark.get("done_at")), (&json!(room), &json!(first), None));
        let told = json!({"t": "saved", "room": room, "seq": first, "at": mark["at"]});
        assert_eq!((tab.hear("saved").await, phone.hear("saved").await), (told.clone(), told));
        bo.put(&saved(room, second), json!({"done": false})).await.ok(200);

        // A second time only changes whether it is done, and that only once.
        let done = bo.put(&saved(room, first), json!({"done": true})).await.ok(200);
        assert_eq!(done["at"], mark["at"]);
        assert!(done["done_at"].is_string());
        let again = bo.put(&saved(room, first), json!({"done": true})).await.ok(200);
        assert_eq!(again, done);
        let frame = phone.until(|frame| frame["t"] == "saved" && frame["done_at"].is_string()).await;
        assert_eq!((&frame["at"], &frame["done_at"]), (&done["at"], &done["done_at"]));

        assert_eq!(seqs(&list(&bo, "").await), [second, first], "the newest first");
        assert_eq!(seqs(&list(&bo, "?done=true").await), [first]);
        assert_eq!(seqs(&list(&bo, "?done=false").await), [second]);
        // As it reads now.
        owner.patch(&at(room, &format!("/messages/{first}")), json!({"text": "water the roses"})).await.ok(200);
        let marks = list(&bo, "?done=true").await;
        assert_eq!(marks[0]["message"], bo.get(&at(room, &format!("/messages/{first}"))).await.ok(200));
        assert_eq!(marks[0]["message"]["text"], "water the roses");
        owner.delete(&at(room, &format!("/messages/{first}"))).await.ok(204);
        let text = bo.get("/api/v1/saved?done=true").await.text;
        assert!(text.contains(r#""erased":true"#) && !text.contains("water"), "{text}");

        bo.delete(&saved(room, first)).await.ok(204);
        bo.delete(&saved(room, first)).await.ok(204);
        let gone = phone.until(|frame| frame["t"] == "saved" && frame.get("at").is_none()).await;
        assert_eq!(gone, json!({"t": "saved", "room": room, "seq": first}));
        assert_eq!(seqs(&list(&bo, "").await), [second]);

        // It is nobody else's business.
        assert_eq!((list(&owner, "").await, list(&cy, "").await), (vec![], vec![]));
        for ear in [&mut author, &mut other] {
            heard_none(ear, &["saved"]).await;
        }
        finish(server, &[&owner]).await;
    }

    async fn only_a_message_that_one_may_read_can_be_saved(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, _, room) = three(&server).await;
        let erased = say(&owner, room, "gone").await;
        owner.delete(&at(room, &format!("/messages/{erased}"))).await.ok(204);
        // A line, an erased one, what is no message, none at all.
        for seq in [1, erased, erased + 1, 999, 0, -1] {
            bo.put(&saved(room, seq), json!({})).await.refused(404, "not_found");
        }
        let hidden = private(&[&owner]).await;
        let secret = say(&owner, hidden, "secret").await;
        let open = owner.room("open").await;
        let seen = say(&owner, open, "seen").await;
        let (there, nowhere) =
            (bo.put(&saved(hidden, secret), json!({})).await, bo.put(&saved(999_999, secret), json!({})).await);
        there.refused(404, "not_found");
        assert_eq!(there.json["detail"], nowhere.json["detail"], "private and unknown look alike");
        bo.delete(&saved(hidden, secret)).await.refused(404, "not_found");
        bo.put(&saved(open, seen), json!({})).await.refused(403, "not_member");
        bo.delete(&saved(open, seen)).await.refused(403, "not_member");
        assert_eq!(list(&bo, "").await, Vec::<Value>::new());
        finish(server, &[&owner]).await;
    }

    async fn who_left_a_room_keeps_the_mark_without_the_message(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, cy, _) = three(&server).await;
        let room = private(&[&owner, &bo, &cy]).await;
        let seq = say(&owner, room, "canary").await;
        let mark = bo.put(&saved(room, seq), json!({})).await.ok(200);
        assert!(bo.get("/api/v1/saved").await.text.contains("canary"));
        let mut phone = Ear::open(&server, &bo).await;
        owner.delete(&at(room, &format!("/members/{}", bo.id))).await.ok(204);
        owner.patch(&at(room, &format!("/messages/{seq}")), json!({"text": "a new canary"})).await.ok(200);
        assert_eq!(list(&bo, "").await, std::slice::from_ref(&mark));

        // It stays one's own: done with it, and away with it. Then it is to them as if it never was.
        let done = bo.put(&saved(room, seq), json!({"done": true})).await.ok(200);
        assert_eq!(done["at"], mark["at"]);
        phone.until(|frame| frame["t"] == "saved" && frame["done_at"] == done["done_at"]).await;
        assert!(!phone.heard("canary"));
        owner.post(&at(room, "/members"), json!({"user": bo.id})).await.ok(201);
        assert_eq!(list(&bo, "").await[0]["message"]["text"], "a new canary", "back again, as it reads now");
        owner.delete(&at(room, &format!("/members/{}", bo.id))).await.ok(204);
        bo.delete(&saved(room, seq)).await.ok(204);
        bo.put(&saved(room, seq), json!({})).await.refused(404, "not_found");
        assert_eq!(list(&bo, "").await, Vec::<Value>::new());
        finish(server, &[&owner]).await;
    }

    async fn pages_go_on_where_the_last_one_ended(db: Db) {
        let server = Server::start(db).await;
        let (owner, bo, _, room) = three(&server).await;
        let mut sent = Vec::new();
        for n in 0..5 {
            let seq = say(&owner, room, &format!("{n}")).await;
            bo.put(&saved(room, seq), json!({})).await.ok(200);
            sent.push(seq);
        }
        sent.reverse();
        let mut seen = Vec::new();
        let mut query = "?limit=2".to_owned();
        loop {
            let page = bo.get(&format!("/api/v1/saved{query}")).await.ok(200);
            let part = page["saved"].as_array().unwrap();
            assert!((1..=2).contains(&part.len()));
            seen.extend(seqs(part));
            match page["next"].as_str() {
                Some(next) => query = format!("?limit=2&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, sent);
        for (query, field) in [("?cursor=x", "cursor"), ("?cursor=1.2", "cursor"), ("?limit=0", "limit")] {
            let answer = bo.get(&format!("/api/v1/saved{query}")).await;
            assert_eq!(answer.refused(400, "invalid").field(), field);
        }
        finish(server, &[&owner]).await;
    }

    async fn as_many_as_the_limit_and_one_more(db: Db) {
        let server = Server::with(db, |config| config.limits.saved = 2).await;
        let (owner, bo, cy, room) = three(&server).await;
        let mut sent = Vec::new();
        for n in 0..3 {
            sent.push(say(&owner, room, &format!("{n}")).await);
        }
        bo.put(&saved(room, sent[0]), json!({})).await.ok(200);
        bo.put(&saved(room, sent[1]), json!({"done": true})).await.ok(200);
        let refused = bo.put(&saved(room, sent[2]), json!({})).await;
        assert_eq!(refused.refused(400, "invalid").field(), "saved");
        // Those that are there can be changed, and others have room of their own.
        bo.put(&saved(room, sent[1]), json!({"done": false})).await.ok(200);
        cy.put(&saved(room, sent[2]), json!({})).await.ok(200);
        bo.delete(&saved(room, sent[0])).await.ok(204);
        bo.put(&saved(room, sent[2]), json!({})).await.ok(200);
        assert_eq!(seqs(&list(&bo, "").await), [sent[2], sent[1]]);
        finish(server, &[&owner]).await;
    }
}
