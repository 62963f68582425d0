//! A few people and a room of theirs, and the verbs that these tests speak in.

use crate::support::{Answer, Client, Server};
use crate::talk::{at, people, private};
use reqwest::Method;
use serde_json::Value;

/// Two members of a private room, and three who must not learn anything of it.
pub struct Scene {
    pub server: Server,
    /// Owns the server and the room.
    pub ana: Client,
    pub bo: Client,
    /// Never was there, was removed, was banned.
    pub others: [(&'static str, Client); 3],
    pub room: i64,
}

impl Scene {
    pub async fn set(server: Server) -> Scene {
        let ana = server.person("ana").await;
        let [bo, outsider, former, banned] =
            people(&server, &["bo", "out", "cy", "dee"]).await.try_into().ok().unwrap();
        let room = private(&[&ana, &bo, &former, &banned]).await;
        ana.delete(&at(room, &format!("/members/{}", former.id))).await.ok(204);
        ana.put(&at(room, &format!("/bans/{}", banned.id)), serde_json::json!({})).await.ok(204);
        let others = [("outsider", outsider), ("former member", former), ("banned", banned)];
        Scene { server, ana, bo, others, room }
    }

    /// Nothing that these calls answer to others tells them from what they answer of a room that is not there.
    pub async fn tells_nobody_else(&self, method: Method, path: &str, body: Option<Value>) {
        for (name, client) in &self.others {
            let there = client.send(method.clone(), &at(self.room, path), body.clone()).await;
            let nowhere = client.send(method.clone(), &at(999_999, path), body.clone()).await;
            there.refused(404, "not_found");
            assert_eq!(alike(&there), alike(&nowhere), "{name}: {method} {path}");
        }
    }
}

/// The answer but for what names the request.
pub fn alike(answer: &Answer) -> (u16, Value) {
    let mut json = answer.json.clone();
    if let Some(map) = json.as_object_mut() {
        map.remove("request_id");
    }
    (answer.status, json)
}

/// A call without a body.
pub async fn put(who: &Client, room: i64, path: &str) -> Answer {
    who.send(Method::PUT, &at(room, path), None).await
}

pub async fn react(who: &Client, room: i64, seq: i64, emoji: &str) -> Answer {
    put(who, room, &format!("/messages/{seq}/reactions/{emoji}")).await
}

pub async fn unreact(who: &Client, room: i64, seq: i64, emoji: &str) -> Answer {
    who.delete(&at(room, &format!("/messages/{seq}/reactions/{emoji}"))).await
}

/// The message as it reads alone, once it is known to read so on a page too.
pub async fn shown(who: &Client, room: i64, seq: i64) -> Value {
    let alone = who.get(&at(room, &format!("/messages/{seq}"))).await.ok(200);
    let page = who.get(&at(room, &format!("/messages?around={seq}&limit=3"))).await.ok(200);
    let on_page = page["messages"].as_array().unwrap().iter().find(|entry| entry["seq"] == seq);
    assert_eq!(on_page, Some(&alone));
    alone
}

/// What `parlour verify` has to say.
pub async fn sound(server: &Server) {
    let wrong: Vec<String> = server::admin::ask(server.db.config(), server::admin::Request::Verify).await.unwrap();
    assert_eq!(wrong, Vec::<String>::new());
}
