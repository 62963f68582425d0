//! Emoji below messages.

use super::kit::*;
use crate::files::kit::{FILES, png, upload};
use crate::support::Server;
use crate::talk::{Ear, at, finish, log, people, say, seq};
use futures_util::future::join_all;
use protocol::Limits;
use reqwest::Method;
use serde_json::{Value, json};

/// Emoji of which no two are the same.
const SIGNS: [&str; 12] = ["👍", "🎉", "😀", "🙏", "🔥", "👀", "🚀", "🍰", "☕", "🌱", "🐙", "🎲"];

both! {
    async fn an_emoji_is_put_once_and_seen_by_both_at_once(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let message = say(ana, room, "Cake at four?").await;
        let mut hears = Ear::open(&scene.server, ana).await;
        let mut not = Vec::new();
        for (_, other) in &scene.others {
            not.push(Ear::open(&scene.server, other).await);
        }
        for answer in join_all((0..20).map(|_| react(bo, room, message, "👍"))).await {
            answer.ok(204);
        }
        let heard = hears.until(|frame| frame["kind"] == "reacted").await;
        assert_eq!((&heard["emoji"], &heard["target"], &heard["author"]), (&json!("👍"), &json!(message), &json!(bo.id)));
        react(ana, room, message, "👍").await.ok(204);
        react(ana, room, message, "🎉").await.ok(204);
        let reactions = json!([
            {"emoji": "👍", "count": 2, "users": [bo.id, ana.id]}, {"emoji": "🎉", "count": 1, "users": [ana.id]},
        ]);
        assert_eq!(shown(bo, room, message).await["reactions"], reactions);
        // Nothing new is nothing: the log has one event for each that is there.
        let kinds = |events: &[Value]| events.iter().filter(|event| event["kind"] == "reacted").count();
        assert_eq!(kinds(&log(ana, room).await), 3);

        unreact(bo, room, message, "👍").await.ok(204);
        unreact(bo, room, message, "👍").await.ok(204);
        unreact(bo, room, message, "🎉").await.ok(204);
        let back = hears.until(|frame| frame["kind"] == "unreacted").await;
        assert_eq!((&back["emoji"], &back["author"]), (&json!("👍"), &json!(bo.id)));
        assert_eq!(shown(bo, room, message).await["reactions"][0]["users"], json!([ana.id]));
        let events = log(ana, room).await;
        assert_eq!(events.iter().filter(|event| event["kind"] == "unreacted").count(), 1);
        for ear in &mut not {
            ear.drain().await;
            assert!(!ear.heard("👍") && !ear.heard("🎉"));
        }
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn one_emoji_has_one_spelling(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, room) = (&scene.ana, scene.room);
        let message = say(ana, room, "hello").await;
        for spelling in ["❤", "❤\u{FE0F}", "❤\u{FE0E}", "%E2%9D%A4"] {
            react(ana, room, message, spelling).await.ok(204);
        }
        for tone in ["👍", "👍🏽", "👍🏿"] {
            react(ana, room, message, tone).await.ok(204);
        }
        let seen = shown(ana, room, message).await;
        let emoji: Vec<_> = seen["reactions"].as_array().unwrap().iter().map(|one| one["emoji"].as_str().unwrap()).collect();
        assert_eq!(emoji, ["❤\u{FE0F}", "👍", "👍🏽", "👍🏿"]);
        unreact(ana, room, message, "❤").await.ok(204);
        assert_eq!(shown(ana, room, message).await["reactions"].as_array().unwrap().len(), 3);
        for wrong in ["a", "👍👍", "%20", ":shed:", "::", "%3Cb%3E", "👍x", &"👍".repeat(200)] {
            let answer = react(ana, room, message, wrong).await;
            assert_eq!((answer.refused(400, "invalid").field(), answer.code()), ("emoji", "invalid"), "{wrong}");
        }
        // What no text can be is no path of ours.
        react(ana, room, message, "%FF").await.refused(404, "not_found");
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn the_communitys_own_can_be_put_and_taken_back_when_they_are_gone(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let message = say(ana, room, "hello").await;
        let file = upload(ana, "shed.png", &png(8, 8, 1)).await;
        ana.put("/api/v1/emoji/shed", json!({"file": file})).await.ok(204);
        react(bo, room, message, ":shed:").await.ok(204);
        react(ana, room, message, ":shed:").await.ok(204);
        react(ana, room, message, ":hut:").await.refused(400, "invalid");
        // Another name of it is no other emoji.
        ana.put("/api/v1/emoji/hut", json!({"alias_of": "shed"})).await.ok(204);
        react(ana, room, message, ":hut:").await.ok(204);
        assert_eq!(shown(ana, room, message).await["reactions"], json!([{"emoji": ":shed:", "count": 2, "users": [bo.id, ana.id]}]));
        unreact(ana, room, message, ":hut:").await.ok(204);
        react(ana, room, message, ":shed:").await.ok(204);
        ana.delete("/api/v1/emoji/shed").await.ok(204);
        let late = react(bo, room, say(ana, room, "again").await, ":shed:").await;
        assert_eq!(late.refused(400, "invalid").field(), "emoji");
        assert_eq!(shown(bo, room, message).await["reactions"][0]["count"], 2);
        unreact(bo, room, message, ":shed:").await.ok(204);
        assert_eq!(shown(bo, room, message).await["reactions"], json!([{"emoji": ":shed:", "count": 1, "users": [ana.id]}]));
        assert!(bo.get(&format!("{FILES}/{file}")).await.status == 404);
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn there_is_a_limit_for_a_person_and_one_for_a_message(db: Db) {
        let limits = Limits { reactions: 4, reactions_message: 6, ..Limits::default() };
        let scene = Scene::set(Server::with(db, |config| config.limits = limits).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let message = say(ana, room, "hello").await;
        for sign in &SIGNS[..4] {
            react(ana, room, message, sign).await.ok(204);
        }
        let more = react(ana, room, message, SIGNS[4]).await;
        assert_eq!(more.refused(400, "invalid").field(), "emoji");
        // What is there already is no more.
        react(ana, room, message, SIGNS[0]).await.ok(204);
        for sign in &SIGNS[4..6] {
            react(bo, room, message, sign).await.ok(204);
        }
        let more = react(bo, room, message, SIGNS[6]).await;
        assert_eq!(more.refused(400, "invalid").field(), "emoji");
        react(bo, room, message, SIGNS[0]).await.ok(204);
        // One that goes makes place.
        unreact(bo, room, message, SIGNS[5]).await.ok(204);
        react(bo, room, message, SIGNS[6]).await.ok(204);
        assert_eq!(shown(ana, room, message).await["reactions"].as_array().unwrap().len(), 6);
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn a_page_says_what_is_mine_where_the_names_do_not(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let names: Vec<String> = (0..24).map(|n| format!("person{n}")).collect();
        let crowd = people(&server, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let room = ana.room("Kitchen").await;
        let everybody: Vec<_> = crowd.iter().map(|one| one.id).collect();
        ana.post(&at(room, "/members"), json!({"users": everybody})).await.ok(201);
        let message = say(&ana, room, "hello").await;
        for one in &crowd {
            react(one, room, message, "👍").await.ok(204);
        }
        react(&crowd[23], room, message, "🎉").await.ok(204);
        let page = |who: usize| { let crowd = &crowd; async move { crowd[who].get(&at(room, "/messages")).await.ok(200) } };
        let seen = page(23).await;
        let reaction = &seen["messages"].as_array().unwrap().last().unwrap()["reactions"][0];
        assert_eq!((reaction["count"].as_i64(), reaction["users"].as_array().unwrap().len()), (Some(24), 20));
        // The names of the second tell all.
        assert_eq!(seen["reacted"], json!([[message, ["👍"]]]));
        assert_eq!(page(3).await.get("reacted"), None);
        assert_eq!(ana.get(&at(room, "/messages")).await.ok(200).get("reacted"), None);
        // Everybody is asked for apart, in the order in which they came.
        let all = ana.get(&at(room, &format!("/messages/{message}/reactions"))).await.ok(200);
        assert_eq!(all["reactions"][0], json!({"emoji": "👍", "users": everybody}));
        assert_eq!(all["reactions"][1], json!({"emoji": "🎉", "users": [everybody[23]]}));
        unreact(&crowd[0], room, message, "👍").await.ok(204);
        unreact(&crowd[23], room, message, "👍").await.ok(204);
        assert_eq!(page(23).await.get("reacted"), None);
        // Where one takes theirs back, the next moves up.
        let named = |who: usize| {
            let seen = page(who);
            async move { seen.await["messages"].as_array().unwrap().last().unwrap()["reactions"][0].clone() }
        };
        assert_eq!(named(0).await, json!({"emoji": "👍", "count": 22, "users": everybody[1..21]}));
        react(&crowd[0], room, message, "👍").await.ok(204);
        for one in &crowd[1..21] {
            unreact(one, room, message, "👍").await.ok(204);
        }
        let left = json!({"emoji": "👍", "count": 3, "users": [everybody[21], everybody[22], everybody[0]]});
        assert_eq!(named(0).await, left);
        let alone = ana.get(&at(room, &format!("/messages/{message}"))).await.ok(200);
        assert_eq!(alone["reactions"][0], left);
        sound(&server).await;
        finish(server, &[&ana]).await;
    }

    async fn nobody_else_learns_who_reacted(db: Db) {
        let scene = Scene::set(Server::start(db).await).await;
        let (ana, bo, room) = (&scene.ana, &scene.bo, scene.room);
        let message = say(ana, room, "hello").await;
        react(bo, room, message, "👍").await.ok(204);
        let path = format!("/messages/{message}/reactions");
        scene.tells_nobody_else(Method::GET, &path, None).await;
        scene.tells_nobody_else(Method::PUT, &format!("{path}/👍"), None).await;
        scene.tells_nobody_else(Method::DELETE, &format!("{path}/👍"), None).await;
        let joined = seq(&log(ana, room).await[0]);
        for gone in [joined, 999_999] {
            react(bo, room, gone, "👍").await.refused(404, "not_found");
            bo.get(&at(room, &format!("/messages/{gone}/reactions"))).await.refused(404, "not_found");
        }
        ana.delete(&at(room, &format!("/messages/{message}"))).await.ok(204);
        react(bo, room, message, "👍").await.refused(404, "not_found");
        bo.get(&at(room, &path)).await.refused(404, "not_found");
        assert_eq!(shown(bo, room, message).await["reactions"], json!([]));
        sound(&scene.server).await;
        finish(scene.server, &[&scene.ana]).await;
    }

    async fn too_many_at_once_are_told_to_wait(db: Db) {
        let limits = Limits { commands_burst: 5, commands_per_second: 1, ..Limits::default() };
        let server = Server::with(db, |config| (config.limits, config.rates) = (limits, true)).await;
        let scene = Scene::set(server).await;
        let message = say(&scene.bo, scene.room, "hello").await;
        let answers = join_all((0..12).map(|_| react(&scene.bo, scene.room, message, "👍"))).await;
        let late = answers.iter().filter(|answer| answer.status == 429).count();
        assert!((1..12).contains(&late), "{late} of 12");
        finish(scene.server, &[&scene.bo]).await;
    }
}
