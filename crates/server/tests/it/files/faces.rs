//! Pictures of people and emoji of the community's own: of whom, seen by whom, and gone when another takes the place.

use super::kit::*;
use crate::support::Server;
use crate::talk::{Ear, people};
use serde_json::{Value, json};

const ME: &str = "/api/v1/me";

both! {
    async fn a_face_is_seen_by_everybody_who_is_here(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let (mine, text, foreign) = (upload(&ana, "a.png", &png(90, 90, 1)).await, upload(&ana, "a", b"a").await, upload(&bo, "b.png", &png(9, 9, 2)).await);
        let used = upload(&ana, "u.png", &png(9, 9, 3)).await;
        share(&ana, 1, "", json!([used])).await;
        let mut hears = Ear::open(&server, &bo).await;
        for (what, picture) in [("somebody else's", foreign), ("no picture", text), ("used already", used), ("none", 999_999)] {
            assert_eq!(ana.patch(ME, json!({"picture": picture})).await.refused(400, "invalid").field(), "picture", "{what}");
        }
        bo.get(&path(mine)).await.refused(404, "not_found");
        assert_eq!(ana.patch(ME, json!({"picture": mine})).await.ok(200)["picture"], mine);
        assert_eq!(ana.patch(ME, json!({"picture": mine, "status": "here"})).await.ok(200)["picture"], mine, "the same again");
        let told = hears.until(|frame| frame["t"] == "user").await;
        assert_eq!((&told["id"], &told["picture"]), (&json!(ana.id), &json!(mine)));
        assert_eq!(bo.get(&format!("/api/v1/users/{}", ana.id)).await.ok(200)["picture"], mine);
        for way in [path(mine), thumbnail(mine, 80)] {
            assert_eq!(bo.get(&way).await.status, 200);
            server.guest().get(&way).await.refused(401, "unauthenticated");
        }
        ana.delete(&path(mine)).await.refused(404, "not_found");
        // It is a face and nothing else.
        assert_eq!(ana.post("/api/v1/rooms/1/messages", json!({"files": [mine]})).await.refused(400, "invalid").field(), "files");
        assert_eq!(ana.put("/api/v1/emoji/face", json!({"file": mine})).await.refused(400, "invalid").field(), "file");
        // Another takes its place, then none does.
        let other = upload(&ana, "o.png", &png(8, 8, 4)).await;
        ana.patch(ME, json!({"picture": other})).await.ok(200);
        for way in [path(mine), thumbnail(mine, 80)] {
            for who in [&ana, &bo] {
                who.get(&way).await.refused(404, "not_found");
            }
        }
        assert_eq!(ana.patch(ME, json!({"picture": mine})).await.refused(400, "invalid").field(), "picture");
        assert_eq!(bo.get(&path(other)).await.status, 200);
        let me = ana.patch(ME, json!({"picture": null})).await.ok(200);
        assert!(me.get("picture").is_none_or(Value::is_null));
        hears.until(|frame| frame["t"] == "user" && frame["picture"].is_null()).await;
        bo.get(&path(other)).await.refused(404, "not_found");
        server.stop().await;
    }

    async fn emoji_are_given_by_those_who_run_the_server(db: Db) {
        let server = Server::with(db, |config| config.limits.emoji = 2).await;
        let owner = server.person("owner").await;
        let mut others = people(&server, &["admin", "bo"]).await;
        let (bo, admin) = (others.pop().unwrap(), others.pop().unwrap());
        owner.put(&format!("/api/v1/users/{}/role", admin.id), json!({"role": "admin"})).await.ok(204);
        let mut hears = Ear::open(&server, &bo).await;
        let at = |name: &str| format!("/api/v1/emoji/{name}");
        let seed = std::cell::Cell::new(0);
        let fresh = || {
            seed.set(seed.get() + 1);
            png(20, 20, seed.get())
        };
        let first = upload(&admin, "a.png", &fresh()).await;
        let foreign = upload(&bo, "b.png", &fresh()).await;
        bo.put(&at("shed"), json!({"file": foreign})).await.refused(403, "forbidden");
        for (file, field) in [(foreign, "file"), (999_999, "file"), (upload(&admin, "a", b"a").await, "file")] {
            assert_eq!(admin.put(&at("shed"), json!({"file": file})).await.refused(400, "invalid").field(), field);
        }
        for name in ["s", &"s".repeat(33), "sh%C3%A9d", "a.b", "a%20b", "a%2Fb"] {
            assert_eq!(admin.put(&at(name), json!({"file": first})).await.refused(400, "invalid").field(), "name", "{name}");
        }
        admin.put(&at(":Shed:"), json!({"file": first})).await.ok(204);
        hears.hear("emoji").await;
        let list = bo.get("/api/v1/emoji").await.ok(200);
        assert_eq!((&list["emoji"][0]["name"], &list["emoji"][0]["file"], &list["emoji"][0]["by"]), (&json!("shed"), &json!(first), &json!(admin.id)));
        assert_eq!(bo.get(&path(first)).await.status, 200);
        server.guest().get(&path(first)).await.refused(401, "unauthenticated");
        server.guest().get("/api/v1/emoji").await.refused(401, "unauthenticated");
        assert_eq!(admin.put(&at("again"), json!({"file": first})).await.refused(400, "invalid").field(), "file");
        // As many as may be, and one more; a name that is there may have another picture.
        owner.put(&at(&"x".repeat(32)), json!({"file": upload(&owner, "b.png", &fresh()).await})).await.ok(204);
        let more = upload(&owner, "c.png", &fresh()).await;
        assert_eq!(owner.put(&at("third"), json!({"file": more})).await.refused(400, "invalid").field(), "name");
        owner.put(&at("shed"), json!({"file": more})).await.ok(204);
        bo.get(&path(first)).await.refused(404, "not_found");
        bo.delete(&at("shed")).await.refused(403, "forbidden");
        admin.delete(&at("shed")).await.ok(204);
        admin.delete(&at("shed")).await.ok(204);
        bo.get(&path(more)).await.refused(404, "not_found");
        // One word for each change, none for what was refused or was so already.
        for _ in 0..3 {
            hears.hear("emoji").await;
        }
        hears.drain().await;
        assert_eq!(hears.frames.iter().filter(|frame| frame["t"] == "emoji").count(), 4);
        let left = bo.get("/api/v1/emoji").await.ok(200);
        assert_eq!(left["emoji"].as_array().unwrap().len(), 1);
        server.stop().await;
    }
}
