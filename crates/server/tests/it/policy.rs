//! Who may do what, tried: every call below a room by every kind of person in every kind of room. What must come
//! of it is asked of the policy's own table.

mod frames;
pub mod house;
mod server_acts;

use crate::support::{Answer, Client, Server};
use crate::talk::{at, finish};
use house::{House, Place, ROOMS, Who};
use protocol::{Code, Refusal};
use reqwest::Method;
use serde_json::{Value, json};
use server::http::TABLE;
use server::policy::Act;

/// One way to try a call: what it does in the policy's words, the rest of its path, its body. What is sent changes
/// nothing where it is allowed, but for joining and leaving.
struct Try {
    act: Act,
    path: String,
    body: Option<Value>,
}

fn body(act: Act, path: &str, body: Value) -> Try {
    Try { act, path: path.to_owned(), body: Some(body) }
}

fn bare(act: Act, path: &str) -> Try {
    Try { act, path: path.to_owned(), body: None }
}

/// How a call below a room is tried. A route without a line here is one that nobody thought about.
fn tries(house: &House, place: &Place, who: &Who, method: &str, path: &str) -> Vec<Try> {
    use Act::*;
    let (own, erased) = place.own(who);
    let member = house.id("member");
    let patch = |act, field: &str, value: Value| body(act, "", json!({field: value}));
    match (method, path.strip_prefix("/rooms/{room}").unwrap()) {
        ("get", "") => vec![bare(Browse, "")],
        ("patch", "") => vec![
            patch(Rename, "name", json!(place.name)),
            patch(SetTopic, "topic", json!("")),
            patch(Archive, "archived", json!(place.row.archived)),
            patch(SetPreviews, "previews", json!(true)),
        ],
        ("get", "/members") => vec![bare(Read, "/members"), bare(Read, "/members?q=a&online=true")],
        ("post", "/members") => {
            // Somebody who is there already, and not the one who asks.
            let there = house.id(if who.name == "member" { "owner" } else { "member" });
            vec![body(Join, "/members", json!({})), body(Add, "/members", json!({"user": there}))]
        }
        ("delete", "/members/{user}") => {
            // Somebody who is not there, and not the one who asks.
            let absent = house.id(if who.name == "former" { "outsider" } else { "former" });
            vec![bare(Leave, "/members/me"), bare(Remove, &format!("/members/{absent}"))]
        }
        ("put", "/members/{user}/role") => {
            vec![body(SetRole, &format!("/members/{member}/role"), json!({"role": "member"}))]
        }
        ("get", "/bans") => vec![bare(Ban, "/bans")],
        ("put", "/bans/{user}") => vec![bare(Ban, &format!("/bans/{}", house.id("shut_out")))],
        ("delete", "/bans/{user}") => vec![bare(Ban, &format!("/bans/{}", house.id("outsider")))],
        ("get", "/messages" | "/events") => vec![
            bare(Read, path.strip_prefix("/rooms/{room}").unwrap()),
            bare(Read, &format!("{}?around=1&limit=2", path.strip_prefix("/rooms/{room}").unwrap())),
        ],
        ("post", "/messages") => vec![body(Post, "/messages", json!({"text": "hello"}))],
        ("get", "/messages/{seq}") => vec![bare(Read, &format!("/messages/{own}"))],
        ("patch", "/messages/{seq}") => vec![body(Edit, &format!("/messages/{own}"), json!({"text": "kept"}))],
        ("delete", "/messages/{seq}") => vec![
            bare(DeleteOwn, &format!("/messages/{erased}")),
            bare(DeleteOthers, &format!("/messages/{}", place.anothers(who))),
        ],
        ("get", "/files") => vec![bare(Read, "/files"), bare(Read, "/files?q=a&kind=media&limit=1")],
        ("delete", "/messages/{seq}/previews") => {
            vec![bare(Edit, &format!("/messages/{own}/previews?url=https%3A%2F%2Fexample.org"))]
        }
        ("get", "/messages/{seq}/history") => vec![bare(Read, &format!("/messages/{own}/history"))],
        ("get", "/messages/{seq}/reactions") => vec![bare(Read, &format!("/messages/{own}/reactions"))],
        // The one that everybody's message has from them, and one that it has from nobody.
        ("put", "/messages/{seq}/reactions/{emoji}") => vec![bare(React, &format!("/messages/{own}/reactions/👍"))],
        ("delete", "/messages/{seq}/reactions/{emoji}") => vec![bare(React, &format!("/messages/{own}/reactions/👎"))],
        ("get", "/pins") => vec![bare(Read, "/pins")],
        ("put", "/messages/{seq}/pin") => vec![bare(Pin, &format!("/messages/{own}/pin"))],
        ("delete", "/messages/{seq}/pin") => vec![bare(Pin, &format!("/messages/{}/pin", place.last))],
        ("get", "/messages/{seq}/thread") => vec![
            bare(Read, &format!("/messages/{own}/thread")),
            bare(Read, &format!("/messages/{own}/thread?around=1&limit=2")),
        ],
        ("put", "/messages/{seq}/thread/read") => {
            vec![body(Read, &format!("/messages/{own}/thread/read"), json!({"seq": 1}))]
        }
        ("put", "/messages/{seq}/thread/follow") => {
            vec![body(Read, &format!("/messages/{own}/thread/follow"), json!({}))]
        }
        ("delete", "/messages/{seq}/thread/follow") => vec![bare(Read, &format!("/messages/{own}/thread/follow"))],
        ("get", "/messages/{seq}/thread/why") => vec![bare(Read, &format!("/messages/{own}/thread/why"))],
        ("get", "/why") => vec![bare(Read, "/why")],
        ("put", "/read") => vec![body(Read, "/read", json!({"seq": 1}))],
        ("put", "/level") => {
            vec![body(Read, "/level", json!({"level": "all"})), body(Read, "/level", json!({"muted_until": null}))]
        }
        ("put", "/draft") => vec![body(Read, "/draft", json!({"text": ""}))],
        _ => panic!("{method} {path} has no act: say in this table what it does"),
    }
}

/// What must come of it: the policy's answer, and the three rules that are no right.
fn expected(place: &Place, who: &Who, act: Act) -> Result<(), Code> {
    let member = place.member(who);
    if who.dead {
        return Err(Code::Unauthenticated);
    }
    let decide = |act| place.decide(who, act).map_err(|refusal: Refusal| refusal.code);
    match act {
        Act::Join if member.is_some() => decide(Act::Browse),
        Act::Join => decide(Act::Join).and(if who.name == "shut_out" { Err(Code::Forbidden) } else { Ok(()) }),
        Act::Leave if member.is_none() && !place.row.direct => decide(Act::Browse),
        Act::Leave if who.name == "owner" => decide(Act::Leave).and(Err(Code::LastOwner)),
        act => decide(act),
    }
}

async fn send(client: &Client, method: &str, room: i64, one: &Try) -> Answer {
    let method: Method = method.to_uppercase().parse().unwrap();
    client.send(method, &at(room, &one.path), one.body.clone()).await
}

/// The answer but for what names the request.
fn alike(answer: &Answer) -> (u16, Value) {
    let mut json = answer.json.clone();
    json.as_object_mut().unwrap().remove("request_id");
    (answer.status, json)
}

both! {
    async fn every_call_of_a_room_by_everybody(db: Db) {
        let server = Server::start(db).await;
        let house = House::build(&server).await;
        let routes = TABLE.iter().filter(|(_, path)| path.starts_with("/rooms/{room}"));
        let routes: Vec<_> = routes.collect();
        assert!(routes.len() >= 18, "the table was read");
        for kind in ROOMS {
            let mut place = house.furnish(kind).await;
            for who in &house.people {
                for (method, path) in &routes {
                    for one in tries(&house, &place, who, method, path) {
                        let must = expected(&place, who, one.act);
                        let answer = send(&who.client, method, place.id, &one).await;
                        let what = format!("{} does {:?} ({method} {path}) in {kind:?}", who.name, one.act);
                        match must {
                            Ok(()) => assert!((200..=204).contains(&answer.status), "{what}: {}", answer.text),
                            Err(code) => {
                                assert_eq!(answer.json["code"], json!(code), "{what}: {}", answer.text);
                                answer.refused(code.status(), answer.code());
                            }
                        }
                        if must == Err(Code::NotFound) {
                            let nowhere = send(&who.client, method, 999_999, &one).await;
                            assert_eq!(alike(&answer), alike(&nowhere), "{what}: private and unknown look alike");
                        }
                        let moves = matches!(one.act, Act::Join | Act::Leave);
                        if moves && must.is_ok() && place.changes(who, one.act) {
                            place = house.furnish(kind).await;
                        }
                    }
                }
            }
            house.unchanged(&place).await;
        }
        finish(server, &[&house.who("owner").client]).await;
    }
}
