//! Who follows a thread, what counts there, what their devices hear, and who must not.

use crate::support::{Client, Server};
use crate::talk::{Ear, at, finish, people, private, say};
use serde_json::{Value, json};

pub async fn reply(who: &Client, room: i64, root: i64, text: &str) -> i64 {
    let body = json!({"text": text, "thread": root});
    who.post(&at(room, "/messages"), body).await.ok(201)["seq"].as_i64().unwrap()
}

pub fn of(root: i64, rest: &str) -> String {
    format!("/messages/{root}/thread{rest}")
}

/// What is mine in a thread.
pub async fn mine(who: &Client, room: i64, root: i64) -> Value {
    who.get(&at(room, &of(root, ""))).await.ok(200)["thread"].clone()
}

/// Following, place, unread, mentions.
pub async fn standing(who: &Client, room: i64, root: i64) -> (bool, i64, i64, i64) {
    let mine = mine(who, room, root).await;
    let number = |field: &str| mine[field].as_i64().unwrap();
    (mine["following"].as_bool().unwrap(), number("read"), number("unread"), number("mentions"))
}

both! {
    async fn a_thread_is_followed_by_who_began_it_wrote_in_it_or_was_named_in_it(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let [bo, cy, dee] = people(&server, &["bo", "cy", "dee"]).await.try_into().ok().unwrap();
        let room = private(&[&ana, &bo, &cy, &dee]).await;
        let root = say(&ana, room, "who has the key?").await;
        let head = root;
        for who in [&ana, &bo, &cy, &dee] {
            assert_eq!(standing(who, room, root).await, (false, head, 0, 0), "nobody follows what nobody answered");
        }
        let mut ears = [Ear::open(&server, &ana).await, Ear::open(&server, &cy).await, Ear::open(&server, &dee).await];
        let first = reply(&bo, room, root, "I, says @cy").await;
        for (ear, mentions) in ears[..2].iter_mut().zip([0, 1]) {
            let frame = ear.hear("thread").await;
            let expected = json!({"t": "thread", "room": room, "root": root, "following": true, "level": "all",
                "read": first - 1, "version": 0, "unread": 1, "mentions": mentions, "head": first});
            assert_eq!(frame, expected);
        }
        assert_eq!(standing(&bo, room, root).await, (true, first, 0, 0));
        assert!(!standing(&dee, room, root).await.0);
        // In the room it counts for nobody.
        let seen = cy.get(&at(room, "")).await.ok(200);
        assert_eq!((&seen["unread"], &seen["mentions"]), (&json!(1), &json!(0)));
        // One that is sent to the room too counts there, and there only.
        let body = json!({"text": "@cy here it is", "thread": root, "also": true});
        ana.post(&at(room, "/messages"), body).await.ok(201);
        assert_eq!(standing(&cy, room, root).await, (true, first - 1, 1, 1));
        let seen = cy.get(&at(room, "")).await.ok(200);
        assert_eq!((&seen["unread"], &seen["mentions"]), (&json!(2), &json!(1)));
        // Who was never concerned heard of none of it.
        ears[2].reach(room, root + 2).await;
        assert!(!ears[2].frames.iter().any(|frame| frame["t"] == "thread"));
        finish(server, &[&ana]).await;
    }

    async fn who_let_go_comes_back_by_their_own_reply_only(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let root = say(&ana, room, "tea?").await;
        let mut ear = Ear::open(&server, &ana).await;
        reply(&bo, room, root, "yes").await;
        ear.hear("thread").await;
        let gone = ana.delete(&at(room, &of(root, "/follow"))).await.ok(200);
        assert_eq!((&gone["following"], &gone["unread"]), (&json!(false), &json!(0)));
        let frame = ear.hear("thread").await;
        assert_eq!((&frame["following"], &frame["head"]), (&json!(false), &json!(root + 1)));
        let named = reply(&bo, room, root, "with milk, @ana?").await;
        assert_eq!(standing(&ana, room, root).await, (false, named, 0, 0));
        assert_eq!(ana.get(&at(room, &of(root, "/why"))).await.ok(200), json!({}));
        let own = reply(&ana, room, root, "no").await;
        assert_eq!(standing(&ana, room, root).await, (true, own, 0, 0));
        assert_eq!(ear.hear("thread").await["following"], true);
        // Followed on one's own: from here on. A level changes no place.
        ana.delete(&at(room, &of(root, "/follow"))).await.ok(200);
        let more = reply(&bo, room, root, "sugar?").await;
        let back = ana.put(&at(room, &of(root, "/follow")), json!({"level": "mentions"})).await.ok(200);
        assert_eq!((&back["level"], &back["read"], &back["unread"]), (&json!("mentions"), &json!(more), &json!(0)));
        reply(&bo, room, root, "@room biscuits").await;
        let same = ana.put(&at(room, &of(root, "/follow")), json!({})).await.ok(200);
        assert_eq!((&same["level"], &same["read"], &same["unread"], &same["mentions"]),
            (&json!("mentions"), &json!(more), &json!(1), &json!(1)));
        finish(server, &[&ana]).await;
    }

    async fn a_thread_goes_on_without_its_first_message(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let (root, alone) = (say(&ana, room, "tea?").await, say(&ana, room, "never mind").await);
        reply(&bo, room, root, "yes").await;
        for gone in [root, alone] {
            ana.delete(&at(room, &format!("/messages/{gone}"))).await.ok(204);
        }
        let more = reply(&ana, room, root, "with milk?").await;
        assert_eq!(standing(&bo, room, root).await, (true, more - 3, 1, 0));
        let page = bo.get(&at(room, &of(root, ""))).await.ok(200);
        assert_eq!(page["messages"].as_array().unwrap().len(), 2);
        // None was begun there, and none begins at what is gone.
        let late = bo.post(&at(room, "/messages"), json!({"text": "what?", "thread": alone})).await;
        assert_eq!(late.refused(400, "invalid").field(), "thread");
        finish(server, &[&ana, &bo]).await;
    }

    async fn a_place_in_a_thread_moves_as_in_a_room(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let root = say(&ana, room, "tea?").await;
        let mut seqs = Vec::new();
        for text in ["one", "@ana two", "three"] {
            seqs.push(reply(&bo, room, root, text).await);
        }
        let mut ear = Ear::open(&server, &ana).await;
        let path = at(room, &of(root, "/read"));
        assert_eq!(ana.get(&at(room, &of(root, "/why"))).await.ok(200), json!({"unread": seqs[0], "mention": seqs[1]}));
        let read = ana.put(&path, json!({"seq": seqs[1]})).await.ok(200);
        assert_eq!(read, json!({"read": seqs[1], "version": 0, "unread": 1, "mentions": 0}));
        assert_eq!(ear.hear("thread").await["read"], json!(seqs[1]));
        assert_eq!(ana.get(&at(room, &of(root, "/why"))).await.ok(200), json!({"unread": seqs[2]}));
        assert_eq!(ana.put(&path, json!({"seq": seqs[0]})).await.ok(200)["read"], json!(seqs[1]), "not back");
        let back = ana.put(&path, json!({"seq": seqs[0], "unread": true})).await.ok(200);
        assert_eq!(back, json!({"read": seqs[0], "version": 1, "unread": 2, "mentions": 1}));
        let late = ana.put(&path, json!({"seq": seqs[2], "version": 0})).await.ok(200);
        assert_eq!(late["read"], json!(seqs[0]), "a move made before it is ignored");
        let end = ana.put(&path, json!({"seq": 999_999, "version": 1})).await.ok(200);
        assert_eq!(end, json!({"read": seqs[2], "version": 1, "unread": 0, "mentions": 0}));
        // What is deleted counts no more; a deleted root keeps its thread.
        ana.put(&path, json!({"seq": 0, "unread": true})).await.ok(200);
        bo.delete(&at(room, &format!("/messages/{}", seqs[1]))).await.ok(204);
        assert_eq!(standing(&ana, room, root).await, (true, 0, 2, 0));
        ana.delete(&at(room, &format!("/messages/{root}"))).await.ok(204);
        assert_eq!(standing(&ana, room, root).await, (true, 0, 2, 0));
        // Below a reply, a line or nothing there is no thread.
        for not in [seqs[0], 1, 999_999] {
            ana.get(&at(room, &of(not, ""))).await.refused(404, "not_found");
            ana.put(&at(room, &of(not, "/follow")), json!({})).await.refused(404, "not_found");
            ana.put(&at(room, &of(not, "/read")), json!({"seq": 1})).await.refused(404, "not_found");
        }
        finish(server, &[&ana]).await;
    }

    async fn a_name_that_is_edited_in_is_a_call_to_the_thread(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let [bo, cy] = people(&server, &["bo", "cy"]).await.try_into().ok().unwrap();
        let room = private(&[&ana, &bo, &cy]).await;
        let root = say(&ana, room, "tea?").await;
        let first = reply(&bo, room, root, "ask").await;
        let mut ear = Ear::open(&server, &cy).await;
        bo.patch(&at(room, &format!("/messages/{first}")), json!({"text": "ask @cy"})).await.ok(200);
        let frame = ear.hear("thread").await;
        assert_eq!((&frame["read"], &frame["unread"], &frame["mentions"]), (&json!(first - 1), &json!(1), &json!(1)));
        bo.patch(&at(room, &format!("/messages/{first}")), json!({"text": "ask"})).await.ok(200);
        assert_eq!(standing(&cy, room, root).await, (true, first - 1, 1, 0), "they follow, and are called no more");
        // What was said before somebody came is not unread, even where they are named in it later.
        let dee = people(&server, &["dee"]).await.remove(0);
        ana.post(&at(room, "/members"), json!({"users": [dee.id]})).await.ok(201);
        let came = ana.get(&at(room, "")).await.ok(200)["head"].as_i64().unwrap();
        bo.patch(&at(room, &format!("/messages/{first}")), json!({"text": "ask @dee"})).await.ok(200);
        assert_eq!(standing(&dee, room, root).await, (true, came, 0, 0));
        finish(server, &[&ana]).await;
    }

    async fn pages_and_lists_of_threads_are_whole(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = private(&[&ana, &bo]).await;
        let mut roots = Vec::new();
        for n in 0..5 {
            roots.push(say(&ana, room, &format!("root {n}")).await);
        }
        let mut seqs = Vec::new();
        for n in 0..7 {
            seqs.push(reply(&bo, room, roots[0], &format!("reply {n}")).await);
            say(&ana, room, "between").await;
        }
        let path = at(room, &of(roots[0], ""));
        let page = async |query: &str| {
            let page = ana.get(&format!("{path}{query}")).await.ok(200);
            page["messages"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(page("").await, seqs);
        assert_eq!(page("?limit=2").await, seqs[5..]);
        assert_eq!(page(&format!("?limit=2&before={}", seqs[5])).await, seqs[3..5]);
        assert_eq!(page(&format!("?limit=2&after={}", seqs[1])).await, seqs[2..4]);
        assert_eq!(page(&format!("?limit=3&around={}", seqs[3])).await, seqs[2..5]);
        assert_eq!(page(&format!("?limit=4&around={}", seqs[6])).await, seqs[3..]);
        assert_eq!(page(&format!("?after={}", seqs[6])).await, [] as [i64; 0]);
        // The list: the newest reply first, page by page.
        for root in &roots[1..] {
            reply(&bo, room, *root, "here too").await;
        }
        ana.put(&at(room, &of(roots[2], "/read")), json!({"seq": 999_999})).await.ok(200);
        let mut listed = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = ana.get(&format!("/api/v1/threads?limit=2{cursor}")).await.ok(200);
            listed.extend(answer["threads"].as_array().unwrap().iter().cloned());
            match answer["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let order: Vec<i64> = listed.iter().map(|thread| thread["root"].as_i64().unwrap()).collect();
        assert_eq!(order, [roots[4], roots[3], roots[2], roots[1], roots[0]]);
        assert_eq!(listed[4]["message"]["text"], "root 0");
        assert_eq!(listed[4]["unread"], 7);
        let shown: Vec<&Value> = listed[4]["replies"].as_array().unwrap().iter().map(|reply| &reply["text"]).collect();
        assert_eq!(shown, ["reply 4", "reply 5", "reply 6"]);
        let unread = ana.get("/api/v1/threads?unread=true").await.ok(200);
        let unread: Vec<i64> = unread["threads"].as_array().unwrap().iter().map(|t| t["root"].as_i64().unwrap()).collect();
        assert_eq!(unread, [roots[4], roots[3], roots[1], roots[0]]);
        ana.get("/api/v1/threads?cursor=nonsense").await.refused(400, "invalid");
        let places = ana.get("/api/v1/threads/places").await.ok(200);
        assert_eq!(places["places"].as_array().unwrap().len(), 5);
        let head = ana.get(&at(room, "")).await.ok(200)["head"].clone();
        assert!(places["heads"].as_array().unwrap().contains(&json!([room, head])));
        finish(server, &[&ana]).await;
    }

    async fn who_is_not_in_the_room_learns_of_no_thread(db: Db) {
        let server = Server::start(db).await;
        let ana = server.person("ana").await;
        let [bo, former, banned, outsider] =
            people(&server, &["bo", "former", "banned", "outsider"]).await.try_into().ok().unwrap();
        let room = private(&[&ana, &bo, &former, &banned]).await;
        let root = say(&ana, room, "canary @former @banned").await;
        for who in [&former, &banned] {
            reply(who, room, root, "canary").await;
        }
        reply(&bo, room, root, "canary @former @banned @outsider").await;
        let mut ears = [Ear::open(&server, &former).await, Ear::open(&server, &banned).await, Ear::open(&server, &outsider).await];
        ana.delete(&at(room, &format!("/members/{}", former.id))).await.ok(204);
        ana.put(&at(room, &format!("/bans/{}", banned.id)), json!({})).await.ok(204);
        ears[0].hear("gone").await;
        ears[1].hear("gone").await;
        let heard = ears.each_ref().map(|ear| ear.frames.len());
        let last = reply(&bo, room, root, "canary @former @banned @outsider @room").await;
        for (who, ear) in [&former, &banned, &outsider].into_iter().zip(&mut ears) {
            for path in ["/api/v1/threads", "/api/v1/threads?unread=true", "/api/v1/activity"] {
                assert!(!who.get(path).await.text.contains("canary"), "{path}");
            }
            let places = who.get("/api/v1/threads/places").await.ok(200);
            assert_eq!(places["places"], json!([]));
            assert!(!places["heads"].as_array().unwrap().iter().any(|head| head[0] == room));
            for (method, path, body) in [
                ("GET", of(root, ""), None),
                ("GET", of(root, "/why"), None),
                ("GET", "/why".to_owned(), None),
                ("PUT", of(root, "/follow"), Some(json!({}))),
                ("DELETE", of(root, "/follow"), None),
                ("PUT", of(root, "/read"), Some(json!({"seq": 1, "unread": true}))),
            ] {
                who.send(method.parse().unwrap(), &at(room, &path), body).await.refused(404, "not_found");
            }
            // A place is not one to come back by.
            let places = json!({"rooms": [[room, 1]], "threads": [[room, root, 1]]});
            who.post("/api/v1/me/unread", places).await.ok(204);
            ear.ask(json!({"t": "ping"})).await;
        }
        for (ear, heard) in ears.iter().zip(heard) {
            assert!(!ear.frames[heard..].iter().any(|frame| frame["room"] == room), "nothing after the removal");
        }
        // Whoever comes back begins anew.
        ana.post(&at(room, "/members"), json!({"users": [former.id]})).await.ok(201);
        assert_eq!(standing(&former, room, root).await, (false, last + 1, 0, 0));
        finish(server, &[&ana]).await;
    }
}
