//! Accounts: registering, profiles, passwords, names that are never given again.

use crate::support::{PASSWORD, Server};
use serde_json::json;

both! {
    async fn an_account_is_made_and_read_back_after_a_restart(db: Db) {
        let server = Server::start(db).await;
        let guest = server.guest();
        let body = json!({"username": "Ana", "password": PASSWORD, "display_name": "  Ana Ito "});
        let answer = guest.post("/api/v1/accounts", body).await;
        assert_eq!(answer.cookie("parlour_session").as_deref(), answer.json["token"].as_str());
        let me = answer.ok(201);
        assert_eq!(me["user"]["username"], "ana");
        assert_eq!((&me["user"]["name"], &me["user"]["avatar"], &me["user"]["status"]), (&json!("Ana Ito"), &json!("AI"), &json!("")));
        let mut ana = server.guest();
        ana.token = Some(me["token"].as_str().unwrap().to_owned());
        let epoch = guest.get("/api/v1/server").await.json["epoch"].clone();

        let server = Server::start(server.stop().await).await;
        let mut again = server.guest();
        again.token = ana.token;
        assert_eq!(again.get("/api/v1/me").await.ok(200), me["user"]);
        assert_eq!(again.by_cookie().get("/api/v1/me").await.ok(200), me["user"]);
        assert_eq!(server.guest().get("/api/v1/server").await.json["epoch"], epoch);
        server.stop().await;
    }

    async fn what_cannot_be_a_name_or_password_is_named(db: Db) {
        let server = Server::start(db).await;
        server.person("ana").await;
        let guest = server.guest();
        let long = "x".repeat(1025);
        for (username, password, name, status, field) in [
            ("ana", PASSWORD, "A", 409, "username"),
            ("ANA", PASSWORD, "A", 409, "username"),
            ("room", PASSWORD, "A", 409, "username"),
            ("a", PASSWORD, "A", 400, "username"),
            (&"x".repeat(33), PASSWORD, "A", 400, "username"),
            ("a\u{0}b", PASSWORD, "A", 400, "username"),
            ("bo", "short", "A", 400, "password"),
            ("bo", &long, "A", 400, "password"),
            ("bo", "nul \u{0} in it", "A", 400, "password"),
            ("bo", PASSWORD, &"x".repeat(65), 400, "display_name"),
            ("bo", PASSWORD, "a\u{202E}b", 400, "display_name"),
            ("bo", PASSWORD, "\u{200B}", 400, "display_name"),
        ] {
            let body = json!({"username": username, "password": password, "display_name": name});
            let answer = guest.post("/api/v1/accounts", body).await;
            assert_eq!((answer.status, answer.field()), (status, field), "{username:?}: {}", answer.text);
        }
        // At the limit, and with anything in it, a password is taken whole.
        let odd = format!("🐎{}", "x".repeat(1020));
        let body = json!({"username": "bo", "password": odd, "display_name": "x".repeat(64)});
        guest.post("/api/v1/accounts", body).await.ok(201);
        assert_eq!(guest.login("bo", &odd).await.status, 201);
        assert_eq!(guest.login("bo", &odd[..odd.len() - 1]).await.status, 401);
        server.stop().await;
    }

    async fn a_profile_is_changed_and_others_are_told(db: Db) {
        let server = Server::start(db).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let mut hears = bo.live().await;
        let body = json!({"display_name": "Ana Ito", "colour": "rose", "avatar": "Ä", "status": "at lunch"});
        let me = ana.patch("/api/v1/me", body).await.ok(200);
        assert_eq!((&me["name"], &me["colour"], &me["avatar"], &me["status"]), (&json!("Ana Ito"), &json!("rose"), &json!("Ä"), &json!("at lunch")));
        let told = hears.hear("user").await;
        assert_eq!((&told["id"], &told["name"], &told["status"]), (&me["id"], &me["name"], &me["status"]));
        assert!(told.get("settings").is_none() && told.get("role").is_none());
        assert_eq!(bo.get(&format!("/api/v1/users/{}", ana.id)).await.ok(200)["name"], "Ana Ito");
        for (body, field) in [
            (json!({"colour": "pink"}), "colour"),
            (json!({"avatar": "ABCD"}), "avatar"),
            (json!({"name": ""}), "name"),
            (json!({"status": "x".repeat(101)}), "status"),
            (json!({"role": "owner"}), "role"),
            (json!({"id": 1}), "id"),
        ] {
            assert_eq!(bo.patch("/api/v1/me", body).await.refused(400, "invalid").field(), field);
        }
        assert_eq!(bo.get("/api/v1/me").await.json["role"], "member");
        server.stop().await;
    }

    async fn settings_are_merged_key_by_key(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        ana.patch("/api/v1/me", json!({"settings": {"a": 1, "b": {"c": "\u{0}"}}})).await.ok(200);
        let me = ana.patch("/api/v1/me", json!({"settings": {"a": null, "d": true}})).await.ok(200);
        assert_eq!(me["settings"], json!({"b": {"c": "\u{0}"}, "d": true}));
        // {"s":"…"} beside what is there: 8 KiB, and one byte more.
        ana.patch("/api/v1/me", json!({"settings": {"b": null, "d": null}})).await.ok(200);
        let most = 8 * 1024 - 8;
        ana.patch("/api/v1/me", json!({"settings": {"s": "x".repeat(most)}})).await.ok(200);
        let answer = ana.patch("/api/v1/me", json!({"settings": {"s": "x".repeat(most + 1)}})).await;
        assert_eq!(answer.refused(400, "invalid").field(), "settings");
        server.stop().await;
    }

    async fn a_new_password_ends_all_other_sessions(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let other = server.login("ana").await;
        let mut hears = other.live().await;
        let new = json!({"current": "wrong", "password": "another horse"});
        assert_eq!(ana.put("/api/v1/me/password", new).await.refused(400, "invalid").field(), "current");
        let new = json!({"current": PASSWORD, "password": "another horse"});
        ana.put("/api/v1/me/password", new).await.ok(204);
        // By the time of the answer.
        other.get("/api/v1/me").await.refused(401, "unauthenticated");
        assert_eq!(hears.closed().await.0, 4401);
        ana.get("/api/v1/me").await.ok(200);
        assert_eq!(server.guest().login("ana", PASSWORD).await.status, 401);
        assert_eq!(server.guest().login("ana", "another horse").await.status, 201);
        server.stop().await;
    }
}
