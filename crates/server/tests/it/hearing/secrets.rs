//! Private things with a word in each of them.

use crate::files::kit;
use crate::files::site::Site;
use crate::support::{Client, Server};
use crate::talk::{Ear, at, people, private, say};
use serde_json::json;

/// The word. No part of the program has it.
pub const CANARY: &str = "kanarienvogel";

pub struct People {
    pub ana: Client,
    pub bo: Client,
    pub former: Client,
    pub outsider: Client,
}

pub struct Secrets {
    pub clients: People,
    pub hidden: i64,
    pub direct: i64,
    pub notes: i64,
    pub outsider: i64,
    pub invite: String,
    /// Of a message by somebody else.
    pub client_id: String,
}

impl Secrets {
    /// The rooms and their people, before anything is said that others must not hear.
    pub async fn prepare(server: &Server, owner: &Client) -> Secrets {
        let mut list = people(server, &["ana", "bo", "former", "outsider"]).await;
        let outsider = list.pop().unwrap();
        let former = list.pop().unwrap();
        let (bo, ana) = (list.pop().unwrap(), list.pop().unwrap());
        // Nobody shares a room with these two any more.
        let hidden = private(&[&ana, &bo, &former]).await;
        for who in [&former, &outsider] {
            who.delete("/api/v1/rooms/1/members/me").await.ok(204);
        }
        former.delete(&at(hidden, "/members/me")).await.ok(204);
        let direct = ana.post("/api/v1/direct", json!({"users": [bo.id]})).await.ok(201)["id"].as_i64().unwrap();
        let notes = ana.post("/api/v1/direct", json!({"users": [ana.id]})).await.ok(201)["id"].as_i64().unwrap();
        ana.patch("/api/v1/me", json!({"status": "at home", "settings": {"word": CANARY}})).await.ok(200);
        let invite = owner.post("/api/v1/invites", json!({})).await.ok(201)["code"].as_str().unwrap().to_owned();
        let (outsider_id, client_id) = (outsider.id.0, "anas-first".to_owned());
        let clients = People { ana, bo, former, outsider };
        Secrets { clients, hidden, direct, notes, outsider: outsider_id, invite, client_id }
    }

    pub fn rooms(&self) -> [i64; 3] {
        [self.hidden, self.direct, self.notes]
    }

    /// Says the word wherever it can be said; who may hear it has heard all of it when this is over.
    pub async fn tell(&mut self, server: &Server) {
        let (ana, bo) = (&self.clients.ana, &self.clients.bo);
        let mut witness = Ear::open(server, bo).await;
        let mut own = Ear::open(server, ana).await;
        witness.ask(json!({"t": "watch", "users": [ana.id], "rooms": [self.hidden]})).await;
        let word = |what: &str| format!("{what} {CANARY}");
        let change = json!({"name": word("name"), "topic": word("topic")});
        ana.patch(&at(self.hidden, ""), change).await.ok(200);
        for room in self.rooms() {
            let first = say(ana, room, &word("message @former @outsider")).await;
            ana.patch(&at(room, &format!("/messages/{first}")), json!({"text": word("edit")})).await.ok(200);
            let path = at(room, "/messages");
            let sent = json!({"text": word("again"), "client_id": self.client_id});
            ana.post(&path, sent).await.ok(201);
            let reply = json!({"text": word("reply"), "thread": first});
            ana.post(&path, reply).await.ok(201);
            ana.put(&at(room, "/draft"), json!({"text": word("draft")})).await.ok(200);
            let file = kit::upload(ana, &format!("{CANARY}.png"), &kit::png(20, 20, room as u8)).await;
            kit::share(ana, room, &word("file"), json!([{"id": file, "alt": word("alt")}])).await;
        }
        // What a link shows: a page with that title, and a picture.
        let site = Site::start().await;
        let page = format!("/show?{}#{CANARY}", site.url(&format!("/{CANARY}-picture-1")));
        for path in [page, format!("/{CANARY}")] {
            let linked = say(ana, self.hidden, &site.url(&path)).await;
            witness.until(|frame| frame["kind"] == "preview" && frame["target"] == linked).await;
        }
        // One that is not sent yet, whole, and one that is on its way.
        kit::upload(ana, &format!("unsent {CANARY}"), CANARY.as_bytes()).await;
        let begun = ana.saying("tus-resumable", "1.0.0").saying("upload-length", "20");
        let named = begun.saying("upload-metadata", &crate::files::pieces::named(CANARY));
        assert_eq!(named.raw(reqwest::Method::POST, kit::FILES, None).await.status, 201);
        own.ask(json!({"t": "typing", "room": self.hidden})).await;
        witness.hear("typing").await;
        for room in [self.hidden, self.direct] {
            witness.drain().await;
            let head = bo.get(&at(room, "")).await.ok(200)["head"].as_i64().unwrap();
            witness.reach(room, head).await;
        }
        assert!(witness.heard(CANARY) && !witness.heard("draft"));
        own.drain().await;
        assert!(own.heard(&word("draft")));
    }
}
