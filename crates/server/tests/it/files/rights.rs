//! Who may read a message may read its files, and nobody else: every way to a file, tried by everybody, in every
//! kind of room. What must come of it is asked of the policy's own table.

use super::kit::*;
use super::previews::{hears, start};
use super::site::Site;
use crate::policy::house::{House, Kind, Place, Who};
use crate::support::{Answer, Client, Server};
use crate::talk::{Ear, at, finish, say};
use reqwest::Method;
use serde_json::{Value, json};
use server::policy::Act;

/// What a file may be to whom.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    /// It stands in a message.
    Sent,
    /// It stands in a reply.
    Reply,
    /// A link's page came with it.
    Preview,
    /// Its message was deleted.
    Deleted,
    /// No message names it yet.
    Unsent,
    Nobody,
}

/// Every way to the bytes of a file.
async fn ways(who: &Client, file: i64) -> Vec<(String, Answer)> {
    let (bytes, small) = (path(file), |width| thumbnail(file, width));
    let ranged = who.saying("range", "bytes=0-3");
    let known = who.saying("if-none-match", "*");
    let mut answers = Vec::new();
    for (who, path) in [
        (who, bytes.clone()),
        (who, format!("{bytes}?download=1")),
        (&ranged, bytes.clone()),
        (&known, bytes.clone()),
        (who, small(80)),
        (who, small(1_920)),
        (&ranged, small(640)),
        (&known, small(640)),
    ] {
        answers.push((path.clone(), who.get(&path).await));
    }
    for path in [bytes, small(640)] {
        answers.push((format!("HEAD {path}"), who.raw(Method::HEAD, &path, None).await));
    }
    answers
}

/// The answer but for what names the request.
fn alike(answer: &Answer) -> (u16, String, Value) {
    let mut json = answer.json.clone();
    if let Some(json) = json.as_object_mut() {
        json.remove("request_id");
    }
    (answer.status, format!("{:?} {:?}", answer.headers.get("etag"), answer.headers.get("content-disposition")), json)
}

/// Files of every kind in a room.
async fn furnish(server: &Server, house: &House, place: &Place, site: &Site) -> Vec<(Of, i64)> {
    let member = &house.who("member").client;
    let mut files = Vec::new();
    for (seed, of) in [(1, Of::Sent), (2, Of::Reply), (3, Of::Deleted), (4, Of::Unsent)] {
        files.push((of, upload(member, &format!("{of:?}.png"), &png(20, 20, seed)).await));
    }
    let said = share(member, place.id, "", json!([files[0].1])).await;
    let reply = json!({"text": "", "files": [files[1].1], "thread": said["seq"]});
    member.post(&at(place.id, "/messages"), reply).await.ok(201);
    let gone = share(member, place.id, "", json!([files[2].1])).await;
    member.delete(&at(place.id, &format!("/messages/{}", gone["seq"]))).await.ok(204);
    let mut ear = Ear::open(server, member).await;
    let linked = say(member, place.id, &site.url(&format!("/show?{}", site.url("/picture-5")))).await;
    files.push((Of::Preview, id(&hears(&mut ear, linked).await["previews"][0]["image"])));
    files.push((Of::Nobody, 999_999));
    files
}

fn may(place: &Place, who: &Who, of: Of) -> bool {
    match of {
        Of::Sent | Of::Reply | Of::Preview => place.decide(who, Act::Read).is_ok(),
        Of::Unsent => who.name == "member",
        Of::Deleted | Of::Nobody => false,
    }
}

async fn tried(house: &House, place: &Place, files: &[(Of, i64)], kind: Kind) {
    for who in &house.people {
        let unknown = ways(&who.client, 999_999).await;
        for (of, file) in files {
            let may = !who.dead && may(place, who, *of);
            for ((way, answer), (_, nowhere)) in ways(&who.client, *file).await.iter().zip(&unknown) {
                let what = format!("{} reads {of:?} in {kind:?}: {way}", who.name);
                if may {
                    assert!([200, 206, 304].contains(&answer.status), "{what}: {} {}", answer.status, answer.text);
                } else {
                    assert_eq!(answer.status, if who.dead { 401 } else { 404 }, "{what}");
                    assert_eq!(alike(answer), alike(nowhere), "{what}: private and unknown look alike");
                }
            }
            // Only what was not sent can be taken away, by who may send it.
            if *of != Of::Unsent || who.name != "member" {
                let refused = who.client.delete(&path(*file)).await;
                assert_eq!(refused.status, if who.dead { 401 } else { 404 }, "{} drops {of:?}", who.name);
            }
        }
        for (list, whole) in [(at(place.id, "/files?limit=200"), true), (format!("{FILES}?limit=200"), false)] {
            let answer = who.client.get(&list).await;
            let listed: Vec<i64> = answer.json["files"].as_array().into_iter().flatten().map(id).collect();
            let reads = !who.dead && place.decide(who, Act::Read).is_ok();
            assert_eq!(answer.status == 200, if whole { reads } else { !who.dead }, "{} lists {list}", who.name);
            for (of, file) in files {
                let seen = reads && matches!(of, Of::Sent | Of::Reply);
                assert_eq!(listed.contains(file), seen, "{} lists {of:?} in {kind:?}", who.name);
            }
        }
    }
}

both! {
    async fn every_way_to_a_file_by_everybody(db: Db) {
        let (server, site) = (start(db).await, Site::start().await);
        let house = House::build(&server).await;
        for kind in [Kind::Open, Kind::Private, Kind::Direct] {
            let place = house.furnish((kind, false)).await;
            let files = furnish(&server, &house, &place, &site).await;
            tried(&house, &place, &files, kind).await;
            if kind != Kind::Direct {
                // What is archived can be read as before.
                house.who("owner").client.patch(&at(place.id, ""), json!({"archived": true})).await.ok(200);
                tried(&house, &place, &files, kind).await;
            }
        }
        finish(server, &[&house.who("owner").client]).await;
    }
}
