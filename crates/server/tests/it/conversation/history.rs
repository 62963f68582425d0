//! The texts that a message has had, and their end.

use super::kit::*;
use crate::support::{Client, Db, PATIENCE, Server};
use crate::talk::{Ear, at, finish, log, say};
use protocol::Limits;
use reqwest::Method;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

const CANARY: &str = "xyzzyplugh";

async fn edit(who: &Client, room: i64, seq: i64, text: &str) {
    who.patch(&at(room, &format!("/messages/{seq}")), json!({"text": text})).await.ok(200);
}

async fn texts(who: &Client, room: i64, seq: i64) -> Vec<String> {
    let answer = who.get(&at(room, &format!("/messages/{seq}/history"))).await.ok(200);
    answer["history"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

async fn switch(who: &Client, keeps: bool) {
    let answer = who.patch("/api/v1/server", json!({"history": keeps})).await.ok(200);
    assert_eq!(answer["history"], keeps);
}

/// Waits until no log of these rooms holds the word.
async fn gone_from(who: &Client, rooms: &[i64]) {
    let start = Instant::now();
    for room in rooms {
        while json!(log(who, *room).await).to_string().contains(CANARY) {
            assert!(start.elapsed() < PATIENCE, "room {room} still holds the word");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Whether the word is anywhere in the database.
fn in_database(db: &Db) -> bool {
    match db.database() {
        Some(database) => {
            let rows = "SELECT (SELECT count(*) FROM events e WHERE e::text LIKE '%xyzzyplugh%')
                             + (SELECT count(*) FROM words w WHERE w::text LIKE '%xyzzyplugh%')";
            database.run(rows) != "0"
        }
        None => in_files(db.folder.path()),
    }
}

fn in_files(folder: &Path) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
    // The write-ahead log may go while one looks.
    let mut files = files.map(|path| std::fs::read(path).unwrap_or_default());
    files.any(|bytes| bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()))
}

both! {
    async fn every_text_is_kept_for_those_who_may_read_it(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let seq = say(ana, room, "Tee at four").await;
        assert_eq!(texts(bo, room, seq).await, ["Tee at four"]);
        for text in ["Tea at four", "Tea at four", "Tea at **five**"] {
            edit(ana, room, seq, text).await;
        }
        assert_eq!(texts(bo, room, seq).await, ["Tee at four", "Tea at four", "Tea at **five**"]);
        let all = bo.get(&at(room, &format!("/messages/{seq}/history"))).await.ok(200);
        let entry = shown(bo, room, seq).await;
        let last = all["history"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["at"], last.get("html")), (&entry["edited_at"], entry.get("html")));
        assert_eq!(all["history"][0]["at"], entry["at"]);

        scene.tells_nobody_else(Method::GET, &format!("/messages/{seq}/history"), None).await;
        ana.delete(&at(room, &format!("/messages/{seq}"))).await.ok(204);
        for nothing in [seq, 1, 999] {
            let path = at(room, &format!("/messages/{nothing}/history"));
            bo.get(&path).await.refused(404, "not_found");
        }
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn the_newest_texts_are_told_of_one_that_had_very_many(db: Db) {
        let limits = Limits { page_messages: 3, ..Limits::default() };
        let scene = Scene::set(Server::with(db, |config| config.limits = limits).await).await;
        let seq = say(&scene.ana, scene.room, "0").await;
        for n in 1..5 {
            assert_eq!(texts(&scene.bo, scene.room, seq).await.len(), n.min(3));
            edit(&scene.ana, scene.room, seq, &n.to_string()).await;
        }
        assert_eq!(texts(&scene.bo, scene.room, seq).await, ["2", "3", "4"]);
        scene.server.stop().await;
    }

    async fn a_server_that_keeps_none_erases_what_there_was_and_what_comes(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let other = ana.room("Kitchen").await;
        let (before, elsewhere) = (say(ana, room, CANARY).await, say(ana, other, CANARY).await);
        // This one's tail holds all of it.
        let mut hears = Ear::resume(&scene.server, bo, &[(room, 0)]).await;
        edit(ana, room, before, &format!("{CANARY} too")).await;
        edit(ana, room, before, "tea").await;
        edit(ana, other, elsewhere, "cake").await;
        let head = log(bo, room).await.len() as i64;
        hears.reach(room, head).await;
        assert!(in_database(&scene.server.db), "the search would find it");

        bo.patch("/api/v1/server", json!({"history": false})).await.refused(403, "forbidden");
        switch(ana, false).await;
        hears.until(|frame| frame["t"] == "server" && frame["history"] == false).await;
        assert_eq!(texts(bo, room, before).await, ["tea"], "at once, whatever is still to be erased");
        gone_from(ana, &[room, other]).await;

        // And from now on, in the transaction of the edit itself.
        let after = say(ana, room, &format!("{CANARY} https://example.org/{CANARY}")).await;
        edit(ana, room, after, "soup").await;
        let events = log(bo, room).await;
        assert!(!json!(events).to_string().contains(CANARY));
        let edited = events.iter().find(|event| event["target"] == after).unwrap();
        assert_eq!((&edited["kind"], &edited["sole"]), (&json!("edited"), &json!(true)));
        let first = events.iter().find(|event| event["seq"] == after).unwrap();
        assert_eq!((&first["superseded"], first.get("text")), (&json!(true), None));
        assert_eq!(texts(bo, room, after).await, ["soup"]);
        assert_eq!(shown(bo, room, after).await["text"], "soup");
        // Who catches up, from the tail's memory or from the log, hears nothing of it.
        for cursor in [0, 2, before, after - 1] {
            let late = Ear::resume(&scene.server, bo, &[(room, cursor)]).await;
            assert!(!late.heard(CANARY), "from {cursor}: {:#?}", late.frames);
            assert_eq!(late.events(room), events[usize::try_from(cursor).unwrap()..]);
        }
        sound(&scene.server).await;
        // Kept again, from here on.
        switch(ana, true).await;
        edit(ana, room, after, "stew").await;
        assert_eq!(texts(bo, room, after).await, ["soup", "stew"]);
        let db = scene.server.db.clone();
        finish(scene.server, &[&scene.ana]).await;
        assert!(!in_database(&db), "the word is still there");
    }

    async fn what_was_not_erased_before_a_stop_is_erased_after_it(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, room) = (&scene.ana, scene.room);
        let seq = say(ana, room, CANARY).await;
        edit(ana, room, seq, "tea").await;
        let db = scene.server.stop().await;
        // As a stop between the switch and the job leaves it.
        let told = std::sync::Arc::new(|_: Vec<store::Committed>| {});
        let store = store::Store::open(&db.config().store(), told).await.unwrap();
        let change = store::facts::ServerChange { history: Some(false), ..store::facts::ServerChange::default() };
        let write = store.write(store::Lane::Server, move |tx| Box::pin(store::facts::change_server(tx, change)));
        write.await.unwrap();
        store.close().await;
        drop(store);
        assert!(in_database(&db), "the search would find it");
        let server = Server::start(db).await;
        let ana = server.login("ana").await;
        gone_from(&ana, &[room]).await;
        let db = server.db.clone();
        sound(&server).await;
        server.stop().await;
        assert!(!in_database(&db), "the word is still there");
    }
}
