//! A device as a client is meant to be: it asks for all places when it connects, and goes on by events and frames
//! alone.

use super::{Act, message};
use crate::support::{Client, Server};
use crate::talk::{Ear, bare, log};
use protocol::fold::{Message, Room};
use protocol::{Event, UserId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// By room: place, version, unread, mentions.
pub type Rooms = BTreeMap<i64, Value>;
/// By room and root, of those that are followed.
pub type Threads = BTreeMap<(i64, i64), Value>;

fn number(value: &Value, field: &str) -> i64 {
    value[field].as_i64().unwrap()
}

fn counted(value: &Value) -> Value {
    json!([value["read"], value["version"], value["unread"], value["mentions"]])
}

pub async fn rooms(who: &Client) -> Rooms {
    let rooms = who.get("/api/v1/rooms").await.ok(200);
    // Everybody is in the first room of the server, where nothing happens.
    let played = rooms["rooms"].as_array().unwrap().iter().filter(|room| room["name"] != "Lobby");
    played.map(|room| (number(room, "id"), counted(room))).collect()
}

/// Those that are followed, and the heads of all rooms.
pub async fn threads(who: &Client) -> (Threads, BTreeMap<i64, i64>) {
    let answer = who.get("/api/v1/threads/places").await.ok(200);
    let places = answer["places"].as_array().unwrap().iter();
    let heads = answer["heads"].as_array().unwrap().iter();
    let heads = heads.map(|head| (head[0].as_i64().unwrap(), head[1].as_i64().unwrap())).collect();
    (places.map(|place| ((number(place, "room"), number(place, "root")), counted(place))).collect(), heads)
}

pub struct Device {
    ear: Ear,
    /// Frames that were taken.
    taken: usize,
    me: UserId,
    folds: BTreeMap<i64, Room>,
    rooms: BTreeMap<i64, (i64, i64)>,
    /// With whether it is followed.
    threads: BTreeMap<(i64, i64), (bool, (i64, i64))>,
}

impl Device {
    pub async fn connect(server: &Server, who: &Client) -> Device {
        let ear = Ear::open(server, who).await;
        let place = |value: Value| (value[0].as_i64().unwrap(), value[1].as_i64().unwrap());
        let rooms: BTreeMap<_, _> = rooms(who).await.into_iter().map(|(room, value)| (room, place(value))).collect();
        let threads = threads(who).await.0.into_iter().map(|(thread, value)| (thread, (true, place(value)))).collect();
        let mut folds = BTreeMap::new();
        for room in rooms.keys() {
            let events: Vec<Event> = serde_json::from_value(json!(log(who, *room).await)).unwrap();
            folds.insert(*room, Room::of(&events));
        }
        Device { ear, taken: 0, me: who.id, folds, rooms, threads }
    }

    /// Reads on until it holds what it must, and everything that was written.
    pub async fn settle(&mut self, heads: BTreeMap<i64, i64>, must: (&Rooms, &Threads), act: &Act) {
        loop {
            while self.taken < self.ear.frames.len() {
                let frame = self.ear.frames[self.taken].clone();
                self.taken += 1;
                self.take(&frame);
            }
            let reached =
                heads.iter().all(|(room, head)| self.folds.get(room).is_some_and(|fold| fold.head.0 == *head));
            if reached && &self.holds_rooms() == must.0 && &self.holds_threads() == must.1 {
                return;
            }
            let next = tokio::time::timeout(std::time::Duration::from_secs(5), self.ear.next()).await;
            let Ok(Ok(_)) = next else {
                panic!(
                    "a device holds {:?} {:?}, not {must:?}, after {act:?}",
                    self.holds_rooms(),
                    self.holds_threads()
                );
            };
        }
    }

    fn take(&mut self, frame: &Value) {
        let place = |read: &str| (number(frame, read), number(frame, "version"));
        match frame["t"].as_str().unwrap() {
            "event" => self.event(number(frame, "room"), bare(frame)),
            "room" => {
                self.rooms.insert(number(frame, "id"), place("read"));
                self.folds.entry(number(frame, "id")).or_default();
            }
            "gone" => {
                let room = number(frame, "room");
                self.rooms.remove(&room);
                self.threads.retain(|(of, _), _| *of != room);
            }
            "read" => {
                if let Some(mine) = self.rooms.get_mut(&number(frame, "room")) {
                    *mine = newer(*mine, place("seq"));
                }
            }
            "thread" if self.rooms.contains_key(&number(frame, "room")) => {
                let thread = (number(frame, "room"), number(frame, "root"));
                let told = (frame["following"] == true, place("read"));
                let mine = self.threads.entry(thread).or_insert(told);
                if newer(mine.1, told.1) == told.1 {
                    *mine = told;
                }
            }
            _ => {}
        }
    }

    fn event(&mut self, room: i64, event: Value) {
        let event: Event = serde_json::from_value(event).unwrap();
        let mine = event.author == self.me;
        if let protocol::Body::Message { thread, also, .. } = &event.body
            && mine
        {
            if (thread.is_none() || *also)
                && let Some(place) = self.rooms.get_mut(&room)
            {
                place.0 = place.0.max(event.seq.0);
            }
            if let Some(root) = thread
                && let Some(place) = self.threads.get_mut(&(room, root.0)).filter(|place| place.0)
            {
                place.1.0 = place.1.0.max(event.seq.0);
            }
        }
        self.folds.entry(room).or_default().apply(&event);
    }

    fn count(&self, room: i64, read: i64, fit: impl Fn(&Message) -> bool) -> (u32, u32) {
        let (mut unread, mut mentions) = (0, 0);
        for entry in self.folds.get(&room).into_iter().flat_map(|fold| &fold.entries) {
            let counts = message(entry).filter(|message| !message.erased && fit(message));
            if let Some(message) = counts.filter(|_| entry.seq.0 > read && entry.author != self.me) {
                unread += 1;
                mentions += u32::from(message.everyone || message.mentions.contains(&self.me));
            }
        }
        (unread, mentions)
    }

    fn holds_rooms(&self) -> Rooms {
        let each =
            self.rooms.iter().filter(|(room, _)| self.folds.contains_key(room)).map(|(room, (read, version))| {
                let (unread, mentions) = self.count(*room, *read, |message| message.thread.is_none() || message.also);
                (*room, json!([read, version, unread, mentions]))
            });
        each.collect()
    }

    fn holds_threads(&self) -> Threads {
        let followed = self.threads.iter().filter(|(_, mine)| mine.0);
        let each = followed.map(|((room, root), (_, (read, version)))| {
            let here = |message: &Message| message.thread.is_some_and(|of| of.0 == *root) && !message.also;
            let (unread, mentions) = self.count(*room, *read, here);
            ((*room, *root), json!([read, version, unread, mentions]))
        });
        each.collect()
    }
}

/// The newer of two tellings of a place.
fn newer(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    match a.1.cmp(&b.1) {
        std::cmp::Ordering::Greater => a,
        std::cmp::Ordering::Less => b,
        std::cmp::Ordering::Equal => (a.0.max(b.0), a.1),
    }
}
