//! Times, and people who must not hear.

use crate::support::{Client, PATIENCE, Server};
use crate::talk::{Ear, at};
use protocol::Time;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub const QUIET: &str = "/api/v1/me/quiet";
pub const ME: &str = "/api/v1/me";

/// A time so much from now.
pub fn from_now(wait: Duration) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap() + wait;
    Time(i64::try_from(since.as_millis()).unwrap()).to_string()
}

/// The owner, and two who are with them in a room.
pub async fn three(server: &Server) -> (Client, Client, Client, i64) {
    let owner = server.person("owner").await;
    let mut others = crate::talk::people(server, &["bo", "cy"]).await.into_iter();
    let (bo, cy) = (others.next().unwrap(), others.next().unwrap());
    let room = owner.room("tea").await;
    for person in [&bo, &cy] {
        person.post(&at(room, "/members"), json!({})).await.ok(201);
    }
    (owner, bo, cy, room)
}

/// All that was told this device until now has none of these types of frames.
pub async fn heard_none(ear: &mut Ear, kinds: &[&str]) {
    ear.drain().await;
    let heard = ear.frames.iter().find(|frame| kinds.contains(&frame["t"].as_str().unwrap()));
    assert_eq!(heard, None);
}

/// Asks until the answer is so.
pub async fn until_so(who: &Client, path: &str, so: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let answer = who.get(path).await.ok(200);
        if so(&answer) {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "still waiting; {path} says {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
