//! Messages that hold files: sent once, shown live and on pages, erased with all that they held.

use super::kit::*;
use crate::support::{Client, Server};
use crate::talk::{Ear, at, bare, finish, log, people, private};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn wrong(server: &Server) -> Vec<String> {
    server::admin::ask(server.db.config(), server::admin::Request::Verify).await.unwrap()
}

/// The message as a page shows it.
async fn shown(who: &Client, room: i64, seq: &Value) -> Value {
    let page = who.get(&at(room, "/messages?limit=200")).await.ok(200);
    page["messages"].as_array().unwrap().iter().find(|entry| entry["seq"] == *seq).unwrap().clone()
}

both! {
    async fn a_message_with_files_is_said_once(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let (one, two) = (upload(&ana, "one.png", &png(20, 10, 1)).await, upload(&ana, "two.txt", b"two").await);
        let mut hears = Ear::open(&server, &bo).await;
        let body = json!({"text": "", "client_id": "once", "files": [{"id": two, "alt": " Words\nin two lines ", "spoiler": true}, one]});
        let path = at(room, "/messages");
        let all = join_all((0..50).map(|_| ana.post(&path, body.clone()))).await;
        let first = all.iter().find(|answer| answer.status == 201).expect("one is new").json.clone();
        for answer in all {
            assert!(answer.status == 200 || answer.json == first && answer.status == 201);
            assert_eq!(answer.json, first);
        }
        assert_eq!(first["files"][0]["alt"], "Words in two lines");
        assert_eq!((&first["files"][0]["spoiler"], &first["files"][0]["id"]), (&json!(true), &json!(two)));
        assert_eq!((&first["files"][1]["width"], &first["files"][1]["height"]), (&json!(20), &json!(10)));
        assert!(first["files"][1]["thumbhash"].is_string() && first["files"][1].get("alt").is_none());
        // By the socket, whose retries are the same; the event comes to others as the log has it.
        let mut says = Ear::open(&server, &ana).await;
        let frame = json!({"t": "send", "room": room, "client_id": "socket", "text": "", "files": [one]});
        let mut acks = Vec::new();
        for _ in 0..2 {
            says.say(frame.clone()).await;
            acks.push(says.hear("ack").await);
        }
        assert_eq!(acks[0]["seq"], acks[1]["seq"]);
        hears.reach(room, acks[0]["seq"].as_i64().unwrap()).await;
        let said: Vec<_> = hears.frames.iter().filter(|frame| frame["kind"] == "message").map(bare).collect();
        let logged: Vec<_> = log(&ana, room).await.into_iter().filter(|event| event["kind"] == "message").collect();
        assert_eq!(said, logged);
        assert_eq!(said.len(), 2);
        assert_eq!(said[0], first);
        assert_eq!(shown(&bo, room, &first["seq"]).await["files"], first["files"]);
        // The list has each file once for each message.
        let list = bo.get(&at(room, "/files")).await.ok(200);
        let list: Vec<_> = list["files"].as_array().unwrap().iter().map(|file| (id(file), file["seq"].clone())).collect();
        assert_eq!(list, [(one, acks[0]["seq"].clone()), (two, first["seq"].clone()), (one, first["seq"].clone())]);
        assert_eq!(wrong(&server).await, Vec::<String>::new());
        finish(server, &[&ana]).await;
    }

    async fn words_may_be_missing_only_where_files_are(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let path = at(1, "/messages");
        let file = upload(&ana, "a", b"a").await;
        assert_eq!(ana.post(&path, json!({"text": "", "files": []})).await.refused(400, "invalid").field(), "text");
        assert_eq!(ana.post(&path, json!({"text": " "})).await.refused(400, "invalid").field(), "text");
        let with = share(&ana, 1, "words", json!([file])).await;
        let without = ana.post(&path, json!({"text": "words"})).await.ok(201);
        let edit = |event: &Value, text: &str| {
            let (path, body) = (at(1, &format!("/messages/{}", event["seq"])), json!({"text": text}));
            let ana = ana.clone();
            async move { ana.patch(&path, body).await }
        };
        assert_eq!(edit(&without, "").await.refused(400, "invalid").field(), "text");
        let edited = edit(&with, "").await.ok(200);
        assert_eq!((&edited["text"], &edited["files"]), (&json!(""), &with["files"]));
        assert_eq!(edit(&with, "new words").await.ok(200)["files"], with["files"]);
        for (alt, status) in [(1_000, 201), (1_001, 400)] {
            let alt = "é".repeat(alt);
            let answer = ana.post(&path, json!({"files": [{"id": file, "alt": alt}]})).await;
            assert_eq!((answer.status, answer.field()), (status, if status == 400 { "alt" } else { "" }));
        }
        assert_eq!(ana.post(&path, json!({"files": [{"id": file, "alt": "a\u{0}"}]})).await.refused(400, "invalid").field(), "alt");
        finish(server, &[&ana]).await;
    }

    async fn what_cannot_be_sent_appends_nothing(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let mut mine = Vec::new();
        for n in 0..21 {
            mine.push(upload(&ana, &format!("{n}"), format!("{n}").as_bytes()).await);
        }
        let face = upload(&ana, "face", &png(9, 9, 9)).await;
        ana.patch("/api/v1/me", json!({"picture": face})).await.ok(200);
        let (foreign, sent) = (upload(&bo, "bo", b"bo").await, upload(&bo, "sent", b"sent").await);
        share(&bo, room, "", json!([sent])).await;
        let before = log(&ana, room).await;
        let mut says = Ear::open(&server, &ana).await;
        for (what, files) in [
            ("somebody else's", json!([mine[0], foreign])),
            ("somebody else's that I see", json!([sent])),
            ("none", json!([999_999])),
            ("no number", json!([0])),
            ("a face", json!([face])),
            ("twice the same", json!([mine[0], mine[1], {"id": mine[0]}])),
            ("21", json!(mine)),
            ("a word", json!(["1"])),
            ("no list", json!(mine[0])),
        ] {
            let body = json!({"text": what, "files": files, "client_id": what.replace(' ', "-").replace('\'', "")});
            let refused = ana.post(&at(room, "/messages"), body.clone()).await;
            assert_eq!(refused.refused(400, "invalid").field(), "files", "{what}: {}", refused.text);
            let mut frame = body;
            frame["t"] = json!("send");
            frame["room"] = json!(room);
            assert_eq!(says.ask(frame).await["t"], "refused", "{what}");
        }
        // Whether there is such a file is not told.
        let said = |answer: &crate::support::Answer| answer.json["detail"].as_str().unwrap().replace(char::is_numeric, "");
        let theirs = ana.post(&at(room, "/messages"), json!({"files": [foreign]})).await;
        let nobodys = ana.post(&at(room, "/messages"), json!({"files": [999_999]})).await;
        assert_eq!(said(&theirs), said(&nobodys));
        assert_eq!(log(&ana, room).await, before);
        share(&ana, room, "", json!(mine[..20])).await;
        finish(server, &[&ana]).await;
    }

    async fn what_is_deleted_is_nowhere(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let (once, twice) = (upload(&ana, "canary-once.png", &png(700, 30, 1)).await, upload(&ana, "canary-twice.png", &png(700, 30, 2)).await);
        ana.get(&thumbnail(once, 80)).await.ok(200);
        bo.get(&thumbnail(once, 80)).await.refused(404, "not_found");
        let first = share(&ana, room, "", json!([{"id": once, "alt": "canary alt"}, twice])).await;
        let second = share(&ana, room, "kept", json!([twice])).await;
        bo.get(&thumbnail(once, 160)).await.ok(200);
        assert_eq!(lying(&server.db, "files").len(), 2 + 2 * 2 + 2, "both, the two sizes made at once, and two more");
        let delete = |event: &Value| at(room, &format!("/messages/{}", event["seq"]));
        ana.delete(&delete(&first)).await.ok(204);
        for path in [path(once), thumbnail(once, 80), thumbnail(once, 640), thumbnail(once, 1920)] {
            ana.get(&path).await.refused(404, "not_found");
            bo.get(&path).await.refused(404, "not_found");
        }
        bo.get(&path(twice)).await.ok(200);
        assert_eq!(lying(&server.db, "files").len(), 1 + 2);
        for read in ["/messages", "/events?after=0", "/files"].map(|read| at(room, read)).iter().chain([&FILES.to_owned()]) {
            let text = bo.get(read).await.text;
            assert!(!text.contains("canary-once") && !text.contains("canary alt"), "{read}: {text}");
        }
        let mut late = Ear::resume(&server, &bo, &[(room, 0)]).await;
        late.drain().await;
        assert!(late.heard("canary-twice") && !late.heard("canary-once") && !late.heard("canary alt"));
        ana.delete(&delete(&second)).await.ok(204);
        bo.get(&path(twice)).await.refused(404, "not_found");
        nothing_lies(&server.db);
        // One that was sent again while it still stood cannot be sent once it is gone.
        assert_eq!(ana.post(&at(room, "/messages"), json!({"files": [twice]})).await.refused(400, "invalid").field(), "files");
        assert_eq!(wrong(&server).await, Vec::<String>::new());
        finish(server, &[&ana]).await;
    }
}
