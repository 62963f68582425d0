//! Sessions: logging in and out, and what slows down those who guess.

use crate::support::{Client, Db, PASSWORD, Server};
use serde_json::json;

both! {
    async fn after_a_logout_the_token_the_cookie_and_the_socket_are_dead(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let phone = server.login("ana").await;
        let mut hears = phone.live().await;
        let sessions = ana.get("/api/v1/sessions").await.ok(200);
        let sessions = sessions["sessions"].as_array().unwrap();
        assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
        let other = sessions.iter().find(|session| session["current"] == false).unwrap()["id"].clone();

        ana.delete(&format!("/api/v1/sessions/{other}")).await.ok(204);
        phone.get("/api/v1/me").await.refused(401, "unauthenticated");
        phone.by_cookie().get("/api/v1/me").await.refused(401, "unauthenticated");
        assert_eq!(hears.closed().await.0, 4401);
        ana.delete(&format!("/api/v1/sessions/{other}")).await.refused(404, "not_found");

        let gone = ana.delete("/api/v1/sessions/current").await;
        assert_eq!(gone.cookie("parlour_session").as_deref(), Some(""));
        gone.ok(204);
        ana.get("/api/v1/me").await.refused(401, "unauthenticated");
        // A socket without a session is accepted and then closed, as a browser sees no 401.
        let mut late = ana.socket().await.unwrap();
        late.say(json!({"t": "hello", "v": 1})).await;
        assert_eq!(late.closed().await.0, 4401);
        server.stop().await;
    }

    async fn of_several_cookies_the_first_that_is_alive_counts(db: Db) {
        let server = Server::start(db).await;
        let (ana, old, bo) = (server.person("ana").await, server.login("ana").await, server.person("bo").await);
        old.delete("/api/v1/sessions/current").await.ok(204);
        let pair = |who: &Client| format!("parlour_session={}", who.token.as_deref().unwrap());
        let (alive, dead, other) = (pair(&ana), pair(&old), pair(&bo));
        let unreadable = "parlour_session=x";
        for (cookie, counts) in [
            (format!("{dead}; {alive}"), Some(&ana)),
            (format!("{unreadable}; a=b; {dead}; {dead}; {dead}; {alive}; {other}"), Some(&ana)),
            (format!("{dead}; {other}; {alive}"), Some(&bo)),
            (format!("{dead}; {dead}; {dead}; {dead}; {alive}"), None),
            (format!("{dead}; {unreadable}"), None),
        ] {
            let client = server.guest().saying("cookie", &cookie);
            let me = client.get("/api/v1/me").await;
            let mut live = client.socket().await.unwrap();
            live.say(json!({"t": "hello", "v": 1})).await;
            match counts {
                Some(who) => {
                    assert_eq!(me.ok(200)["id"], json!(who.id));
                    assert_eq!(live.hear("welcome").await["me"]["id"], json!(who.id));
                }
                None => {
                    me.refused(401, "unauthenticated");
                    assert_eq!(live.closed().await.0, 4401);
                }
            }
        }
        server.stop().await;
    }

    async fn nobody_ends_the_sessions_of_others(db: Db) {
        let server = Server::start(db).await;
        let (ana, bo) = (server.person("ana").await, server.person("bo").await);
        let sessions = ana.get("/api/v1/sessions").await.ok(200);
        let path = format!("/api/v1/sessions/{}", sessions["sessions"][0]["id"]);
        bo.delete(&path).await.refused(404, "not_found");
        bo.delete("/api/v1/sessions/nonsense").await.refused(404, "not_found");
        ana.get("/api/v1/me").await.ok(200);
        server.stop().await;
    }
}

/// The answers to an unknown name and to a wrong password, but for what names the request.
fn same(answer: &crate::support::Answer) -> serde_json::Value {
    let mut json = answer.json.clone();
    json["request_id"] = json!(null);
    json
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_known_people_get_one_answer() {
    let server = Server::start(Db::sqlite()).await;
    server.person("ana").await;
    let guest = server.guest();
    let known = guest.login("ana", "wrong password").await;
    known.refused(401, "unauthenticated");
    for name in ["nobody", "", "x", "a b", "a\u{0}b", &"y".repeat(1000)] {
        let unknown = guest.login(name, "wrong password").await;
        assert_eq!((unknown.status, same(&unknown)), (known.status, same(&known)), "{name:?}");
    }
    let huge = guest.login("ana", &"x".repeat(100_000)).await;
    assert_eq!(huge.refused(400, "invalid").field(), "password");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_planted_before_the_login_is_not_used() {
    let server = Server::start(Db::sqlite()).await;
    server.person("ana").await;
    let planted = "A".repeat(43);
    let victim = server.guest().saying("cookie", &format!("parlour_session={planted}"));
    let answer = victim.login("ana", PASSWORD).await;
    assert_ne!(answer.cookie("parlour_session").unwrap(), planted);
    victim.get("/api/v1/me").await.refused(401, "unauthenticated");
    server.stop().await;
}

fn from(server: &Server, address: &str) -> Client {
    server.guest().saying("x-forwarded-for", address)
}

async fn slowed(db: Db) -> Server {
    Server::with(db, |config| {
        config.rates = true;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_but_the_owner_gets_in_from_a_device_that_is_known() {
    let server = slowed(Db::sqlite()).await;
    let home = server.guest();
    let body = json!({"username": "ana", "password": PASSWORD});
    let device = home.post("/api/v1/accounts", body).await.cookie("parlour_device").unwrap();
    // Until the wait is longer than a hash takes on a busy machine.
    let mut guesses = 0;
    for n in 0..10_000 {
        let answer = from(&server, &format!("9.{}.{}.9", n / 250, n % 250)).login("ana", "guess number").await;
        if answer.status == 401 {
            guesses += 1;
        } else {
            answer.refused(429, "rate_limited");
            if answer.header("retry-after").parse::<u64>().unwrap() > 1 {
                break;
            }
        }
    }
    assert!((6..=12).contains(&guesses), "{guesses}");
    from(&server, "8.8.8.8").login("ana", PASSWORD).await.refused(429, "rate_limited");
    let owner = home.saying("cookie", &format!("parlour_device={device}"));
    assert_eq!(owner.login("ana", PASSWORD).await.status, 201);
    // Somebody else's device is no known one.
    let other = from(&server, "9.9.7.1").saying("cookie", &format!("parlour_device={}", "B".repeat(43)));
    other.login("ana", PASSWORD).await.refused(429, "rate_limited");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_fails_at_many_accounts_waits() {
    let server = slowed(Db::sqlite()).await;
    server.person("ana").await;
    let guesser = from(&server, "9.9.9.9");
    for n in 0..20 {
        guesser.login(&format!("name{n}"), "guess number").await.refused(401, "unauthenticated");
    }
    let answer = guesser.login("ana", PASSWORD).await;
    answer.refused(429, "rate_limited");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 500);
    // Written by the client itself, before what the proxy wrote: it changes nothing.
    let forged = from(&server, "1.2.3.4, 9.9.9.9");
    forged.login("ana", PASSWORD).await.refused(429, "rate_limited");
    assert_eq!(from(&server, "9.9.9.10").login("ana", PASSWORD).await.status, 201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_makes_twenty_accounts_an_hour() {
    let server = slowed(Db::sqlite()).await;
    server.person("ana").await;
    let house = from(&server, "2001:db8:1:2::1");
    let body = |n: usize| json!({"username": format!("user{n}"), "password": PASSWORD});
    for n in 0..20 {
        house.post("/api/v1/accounts", body(n)).await.ok(201);
    }
    // Another address of the same network of 64 bits is the same house.
    let answer = from(&server, "2001:db8:1:2::ffff").post("/api/v1/accounts", body(20)).await;
    answer.refused(429, "rate_limited");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 60);
    from(&server, "2001:db8:1:3::1").post("/api/v1/accounts", body(21)).await.ok(201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_hundreds_log_in_at_once_the_talk_goes_on() {
    let server = Server::with(Db::sqlite(), |config| config.limits.hashes_waiting = 8).await;
    let ana = server.person("ana").await;
    let mut hears = ana.live().await;
    let logins = (0..200).map(|_| {
        let guest = server.guest();
        async move { guest.login("ana", PASSWORD).await }
    });
    let talk = async {
        for n in 0..20 {
            ana.post("/api/v1/rooms/1/messages", json!({"text": format!("line {n}")})).await.ok(201);
            hears.hear_where("event", |event| event["text"] == format!("line {n}")).await;
        }
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(logins), talk);
    assert!(answers.iter().any(|answer| answer.status == 201));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.refused(503, "busy").header("retry-after"), "2");
    }
    server.stop().await;
}
