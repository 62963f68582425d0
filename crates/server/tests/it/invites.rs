//! Who may join, and by which link.

use crate::support::{PASSWORD, Server};
use serde_json::{Value, json};

both! {
    async fn an_invite_of_n_uses_makes_n_accounts(db: Db) {
        let server = Server::with(db, |config| config.limits.hashes_waiting = 1_000).await;
        let ana = server.person("ana").await;
        ana.patch("/api/v1/server", json!({"join": "invited"})).await.ok(200);
        let invite = ana.post("/api/v1/invites", json!({"max_uses": 3})).await.ok(201);
        let come = (0..12).map(|n| {
            let guest = server.guest();
            let body = json!({"username": format!("user{n}"), "password": PASSWORD, "invite": invite["code"]});
            async move { guest.post("/api/v1/accounts", body).await }
        });
        let answers = futures_util::future::join_all(come).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(answer.refused(403, "forbidden").field(), "invite");
        }
        let invites = ana.get("/api/v1/invites").await.ok(200);
        assert_eq!((&invites["invites"][0]["uses"], &invites["invites"][0]["max_uses"]), (&json!(3), &json!(3)));
        server.stop().await;
    }

    async fn a_link_says_whether_it_still_lets_somebody_in(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let invite = ana.post("/api/v1/invites", json!({"max_uses": 1})).await.ok(201);
        let guest = server.guest();
        let check = json!({"invite": invite["code"]});
        // As often as one likes: looking does not use it up.
        for _ in 0..3 {
            guest.post("/api/v1/invites/check", check.clone()).await.ok(204);
        }
        for code in ["nothing", "", &"x".repeat(65)] {
            let answer = guest.post("/api/v1/invites/check", json!({"invite": code})).await;
            assert_eq!(answer.refused(403, "forbidden").field(), "invite");
        }
        ana.patch("/api/v1/server", json!({"join": "nobody"})).await.ok(200);
        guest.post("/api/v1/invites/check", check.clone()).await.refused(403, "forbidden");
        ana.patch("/api/v1/server", json!({"join": "invited"})).await.ok(200);
        let body = json!({"username": "bo", "password": PASSWORD, "invite": invite["code"]});
        guest.post("/api/v1/accounts", body).await.ok(201);
        guest.post("/api/v1/invites/check", check).await.refused(403, "forbidden");
        server.stop().await;
    }

    async fn who_may_join_is_the_owners_to_say(db: Db) {
        let server = Server::start(db).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let mut hears = bo.live().await;
        let body = |name: &str| json!({"username": name, "password": PASSWORD});
        bo.patch("/api/v1/server", json!({"join": "nobody"})).await.refused(403, "forbidden");
        bo.post("/api/v1/invites", json!({})).await.refused(403, "forbidden");
        bo.get("/api/v1/invites").await.refused(403, "forbidden");
        let changed = ana.patch("/api/v1/server", json!({"join": "nobody", "name": "The Tea House"})).await.ok(200);
        assert_eq!((&changed["join"], &changed["name"]), (&json!("nobody"), &json!("The Tea House")));
        let told = json!({"t": "server", "name": "The Tea House", "join": "nobody", "previews": true, "history": true, "emoji": "admins"});
        assert_eq!(hears.hear("server").await, told);
        let invite: Value = ana.post("/api/v1/invites", json!({"expires_in": 3600})).await.ok(201);
        let guest = server.guest();
        guest.post("/api/v1/accounts", body("cy")).await.refused(403, "forbidden");
        let mut with = body("cy");
        with["invite"] = invite["code"].clone();
        guest.post("/api/v1/accounts", with.clone()).await.refused(403, "forbidden");
        ana.patch("/api/v1/server", json!({"join": "invited"})).await.ok(200);
        guest.post("/api/v1/accounts", body("cy")).await.refused(403, "forbidden");
        guest.post("/api/v1/accounts", with.clone()).await.ok(201);
        // Taken back.
        let path = format!("/api/v1/invites/{}", invite["id"]);
        bo.delete(&path).await.refused(403, "forbidden");
        ana.delete(&path).await.ok(204);
        ana.delete(&path).await.ok(204);
        for never in [0, 99] {
            ana.delete(&format!("/api/v1/invites/{never}")).await.refused(404, "not_found");
        }
        with["username"] = json!("dee");
        guest.post("/api/v1/accounts", with).await.refused(403, "forbidden");
        for (body, field) in [
            (json!({"max_uses": 0}), "max_uses"),
            (json!({"max_uses": -1}), "max_uses"),
            (json!({"expires_in": 0}), "expires_in"),
            (json!({"expires_in": "1h"}), "expires_in"),
        ] {
            assert_eq!(ana.post("/api/v1/invites", body).await.refused(400, "invalid").field(), field);
        }
        // Bounds by a name that this does not have: whoever sent them would believe that they hold.
        for body in [json!({"uses": 2}), json!({"expires_at": "2030-01-01T00:00:00.000Z"})] {
            ana.post("/api/v1/invites", body).await.refused(400, "invalid");
        }
        for (body, field) in [(json!({"join": "friends"}), "join"), (json!({"name": ""}), "name")] {
            assert_eq!(ana.patch("/api/v1/server", body).await.refused(400, "invalid").field(), field);
        }
        server.stop().await;
    }
}
