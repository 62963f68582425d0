//! PostgreSQL goes away and comes back.

use crate::support::{Home, message};
use futures_util::future::join_all;
use protocol::Seq;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::testing::{Database, Server};
use store::{Error, log};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_it_is_away_writes_and_reads_say_so() {
    let server = Server::start();
    let home = Home::new(Some(Database::on(&server.url()))).await;
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    // Every connection of the pool has been used when the server goes.
    join_all((0..64).map(|_| home.log(room))).await;
    server.stop();
    for i in 0..5 {
        let error = home.append(room, ana, message(&format!("lost{i}"), "hello")).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_) | Error::Busy), "{error}");
        let read = home.store.read(move |tx| Box::pin(log::after(tx, room, Seq(0), 9))).await;
        assert!(matches!(read, Err(Error::Unavailable(_) | Error::Busy)), "{read:?}");
    }
    server.start_again();
    home.append(room, ana, message("back", "hello")).await.unwrap();
    assert_eq!(home.log(room).await.len(), 3);
    home.verify(room).await;
}

/// Writers that send again what was not acknowledged, while the server goes down and comes back twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_is_there_once() {
    const EACH: usize = 60;
    let server = Server::start();
    let home = Home::new(Some(Database::on(&server.url()))).await;
    let people = home.people::<6>().await;
    let room = home.room("Kitchen", &people).await;
    let sent = AtomicUsize::new(0);
    let writing = join_all(people.iter().map(|author| async {
        for i in 0..EACH {
            while home.say(room, *author, &format!("m{i}"), "hello").await.is_err() {
                tokio::task::yield_now().await;
            }
            sent.fetch_add(1, Ordering::SeqCst);
        }
    }));
    let (server, progress) = (&server, &sent);
    let breaking = async {
        for most in [people.len() * EACH / 3, people.len() * EACH * 2 / 3] {
            while progress.load(Ordering::SeqCst) < most {
                tokio::task::yield_now().await;
            }
            tokio::task::block_in_place(|| {
                server.stop();
                server.start_again();
            });
        }
    };
    tokio::join!(writing, breaking);
    let log = home.log(room).await;
    let once: HashSet<String> = log[2..].iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    assert_eq!((log.len() - 2, once.len()), (people.len() * EACH, people.len() * EACH));
    home.verify(room).await;
}
