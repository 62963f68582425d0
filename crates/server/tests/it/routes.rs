//! Every call of the route table, tried by those who may not: nobody, outsiders, those who were removed or banned.

use crate::support::{Answer, Client, Server};
use reqwest::Method;
use serde_json::{Value, json};
use server::http::TABLE;

/// What anybody may ask.
pub const PUBLIC: [(&str, &str); 7] = [
    ("post", "/accounts"),
    ("post", "/sessions"),
    ("post", "/invites/check"),
    ("get", "/server"),
    ("get", "/limits"),
    ("get", "/openapi.json"),
    ("get", "/frames.json"),
];

/// A body that each call accepts, as far as its form goes.
fn body(method: &str, path: &str) -> Option<Value> {
    let last = path.rsplit('/').next().unwrap();
    match (method, last) {
        ("get" | "delete", _) => None,
        ("put", "{user}" | "ban" | "{emoji}" | "pin") => None,
        ("put", "role") if path.starts_with("/users") => Some(json!({"role": "admin"})),
        ("put", "role") => Some(json!({"role": "member"})),
        ("put", "read") => Some(json!({"seq": 1})),
        ("put", "level") => Some(json!({"level": "all"})),
        ("put", "password") => Some(json!({"current": "x", "password": "long enough"})),
        ("put" | "patch", "draft" | "{seq}") => Some(json!({"text": "new"})),
        ("post", "messages") => Some(json!({"text": "hi"})),
        ("post", "direct") => Some(json!({"users": [1]})),
        ("post", "rooms") => Some(json!({"name": "A new room"})),
        ("patch", "{room}") => Some(json!({"topic": "mine now"})),
        _ => Some(json!({})),
    }
}

async fn call(client: &Client, method: &str, path: &str, room: i64, user: i64) -> Answer {
    let place = path.replace("{room}", &room.to_string()).replace("{user}", &user.to_string());
    // What says which link is as much of its form as a body.
    let query = if path.ends_with("/previews") { "?url=x" } else { "" };
    let place = format!(
        "/api/v1{}{query}",
        place.replace("{seq}", "3").replace("{emoji}", "%F0%9F%91%8D").replace("{id}", &user.to_string())
    );
    let name = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    client.send(name, &place, body(method, path)).await
}

/// What an answer says, but for the name of the request.
fn said(answer: &Answer) -> (u16, Value) {
    let mut json = answer.json.clone();
    if json["request_id"].is_string() {
        json["request_id"] = Value::Null;
    }
    (answer.status, json)
}

both! {
    async fn without_a_session_nothing_but_the_door_is_open(db: Db) {
        let server = Server::start(db).await;
        server.person("ana").await;
        let guest = server.guest();
        for (method, path) in TABLE {
            if !PUBLIC.contains(&(*method, *path)) {
                let answer = call(&guest, method, path, 1, 1).await;
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
            }
        }
        server.stop().await;
    }

    async fn a_private_room_is_to_others_as_if_it_were_not(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let (outsider, former, banned) = (server.person("bo").await, server.person("cy").await, server.person("dee").await);
        let room = ana.post("/api/v1/rooms", json!({"name": "Canary", "private": true})).await.ok(201);
        let room = room["id"].as_i64().unwrap();
        let members = format!("/api/v1/rooms/{room}/members");
        ana.post(&members, json!({"users": [former.id, banned.id]})).await.ok(201);
        ana.post(&format!("/api/v1/rooms/{room}/messages"), json!({"text": "canary @cy"})).await.ok(201);
        ana.delete(&format!("{members}/{}", former.id)).await.ok(204);
        ana.put(&format!("/api/v1/rooms/{room}/bans/{}", banned.id), json!({})).await.ok(204);
        let before = ana.get(&format!("/api/v1/rooms/{room}/events")).await.ok(200);
        for (name, client) in [("outsider", &outsider), ("former member", &former), ("banned", &banned)] {
            for (method, path) in TABLE.iter().filter(|(_, path)| path.contains("{room}")) {
                let there = call(client, method, path, room, ana.id.0).await;
                let missing = call(client, method, path, 999_999, ana.id.0).await;
                assert_eq!(said(&there), said(&missing), "{name}: {method} {path}");
                assert_eq!(there.status, 404, "{name}: {method} {path}: {}", there.text);
            }
            for path in ["/api/v1/rooms", "/api/v1/rooms?scope=open", "/api/v1/rooms?scope=open&q=can"] {
                assert!(!client.get(path).await.text.to_lowercase().contains("canary"), "{name}: {path}");
            }
        }
        let after = ana.get(&format!("/api/v1/rooms/{room}/events")).await.ok(200);
        assert_eq!(before, after);
        server.stop().await;
    }

    async fn an_open_room_is_seen_but_not_read_before_one_joins(db: Db) {
        let server = Server::start(db).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let room = ana.room("Garden").await;
        ana.post(&format!("/api/v1/rooms/{room}/messages"), json!({"text": "hi"})).await.ok(201);
        let seen = bo.get(&format!("/api/v1/rooms/{room}")).await.ok(200);
        assert_eq!((&seen["name"], &seen["members"]), (&json!("Garden"), &json!(1)));
        for absent in ["role", "read", "version", "unread", "mentions", "level", "draft"] {
            assert!(seen.get(absent).is_none(), "{absent}");
        }
        let mut refused = 0;
        for (method, path) in TABLE.iter().filter(|(_, path)| path.contains("{room}")) {
            if matches!((*method, *path), ("get", "/rooms/{room}") | ("post", "/rooms/{room}/members")) {
                continue;
            }
            let answer = call(&bo, method, path, room, ana.id.0).await;
            assert_eq!((answer.status, answer.code()), (403, "not_member"), "{method} {path}: {}", answer.text);
            refused += 1;
        }
        assert!(refused > 10);
        bo.post(&format!("/api/v1/rooms/{room}/members"), json!({})).await.ok(201);
        bo.get(&format!("/api/v1/rooms/{room}/messages")).await.ok(200);
        server.stop().await;
    }
}
