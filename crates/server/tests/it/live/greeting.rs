//! The first frames, and the codes with which a socket is closed.

use crate::support::Server;
use crate::talk::{Ear, finish, people, say};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

both! {
    async fn the_welcome_says_who_and_where(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let room = owner.room("tea").await;
        let seq = say(&owner, room, "hello").await;
        let mut ear = Ear::open(&server, &owner).await;
        let welcome = ear.frames[0].clone();
        assert_eq!(welcome["me"], owner.get("/api/v1/me").await.ok(200));
        assert_eq!(welcome["epoch"], owner.get("/api/v1/server").await.ok(200)["epoch"]);
        assert!(welcome["now"].as_str().unwrap() >= welcome["epoch"].as_str().unwrap());
        assert_eq!(welcome["rooms"][0], json!([room, seq, seq, 0]));
        assert_eq!(welcome["rooms"].as_array().unwrap().len(), 2, "and the Lobby");
        assert_eq!(welcome.get("more"), None);
        // Without cursors, following starts at the heads: nothing old, no caught_up.
        let next = say(&owner, room, "more").await;
        ear.reach(room, next).await;
        ear.drain().await;
        assert_eq!(ear.seqs(room), [next]);
        assert!(!ear.frames.iter().any(|frame| frame["t"] == "caught_up" || frame["t"] == "reset"));
        let twice = ear.ask(json!({"t": "hello", "v": 1})).await;
        assert_eq!((&twice["t"], &twice["code"]), (&json!("refused"), &json!("invalid")));
        finish(server, &[&owner]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_is_closed_with_the_code_that_fits() {
    let server = Server::with(crate::support::Db::sqlite(), |config| {
        config.limits.hello_ms = 300;
        config.limits.sockets = 2;
        config.rates = true;
    })
    .await;
    let owner = server.person("owner").await;
    let text = |text: &str| Message::text(text.to_owned());
    let wrong_opcode = Message::Frame(Frame::message(vec![1], OpCode::Data(Data::Reserved(3)), true));
    let broken_text = Message::Frame(Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true));
    for (first, code) in [
        (text("nonsense"), 4400),
        (text("[]"), 4400),
        (text(r#"{"t":"ping"}"#), 4400),
        (text(r#"{"t":"hello"}"#), 4400),
        (text(r#"{"t":"hello","v":2}"#), 4400),
        (text(r#"{"t":"hello","v":1,"cursors":[[1]]}"#), 4400),
        (text(r#"{"t":"hello","v":1,"epoch":"yesterday"}"#), 4400),
        (text(r#"{"t":"hello","v":1,"token":"wrong"}"#), 4401),
        (wrong_opcode, 1002),
        (broken_text, 1007),
        (Message::binary(b"{}".to_vec()), 1007),
        (text(&format!(r#"{{"t":"hello","v":1,"x":"{}"}}"#, "x".repeat(64 << 10))), 1009),
    ] {
        let mut ear = Ear::connect(&server, &owner, None).await;
        let what = format!("{first:?}").chars().take(80).collect::<String>();
        ear.raw(first).await;
        assert_eq!(ear.closed().await.0, code, "{what}");
        assert_eq!(ear.frames.len(), 0);
    }
    let mut silent = Ear::connect(&server, &owner, None).await;
    assert_eq!(silent.closed().await, (4408, "no_hello".to_owned()));
    let mut guest = Ear::connect(&server, &server.guest(), None).await;
    guest.say(json!({"t": "hello", "v": 1})).await;
    assert_eq!(guest.closed().await, (4401, "session_over".to_owned()));
    // A token in the hello is as good as one in the head of the request.
    let hello = json!({"t": "hello", "v": 1, "token": owner.token});
    let mut first = Ear::hello(&server, &server.guest(), hello.clone()).await;
    let _second = Ear::open(&server, &owner).await;
    let mut third = Ear::connect(&server, &owner, None).await;
    third.say(json!({"t": "hello", "v": 1})).await;
    assert_eq!(third.closed().await, (4429, "too_many_sockets".to_owned()));
    // Those that were there before go on, and a frame that breaks the rules ends one of them.
    first.drain().await;
    first.raw(Message::text("x".repeat((64 << 10) + 1))).await;
    assert_eq!(first.closed().await.0, 1009);
    finish(server, &[&owner]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_frame_is_refused_and_the_socket_stays_open() {
    let server = Server::start(crate::support::Db::sqlite()).await;
    let owner = server.person("owner").await;
    let bo = people(&server, &["bo"]).await.remove(0);
    let mut ear = Ear::open(&server, &bo).await;
    for (frame, field) in [
        ("nonsense", None),
        ("[1,2]", None),
        ("{}", Some("t")),
        (r#"{"t":"unknown","id":7}"#, Some("t")),
        (r#"{"t":"send","room":"x","client_id":"a","text":"b"}"#, Some("room")),
        (r#"{"t":"send","room":1,"client_id":"a b","text":"b"}"#, Some("client_id")),
        (r#"{"t":"send","room":1,"client_id":"a"}"#, Some("text")),
        (r#"{"t":"away"}"#, Some("away")),
    ] {
        ear.raw(Message::text(frame.to_owned())).await;
        let refused = ear.hear("refused").await;
        assert_eq!(
            (refused["code"].as_str(), refused["field"].as_str()),
            (Some("invalid"), field),
            "{frame}: {refused}"
        );
        assert!(!refused["detail"].as_str().unwrap().is_empty());
    }
    let deep = format!(r#"{{"t":"ping","x":{}{}}}"#, "[".repeat(20_000), "]".repeat(20_000));
    ear.raw(Message::text(deep)).await;
    assert_eq!(ear.hear("refused").await["code"], "invalid");
    let unknown = ear.ask(json!({"t": "unknown"})).await;
    assert_eq!(unknown["t"], "refused");
    ear.drain().await;
    finish(server, &[&owner]).await;
}

#[tokio::test]
async fn a_request_that_asks_for_no_socket_is_refused() {
    let server = Server::start(crate::support::Db::sqlite()).await;
    let owner = server.person("owner").await;
    owner.get("/api/v1/live").await.refused(400, "invalid");
    finish(server, &[&owner]).await;
}

#[tokio::test]
async fn a_hello_right_behind_the_request_is_heard() {
    let server = Server::start(crate::support::Db::sqlite()).await;
    let owner = server.person("owner").await;
    let hello = json!({"t": "hello", "v": 1, "token": owner.token}).to_string();
    let mut bytes =
        b"GET /api/v1/live HTTP/1.1\r\nhost: x\r\nconnection: keep-alive, Upgrade\r\nupgrade: WebSocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            .to_vec();
    // A mask of zeros is one as well.
    bytes.extend([0x81, 0x80 | u8::try_from(hello.len()).unwrap(), 0, 0, 0, 0]);
    bytes.extend(hello.as_bytes());
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains(r#""t":"welcome""#) {
        assert!(stream.read_buf(&mut heard).await.unwrap() > 0, "{}", String::from_utf8_lossy(&heard));
    }
    // As in RFC 6455.
    assert!(String::from_utf8_lossy(&heard).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    drop(stream);
    finish(server, &[&owner]).await;
}
