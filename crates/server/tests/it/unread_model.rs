//! Unread, as people meet it: random histories of several people with several devices each, who write, read, mark as
//! unread, go and come back. Whatever happened, what the server counts and what each device holds is what
//! docs/UNREAD.md defines, computed here from the log and from what everybody did.

mod devices;

use crate::support::{Client, Server};
use crate::talk::{at, log, people};
use devices::Device;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use protocol::Event;
use protocol::fold::{Message, Room, What};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PEOPLE: usize = 3;
const ROOMS: usize = 2;

/// What somebody does. `pick` chooses among the messages that are there.
#[derive(Clone, Debug)]
enum Act {
    Say {
        names: usize,
    },
    Reply {
        pick: usize,
        names: usize,
        also: bool,
    },
    Edit {
        pick: usize,
        names: usize,
    },
    Delete {
        pick: usize,
    },
    Read {
        to: i64,
    },
    ReadThread {
        pick: usize,
        to: i64,
    },
    /// With the version that somebody knew before the last "mark as unread".
    Late {
        pick: usize,
        to: i64,
    },
    Unread {
        to: i64,
    },
    UnreadThread {
        pick: usize,
        to: i64,
    },
    Follow {
        pick: usize,
    },
    LetGo {
        pick: usize,
    },
    AllRead,
    Undo,
    Leave,
    Join,
    Connect,
    Disconnect,
}

fn acts() -> impl Strategy<Value = Vec<(usize, usize, Act)>> {
    let (pick, names, to) = (any::<usize>(), 0..8_usize, 0..60_i64);
    let act = prop_oneof![
        6 => names.clone().prop_map(|names| Act::Say { names }),
        10 => (pick, names.clone(), prop::bool::weighted(0.2)).prop_map(|(pick, names, also)| Act::Reply { pick, names, also }),
        3 => (pick, names).prop_map(|(pick, names)| Act::Edit { pick, names }),
        2 => pick.prop_map(|pick| Act::Delete { pick }),
        3 => to.clone().prop_map(|to| Act::Read { to }),
        4 => (pick, to.clone()).prop_map(|(pick, to)| Act::ReadThread { pick, to }),
        2 => (pick, to.clone()).prop_map(|(pick, to)| Act::Late { pick, to }),
        2 => to.clone().prop_map(|to| Act::Unread { to }),
        2 => (pick, to).prop_map(|(pick, to)| Act::UnreadThread { pick, to }),
        2 => pick.prop_map(|pick| Act::Follow { pick }),
        2 => pick.prop_map(|pick| Act::LetGo { pick }),
        2 => Just(Act::AllRead),
        2 => Just(Act::Undo),
        1 => Just(Act::Leave),
        3 => Just(Act::Join),
        3 => Just(Act::Connect),
        2 => Just(Act::Disconnect),
    ];
    prop::collection::vec((0..PEOPLE, 0..ROOMS, act), 20..45)
}

/// A place: seq and version.
type At = (i64, i64);

/// What is somebody's own, as docs/UNREAD.md has it.
#[derive(Default)]
struct Own {
    rooms: BTreeMap<i64, At>,
    /// By room and root; those that were let go have no place any more, but keep their version.
    threads: BTreeMap<(i64, i64), (bool, At)>,
    joined: BTreeMap<i64, i64>,
    /// By room that they left once: the greatest version of what was theirs there.
    left: BTreeMap<i64, i64>,
    /// What "mark all read" answered last.
    undo: Option<Value>,
}

impl Own {
    /// With which a place in a thread begins: that of the place in its room.
    fn version(&self, room: i64) -> i64 {
        self.rooms.get(&room).map_or(0, |place| place.1)
    }
}

struct World {
    clients: Vec<Client>,
    rooms: Vec<i64>,
    own: Vec<Own>,
    folds: BTreeMap<i64, Room>,
    heads: BTreeMap<i64, i64>,
    devices: Vec<Vec<Device>>,
}

both! {
    async fn every_count_is_what_its_definition_says(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let runtime = tokio::runtime::Handle::current();
        let mut case = 0;
        let cases = std::cell::RefCell::new(&mut case);
        tokio::task::block_in_place(|| {
            let config = Config { cases: 10, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
            TestRunner::new(config)
                .run(&acts(), |acts| {
                    **cases.borrow_mut() += 1;
                    let case = **cases.borrow();
                    runtime.block_on(play(&server, &owner, case, acts));
                    Ok(())
                })
                .unwrap();
        });
        server.stop().await;
    }
}

async fn play(server: &Server, owner: &Client, case: usize, acts: Vec<(usize, usize, Act)>) {
    let names: Vec<String> = (0..PEOPLE).map(|i| format!("p{case}-{i}x")).collect();
    let clients = people(server, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut rooms = Vec::new();
    for i in 0..ROOMS {
        rooms.push(owner.room(&format!("Room {case}.{i}")).await);
    }
    let mut world = World {
        own: clients.iter().map(|_| Own::default()).collect(),
        devices: clients.iter().map(|_| Vec::new()).collect(),
        folds: rooms.iter().map(|room| (*room, Room::default())).collect(),
        heads: rooms.iter().map(|room| (*room, 0)).collect(),
        clients,
        rooms,
    };
    for who in 0..PEOPLE {
        for room in world.rooms.clone() {
            world.clients[who].post(&at(room, "/members"), json!({})).await.ok(201);
        }
        let device = Device::connect(server, &world.clients[who]).await;
        world.devices[who].push(device);
    }
    world.catch_up(owner).await;
    for (who, room, act) in acts {
        let room = world.rooms[room];
        world.act(server, owner, &names, who, room, &act).await;
        world.catch_up(owner).await;
        world.check(who, &act).await;
    }
    for who in 0..PEOPLE {
        world.check(who, &Act::AllRead).await;
    }
}

impl World {
    /// Reads what was written since, and notes what it does to everybody's own.
    async fn catch_up(&mut self, owner: &Client) {
        for room in self.rooms.clone() {
            let events = log(owner, room).await;
            let known = self.heads[&room];
            for event in events.iter().skip(usize::try_from(known).unwrap()) {
                self.note(room, event);
            }
            self.heads.insert(room, i64::try_from(events.len()).unwrap());
            let events: Vec<Event> = serde_json::from_value(json!(events)).unwrap();
            self.folds.insert(room, Room::of(&events));
        }
    }

    fn who(&self, id: &Value) -> Option<usize> {
        self.clients.iter().position(|client| json!(client.id) == *id)
    }

    fn note(&mut self, room: i64, event: &Value) {
        let seq = event["seq"].as_i64().unwrap();
        let users = |field: &str| event[field].as_array().cloned().unwrap_or_default();
        match event["kind"].as_str().unwrap() {
            "joined" => {
                for who in users("users").iter().filter_map(|id| self.who(id)).collect::<Vec<_>>() {
                    let version = self.own[who].left.get(&room).copied().unwrap_or_default();
                    self.own[who].rooms.insert(room, (seq, version));
                    self.own[who].joined.insert(room, seq);
                }
            }
            "left" => {
                for who in users("users").iter().filter_map(|id| self.who(id)).collect::<Vec<_>>() {
                    let own = &mut self.own[who];
                    let threads = own.threads.iter().filter(|((of, _), _)| *of == room);
                    let places = threads.map(|(_, mine)| mine.1).chain(own.rooms.remove(&room));
                    own.left.insert(room, places.map(|(_, version)| version).max().unwrap_or_default());
                    own.threads.retain(|(of, _), _| *of != room);
                }
            }
            "message" => {
                let author = self.who(&event["author"]).unwrap();
                // A reply that stands in its thread alone says nothing of what was read in the room.
                let shown = event["thread"].is_null() || event["also"] == true;
                if let Some(place) = self.own[author].rooms.get_mut(&room).filter(|_| shown) {
                    place.0 = place.0.max(seq);
                }
                if let Some(root) = event["thread"].as_i64() {
                    let began = self.folds[&room].entries.iter().find(|entry| entry.seq.0 == root).unwrap().author;
                    let called = users("mentions").into_iter().chain([json!(began)]);
                    self.called(room, root, seq, author, called.collect());
                    let begin = self.own[author].version(room);
                    let mine = self.own[author].threads.entry((room, root)).or_insert((true, (seq, begin)));
                    *mine = (true, (seq, mine.1.1 + i64::from(!mine.0)));
                }
            }
            "edited" => {
                let target = event["target"].as_i64().unwrap();
                let fold = &self.folds[&room];
                let entry = fold.entries.iter().find(|entry| entry.seq.0 == target);
                // Sent and edited between two looks does not happen here.
                let thread = entry.and_then(message).and_then(|message| message.thread);
                if let Some(root) = thread {
                    let author = self.who(&event["author"]).unwrap();
                    self.called(room, root.0, target, author, users("mentions"));
                }
            }
            _ => {}
        }
    }

    fn called(&mut self, room: i64, root: i64, seq: i64, author: usize, called: Vec<Value>) {
        for who in called.iter().filter_map(|id| self.who(id)).filter(|who| *who != author).collect::<Vec<_>>() {
            let own = &mut self.own[who];
            if own.rooms.contains_key(&room) {
                let place = (seq - 1).max(own.joined[&room]);
                let begin = own.version(room);
                own.threads.entry((room, root)).or_insert((true, (place, begin)));
            }
        }
    }

    fn picked(&self, room: i64, pick: usize, fit: impl Fn(&Message) -> bool) -> Option<(i64, protocol::UserId)> {
        let all = self.folds[&room].entries.iter().filter(|entry| message(entry).is_some_and(&fit));
        let all: Vec<_> = all.map(|entry| (entry.seq.0, entry.author)).collect();
        (!all.is_empty()).then(|| all[pick % all.len()])
    }

    async fn act(&mut self, server: &Server, owner: &Client, names: &[String], who: usize, room: i64, act: &Act) {
        let me = self.clients[who].clone();
        let member = self.own[who].rooms.contains_key(&room);
        let text = |names_: usize| {
            let called =
                names.iter().enumerate().filter(|(i, _)| names_ >> i & 1 == 1).map(|(_, name)| format!("@{name}"));
            let everybody = (names_ == 7).then(|| "@room".to_owned());
            format!("word {} {}", called.collect::<Vec<_>>().join(" "), everybody.unwrap_or_default())
        };
        let head = self.heads[&room];
        let root = |pick| self.picked(room, pick, |message| message.thread.is_none()).map(|(seq, _)| seq);
        match act {
            Act::Connect => {
                let device = Device::connect(server, &me).await;
                self.devices[who].push(device);
            }
            Act::Disconnect => drop(self.devices[who].pop()),
            Act::AllRead => {
                self.own[who].undo = Some(me.post("/api/v1/me/read", json!({})).await.ok(200));
                let defined = self.all_read(who);
                assert_eq!(self.own[who].undo.as_ref(), Some(&defined), "the places of before, of what moved");
            }
            Act::Undo => {
                let Some(places) = self.own[who].undo.take() else { return };
                me.post("/api/v1/me/unread", places.clone()).await.ok(204);
                self.put_back(who, &places);
            }
            Act::Join if !member => drop(me.post(&at(room, "/members"), json!({})).await.ok(201)),
            _ if !member => {}
            Act::Join => {}
            Act::Leave => drop(me.delete(&at(room, "/members/me")).await.ok(204)),
            Act::Say { names } => {
                me.post(&at(room, "/messages"), json!({"text": text(*names)})).await.ok(201);
            }
            Act::Reply { pick, names, also } => {
                let Some((root, _)) = self.picked(room, *pick, |m| m.thread.is_none() && !m.erased) else { return };
                let body = json!({"text": text(*names), "thread": root, "also": also});
                me.post(&at(room, "/messages"), body).await.ok(201);
            }
            Act::Edit { pick, names } => {
                let Some((seq, author)) = self.picked(room, *pick, |m| !m.erased) else { return };
                if author == me.id {
                    me.patch(&at(room, &format!("/messages/{seq}")), json!({"text": text(*names)})).await.ok(200);
                }
            }
            Act::Delete { pick } => {
                let Some((seq, _)) = self.picked(room, *pick, |m| !m.erased) else { return };
                owner.delete(&at(room, &format!("/messages/{seq}"))).await.ok(204);
            }
            Act::Read { to } => {
                let place = self.own[who].rooms.get_mut(&room).unwrap();
                me.put(&at(room, "/read"), json!({"seq": to, "version": place.1})).await.ok(200);
                place.0 = place.0.max((*to).min(head));
            }
            Act::Unread { to } => {
                me.put(&at(room, "/read"), json!({"seq": to, "unread": true})).await.ok(200);
                let place = self.own[who].rooms.get_mut(&room).unwrap();
                *place = ((*to).min(head), place.1 + 1);
            }
            Act::ReadThread { pick, to } | Act::Late { pick, to } => {
                let Some(root) = root(*pick) else { return };
                let mine = self.own[who].threads.get_mut(&(room, root)).filter(|mine| mine.0);
                let late = matches!(act, Act::Late { .. });
                let version = mine.as_ref().map_or(0, |mine| mine.1.1) - i64::from(late);
                let path = at(room, &format!("/messages/{root}/thread/read"));
                me.put(&path, json!({"seq": to, "version": version})).await.ok(200);
                if let Some(mine) = mine.filter(|_| !late) {
                    mine.1.0 = mine.1.0.max((*to).min(head));
                }
            }
            Act::UnreadThread { pick, to } => {
                let Some(root) = root(*pick) else { return };
                let path = at(room, &format!("/messages/{root}/thread/read"));
                me.put(&path, json!({"seq": to, "unread": true})).await.ok(200);
                let begin = self.own[who].version(room);
                let mine = self.own[who].threads.entry((room, root)).or_insert((false, (0, begin)));
                *mine = (true, ((*to).min(head), mine.1.1 + 1));
            }
            Act::Follow { pick } => {
                let Some(root) = root(*pick) else { return };
                me.put(&at(room, &format!("/messages/{root}/thread/follow")), json!({})).await.ok(200);
                let begin = self.own[who].version(room);
                let mine = self.own[who].threads.entry((room, root)).or_insert((true, (head, begin)));
                if !mine.0 {
                    *mine = (true, (head, mine.1.1 + 1));
                }
            }
            Act::LetGo { pick } => {
                let Some(root) = root(*pick) else { return };
                me.delete(&at(room, &format!("/messages/{root}/thread/follow"))).await.ok(200);
                let begin = self.own[who].version(room);
                let mine = self.own[who].threads.entry((room, root)).or_insert((false, (0, begin)));
                *mine = (false, (0, mine.1.1 + i64::from(mine.0)));
            }
        }
    }

    /// Moves everything that has something unread to the end. The places of before.
    fn all_read(&mut self, who: usize) -> Value {
        let (mut rooms, mut threads) = (Vec::new(), Vec::new());
        let own = &self.own[who];
        // The newest activity first is the server's order; here it is what they are, not in which order.
        for (room, (read, _)) in &own.rooms {
            if self.in_room(who, *room, *read).0 > 0 {
                rooms.push((*room, *read));
            }
        }
        for ((room, root), (_, (read, _))) in own.threads.iter().filter(|(_, mine)| mine.0) {
            if self.in_thread(who, *room, *root, *read).0 > 0 {
                threads.push((*room, *root, *read));
            }
        }
        let heads = self.heads.clone();
        let own = &mut self.own[who];
        for (room, _) in &rooms {
            own.rooms.get_mut(room).unwrap().0 = heads[room];
        }
        for (room, root, _) in &threads {
            own.threads.get_mut(&(*room, *root)).unwrap().1.0 = heads[room];
        }
        json!({"rooms": rooms, "threads": threads})
    }

    fn put_back(&mut self, who: usize, places: &Value) {
        let own = &mut self.own[who];
        for place in places["rooms"].as_array().unwrap() {
            if let Some(mine) = own.rooms.get_mut(&place[0].as_i64().unwrap()) {
                *mine = (place[1].as_i64().unwrap(), mine.1 + 1);
            }
        }
        for place in places["threads"].as_array().unwrap() {
            let thread = (place[0].as_i64().unwrap(), place[1].as_i64().unwrap());
            if let Some(mine) = own.threads.get_mut(&thread).filter(|mine| mine.0) {
                mine.1 = (place[2].as_i64().unwrap(), mine.1.1 + 1);
            }
        }
    }

    /// Unread and mentions among those of the messages that fit.
    fn count(&self, who: usize, room: i64, read: i64, fit: impl Fn(&Message) -> bool) -> (i64, i64) {
        let me = self.clients[who].id;
        let (mut unread, mut mentions) = (0, 0);
        for entry in self.folds[&room].entries.iter().filter(|entry| entry.seq.0 > read && entry.author != me) {
            if let Some(message) = message(entry).filter(|message| !message.erased && fit(message)) {
                unread += 1;
                mentions += i64::from(message.everyone || message.mentions.contains(&me));
            }
        }
        (unread, mentions)
    }

    fn in_room(&self, who: usize, room: i64, read: i64) -> (i64, i64) {
        self.count(who, room, read, |message| message.thread.is_none() || message.also)
    }

    fn in_thread(&self, who: usize, room: i64, root: i64, read: i64) -> (i64, i64) {
        self.count(who, room, read, |message| message.thread.is_some_and(|of| of.0 == root) && !message.also)
    }

    /// The server's answers, and what every device of this person holds, against the definition.
    async fn check(&mut self, who: usize, act: &Act) {
        let me = self.clients[who].clone();
        let own = &self.own[who];
        let rooms: BTreeMap<i64, Value> = own
            .rooms
            .iter()
            .map(|(room, (read, version))| {
                let (unread, mentions) = self.in_room(who, *room, *read);
                (*room, json!([read, version, unread, mentions]))
            })
            .collect();
        let threads: BTreeMap<(i64, i64), Value> = own
            .threads
            .iter()
            .filter(|(_, mine)| mine.0)
            .map(|((room, root), (_, (read, version)))| {
                let (unread, mentions) = self.in_thread(who, *room, *root, *read);
                ((*room, *root), json!([read, version, unread, mentions]))
            })
            .collect();
        assert_eq!(devices::rooms(&me).await, rooms, "the rooms of {who} after {act:?}");
        assert_eq!(devices::threads(&me).await.0, threads, "the threads of {who} after {act:?}");
        for device in &mut self.devices[who] {
            let heads = self.heads.iter().filter(|(room, _)| rooms.contains_key(room));
            device.settle(heads.map(|(room, head)| (*room, *head)).collect(), (&rooms, &threads), act).await;
        }
    }
}

pub fn message(entry: &protocol::fold::Entry) -> Option<&Message> {
    match &entry.what {
        What::Message(message) => Some(message),
        _ => None,
    }
}
