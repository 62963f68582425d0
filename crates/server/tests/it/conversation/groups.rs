//! Groups: who makes them, what they may be called, and whom a message calls by one.

use crate::support::{Client, PASSWORD, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::{Value, json};
use server::admin::{NewPerson, Request};

const GROUPS: &str = "/api/v1/groups";

async fn group(who: &Client, name: &str, members: &[&Client]) -> i64 {
    let members: Vec<_> = members.iter().map(|member| member.id).collect();
    let made = who.post(GROUPS, json!({"name": name, "members": members})).await.ok(201);
    made["id"].as_i64().unwrap()
}

async fn unread(who: &Client, room: i64) -> Value {
    who.get(&at(room, "")).await.ok(200)["mentions"].clone()
}

both! {
    async fn those_who_run_the_server_say_who_is_in_a_group(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["admin", "bo", "cy"]).await;
        let [admin, bo, cy] = &others[..] else { panic!("three people") };
        owner.put(&format!("/api/v1/users/{}/role", admin.id), json!({"role": "admin"})).await.ok(204);
        let mut hears = Ear::open(&server, bo).await;
        bo.post(GROUPS, json!({"name": "design"})).await.refused(403, "forbidden");
        let body = json!({"name": "@Design", "title": "Who draws", "members": [cy.id, bo.id, bo.id]});
        let made = admin.post(GROUPS, body).await.ok(201);
        let id = made["id"].as_i64().unwrap();
        let all = json!({"groups": [{"id": id, "name": "design", "title": "Who draws", "members": [bo.id, cy.id]}]});
        assert_eq!(made, all["groups"][0]);
        assert_eq!(bo.get(GROUPS).await.ok(200), all, "everybody who is logged in sees it");
        server.guest().get(GROUPS).await.refused(401, "unauthenticated");
        hears.hear("groups").await;
        let path = format!("{GROUPS}/{id}");
        bo.patch(&path, json!({"members": []})).await.refused(403, "forbidden");
        bo.delete(&path).await.refused(403, "forbidden");
        assert_eq!(bo.get(GROUPS).await.ok(200), all);
        // The same again changes nothing, and nobody is told.
        admin.patch(&path, json!({"title": "Who draws", "members": [cy.id, bo.id]})).await.ok(200);
        let changed = admin.patch(&path, json!({"title": "", "members": [cy.id]})).await.ok(200);
        assert_eq!((&changed["title"], &changed["members"]), (&json!(""), &json!([cy.id])));
        assert_eq!(admin.patch(&path, json!({"members": [999_999]})).await.refused(400, "invalid").field(), "members");
        admin.patch(&format!("{GROUPS}/999999"), json!({"title": "x"})).await.refused(404, "not_found");
        // Whoever is banned is called by nothing.
        admin.put(&format!("/api/v1/users/{}/ban", cy.id), json!({})).await.ok(204);
        assert_eq!(bo.get(GROUPS).await.ok(200)["groups"][0]["members"], json!([]));
        admin.delete(&path).await.ok(204);
        admin.delete(&path).await.ok(204);
        for _ in 0..2 {
            hears.hear("groups").await;
        }
        hears.drain().await;
        assert_eq!(hears.frames.iter().filter(|frame| frame["t"] == "groups").count(), 3);
        assert_eq!(bo.get(GROUPS).await.ok(200), json!({"groups": []}));
        server.stop().await;
    }

    async fn one_name_calls_one_person_or_one_group(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        group(&ana, "design", &[]).await;
        for name in ["ana", "ANA", "design", "room", "here", "all", "everyone", "channel"] {
            let refused = ana.post(GROUPS, json!({"name": name})).await;
            assert_eq!(refused.refused(409, "taken").field(), "name", "{name}");
        }
        for name in ["", "a", "a b", "é€", &"x".repeat(33)] {
            let refused = ana.post(GROUPS, json!({"name": name})).await;
            assert_eq!(refused.refused(400, "invalid").field(), "name", "{name}");
        }
        // Nobody can take the name of a group and be called in its place: neither by the door nor by the command line.
        let account = json!({"username": "Design", "password": PASSWORD});
        assert_eq!(server.guest().post("/api/v1/accounts", account.clone()).await.refused(409, "taken").field(), "username");
        let person = NewPerson { line: 1, username: "design".into(), name: String::new() };
        let request = Request::AddPeople { people: vec![person], rooms: vec![], tokens: false };
        let added = server::admin::ask::<Vec<server::admin::Added>>(server.db.config(), request).await;
        assert!(added.is_err());
        let id = ana.get(GROUPS).await.ok(200)["groups"][0]["id"].clone();
        ana.delete(&format!("{GROUPS}/{id}")).await.ok(204);
        server.guest().post("/api/v1/accounts", account).await.ok(201);
        server.stop().await;
    }

    async fn a_group_calls_those_of_it_who_are_in_the_room_and_nobody_else(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let others = people(&server, &["ana", "bo", "cy", "dee"]).await;
        let [ana, bo, cy, dee] = &others[..] else { panic!("four people") };
        let room = private(&[ana, bo, dee]).await;
        let id = group(&owner, "design", &[ana, bo, cy]).await;
        let mut outside = Ear::open(&server, cy).await;
        let sent = ana.post(&at(room, "/messages"), json!({"text": "Canary @design, and @bo again"})).await.ok(201);
        assert_eq!(sent["mentions"], json!([ana.id, bo.id]), "cy is in the group and not in the room");
        assert_eq!((unread(bo, room).await, unread(dee, room).await), (json!(1), json!(0)));
        assert_eq!(unread(ana, room).await, 0, "nobody calls themselves");
        let seq = sent["seq"].as_i64().unwrap();
        // In code it is a word.
        let code = ana.post(&at(room, "/messages"), json!({"text": "`@design`"})).await.ok(201);
        assert!(code.get("mentions").is_none());
        // Whom a message called stays so; whoever is named by an edit is.
        owner.patch(&format!("{GROUPS}/{id}"), json!({"members": [dee.id]})).await.ok(200);
        assert_eq!(unread(bo, room).await, 1);
        let edited = ana.patch(&at(room, &format!("/messages/{seq}")), json!({"text": "@design!"})).await.ok(200);
        assert_eq!(edited["mentions"], json!([dee.id]));
        assert_eq!((unread(bo, room).await, unread(dee, room).await), (json!(0), json!(1)));
        // Who is not in the room has heard nothing of it, by no path.
        outside.drain().await;
        assert!(!outside.heard("Canary"), "{:#?}", outside.frames);
        assert!(!cy.get("/api/v1/rooms").await.text.contains("Canary"));
        cy.get(&at(room, "/messages")).await.refused(404, "not_found");
        owner.delete(&format!("{GROUPS}/{id}")).await.ok(204);
        let gone = ana.post(&at(room, "/messages"), json!({"text": "@design?"})).await.ok(201);
        assert!(gone.get("mentions").is_none());
        finish(server, &[ana]).await;
    }

    async fn groups_at_their_limits(db: Db) {
        let server = Server::with(db, |config| {
            (config.limits.groups, config.limits.group_members, config.limits.mentions) = (2, 3, 2);
        })
        .await;
        let owner = server.person("owner").await;
        let others = people(&server, &["ana", "bo", "cy", "dee"]).await;
        let ids: Vec<_> = others.iter().map(|person| person.id).collect();
        let one = group(&owner, "one", &[&others[0], &others[1], &others[2]]).await;
        group(&owner, "two", &[&others[3]]).await;
        assert_eq!(owner.post(GROUPS, json!({"name": "three"})).await.refused(400, "invalid").field(), "name");
        let many = json!({"members": ids});
        let refused = owner.patch(&format!("{GROUPS}/{one}"), many).await;
        assert_eq!(refused.refused(400, "invalid").field(), "members");
        let title = |n: usize| json!({"title": "é".repeat(n)});
        owner.patch(&format!("{GROUPS}/{one}"), title(80)).await.ok(200);
        assert_eq!(owner.patch(&format!("{GROUPS}/{one}"), title(81)).await.refused(400, "invalid").field(), "title");
        // What is counted is names, not the people of a group; those have a limit of their own.
        let send = |text: &str| owner.post("/api/v1/rooms/1/messages", json!({"text": text}));
        assert_eq!(send("@one @ana").await.ok(201)["mentions"], json!(&ids[..3]));
        for text in ["@one @ana @bo", "@one @two"] {
            assert_eq!(send(text).await.refused(400, "invalid").field(), "text", "{text}");
        }
        say(&owner, 1, "@two @dee").await;
        finish(server, &[&owner]).await;
    }
}
