//! Leaving, being removed, being banned from a room.

use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, log, people, private, same, say};
use serde_json::json;

/// The ways out of a room: who asks, and how.
async fn go(way: &str, room: i64, owner: &Client, person: &Client) {
    let (who, method, path) = match way {
        "leaves" => (person, reqwest::Method::DELETE, "/members/me".to_owned()),
        "is removed" => (owner, reqwest::Method::DELETE, format!("/members/{}", person.id)),
        _ => (owner, reqwest::Method::PUT, format!("/bans/{}", person.id)),
    };
    who.send(method, &at(room, &path), None).await.ok(204);
}

both! {
    async fn whoever_goes_has_the_log_up_to_there_and_nothing_after(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        for (way, name) in [("leaves", "ana"), ("is removed", "bo"), ("is banned", "cy")] {
            let person = people(&server, &[name]).await.remove(0);
            let room = private(&[&owner, &person]).await;
            let (mut hears, mut phone) = (Ear::open(&server, &person).await, Ear::open(&server, &person).await);
            let mut witness = Ear::open(&server, &owner).await;
            let from = log(&owner, room).await.len() as i64;
            say(&owner, room, "before").await;
            go(way, room, &owner, &person).await;
            let left = from + 2;
            let after = say(&owner, room, "canary").await;
            assert_eq!(after, left + 1);
            witness.reach(room, after).await;
            for ear in [&mut hears, &mut phone] {
                ear.drain().await;
                same(&ear.events(room), &log(&owner, room).await, from);
                assert_eq!(ear.seqs(room), [left - 1, left], "{way}");
                let place = |kind: &str| ear.frames.iter().rposition(|frame| frame["t"] == kind && frame["room"] == room);
                assert!(place("gone") > place("event"), "{way}: gone comes after the last event");
                assert!(!ear.heard("canary"), "{way}");
                // Neither does it write or look any more.
                let sent = ear.ask(json!({"t": "send", "room": room, "client_id": name, "text": "late"})).await;
                assert_eq!(sent["code"], "not_found", "{way}");
            }
            for path in ["/events", "/messages", "", "/members", &format!("/messages/{left}")] {
                person.get(&at(room, path)).await.refused(404, "not_found");
            }
            let mut again = Ear::resume(&server, &person, &[(room, from)]).await;
            let reset = again.frames[1].clone();
            assert_eq!((&reset["room"], &reset["reason"], &reset["head"]), (&json!(room), &json!("unknown_room"), &json!(0)));
            again.drain().await;
            assert!(!again.heard("canary") && !again.heard("before"), "{way}");
        }
        finish(server, &[&owner]).await;
    }

    async fn leaving_and_coming_back_in_a_row_loses_nothing(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let person = people(&server, &["ana"]).await.remove(0);
        let room = owner.room("open").await;
        let mut ear = Ear::open(&server, &person).await;
        for _ in 0..10 {
            person.post(&at(room, "/members"), json!({})).await.ok(201);
            say(&owner, room, "inside").await;
            person.delete(&at(room, "/members/me")).await.ok(204);
            say(&owner, room, "outside").await;
        }
        person.post(&at(room, "/members"), json!({})).await.ok(201);
        let last = say(&owner, room, "the end").await;
        ear.reach(room, last).await;
        let log = log(&owner, room).await;
        // Each time from the event that brought them in to the one that took them out.
        let mut inside = false;
        let entitled = log.iter().filter(|event| {
            let mine = event["users"] == json!([person.id]);
            inside |= mine && event["kind"] == "joined";
            let hears = inside;
            inside &= !(mine && event["kind"] == "left");
            hears
        });
        assert_eq!(ear.events(room), entitled.cloned().collect::<Vec<_>>());
        assert_eq!(ear.frames.iter().filter(|frame| frame["t"] == "gone").count(), 10);
        assert_eq!(ear.frames.iter().filter(|frame| frame["t"] == "room").count(), 11);
        finish(server, &[&owner]).await;
    }

    async fn a_room_is_never_without_an_owner(db: Db) {
        let server = Server::start(db).await;
        let admin = server.person("admin").await;
        let [ana, bo, cy]: [Client; 3] = people(&server, &["ana", "bo", "cy"]).await.try_into().ok().unwrap();
        let room = ana.room("Hall").await;
        let role = |who: &Client| at(room, &format!("/members/{}/role", who.id));
        let (me, door) = (at(room, "/members/me"), at(room, "/members"));
        // One who is alone may go, and not stay as somebody whom nobody could make an owner again.
        ana.put(&role(&ana), json!({"role": "member"})).await.refused(409, "last_owner");
        admin.put(&role(&ana), json!({"role": "member"})).await.refused(409, "last_owner");
        ana.post(&door, json!({"users": [bo.id, cy.id]})).await.ok(201);
        for _ in 0..5 {
            // One goes and one steps down, both at once.
            ana.put(&role(&bo), json!({"role": "owner"})).await.ok(204);
            let (path, down) = (role(&bo), json!({"role": "member"}));
            let (one, two) = tokio::join!(ana.delete(&me), bo.put(&path, down));
            assert!([(204, 409), (409, 204)].contains(&(one.status, two.status)), "{} {}", one.status, two.status);
            if one.status == 204 {
                bo.post(&door, json!({"user": ana.id})).await.ok(201);
                bo.put(&role(&ana), json!({"role": "owner"})).await.ok(204);
                bo.put(&path, json!({"role": "member"})).await.ok(204);
            }
        }
        // Everybody goes, the last owner last: whoever comes in then is the owner, and the next is not.
        for who in [&bo, &cy, &ana] {
            who.delete(&me).await.ok(204);
        }
        let mut hears = Ear::open(&server, &bo).await;
        assert_eq!(bo.post(&door, json!({})).await.ok(201)["role"], "owner");
        assert_eq!(cy.post(&door, json!({})).await.ok(201)["role"], "member");
        let told = hears.until(|frame| frame["kind"] == "role").await;
        assert_eq!((&told["author"], &told["user"], &told["role"]), (&json!(bo.id), &json!(bo.id), &json!("owner")));
        bo.put(&role(&cy), json!({"role": "owner"})).await.ok(204);
        finish(server, &[&bo, &cy]).await;
    }

    async fn the_last_owner_stays_even_when_both_go_at_once(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["ana", "bo"]).await;
        let room = private(&[&owner, &others[0], &others[1]]).await;
        owner.delete(&at(room, "/members/me")).await.refused(409, "last_owner");
        for _ in 0..5 {
            owner.put(&at(room, &format!("/members/{}/role", others[0].id)), json!({"role": "owner"})).await.ok(204);
            let (path, back) = (at(room, "/members/me"), at(room, "/members"));
            let (one, two) = tokio::join!(owner.delete(&path), others[0].delete(&path));
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 409]);
            let (stays, went) = if one.status == 409 { (&owner, &others[0]) } else { (&others[0], &owner) };
            stays.post(&back, json!({"user": went.id})).await.ok(201);
            stays.put(&at(room, &format!("/members/{}/role", owner.id)), json!({"role": "owner"})).await.ok(204);
        }
        // The same person in two tabs: it happens once, and the second changes nothing.
        let path = at(room, "/members/me");
        let (one, two) = tokio::join!(others[1].delete(&path), others[1].delete(&path));
        assert!(matches!((one.status, two.status), (204, 404) | (404, 204) | (204, 204)));
        let left = log(&owner, room).await.into_iter().filter(|event| event["users"] == json!([others[1].id]) && event["kind"] == "left");
        assert_eq!(left.count(), 1);
        finish(server, &[&owner]).await;
    }
}
