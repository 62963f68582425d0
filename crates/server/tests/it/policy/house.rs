//! Rooms of every kind, with people who stand to them in every way.

use crate::support::{Client, Server};
use crate::talk::{at, log, people};
use protocol::event::MemberRole;
use protocol::view::ServerRole;
use protocol::{Refusal, RoomId, Seq, Time};
use reqwest::Method;
use serde_json::{Value, json};
use server::policy::{Act, Actor, decide};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use store::rooms::RoomRow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Open,
    Private,
    Direct,
}

/// Each kind of room, live and archived. A direct room cannot be archived.
pub const ROOMS: [(Kind, bool); 5] =
    [(Kind::Open, false), (Kind::Open, true), (Kind::Private, false), (Kind::Private, true), (Kind::Direct, false)];

pub struct Who {
    pub name: &'static str,
    pub client: Client,
    pub role: ServerRole,
    /// Nobody is logged in there, or not any more.
    pub dead: bool,
}

pub struct House {
    pub people: Vec<Who>,
    made: AtomicU32,
}

pub struct Place {
    pub id: i64,
    pub name: String,
    pub row: RoomRow,
    members: HashMap<&'static str, MemberRole>,
    /// Of each author: a message that stands, and one that was erased.
    own: HashMap<&'static str, (i64, i64)>,
    /// A message that is not pinned.
    pub last: i64,
}

impl House {
    /// The server's owner, an admin and everybody else; one account is banned at the end.
    pub async fn build(server: &Server) -> House {
        let owner = server.person("server_owner").await;
        let names = ["outsider", "member", "owner", "former", "shut_out", "admin", "gone"];
        let mut clients = people(server, &names).await;
        let path = |who: &Client, what: &str| format!("/api/v1/users/{}/{what}", who.id);
        owner.put(&path(&clients[5], "role"), json!({"role": "admin"})).await.ok(204);
        owner.put(&path(&clients[6], "ban"), json!({})).await.ok(204);
        let mut everybody = vec![
            Who { name: "guest", client: server.guest(), role: ServerRole::Member, dead: true },
            Who { name: "server_owner", client: owner, role: ServerRole::Owner, dead: false },
        ];
        for (name, client) in names.into_iter().zip(clients.drain(..)) {
            let role = if name == "admin" { ServerRole::Admin } else { ServerRole::Member };
            everybody.push(Who { name, client, role, dead: name == "gone" });
        }
        House { people: everybody, made: AtomicU32::new(0) }
    }

    pub fn who(&self, name: &str) -> &Who {
        self.people.iter().find(|who| who.name == name).unwrap()
    }

    pub fn id(&self, name: &str) -> i64 {
        self.who(name).client.id.0
    }

    /// A fresh room of that kind, as every try finds it.
    pub async fn furnish(&self, (kind, archived): (Kind, bool)) -> Place {
        let (owner, member) = (&self.who("owner").client, &self.who("member").client);
        let name = format!("room {}", self.made.fetch_add(1, Ordering::Relaxed));
        let everybody = ["member", "former", "shut_out"].map(|name| self.id(name));
        let (id, authors): (i64, &[&str]) = if kind == Kind::Direct {
            let room = owner.post("/api/v1/direct", json!({"users": [member.id.0]})).await.json;
            (room["id"].as_i64().unwrap(), &["owner", "member"])
        } else {
            let body = json!({"name": name, "private": kind == Kind::Private});
            let id = owner.post("/api/v1/rooms", body).await.ok(201)["id"].as_i64().unwrap();
            owner.post(&at(id, "/members"), json!({"users": everybody})).await.ok(201);
            (id, &["owner", "member", "former", "shut_out"])
        };
        let mut own = HashMap::new();
        for author in authors {
            let (name, client) = (self.who(author).name, &self.who(author).client);
            let mut seqs = [0; 2];
            for seq in &mut seqs {
                let sent = client.post(&at(id, "/messages"), json!({"text": "kept"})).await.ok(201);
                *seq = sent["seq"].as_i64().unwrap();
            }
            client.delete(&at(id, &format!("/messages/{}", seqs[1]))).await.ok(204);
            let react = at(id, &format!("/messages/{}/reactions/👍", seqs[0]));
            client.send(Method::PUT, &react, None).await.ok(204);
            client.send(Method::PUT, &at(id, &format!("/messages/{}/pin", seqs[0])), None).await.ok(204);
            own.insert(name, (seqs[0], seqs[1]));
        }
        let last = owner.post(&at(id, "/messages"), json!({"text": "kept"})).await.ok(201)["seq"].as_i64().unwrap();
        let mut members = HashMap::from([("member", MemberRole::Member), ("owner", MemberRole::Owner)]);
        if kind == Kind::Direct {
            members.insert("owner", MemberRole::Member);
        } else {
            owner.delete(&at(id, &format!("/members/{}", self.id("former")))).await.ok(204);
            owner.put(&at(id, &format!("/bans/{}", self.id("shut_out"))), json!({})).await.ok(204);
        }
        if archived {
            owner.patch(&at(id, ""), json!({"archived": true})).await.ok(200);
        }
        let row = RoomRow {
            id: RoomId(id),
            name: name.clone(),
            topic: String::new(),
            private: kind != Kind::Open,
            direct: kind == Kind::Direct,
            archived,
            members: 2,
            head: Seq(0),
            first: Seq(1),
            at: Time(0),
            previews: true,
        };
        Place { id, name, row, members, own, last }
    }

    /// Nothing but messages, joining and leaving came of all that was tried.
    pub async fn unchanged(&self, place: &Place) {
        let events = log(&self.who("owner").client, place.id).await;
        let furnished = events.iter().position(|event| event["text"] == "hello").unwrap_or(events.len());
        let late = |event: &&Value| !["message", "joined", "left"].contains(&event["kind"].as_str().unwrap());
        assert_eq!(events[furnished..].iter().find(late), None);
    }
}

impl Place {
    pub fn member(&self, who: &Who) -> Option<MemberRole> {
        self.members.get(who.name).copied()
    }

    pub fn own(&self, who: &Who) -> (i64, i64) {
        self.own.get(who.name).copied().unwrap_or((1, 1))
    }

    /// An erased message of somebody else.
    pub fn anothers(&self, who: &Who) -> i64 {
        self.own[if who.name == "owner" { "member" } else { "owner" }].1
    }

    pub fn decide(&self, who: &Who, act: Act) -> Result<(), Refusal> {
        decide(act, &Actor { user: who.client.id, server: who.role, member: self.member(who) }, &self.row)
    }

    /// Whether that joining or leaving, which is allowed, changed anything.
    pub fn changes(&self, who: &Who, act: Act) -> bool {
        (act == Act::Join) == self.member(who).is_none()
    }
}
