//! Coming back with cursors: what was missed, in order, once; or a reset that says why.

use crate::support::Server;
use crate::talk::{Ear, finish, log, people, same, say};
use serde_json::{Value, json};

fn resets(ear: &Ear) -> Vec<(i64, String, i64)> {
    let resets = ear.frames.iter().filter(|frame| frame["t"] == "reset");
    let number = |frame: &Value, field: &str| frame[field].as_i64().unwrap();
    resets
        .map(|frame| (number(frame, "room"), frame["reason"].as_str().unwrap().to_owned(), number(frame, "head")))
        .collect()
}

both! {
    async fn what_was_missed_comes_in_the_order_of_the_cursors(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let rooms = [owner.room("one").await, owner.room("two").await, owner.room("three").await];
        for _ in 0..30 {
            for room in rooms {
                say(&owner, room, "missed").await;
            }
        }
        let cursors = [(rooms[2], 12), (rooms[0], 32), (rooms[1], 2), (rooms[1], 9)];
        let mut ear = Ear::resume(&server, &owner, &cursors).await;
        let last = say(&owner, rooms[0], "live").await;
        ear.reach(rooms[0], last).await;
        ear.drain().await;
        for (room, from) in [(rooms[2], 12), (rooms[0], 32), (rooms[1], 2)] {
            let log = log(&owner, room).await;
            same(&ear.events(room), &log, from);
            assert_eq!(ear.events(room).len() as i64, log.len() as i64 - from);
        }
        let order: Vec<_> = ear.frames.iter().filter(|frame| frame["t"] == "caught_up").map(|frame| frame["room"].clone()).collect();
        assert_eq!(order, [rooms[2], rooms[0], rooms[1]]);
        let heads = ear.frames.iter().filter(|frame| frame["t"] == "caught_up" && frame["room"] != rooms[0]);
        assert!(heads.into_iter().all(|frame| frame["head"] == 32));
        assert_eq!(resets(&ear), []);
        finish(server, &[&owner]).await;
    }

    async fn long_messages_do_not_close_who_comes_back(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let room = owner.room("long").await;
        let long = "x".repeat(16 << 10);
        for _ in 0..60 {
            say(&owner, room, &long).await;
        }
        // More than the queue of a socket holds, but it is read only as the queue drains.
        let ear = Ear::resume(&server, &owner, &[(room, 0)]).await;
        assert_eq!(ear.events(room), log(&owner, room).await);
        finish(server, &[&owner]).await;
    }

    async fn a_reset_says_why(db: Db) {
        let server = Server::with(db, |config| {
            config.limits.behind_room = 10;
            config.limits.behind_all = 15;
        }).await;
        let owner = server.person("owner").await;
        let stranger = people(&server, &["bo"]).await.remove(0);
        let rooms = [owner.room("one").await, owner.room("two").await, owner.room("three").await];
        for room in rooms {
            for _ in 0..10 {
                say(&owner, room, "missed").await;
            }
        }
        let [one, two, three] = rooms;
        // n and n + 1 behind in a room; and what is left of the budget for all of them.
        let mut ear = Ear::resume(&server, &owner, &[(one, 2), (two, 1), (three, 6)]).await;
        let live = say(&owner, two, "live").await;
        ear.reach(two, live).await;
        assert_eq!(resets(&ear), [(two, "too_far".into(), 12), (three, "too_far".into(), 12)]);
        assert_eq!(ear.seqs(one), (3..=12).collect::<Vec<_>>());
        assert_eq!(ear.seqs(two), [13], "live goes on after the head");

        let ear = Ear::resume(&server, &owner, &[(one, 13), (two, -1), (999_999, 3), (three, 12)]).await;
        let future = |room, head| (room, "future".to_owned(), head);
        assert_eq!(resets(&ear), [future(one, 12), future(two, 13), (999_999, "unknown_room".into(), 0)]);
        let mut ear = Ear::resume(&server, &stranger, &[(one, 5), (999_999, 5)]).await;
        ear.drain().await;
        assert_eq!(resets(&ear), [(one, "unknown_room".into(), 0), (999_999, "unknown_room".into(), 0)]);
        assert!(!ear.heard("missed"));

        // Another history: of another epoch, or one in which that event is another one, or none.
        let at = log(&owner, one).await[3]["at"].clone();
        for (hello, same) in [
            (json!({"epoch": "2001-01-01T00:00:00.000Z"}), false),
            (json!({"epoch": owner.get("/api/v1/server").await.json["epoch"]}), true),
            (json!({"last": [one, 4, at]}), true),
            (json!({"last": [one, 4, "2001-01-01T00:00:00.000Z"]}), false),
            (json!({"last": [one, 400, at]}), false),
            (json!({"last": [999_999, 4, at]}), true),
        ] {
            let mut full = json!({"t": "hello", "v": 1, "cursors": [[one, 11]]});
            full.as_object_mut().unwrap().extend(hello.as_object().unwrap().clone());
            let mut ear = Ear::hello(&server, &owner, full).await;
            ear.until(|frame| frame["t"] == "caught_up" || frame["t"] == "reset").await;
            match same {
                true => assert_eq!((ear.seqs(one), resets(&ear).len()), (vec![12], 0), "{hello}"),
                false => assert_eq!((ear.seqs(one), resets(&ear)), (vec![], vec![(one, "epoch".into(), 12)]), "{hello}"),
            }
        }
        finish(server, &[&owner]).await;
    }

    async fn a_slow_reader_is_closed_and_hurts_nobody(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let room = owner.room("busy").await;
        let mut slow = Ear::connect(&server, &owner, Some(4 << 10)).await;
        slow.say(json!({"t": "hello", "v": 1})).await;
        slow.hear("welcome").await;
        let mut quick = Ear::open(&server, &owner).await;
        let long = "x".repeat(16 << 10);
        // The kernel takes some megabytes of it before the queue begins to stand.
        let (bursts, each) = (4, 60);
        let last = 2 + bursts * each;
        for burst in 1..=bursts {
            // As much at once as a queue just holds: a burst is no reason to call one slow who has read the last.
            let writing = futures_util::future::join_all((0..each).map(|_| say(&owner, room, &long)));
            tokio::join!(writing, quick.reach(room, 2 + burst * each));
        }
        assert_eq!(quick.seqs(room), (3..=last).collect::<Vec<_>>(), "others lose nothing");
        let (code, _) = slow.closed().await;
        assert_eq!(code, 4001);
        let heard = slow.seqs(room);
        assert!(heard.len() < (bursts * each) as usize && heard.iter().zip(3..).all(|(heard, n)| *heard == n), "no gap before the end");
        let from = heard.last().copied().unwrap_or(2);
        let again = Ear::resume(&server, &owner, &[(room, from)]).await;
        assert_eq!(again.seqs(room), (from + 1..=last).collect::<Vec<_>>());
        finish(server, &[&owner]).await;
    }
}
