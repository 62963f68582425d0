//! Who must not hear: a word is put into everything that is private, and looked for in everything that others can
//! see, and in the log that the server writes.

mod journal;
mod secrets;

use crate::files::previews;
use crate::support::{Answer, Client};
use crate::talk::{Ear, at, finish, people};
use reqwest::Method;
use secrets::{CANARY, Secrets};
use serde_json::json;
use server::http::TABLE;

/// Everything that GET can give, with every number that could name something private.
fn calls(secrets: &Secrets) -> Vec<String> {
    let mut calls = Vec::new();
    for (_, path) in TABLE.iter().filter(|(method, _)| *method == "get") {
        let numbers = |count: i64| (1..=count).map(|n| n.to_string()).collect::<Vec<_>>();
        let rooms = if path.contains("{room}") {
            secrets.rooms().map(|room| room.to_string()).to_vec()
        } else {
            vec![String::new()]
        };
        let inner = if path.contains("{seq}") {
            numbers(16)
        } else if path.contains("{id}") {
            numbers(8)
        } else {
            vec![String::new()]
        };
        for room in &rooms {
            for n in &inner {
                let path = path.replace("{room}", room).replace("{seq}", n).replace("{id}", n);
                calls.push(format!("/api/v1{path}"));
            }
        }
    }
    for query in [
        "files?limit=200&q=",
        "users?q=",
        "rooms?scope=open&q=",
        "rooms?scope=open&limit=1000&x=",
        "rooms?limit=1000&x=",
    ] {
        calls.push(format!("/api/v1/{query}{CANARY}"));
    }
    for room in secrets.rooms() {
        for query in [
            "messages?around=3",
            "messages?before=9",
            "messages?after=1",
            "events?after=0&limit=1000",
            "members?q=a&online=true",
            "files?kind=media&limit=200",
        ] {
            calls.push(at(room, &format!("/{query}")));
        }
    }
    calls.extend(["/healthz", "/readyz", "/metrics", "/", "/r/2", "/r/2/3"].map(str::to_owned));
    calls
}

fn clean(answer: &Answer, what: &str) {
    let headers = format!("{:?}", answer.headers);
    assert!(!answer.text.contains(CANARY) && !headers.contains(CANARY), "{what}: {}", answer.text);
}

/// Looks everywhere, and tries every change of what is not theirs.
async fn look(who: &Client, name: &str, secrets: &Secrets) {
    for path in calls(secrets) {
        clean(&who.get(&path).await, &format!("{name} GET {path}"));
    }
    for (method, path) in TABLE.iter().filter(|(method, path)| *method != "get" && path.starts_with("/rooms/{room}")) {
        for room in secrets.rooms() {
            let path = path.replace("{room}", &room.to_string()).replace("{user}", "3").replace("{seq}", "4");
            let method: Method = method.to_uppercase().parse().unwrap();
            let body = json!({"text": "t", "name": "n", "users": [3], "seq": 4, "level": "all", "role": "owner"});
            let answer = who.send(method, &format!("/api/v1{path}"), Some(body)).await;
            clean(&answer, &format!("{name} {path}"));
            assert!(answer.status >= 400, "{name} {path}: {}", answer.status);
        }
    }
}

/// Says everything that a socket can say about what is not theirs.
async fn probe(ear: &mut Ear, secrets: &Secrets) {
    for room in secrets.rooms() {
        for frame in [
            json!({"t": "send", "client_id": "probe", "text": "t"}),
            json!({"t": "send", "client_id": secrets.client_id, "text": "t"}),
            json!({"t": "typing"}),
            json!({"t": "read", "seq": 3}),
        ] {
            let mut frame = frame;
            frame["room"] = json!(room);
            assert_eq!(ear.ask(frame.clone()).await["code"], "not_found", "{frame}");
        }
    }
    let users: Vec<i64> = (1..=8).filter(|id| *id != secrets.outsider).collect();
    ear.ask(json!({"t": "watch", "users": users, "rooms": secrets.rooms()})).await;
}

both! {
    async fn the_word_is_nowhere(db: Db) {
        let journal = journal::keep();
        let server = previews::start(db).await;
        let owner = server.person("owner").await;
        let mut secrets = Secrets::prepare(&server, &owner).await;
        let guest = server.guest();
        let cursors: Vec<_> = secrets.rooms().map(|room| (room, 2)).to_vec();
        let (outsider, former) = (secrets.clients.outsider.clone(), secrets.clients.former.clone());
        let mut ears = Vec::new();
        for who in [&outsider, &former, &owner] {
            ears.push(Ear::resume(&server, who, &cursors).await);
            ears.push(Ear::open(&server, who).await);
        }
        // One that was logged in when it began, and is not any more.
        let logged_out = people(&server, &["late"]).await.remove(0);
        let mut dead = Ear::open(&server, &logged_out).await;
        logged_out.delete("/api/v1/sessions/current").await.ok(204);
        assert_eq!(dead.closed().await.0, 4401);
        for ear in &mut ears {
            probe(ear, &secrets).await;
        }

        secrets.tell(&server).await;
        for (who, name) in [(&outsider, "outsider"), (&former, "former"), (&owner, "server owner"), (&guest, "guest"), (&logged_out, "logged out")] {
            look(who, name, &secrets).await;
        }
        for ear in &mut ears {
            probe(ear, &secrets).await;
            ear.drain().await;
            assert!(!ear.heard(CANARY), "{:#?}", ear.frames);
            let rooms = secrets.rooms();
            let foreign = |frame: &serde_json::Value| {
                let kind = frame["t"].as_str().unwrap();
                !["reset", "refused"].contains(&kind) && rooms.iter().any(|room| frame["room"] == *room)
            };
            assert_eq!(ear.frames.iter().find(|frame| foreign(frame)), None);
            assert_eq!(ear.frames.iter().find(|frame| frame["t"] == "typing"), None);
        }
        // Strangers' presence is nobody's business.
        for ear in &ears[..4] {
            assert_eq!(ear.frames.iter().find(|frame| frame["t"] == "presence"), None);
        }
        for status in ["/api/v1/users/2", "/api/v1/users?q=ana"] {
            guest.get(status).await.refused(401, "unauthenticated");
            assert!(outsider.get(status).await.text.contains("at home"), "who is logged in sees it");
        }
        guest.get("/api/v1/invites").await.refused(401, "unauthenticated");
        outsider.get("/api/v1/invites").await.refused(403, "forbidden");

        let ana = secrets.clients.ana.clone();
        finish(server, &[&ana]).await;
        let written = journal.text();
        assert!(written.contains("answered"), "the server wrote a log");
        for word in [CANARY, crate::support::PASSWORD, ana.token.as_deref().unwrap(), &secrets.invite] {
            assert!(!written.contains(word), "{word} stands in the server's log: {}", journal.around(word));
        }
    }
}
