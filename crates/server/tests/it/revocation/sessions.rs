//! Logging out, being banned from the server, changing the password: the sockets end with the sessions.

use crate::support::{Client, PASSWORD, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn session_of(who: &Client) -> Value {
    let sessions = who.get("/api/v1/sessions").await.ok(200);
    sessions["sessions"].as_array().unwrap().iter().find(|one| one["current"] == true).unwrap()["id"].clone()
}

/// The socket is closed for good within a second, and heard nothing that was written after the answer.
async fn over(mut ear: Ear, since: Instant, what: &str) {
    assert_eq!(ear.closed().await.0, 4401, "{what}");
    assert!(since.elapsed() < Duration::from_secs(1), "{what}: closed only after {:?}", since.elapsed());
    assert!(!ear.heard("canary"), "{what}");
}

both! {
    async fn no_event_arrives_after_the_answer(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let ana = server.person("ana").await;
        let room = private(&[&owner, &ana]).await;
        for way in ["logs out", "ends it from another device", "changes the password", "is banned"] {
            let device = server.login("ana").await;
            let (hears, second) = (Ear::open(&server, &device).await, Ear::open(&server, &device).await);
            let mut here = Ear::open(&server, &ana).await;
            let session = session_of(&device).await;
            match way {
                "logs out" => device.delete("/api/v1/sessions/current").await.ok(204),
                "ends it from another device" => ana.delete(&format!("/api/v1/sessions/{session}")).await.ok(204),
                "changes the password" => {
                    let change = json!({"current": PASSWORD, "password": PASSWORD});
                    ana.put("/api/v1/me/password", change).await.ok(204)
                }
                _ => owner.put(&format!("/api/v1/users/{}/ban", ana.id), json!({})).await.ok(204),
            };
            let answered = Instant::now();
            say(&owner, room, "canary").await;
            over(hears, answered, way).await;
            over(second, answered, way).await;
            device.get("/api/v1/me").await.refused(401, "unauthenticated");
            if way == "is banned" {
                over(here, answered, way).await;
            } else {
                // The other device goes on.
                here.until(|frame| frame["text"] == "canary").await;
                let seq = here.seqs(room).pop().unwrap();
                owner.delete(&at(room, &format!("/messages/{seq}"))).await.ok(204);
            }
        }
        ana.get("/api/v1/me").await.refused(401, "unauthenticated");
        // Who is banned is out of the room, too.
        let members = owner.get(&at(room, "/members")).await.ok(200);
        assert_eq!(members["members"].as_array().unwrap().len(), 1);
        finish(server, &[&owner]).await;
    }

    async fn a_banned_last_owner_leaves_the_room_to_somebody(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["ana", "bo"]).await;
        let room = private(&[&others[0], &others[1]]).await;
        let mut bo = Ear::open(&server, &others[1]).await;
        owner.put(&format!("/api/v1/users/{}/ban", others[0].id), json!({})).await.ok(204);
        let left = bo.until(|frame| frame["kind"] == "left").await;
        assert_eq!((&left["why"], &left["by"]), (&json!("account"), &json!(owner.id)));
        let members = others[1].get(&at(room, "/members")).await.ok(200);
        assert_eq!((members["members"].as_array().unwrap().len(), &members["members"][0]["role"]), (1, &json!("owner")));
        finish(server, &[&others[1]]).await;
    }
}
