//! Being removed while fifty others write as fast as they can.

use crate::support::{Client, Server};
use crate::talk::{Ear, at, crowd, finish, log, private, same, say, seq};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;

const WRITERS: usize = 50;

/// Writers who go on until they are told to stop.
fn write(writers: &[Client], room: i64, text: &str) -> (Arc<AtomicBool>, Vec<JoinHandle<()>>) {
    let stop = Arc::new(AtomicBool::new(false));
    let write = |writer: &Client| {
        let (writer, stop, text) = (writer.clone(), Arc::clone(&stop), text.to_owned());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                say(&writer, room, &text).await;
            }
        })
    };
    (Arc::clone(&stop), writers.iter().map(write).collect())
}

async fn house(server: &Server) -> (Client, Vec<Client>, Client, i64) {
    let owner = server.person("owner").await;
    let names = (0..WRITERS).map(|n| format!("writer{n}")).chain(["leaver".to_owned()]).collect();
    let mut writers = crowd(server, names, &[]).await;
    let leaver = writers.pop().unwrap();
    let everybody: Vec<_> = [&owner, &leaver].into_iter().chain(&writers).collect();
    let room = private(&everybody).await;
    (owner, writers, leaver, room)
}

/// The leaver's copy is the log up to their `left`, then `gone`.
async fn ends_there(ear: &Ear, owner: &Client, person: &Client, room: i64, from: i64) {
    let log = log(owner, room).await;
    let left = log.iter().find(|event| event["kind"] == "left" && event["users"] == json!([person.id])).unwrap();
    assert!(log.len() as i64 > seq(left), "others wrote on");
    let heard = ear.events(room);
    same(&heard, &log, from);
    assert_eq!(seq(heard.last().unwrap()), seq(left), "up to the event that removes them, and not beyond it");
    let place = |kind: &str| ear.frames.iter().rposition(|frame| frame["t"] == kind && frame["room"] == room);
    assert!(place("gone") > place("event"));
}

both! {
    async fn removed_in_mid_talk(db: Db) {
        let server = Server::start(db).await;
        let (owner, writers, leaver, room) = house(&server).await;
        let from = log(&owner, room).await.len() as i64;
        let mut ear = Ear::open(&server, &leaver).await;
        let mut witness = Ear::open(&server, &owner).await;
        let (stop, tasks) = write(&writers, room, "fast");
        witness.reach(room, from + 150).await;
        owner.delete(&at(room, &format!("/members/{}", leaver.id))).await.ok(204);
        let after = say(&owner, room, "after").await;
        witness.reach(room, after).await;
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.unwrap();
        }
        ear.drain().await;
        ends_there(&ear, &owner, &leaver, room, from).await;
        finish(server, &[&owner]).await;
    }

    async fn removed_while_reading_slowly(db: Db) {
        let server = Server::start(db).await;
        let (owner, writers, leaver, room) = house(&server).await;
        let from = log(&owner, room).await.len() as i64;
        // Takes little at a time, so that the queue stands when the end comes.
        let mut ear = Ear::connect(&server, &leaver, Some(4 << 10)).await;
        ear.say(json!({"t": "hello", "v": 1})).await;
        ear.hear("welcome").await;
        let (stop, tasks) = write(&writers[..4], room, &"slow ".repeat(40));
        let mut witness = Ear::open(&server, &owner).await;
        witness.until(|frame| frame["room"] == room && frame["seq"].as_i64() > Some(from + 100)).await;
        owner.delete(&at(room, &format!("/members/{}", leaver.id))).await.ok(204);
        let after = say(&owner, room, "after").await;
        witness.reach(room, after).await;
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.unwrap();
        }
        ear.drain().await;
        ends_there(&ear, &owner, &leaver, room, from).await;
        finish(server, &[&owner]).await;
    }

    async fn removed_while_catching_up(db: Db) {
        let server = Server::start(db).await;
        let (owner, writers, leaver, room) = house(&server).await;
        let from = log(&owner, room).await.len() as i64;
        // More than the tail's memory and the queue hold: it is read from the log, piece by piece.
        let long = "long ".repeat(1000);
        for chunk in (0..300).collect::<Vec<_>>().chunks(WRITERS) {
            let sends = chunk.iter().zip(&writers).map(|(_, writer)| say(writer, room, &long));
            futures_util::future::join_all(sends).await;
        }
        let mut ear = Ear::connect(&server, &leaver, Some(4 << 10)).await;
        ear.say(json!({"t": "hello", "v": 1, "cursors": [[room, from]]})).await;
        ear.reach(room, from + 1).await;
        owner.delete(&at(room, &format!("/members/{}", leaver.id))).await.ok(204);
        say(&owner, room, "after").await;
        ear.until(|frame| frame["t"] == "gone").await;
        ear.drain().await;
        ends_there(&ear, &owner, &leaver, room, from).await;
        let late = ear.frames.iter().filter(|frame| frame["t"] == "caught_up" && frame["room"] == room);
        assert_eq!(late.count(), 0, "who is gone is not told to be up to date");
        finish(server, &[&owner]).await;
    }
}
