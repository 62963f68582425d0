//! Rights that end: from the answer on, no way leads to a file any more.

use super::kit::*;
use crate::support::{Client, PASSWORD, Server};
use crate::talk::{at, finish, private};
use serde_json::json;

/// Ends the right of a device of a person to read what stands in a room.
async fn end(way: &str, server: &Server, owner: &Client, person: &Client, device: &Client, room: i64) {
    let member = at(room, &format!("/members/{}", person.id));
    match way {
        "removed" => owner.delete(&member).await.ok(204),
        "leaves" => person.delete(&at(room, "/members/me")).await.ok(204),
        "banned from the room" => owner.put(&at(room, &format!("/bans/{}", person.id)), json!({})).await.ok(204),
        "logs out" => device.delete("/api/v1/sessions/current").await.ok(204),
        "new password" => {
            let other = server.login(way_name(way)).await;
            other.put("/api/v1/me/password", json!({"current": PASSWORD, "password": PASSWORD})).await.ok(204)
        }
        _ => owner.put(&format!("/api/v1/users/{}/ban", person.id), json!({})).await.ok(204),
    };
}

fn way_name(way: &str) -> &'static str {
    match way {
        "removed" => "ana",
        "leaves" => "bo",
        "banned from the room" => "cy",
        "logs out" => "dee",
        "new password" => "eve",
        _ => "fay",
    }
}

both! {
    async fn from_the_answer_on_a_file_is_out_of_reach(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let file = upload(&owner, "canary.png", &png(700, 500, 1)).await;
        for (way, status) in [
            ("removed", 404),
            ("leaves", 404),
            ("banned from the room", 404),
            ("logs out", 401),
            ("new password", 401),
            ("banned", 401),
        ] {
            let person = server.person(way_name(way)).await;
            let device = server.login(way_name(way)).await;
            let room = private(&[&owner, &person]).await;
            share(&owner, room, "", json!([file])).await;
            // A page shows it by the cookie, and has it already.
            let page = device.by_cookie();
            let shown = page.get(&path(file)).await;
            assert_eq!(shown.status, 200);
            let tag = shown.header("etag").to_owned();
            for who in [&device, &page] {
                assert_eq!(who.get(&thumbnail(file, 640)).await.status, 200, "{way}");
            }
            assert_eq!(page.saying("if-none-match", &tag).get(&path(file)).await.status, 304);
            end(way, &server, &owner, &person, &device, room).await;
            for who in [&device, &page, &page.saying("if-none-match", &tag), &page.saying("range", "bytes=0-9")] {
                for path in [path(file), thumbnail(file, 640), thumbnail(file, 80)] {
                    let refused = who.get(&path).await;
                    assert_eq!(refused.status, status, "{way}: {path}");
                    assert!(refused.headers.get("etag").is_none() && refused.header("cache-control") == "no-store");
                }
                assert!(!who.get(FILES).await.text.contains("canary"), "{way}");
            }
            // Who was removed and comes back, reads again.
            if way == "removed" {
                owner.post(&at(room, "/members"), json!({"user": person.id})).await.ok(201);
                assert_eq!(page.get(&path(file)).await.status, 200);
            }
        }
        finish(server, &[&owner]).await;
    }
}
