//! Messages that call somebody by a word of their own.

use super::kit::{QUIET, heard_none};
use crate::support::{Client, PATIENCE, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::json;
use std::time::{Duration, Instant};

async fn words(who: &Client, words: &[&str]) {
    who.put(QUIET, json!({"keywords": words})).await.ok(200);
}

/// Whom messages call by words of their own: person, room, seq.
async fn hits(server: &Server) -> Vec<(i64, i64, i64)> {
    let read = server.app.store.read(|tx| {
        Box::pin(async move {
            let sql = "SELECT user_id, room, seq FROM keyword_hits ORDER BY room, seq, user_id";
            let rows = tx.rows(sql, &[]).await?;
            Ok::<_, store::Error>(rows.iter().map(|row| (row.int(0), row.int(1), row.int(2))).collect())
        })
    });
    read.await.unwrap()
}

/// Waits until the messages call these people, and nobody else. A room is read in order: where its last message calls
/// somebody, all before it have been read.
async fn come_to(server: &Server, expected: &[(&Client, i64, i64)]) {
    let mut expected: Vec<_> = expected.iter().map(|(who, room, seq)| (who.id.0, *room, *seq)).collect();
    expected.sort_by_key(|(who, room, seq)| (*room, *seq, *who));
    let start = Instant::now();
    loop {
        let found = hits(server).await;
        if found == expected {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{found:?} is not {expected:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

both! {
    async fn a_message_calls_members_by_their_words_and_nobody_else(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["bo", "cy", "dee"]).await;
        let [bo, cy, dee] = [&others[0], &others[1], &others[2]];
        let room = private(&[&owner, bo, cy]).await;
        words(bo, &["hut", "green house"]).await;
        words(cy, &["shed", "東京"]).await;
        // Dee is not there; the owner wrote it.
        words(dee, &["hut"]).await;
        words(&owner, &["hut"]).await;
        let mut heard = Ear::open(&server, &owner).await;
        let mut outside = Ear::open(&server, dee).await;
        let hut = say(&owner, room, "The **HUT** is open").await;
        say(&owner, room, "shut huts").await;
        let house = say(&owner, room, "a green\nhouse and a Shed").await;
        let tokyo = say(bo, room, "明日は東京です, and the hut").await;
        come_to(&server, &[(bo, room, hut), (bo, room, house), (cy, room, house), (cy, room, tokyo), (&owner, room, tokyo)])
            .await;
        // Nothing on the wire tells of it.
        heard_none(&mut outside, &["event"]).await;
        heard.reach(room, tokyo).await;
        assert!(!heard.frames[1..].iter().any(|frame| frame.to_string().contains("keyword")));
        finish(server, &[&owner]).await;
    }

    async fn an_edit_or_a_deletion_takes_it_back(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&owner, &bo]).await;
        words(&bo, &["hut"]).await;
        let mut sent = Vec::new();
        for text in ["a hut", "a hut", "a shed", "a hut"] {
            sent.push(say(&owner, room, text).await);
        }
        let path = |seq: i64| at(room, &format!("/messages/{seq}"));
        come_to(&server, &[(&bo, room, sent[0]), (&bo, room, sent[1]), (&bo, room, sent[3])]).await;
        owner.patch(&path(sent[0]), json!({"text": "a cabin"})).await.ok(200);
        owner.delete(&path(sent[1])).await.ok(204);
        owner.patch(&path(sent[2]), json!({"text": "a hut, after all"})).await.ok(200);
        owner.patch(&path(sent[3]), json!({"text": "still a hut"})).await.ok(200);
        come_to(&server, &[(&bo, room, sent[2]), (&bo, room, sent[3])]).await;
        // Words that somebody gave up call nobody any more, but a deletion still takes back what they did.
        words(&bo, &[]).await;
        say(&owner, room, "one more hut").await;
        owner.delete(&path(sent[3])).await.ok(204);
        owner.patch(&path(sent[2]), json!({"text": "no more"})).await.ok(200);
        come_to(&server, &[]).await;
        words(&bo, &["hut"]).await;
        let last = say(&owner, room, "a new hut").await;
        come_to(&server, &[(&bo, room, last)]).await;
        finish(server, &[&owner]).await;
    }

    async fn words_are_known_again_after_a_restart(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&owner, &bo]).await;
        words(&bo, &["hut"]).await;
        let first = say(&owner, room, "a hut").await;
        come_to(&server, &[(&bo, room, first)]).await;
        let server = Server::start(server.stop().await).await;
        let mut again = server.guest();
        again.token = owner.token.clone();
        let second = say(&again, room, "another hut").await;
        come_to(&server, &[(&bo, room, first), (&bo, room, second)]).await;
        finish(server, &[&again]).await;
    }
}
