//! Copies of messages in other rooms.

use super::kit::*;
use crate::files::kit::{FILES, png, share, sweep, upload};
use crate::support::Server;
use crate::talk::{Ear, at, finish, log, people, private, say};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn of(room: i64, seq: i64, client_id: &str) -> Value {
    json!({"forward": {"room": room, "seq": seq}, "client_id": client_id})
}

both! {
    async fn a_copy_has_the_words_and_files_and_outlives_its_source(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let cleo = people(&scene.server, &["cleo"]).await.remove(0);
        let target = private(&[bo, &cleo]).await;
        let file = upload(ana, "shed.png", &png(20, 10, 1)).await;
        let files = json!([{"id": file, "alt": "A shed", "spoiler": true}]);
        let source = share(ana, room, "Look, @bo and @room: **tea**", files).await;
        let seq = source["seq"].as_i64().unwrap();
        cleo.get(&format!("{FILES}/{file}")).await.refused(404, "not_found");
        let mut hears = Ear::open(&scene.server, &cleo).await;

        let path = at(target, "/messages");
        let all = join_all((0..10).map(|_| bo.post(&path, of(room, seq, "once")))).await;
        assert_eq!(all.iter().filter(|answer| answer.status == 201).count(), 1);
        let copy = all[0].json.clone();
        assert!(all.iter().all(|answer| answer.json == copy && answer.status <= 201));
        assert_eq!((&copy["text"], &copy["files"]), (&source["text"], &source["files"]));
        assert_eq!(copy.get("html"), source.get("html"));
        let from = json!({"room": room, "seq": seq, "author": ana.id, "at": source["at"]});
        assert_eq!((&copy["forwarded"], &copy["author"]), (&from, &json!(bo.id)));
        for absent in ["mentions", "everyone", "here", "quote", "thread"] {
            assert_eq!(copy.get(absent), None, "a copy calls nobody: {absent}");
        }
        let heard = hears.until(|frame| frame["kind"] == "message").await;
        assert_eq!(heard["forwarded"], from);
        let there = cleo.get(&at(target, "")).await.ok(200);
        assert_eq!((&there["unread"], &there["mentions"]), (&json!(1), &json!(0)));

        // The source goes, and whoever sent it loses nothing more than it.
        ana.delete(&at(room, &format!("/messages/{seq}"))).await.ok(204);
        sweep(&scene.server.db).await;
        let now = shown(&cleo, target, copy["seq"].as_i64().unwrap()).await;
        assert_eq!((&now["text"], &now["files"]), (&source["text"], &source["files"]));
        assert_eq!(cleo.get(&format!("{FILES}/{file}")).await.status, 200);
        assert_eq!(ana.get(&format!("{FILES}/{file}")).await.status, 404, "who is not there does not read it there");
        // A copy of a copy tells of the first.
        let again = cleo.post(&at(target, "/messages"), of(target, copy["seq"].as_i64().unwrap(), "again")).await.ok(201);
        assert_eq!((&again["forwarded"], &again["author"]), (&from, &json!(cleo.id)));
        // The last copy takes the file along.
        for (who, event) in [(bo, &copy), (&cleo, &again)] {
            who.delete(&at(target, &format!("/messages/{}", event["seq"]))).await.ok(204);
        }
        sweep(&scene.server.db).await;
        assert_eq!(cleo.get(&format!("{FILES}/{file}")).await.status, 404);
        assert!(!json!(log(&cleo, target).await).to_string().contains("forwarded"), "nor where it came from");
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana, &cleo]).await;
    }

    async fn one_needs_to_read_the_one_and_write_in_the_other(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let seq = say(ana, room, "canary").await;
        for (name, client) in &scene.others {
            let own = client.post("/api/v1/rooms", json!({"name": name, "private": true})).await.ok(201);
            let own = own["id"].as_i64().unwrap();
            let there = client.post(&at(own, "/messages"), of(room, seq, "a")).await;
            let nowhere = client.post(&at(own, "/messages"), of(999_999, seq, "a")).await;
            let no_message = client.post(&at(own, "/messages"), of(own, 999, "a")).await;
            there.refused(404, "not_found");
            assert_eq!(alike(&there), alike(&nowhere), "{name}");
            assert_eq!(alike(&there), alike(&no_message), "{name}");
            assert!(!json!(log(client, own).await).to_string().contains("canary"));
            // Nor does anything come in.
            let mine = say(client, own, "mine").await;
            let into = client.post(&at(room, "/messages"), of(own, mine, "b")).await;
            let nowhere = client.post(&at(999_999, "/messages"), of(own, mine, "b")).await;
            into.refused(404, "not_found");
            assert_eq!(alike(&into), alike(&nowhere), "{name}");
        }
        let target = bo.room("Garden").await;
        // An open room that one has not joined is there, and not to be read.
        let open = ana.room("Kitchen").await;
        let there = say(ana, open, "tea").await;
        bo.post(&at(target, "/messages"), of(open, there, "c")).await.refused(403, "not_member");
        ana.post(&at(target, "/messages"), of(room, seq, "d")).await.refused(403, "not_member");
        bo.patch(&at(target, ""), json!({"archived": true})).await.ok(200);
        bo.post(&at(target, "/messages"), of(room, seq, "e")).await.refused(403, "read_only");
        // A line and a deleted message are nothing to copy.
        ana.delete(&at(room, &format!("/messages/{seq}"))).await.ok(204);
        for nothing in [1, seq, 0, 999] {
            bo.post(&at(room, "/messages"), of(room, nothing, "f")).await.refused(404, "not_found");
        }
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn a_copy_is_a_copy_and_stays_one(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let seq = say(ana, room, "I never said that").await;
        for (field, value) in
            [("text", json!("or did I")), ("files", json!([1])), ("quote", json!(seq)), ("thread", json!(seq)), ("also", json!(true))]
        {
            let mut body = of(room, seq, "a");
            body[field] = value;
            let answer = bo.post(&at(room, "/messages"), body).await;
            assert_eq!(answer.refused(400, "invalid").field(), field);
        }
        for wrong in [json!({}), json!({"room": room}), json!([room]), json!("x")] {
            bo.post(&at(room, "/messages"), json!({"forward": wrong})).await.refused(400, "invalid");
        }
        let copy = bo.post(&at(room, "/messages"), of(room, seq, "a")).await.ok(201);
        let path = at(room, &format!("/messages/{}", copy["seq"]));
        bo.patch(&path, json!({"text": "I did"})).await.refused(403, "forbidden");
        ana.patch(&path, json!({"text": "I did"})).await.refused(403, "forbidden");
        assert_eq!(shown(ana, room, copy["seq"].as_i64().unwrap()).await["text"], "I never said that");
        // The same name with another source is the first copy.
        let other = say(ana, room, "other").await;
        assert_eq!(bo.post(&at(room, "/messages"), of(room, other, "a")).await.ok(200), copy);
        // What is a message like any other can be deleted by who sent it.
        bo.delete(&path).await.ok(204);
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana]).await;
    }
}
