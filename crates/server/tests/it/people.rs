//! People: finding them, their standing, banning an account.

use crate::support::{PASSWORD, Server};
use serde_json::json;

both! {
    async fn people_are_found_by_how_a_name_begins(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        for (username, name) in [("bo", "Åsa Holm"), ("cy", "Maren Åkesson"), ("dee", "O'Hara 100%"), ("a_b", "x")] {
            let body = json!({"username": username, "password": PASSWORD, "display_name": name});
            server.guest().post("/api/v1/accounts", body).await.ok(201);
        }
        for (q, names) in [
            ("å", vec!["bo", "cy"]),
            ("%C3%85S", vec!["bo"]),
            ("o'h", vec!["dee"]),
            ("100%25", vec!["dee"]),
            ("a_", vec!["a_b"]),
            ("aren", vec![]),
            ("cy", vec!["cy"]),
        ] {
            let found = ana.get(&format!("/api/v1/users?q={q}")).await.ok(200);
            let mut found: Vec<_> =
                found["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect();
            found.sort();
            assert_eq!(found, names, "{q}");
        }
        // Page by page, everybody once.
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ana.get(&format!("/api/v1/users?limit=2{cursor}")).await.ok(200);
            all.extend(page["users"].as_array().unwrap().iter().map(|user| user["id"].as_i64().unwrap()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3, 4, 5]);
        ana.get("/api/v1/users/99").await.refused(404, "not_found");
        server.guest().get("/api/v1/users").await.refused(401, "unauthenticated");
        server.stop().await;
    }

    async fn a_banned_account_can_do_nothing_from_then_on(db: Db) {
        let server = Server::start(db).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let mut hears = bo.live().await;
        let path = format!("/api/v1/users/{}/ban", bo.id);
        bo.put(&format!("/api/v1/users/{}/ban", ana.id), json!({})).await.refused(403, "forbidden");
        ana.put(&format!("/api/v1/users/{}/ban", ana.id), json!({})).await.refused(403, "forbidden");
        ana.put(&path, json!({})).await.ok(204);
        ana.put(&path, json!({})).await.ok(204);
        assert_eq!(hears.closed().await.0, 4401);
        bo.get("/api/v1/me").await.refused(401, "unauthenticated");
        // Only who knows the password learns why.
        server.guest().login("bo", "wrong password").await.refused(401, "unauthenticated");
        server.guest().login("bo", PASSWORD).await.refused(403, "forbidden");
        let again = json!({"username": "bo", "password": PASSWORD});
        server.guest().post("/api/v1/accounts", again).await.refused(409, "taken");
        assert_eq!(ana.get("/api/v1/rooms/1").await.json["members"], 1);
        ana.delete(&path).await.ok(204);
        server.login("bo").await.get("/api/v1/me").await.ok(200);
        server.stop().await;
    }

    async fn a_server_keeps_an_owner(db: Db) {
        let server = Server::start(db).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let role = |id| format!("/api/v1/users/{id}/role");
        bo.put(&role(bo.id), json!({"role": "owner"})).await.refused(403, "forbidden");
        ana.put(&role(ana.id), json!({"role": "member"})).await.refused(409, "last_owner");
        assert_eq!(ana.put(&role(bo.id), json!({"role": "king"})).await.refused(400, "invalid").field(), "role");
        ana.put(&role(bo.id), json!({"role": "admin"})).await.ok(204);
        assert_eq!(bo.get("/api/v1/me").await.ok(200)["role"], "admin");
        // An admin runs the server, but not those who made them one.
        bo.post("/api/v1/invites", json!({})).await.ok(201);
        bo.put(&format!("/api/v1/users/{}/ban", ana.id), json!({})).await.refused(403, "forbidden");
        bo.put(&role(bo.id), json!({"role": "owner"})).await.refused(403, "forbidden");
        ana.put(&role(bo.id), json!({"role": "owner"})).await.ok(204);
        // Two owners go at once, in two tabs: one stays.
        let down = json!({"role": "member"});
        let (path_a, path_b) = (role(ana.id), role(bo.id));
        let (a, b) = tokio::join!(ana.put(&path_a, down.clone()), bo.put(&path_b, down.clone()));
        let mut codes = [a.status, b.status];
        codes.sort_unstable();
        assert_eq!(codes, [204, 409]);
        server.stop().await;
    }
}
