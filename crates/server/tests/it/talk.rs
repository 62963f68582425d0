//! What the tests of rooms speak in: sockets that remember what they heard, and the checks that hold for every
//! room after every test.

use crate::support::{Client, PATIENCE, Server};
use futures_util::{SinkExt, StreamExt};
use protocol::fold::{Entry, Room};
use protocol::{Event, UserId};
use serde_json::{Value, json};
use server::admin::{NewPerson, Request};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// How a socket was closed.
pub type Closed = (u16, String);

/// People without passwords, made as `users add` makes them. The server has its owner already.
pub async fn people(server: &Server, names: &[&str]) -> Vec<Client> {
    crowd(server, names.iter().map(|name| (*name).to_owned()).collect(), &[]).await
}

pub async fn crowd(server: &Server, names: Vec<String>, rooms: &[&str]) -> Vec<Client> {
    let people = names.into_iter().enumerate();
    let people = people.map(|(i, username)| NewPerson { line: i + 1, username, name: String::new() }).collect();
    let rooms = rooms.iter().map(|name| (*name).to_owned()).collect();
    let request = Request::AddPeople { people, rooms, tokens: true };
    let added: Vec<server::admin::Added> = server::admin::ask(server.db.config(), request).await.unwrap();
    let guest = server.guest();
    let client = |person: server::admin::Added| {
        let mut client = guest.clone();
        client.token = person.token;
        client.id = UserId(person.id);
        client
    };
    added.into_iter().map(client).collect()
}

/// A path below `rooms/{room}`.
pub fn at(room: i64, rest: &str) -> String {
    format!("/api/v1/rooms/{room}{rest}")
}

/// Makes a private room of these people; the first of them owns it.
pub async fn private(people: &[&Client]) -> i64 {
    let body = json!({"name": "hidden", "private": true});
    let room = people[0].post("/api/v1/rooms", body).await.ok(201)["id"].as_i64().unwrap();
    let others: Vec<_> = people[1..].iter().map(|person| person.id.0).collect();
    if !others.is_empty() {
        people[0].post(&at(room, "/members"), json!({"users": others})).await.ok(201);
    }
    room
}

/// Sends a message over HTTP and answers its seq.
pub async fn say(who: &Client, room: i64, text: &str) -> i64 {
    who.post(&at(room, "/messages"), json!({"text": text})).await.ok(201)["seq"].as_i64().unwrap()
}

/// The whole log as HTTP gives it.
pub async fn log(who: &Client, room: i64) -> Vec<Value> {
    let mut events: Vec<Value> = Vec::new();
    loop {
        let after = events.last().map_or(0, seq);
        let page = who.get(&at(room, &format!("/events?after={after}&limit=1000"))).await.ok(200);
        let more = page["events"].as_array().unwrap();
        if more.is_empty() {
            return events;
        }
        events.extend(more.iter().cloned());
    }
}

pub fn seq(event: &Value) -> i64 {
    event["seq"].as_i64().unwrap()
}

/// What every room must come to: seqs without holes, and pages that are the fold of the log.
pub async fn verify(who: &Client, room: i64) {
    let events = log(who, room).await;
    assert!(events.iter().zip(1..).all(|(event, n)| seq(event) == n), "a log without holes");
    let events: Vec<Event> = serde_json::from_value(json!(events)).unwrap();
    let folded = Room::of(&events);
    let mut page = who.get(&at(room, "/messages?limit=200")).await.ok(200);
    assert_eq!(page["head"], folded.head.0);
    let mut shown: Vec<Entry> = Vec::new();
    loop {
        let part: Vec<Entry> = serde_json::from_value(page["messages"].take()).unwrap();
        let Some(first) = part.first().map(|entry| entry.seq) else { break };
        shown.splice(0..0, part);
        page = who.get(&at(room, &format!("/messages?limit=200&before={first}"))).await.ok(200);
    }
    let (on_pages, replies): (Vec<Entry>, Vec<Entry>) =
        folded.entries.into_iter().map(Entry::told).partition(Entry::is_shown);
    assert_eq!(on_pages, shown, "the pages of room {room} are the fold of its log");
    for reply in replies {
        let alone = who.get(&at(room, &format!("/messages/{}", reply.seq))).await.ok(200);
        assert_eq!(serde_json::from_value::<Entry>(alone).unwrap(), reply);
    }
}

/// Checks every room of these people, then stops the server.
pub async fn finish(server: Server, people: &[&Client]) {
    let mut seen = std::collections::BTreeSet::new();
    for who in people {
        for room in who.get("/api/v1/rooms?limit=1000").await.ok(200)["rooms"].as_array().unwrap() {
            let room = room["id"].as_i64().unwrap();
            if seen.insert(room) {
                verify(who, room).await;
            }
        }
    }
    server.stop().await;
}

/// A socket that remembers all that it heard.
pub struct Ear {
    stream: WebSocketStream<TcpStream>,
    pub frames: Vec<Value>,
}

impl Ear {
    /// Before its hello. `window` bounds what the kernel takes for it: for readers that are slow.
    pub async fn connect(server: &Server, who: &Client, window: Option<u32>) -> Ear {
        let mut request = format!("ws://{}/api/v1/live", server.address).into_client_request().unwrap();
        if let Some(token) = &who.token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = window {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = socket.connect(server.address).await.unwrap();
        let (stream, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        Ear { stream, frames: Vec::new() }
    }

    /// Welcomed.
    pub async fn open(server: &Server, who: &Client) -> Ear {
        Ear::hello(server, who, json!({"t": "hello", "v": 1})).await
    }

    /// Comes back with a cursor for each of these rooms, and has caught up, or heard why it cannot.
    pub async fn resume(server: &Server, who: &Client, cursors: &[(i64, i64)]) -> Ear {
        let mut ear = Ear::hello(server, who, json!({"t": "hello", "v": 1, "cursors": cursors})).await;
        let rooms: std::collections::BTreeSet<_> = cursors.iter().map(|(room, _)| room).collect();
        for _ in rooms {
            ear.until(|frame| ["caught_up", "reset", "gone"].iter().any(|end| frame["t"] == *end)).await;
        }
        ear
    }

    pub async fn hello(server: &Server, who: &Client, hello: Value) -> Ear {
        let mut ear = Ear::connect(server, who, None).await;
        ear.say(hello).await;
        ear.hear("welcome").await;
        assert_eq!(ear.frames.len(), 1, "nothing comes before the welcome");
        ear
    }

    pub async fn say(&mut self, frame: Value) {
        self.raw(Message::text(frame.to_string())).await;
    }

    pub async fn raw(&mut self, message: Message) {
        // A socket that is being closed may not take it any more.
        let _ = self.stream.send(message).await;
    }

    /// Asks so often in one go whether somebody is there; the numbers of those that were answered, up to the last one's.
    pub async fn pings(&mut self, n: u32) -> Vec<u32> {
        for i in 0..n {
            self.stream.feed(Message::Ping(i.to_be_bytes().to_vec().into())).await.unwrap();
        }
        self.stream.flush().await.unwrap();
        let mut answered = Vec::new();
        while answered.last() != Some(&(n - 1)) {
            let message = tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("an answer in time");
            if let Message::Pong(payload) = message.unwrap().unwrap() {
                answered.push(u32::from_be_bytes(payload[..].try_into().unwrap()));
            }
        }
        answered
    }

    /// The next frame, or how the socket was closed.
    pub async fn next(&mut self) -> Result<Value, Closed> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            let message = message.unwrap_or_else(|_| {
                panic!("no frame in time; heard {:#?}", self.frames.iter().rev().take(9).collect::<Vec<_>>())
            });
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    self.frames.push(frame.clone());
                    return Ok(frame);
                }
                Some(Ok(Message::Close(Some(frame)))) => return Err((frame.code.into(), frame.reason.to_string())),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err((1006, String::new())),
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame of that type.
    pub async fn hear(&mut self, kind: &str) -> Value {
        self.until(|frame| frame["t"] == kind).await
    }

    /// Reads on up to an event of a room, without understanding anything but the seqs of that room: for crowds.
    pub async fn skim(&mut self, room: i64, to: i64) -> Vec<i64> {
        let start = format!(r#"{{"t":"event","room":{room},"seq":"#);
        let mut seqs = Vec::new();
        while seqs.last() != Some(&to) {
            match tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => {
                    let rest = text.strip_prefix(&start).and_then(|rest| rest.split_once(','));
                    seqs.extend(rest.map(|(seq, _)| seq.parse::<i64>().unwrap()));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?} while waiting for {to}"),
            }
        }
        seqs
    }

    /// The next frame that fits.
    pub async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            match self.next().await {
                Ok(frame) if fits(&frame) => return frame,
                Ok(_) => {}
                Err(end) => panic!("closed {end:?}; heard {:#?}", self.frames),
            }
        }
    }

    /// Reads on until that event was heard, now or before.
    pub async fn reach(&mut self, room: i64, n: i64) {
        let fits = |frame: &Value| frame["t"] == "event" && frame["room"] == room && frame["seq"] == n;
        if !self.frames.iter().any(fits) {
            self.until(fits).await;
        }
    }

    /// All that the server had put into this socket's queue before now has been heard.
    pub async fn drain(&mut self) {
        let id = format!("drain {}", self.frames.len());
        self.say(json!({"t": "ping", "id": id})).await;
        self.until(|frame| frame["id"] == id.as_str()).await;
    }

    /// Says something and answers what became of it: `done`, `ack` or the code of a refusal.
    pub async fn ask(&mut self, mut frame: Value) -> Value {
        let id = format!("ask {}", self.frames.len());
        frame["id"] = json!(id);
        self.say(frame).await;
        self.until(|frame| frame["id"] == id.as_str()).await
    }

    pub async fn closed(&mut self) -> Closed {
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    /// The events of a room that it heard, as the log has them.
    pub fn events(&self, room: i64) -> Vec<Value> {
        let events = self.frames.iter().filter(|frame| frame["t"] == "event" && frame["room"] == room);
        events.map(bare).collect()
    }

    pub fn seqs(&self, room: i64) -> Vec<i64> {
        self.events(room).iter().map(seq).collect()
    }

    pub fn heard(&self, word: &str) -> bool {
        self.frames.iter().any(|frame| frame.to_string().contains(word))
    }
}

/// The frame without its type: what `events` gives.
pub fn bare(frame: &Value) -> Value {
    let mut event = frame.clone();
    event.as_object_mut().unwrap().remove("t");
    event
}

/// What was heard live is the log, from the event after `from` up to the last one heard: no gap, no double, in
/// order, and the same JSON; but for words that were erased after they were heard.
#[track_caller]
pub fn same(heard: &[Value], log: &[Value], from: i64) {
    let log = &log[usize::try_from(from).unwrap()..];
    assert!(heard.len() <= log.len(), "more was heard than happened");
    for (heard, logged) in heard.iter().zip(log) {
        if logged["erased"] == true && heard["erased"] != true {
            assert_eq!(heard["seq"], logged["seq"]);
        } else {
            assert_eq!(heard, logged);
        }
    }
}
