//! The server stops: sockets are told when to come back, and nothing is missed when they do.

use crate::support::Server;
use crate::talk::{Ear, finish, people, say};
use serde_json::{Value, json};

both! {
    async fn a_restart_says_when_to_come_back(db: Db) {
        let server = Server::start(db).await;
        let owner = server.person("owner").await;
        let bo = people(&server, &["bo"]).await.remove(0);
        let room = owner.room("tea").await;
        let mut ears = [Ear::open(&server, &owner).await, Ear::open(&server, &bo).await];
        let seq = say(&owner, room, "before").await;
        ears[0].reach(room, seq).await;
        let epoch = ears[0].frames[0]["epoch"].clone();
        let (db, (one, two)) = {
            let [one, two] = &mut ears;
            tokio::join!(server.stop(), async { tokio::join!(one.closed(), two.closed()) })
        };
        for (code, reason) in [one, two] {
            assert_eq!(code, 1012);
            let reason: Value = serde_json::from_str(&reason).unwrap();
            assert_eq!(reason["t"], "restart");
            assert!(reason["after_ms"].as_u64().unwrap() >= 1_000);
        }
        assert_eq!(ears[0].frames.last().unwrap()["t"], "restart");
        let server = Server::start(db).await;
        let mut again = server.guest();
        again.token = owner.token.clone();
        let next = say(&again, room, "after").await;
        let hello = json!({"t": "hello", "v": 1, "cursors": [[room, seq]], "epoch": epoch});
        let mut back = Ear::hello(&server, &again, hello).await;
        back.hear("caught_up").await;
        assert_eq!(back.seqs(room), [next]);
        finish(server, &[&again]).await;
    }
}
