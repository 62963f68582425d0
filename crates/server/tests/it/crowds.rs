//! Rooms of tens of thousands: many who join are few events, and those who are connected stay up to date.

use crate::support::{Client, Db, Server};
use crate::talk::{Ear, at, crowd, finish, log, people, say};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Made of single statements: where each of them goes to another process it takes a while.
fn how_many(db: &Db) -> usize {
    if db.config().database.is_some() { 5_000 } else { 20_000 }
}
const CONNECTED: usize = 1_000;

async fn page(who: &Client, room: i64, query: &str) -> (Vec<Value>, Option<String>) {
    let page = who.get(&at(room, &format!("/members?{query}"))).await.ok(200);
    let next = page["next"].as_str().map(str::to_owned);
    (page["members"].as_array().unwrap().clone(), next)
}

/// Every name, by pages.
async fn names(who: &Client, room: i64, query: &str) -> Vec<String> {
    let (mut names, mut cursor) = (Vec::new(), None);
    loop {
        let from = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let (members, next) = page(who, room, &format!("{query}&limit=200{from}")).await;
        names.extend(members.iter().map(|member| member["username"].as_str().unwrap().to_owned()));
        cursor = match next {
            Some(next) => Some(next),
            None => return names,
        };
    }
}

both! {
    async fn twenty_thousand_come_in_beside_a_thousand(db: Db) {
        let most = how_many(&db);
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let here: Vec<String> = (0..CONNECTED).map(|n| format!("here{n:04}")).collect();
        let here = crowd(&server, here, &["plaza"]).await;
        let rooms = owner.get("/api/v1/rooms?scope=open&q=plaza").await.ok(200);
        let room = rooms["rooms"][0]["id"].as_i64().unwrap();
        owner.post(&at(room, "/members"), json!({})).await;
        let mut ears = Vec::new();
        for some in here.chunks(50) {
            ears.extend(join_all(some.iter().map(|person| Ear::open(&server, person))).await);
        }
        let before = log(&owner, room).await.len();
        crowd(&server, (0..most).map(|n| format!("new{n:05}")).collect(), &["plaza"]).await;
        let last = say(&owner, room, "welcome, all of you").await;
        let joined = last - 1 - before as i64;
        assert!((1..=12).contains(&joined), "{joined} events for so many people");
        for some in ears.chunks_mut(50) {
            for heard in join_all(some.iter_mut().map(|ear| ear.skim(room, last))).await {
                assert_eq!(heard, (before as i64 + 1..=last).collect::<Vec<_>>(), "all of it, and in order");
            }
        }
        let seen = owner.get(&at(room, "")).await.ok(200);
        assert_eq!(seen["members"], most + CONNECTED + 1);

        let found = names(&owner, room, "q=new0123").await;
        assert_eq!(found, (1230..1240).map(|n| format!("new{n:05}")).collect::<Vec<_>>());
        let (one, next) = page(&owner, room, "q=NEW04999").await;
        assert_eq!((one.len(), next), (1, None));
        let online = names(&owner, room, "online=true").await;
        assert_eq!(online, (0..CONNECTED).map(|n| format!("here{n:04}")).collect::<Vec<_>>());
        let (both, _) = page(&owner, room, "online=true&q=new&limit=200").await;
        assert_eq!(both, Vec::<Value>::new());
        let (first, next) = page(&owner, room, "").await;
        assert_eq!((first.len(), next.is_some()), (50, true));
        // All thousand are still connected, and hear the next word.
        let next = say(&here[0], room, "and on it goes").await;
        for ear in &mut ears {
            assert_eq!(ear.skim(room, next).await, [next]);
        }
        drop(ears);
        finish(server, &[&here[1]]).await;
    }

    async fn rooms_stand_in_the_order_of_their_last_event(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let mut rooms = Vec::new();
        for n in 0..7 {
            rooms.push(owner.room(&format!("room {n}")).await);
        }
        for n in [4, 1, 6, 2] {
            say(&owner, rooms[n], "word").await;
            rooms.push(rooms[n]);
        }
        owner.post(&at(rooms[0], "/members"), json!({"user": bo.id})).await.ok(201);
        let order: Vec<i64> = [0, 2, 6, 1, 4, 5, 3].map(|n| rooms[n]).into_iter().chain([1]).collect();
        let ids = |answer: &Value| -> Vec<i64> {
            answer["rooms"].as_array().unwrap().iter().map(|room| room["id"].as_i64().unwrap()).collect()
        };
        let all = owner.get("/api/v1/rooms").await.ok(200);
        let times: Vec<&str> = all["rooms"].as_array().unwrap().iter().map(|room| room["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|a, b| a >= b));
        // Within one millisecond the newer room stands first; the rest is the order of what happened.
        let distinct = times.windows(2).all(|pair| pair[0] != pair[1]);
        assert!(!distinct || ids(&all) == order, "{:?} {order:?}", ids(&all));
        // By pages: the same, each once.
        let (mut by_pages, mut cursor) = (Vec::new(), String::new());
        loop {
            let part = owner.get(&format!("/api/v1/rooms?limit=3{cursor}")).await.ok(200);
            by_pages.extend(ids(&part));
            let Some(next) = part["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(by_pages, ids(&all));
        let mut open = ids(&bo.get("/api/v1/rooms?scope=open&q=room").await.ok(200));
        open.sort_unstable();
        assert_eq!(open, rooms[..7]);
        assert_eq!(ids(&bo.get("/api/v1/rooms").await.ok(200)), [rooms[0], 1]);
        finish(server, &[&owner]).await;
    }
}
