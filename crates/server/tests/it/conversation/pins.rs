//! Messages that are kept at hand.

use super::kit::*;
use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, log, say};
use protocol::Limits;
use reqwest::Method;
use serde_json::{Value, json};

async fn pin(who: &Client, room: i64, seq: i64) -> crate::support::Answer {
    put(who, room, &format!("/messages/{seq}/pin")).await
}

async fn unpin(who: &Client, room: i64, seq: i64) -> crate::support::Answer {
    who.delete(&at(room, &format!("/messages/{seq}/pin"))).await
}

/// The seqs of the pins, as the list has them.
async fn pins(who: &Client, room: i64) -> Vec<i64> {
    let list = who.get(&at(room, "/pins")).await.ok(200);
    list["pins"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect()
}

both! {
    async fn a_pin_is_seen_by_both_at_once_and_the_newest_is_first(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let (one, two) = (say(ana, room, "The key is under the mat").await, say(bo, room, "Tea is at four").await);
        let mut hears = Ear::open(&scene.server, ana).await;
        let mut not = Ear::open(&scene.server, &scene.others[1].1).await;
        for seq in [two, one, one] {
            pin(bo, room, seq).await.ok(204);
        }
        let heard = hears.until(|frame| frame["kind"] == "pinned" && frame["target"] == one).await;
        assert_eq!(heard["author"], json!(bo.id));
        assert_eq!(pins(ana, room).await, [one, two]);
        assert_eq!(shown(ana, room, one).await["pinned"], true);
        let of = |events: &[Value], kind: &str| events.iter().filter(|event| event["kind"] == kind).count();
        assert_eq!(of(&log(ana, room).await, "pinned"), 2);
        // Pinned anew it is the newest.
        unpin(ana, room, two).await.ok(204);
        unpin(ana, room, two).await.ok(204);
        pin(ana, room, two).await.ok(204);
        assert_eq!(pins(bo, room).await, [two, one]);
        assert_eq!(of(&log(ana, room).await, "unpinned"), 1);
        // What is deleted is not at hand any more.
        bo.delete(&at(room, &format!("/messages/{two}"))).await.ok(204);
        assert_eq!(pins(ana, room).await, [one]);
        pin(bo, room, two).await.refused(404, "not_found");
        unpin(bo, room, two).await.refused(404, "not_found");
        pin(bo, room, 1).await.refused(404, "not_found");
        not.drain().await;
        assert!(!not.heard("pinned"));
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn nobody_else_learns_what_is_pinned(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let message = say(&scene.ana, scene.room, "secret").await;
        pin(&scene.ana, scene.room, message).await.ok(204);
        scene.tells_nobody_else(Method::GET, "/pins", None).await;
        scene.tells_nobody_else(Method::PUT, &format!("/messages/{message}/pin"), None).await;
        scene.tells_nobody_else(Method::DELETE, &format!("/messages/{message}/pin"), None).await;
        assert_eq!(pins(&scene.bo, scene.room).await, [message]);
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn a_room_has_so_many_pins_and_no_more(db: Db) {
        let limits = Limits { pins: 3, ..Limits::default() };
        let scene = Scene::set(Server::with(db, |config| config.limits = limits).await).await;
        let (ana, room) = (&scene.ana, scene.room);
        let mut seqs = Vec::new();
        for n in 0..4 {
            seqs.push(say(ana, room, &format!("message {n}")).await);
        }
        for seq in &seqs[..3] {
            pin(ana, room, *seq).await.ok(204);
        }
        let more = pin(ana, room, seqs[3]).await;
        assert_eq!(more.refused(400, "invalid").field(), "seq");
        pin(ana, room, seqs[0]).await.ok(204);
        unpin(ana, room, seqs[0]).await.ok(204);
        pin(ana, room, seqs[3]).await.ok(204);
        assert_eq!(pins(ana, room).await, [seqs[3], seqs[2], seqs[1]]);
        finish(scene.server, &[&scene.ana]).await;
    }
}
