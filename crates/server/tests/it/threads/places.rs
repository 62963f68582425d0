//! All places at once: what a client begins with, "mark all read" and its undo, and why something is unread.

use super::follow::{of, reply, standing};
use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::{Value, json};

/// Place, unread, mentions.
async fn room_of(who: &Client, room: i64) -> (i64, i64, i64) {
    let seen = who.get(&at(room, "")).await.ok(200);
    let number = |field: &str| seen[field].as_i64().unwrap();
    (number("read"), number("unread"), number("mentions"))
}

both! {
    async fn all_is_read_and_unread_again(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let [bo, cy] = people(&server, &["bo", "cy"]).await.try_into().ok().unwrap();
        let (one, two) = (private(&[&ana, &bo, &cy]).await, private(&[&ana, &bo]).await);
        let quiet = private(&[&bo]).await;
        let root = say(&bo, one, "root").await;
        reply(&ana, one, root, "mine").await;
        let theirs = reply(&ana, one, root, "@bo and another").await;
        say(&ana, two, "hello @bo").await;
        say(&bo, quiet, "only mine").await;
        let before = (room_of(&bo, one).await, room_of(&bo, two).await, standing(&bo, one, root).await);
        assert_eq!((before.0.1, before.1.1, before.1.2, before.2), (0, 1, 1, (true, root, 2, 1)));
        let (mut ear, mut other) = (Ear::open(&server, &bo).await, Ear::open(&server, &cy).await);
        let places = bo.post("/api/v1/me/read", json!({})).await.ok(200);
        assert_eq!(places, json!({"rooms": [[two, before.1.0]], "threads": [[one, root, root]]}), "only what moved");
        assert_eq!((room_of(&bo, two).await.1, standing(&bo, one, root).await), (0, (true, theirs, 0, 0)));
        let heard = ear.hear("read").await;
        assert_eq!((&heard["room"], &heard["unread"], &heard["version"]), (&json!(two), &json!(0), &json!(0)));
        let heard = ear.hear("thread").await;
        assert_eq!((&heard["root"], &heard["unread"], &heard["read"]), (&json!(root), &json!(0), &json!(theirs)));
        assert_eq!(bo.post("/api/v1/me/read", json!({})).await.ok(200), json!({"rooms": [], "threads": []}));
        // Undone: all is as it was, but for the versions, so that no late move undoes the undo.
        bo.post("/api/v1/me/unread", places).await.ok(204);
        assert_eq!((room_of(&bo, two).await, standing(&bo, one, root).await), (before.1, before.2));
        assert_eq!(ear.hear("read").await["version"], 1);
        assert_eq!(ear.hear("thread").await["version"], 1);
        let late = json!({"seq": theirs, "version": 0});
        assert_eq!(bo.put(&at(one, &of(root, "/read")), late).await.ok(200)["read"], json!(root));
        // Nobody else learns of it, and nobody else's places move.
        other.drain().await;
        assert!(!other.frames.iter().any(|frame| frame["t"] == "read" || frame["t"] == "thread"));
        // Read is what was there, not what came since.
        let places = bo.post("/api/v1/me/read", json!({})).await.ok(200);
        assert_eq!(places["threads"], json!([[one, root, root]]));
        reply(&cy, one, root, "late").await;
        assert_eq!(standing(&bo, one, root).await, (true, theirs, 1, 0));
        finish(server, &[&ana, &bo]).await;
    }

    async fn places_that_are_none_are_passed_over(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let (ours, hers) = (private(&[&ana, &bo]).await, private(&[&ana]).await);
        let root = say(&ana, ours, "root").await;
        reply(&ana, ours, root, "reply").await;
        let places = json!({"rooms": [[hers, 1], [999_999, 1], [ours, -5], [ours, 1]],
            "threads": [[ours, root, 1], [ours, 1, 1], [hers, 1, 1], [999_999, 1, 1]]});
        let mut ear = Ear::open(&server, &bo).await;
        bo.post("/api/v1/me/unread", places).await.ok(204);
        assert_eq!(ear.hear("read").await["seq"], 1);
        assert!(!standing(&bo, ours, root).await.0, "a thread that is not followed is not followed by it");
        let many: Vec<Value> = (0..5_001).map(|n| json!([n, 1])).collect();
        let answer = bo.post("/api/v1/me/unread", json!({"rooms": many})).await;
        assert_eq!((answer.status, answer.field()), (400, "rooms"));
        let answer = bo.post("/api/v1/me/unread", json!({"threads": [[1, 2]]})).await;
        assert_eq!((answer.status, answer.field()), (400, "threads"));
        finish(server, &[&ana]).await;
    }

    async fn why_a_room_is_unread_is_the_oldest_that_counts(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        assert_eq!(bo.get(&at(room, "/why")).await.ok(200), json!({}));
        let gone = say(&ana, room, "gone").await;
        let first = say(&ana, room, "first").await;
        reply(&ana, room, first, "@bo in a thread").await;
        let called = say(&ana, room, "@room hear").await;
        say(&ana, room, "@bo hear").await;
        ana.delete(&at(room, &format!("/messages/{gone}"))).await.ok(204);
        assert_eq!(bo.get(&at(room, "/why")).await.ok(200), json!({"unread": first, "mention": called}));
        bo.put(&at(room, "/read"), json!({"seq": first})).await.ok(200);
        assert_eq!(bo.get(&at(room, "/why")).await.ok(200), json!({"unread": called, "mention": called}));
        // An archived room can be asked too, and its threads read.
        ana.patch(&at(room, ""), json!({"archived": true})).await.ok(200);
        assert_eq!(bo.get(&at(room, "/why")).await.ok(200), json!({"unread": called, "mention": called}));
        assert_eq!(bo.put(&at(room, &of(first, "/read")), json!({"seq": 99_999})).await.ok(200)["unread"], 0);
        finish(server, &[&ana]).await;
    }
}
