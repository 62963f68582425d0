//! Each limit, at n and at n + 1; and what a refusal says about waiting.

use crate::support::{Answer, Db, PASSWORD, Server};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn names_topics_and_client_ids_at_their_limits() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    let long = |n: usize| "é".repeat(n);
    for (name, topic, status, field) in [
        (long(80), long(1024), 201, ""),
        (long(81), String::new(), 400, "name"),
        (long(79), long(1025), 400, "topic"),
        (String::new(), String::new(), 400, "name"),
        ("a\nb".into(), String::new(), 400, "name"),
    ] {
        let answer = ana.post("/api/v1/rooms", json!({"name": name, "topic": topic})).await;
        assert_eq!((answer.status, answer.field()), (status, field), "{}", answer.text);
    }
    // Unique among open rooms, letters folded and composed.
    let twin = format!("{}{}", "E\u{301}", long(79));
    ana.post("/api/v1/rooms", json!({"name": twin})).await.refused(409, "taken");
    for (name, twin) in [("Straße", "STRASSE"), ("Οδός", "ΟΔΌΣ")] {
        ana.post("/api/v1/rooms", json!({"name": name})).await.ok(201);
        ana.post("/api/v1/rooms", json!({"name": twin})).await.refused(409, "taken");
    }
    let path = "/api/v1/rooms/1/messages";
    for (id, status) in [("x".repeat(64), 201), ("x".repeat(65), 400), (String::new(), 400), ("aZ0_.:-".into(), 201)] {
        let answer = ana.post(path, json!({"text": "hi", "client_id": id})).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let status = ana.patch("/api/v1/me", json!({"status": long(100)})).await.ok(200);
    assert_eq!(status["status"], long(100));
    assert_eq!(ana.patch("/api/v1/me", json!({"status": long(101)})).await.refused(400, "invalid").field(), "status");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_direct_room_and_pages_at_their_limits() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    let mut ids = Vec::new();
    for n in 0..11 {
        ids.push(server.person(&format!("user{n}")).await.id.0);
    }
    ana.post("/api/v1/direct", json!({"users": ids[..10]})).await.ok(201);
    // Doubles fall away, and so do I.
    let doubled: Vec<i64> = ids[..10].iter().chain(&ids[..10]).copied().chain([ana.id.0]).collect();
    ana.post("/api/v1/direct", json!({"users": doubled})).await.ok(200);
    assert_eq!(ana.post("/api/v1/direct", json!({"users": ids})).await.refused(400, "invalid").field(), "users");
    assert_eq!(ana.post("/api/v1/direct", json!({"users": []})).await.refused(400, "invalid").field(), "users");
    for n in 0..201 {
        ana.post("/api/v1/rooms/1/messages", json!({"text": format!("{n}")})).await.ok(201);
    }
    let count = |json: &Value, name: &str| json[name].as_array().unwrap().len();
    for (limit, expected) in
        [("", 50), ("?limit=1", 1), ("?limit=200", 200), ("?limit=201", 200), ("?limit=4000000000", 200)]
    {
        let page = ana.get(&format!("/api/v1/rooms/1/messages{limit}")).await.ok(200);
        assert_eq!(count(&page, "messages"), expected, "{limit}");
    }
    let log = ana.get("/api/v1/rooms/1/events?after=0&limit=5000").await.ok(200);
    assert_eq!(count(&log, "events") as i64, log["head"].as_i64().unwrap());
    server.stop().await;
}

/// Does it until it is refused: how often it went well, and the refusal.
async fn until_refused<F: Future<Output = Answer>>(most: usize, act: impl Fn(usize) -> F) -> (usize, Answer) {
    for n in 0..=most {
        let answer = act(n).await;
        if answer.status == 429 {
            return (n, answer);
        }
        assert!(answer.status < 300, "{}", answer.text);
    }
    panic!("never refused");
}

/// It says how long to wait, in whole seconds, and nothing was done.
#[track_caller]
fn says_how_long(answer: &Answer, at_most: u64) {
    answer.refused(429, "rate_limited");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=at_most).contains(&wait), "{wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_commands_and_rooms_have_rates_of_their_own() {
    // So slow that the rate gives nothing back while the test runs.
    let server = Server::with(Db::sqlite(), |config| {
        config.rates = true;
        config.limits.messages_per_second = 1;
        config.limits.commands_per_second = 1;
        config.limits.commands_burst = 50;
    })
    .await;
    let (ana, bo) = (server.person("ana").await, server.person("bo").await);
    let path = "/api/v1/rooms/1/messages";
    let say = |n: usize| {
        let ana = ana.clone();
        async move { ana.post(path, json!({"text": "hi", "client_id": format!("c{n}")})).await }
    };
    let (sent, refused) = until_refused(40, say).await;
    assert!((20..=30).contains(&sent), "{sent}");
    says_how_long(&refused, 1);
    // A known message is no new one, and others are not concerned.
    assert_eq!(say(0).await.status, 200);
    bo.post(path, json!({"text": "hi"})).await.ok(201);
    ana.get("/api/v1/me").await.ok(200);

    let (done, refused) = until_refused(80, |n| {
        let ana = ana.clone();
        async move { ana.patch("/api/v1/me", json!({"settings": {"n": n}})).await }
    })
    .await;
    assert!((50..=60).contains(&done), "{done}");
    says_how_long(&refused, 1);

    let (made, refused) = until_refused(20, |n| {
        let bo = bo.clone();
        async move { bo.post("/api/v1/rooms", json!({"name": format!("room {n}")})).await }
    })
    .await;
    assert_eq!(made, 10);
    says_how_long(&refused, 360);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_rates_are_lifted_sizes_are_not() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    for n in 0..30 {
        ana.post("/api/v1/rooms", json!({"name": format!("room {n}")})).await.ok(201);
        server.guest().login("ana", "wrong password").await.refused(401, "unauthenticated");
    }
    assert_eq!(server.guest().login("ana", PASSWORD).await.status, 201);
    ana.post("/api/v1/rooms", json!({"name": "x".repeat(81)})).await.refused(400, "invalid");
    server.stop().await;
}
