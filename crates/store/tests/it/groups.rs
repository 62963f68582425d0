//! Groups: one commit for those that wait, whole or not at all.

use crate::support::{Home, append, message, seqs};
use futures_util::future::join_all;
use protocol::{Body, RoomId, Seq, UserId};
use std::sync::{Arc, mpsc};
use store::{Committed, Error, Lane, Store, Tx, log, rooms, schema};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

both!(
    those_that_wait_share_a_commit,
    a_refusal_writes_nothing,
    a_refusal_after_a_write_fails,
    a_failing_write_fails_its_group_and_no_other,
    a_panic_does_not_stop_the_writer,
    a_read_that_takes_long_holds_no_other_up,
    whoever_stops_waiting_does_not_stop_the_write,
    two_lanes_tell_one_room_in_order,
);

/// A write in this lane that has begun and does not end before it is told to.
async fn hold(home: &Home, lane: Lane) -> (mpsc::Sender<()>, JoinHandle<Result<(), Error>>) {
    let (release, released) = mpsc::channel();
    let (begin, begun) = oneshot::channel();
    let store = home.store.clone();
    let held = tokio::spawn(async move {
        let write = store.write(lane, |_| {
            Box::pin(async move {
                let _ = begin.send(());
                let _ = tokio::task::block_in_place(|| released.recv());
                Ok(())
            })
        });
        write.await
    });
    begun.await.unwrap();
    (release, held)
}

/// Queues writes one after the other behind one that is held, then lets them go.
async fn behind(home: &Home, room: RoomId, writes: Vec<Queued>) -> Vec<Result<(), Error>> {
    let (release, held) = hold(home, Lane::Room(room)).await;
    let mut waiting: Vec<_> = writes.into_iter().map(|write| Box::pin(run(home, room, write))).collect();
    for write in &mut waiting {
        // Asked once, it stands in the queue.
        assert!(futures_util::poll!(write).is_pending());
    }
    release.send(()).unwrap();
    // On SQLite it is of their group, and fails with it.
    let _ = held.await.unwrap();
    join_all(waiting).await
}

#[derive(Clone, Copy)]
enum Queued {
    Fine(UserId),
    Refused,
    Fails(UserId),
    Panics(UserId),
}

async fn run(home: &Home, room: RoomId, what: Queued) -> Result<(), Error> {
    let id = format!("{room}-{}", UserId(rand()));
    let write = home.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let mut row = rooms::lock(tx, room).await?.unwrap();
            let author = match what {
                Queued::Refused => return Err(Error::Other("refused".into())),
                Queued::Fine(author) | Queued::Fails(author) | Queued::Panics(author) => author,
            };
            log::append(tx, &mut row, author, message(&id, "hello")).await?;
            match what {
                Queued::Fails(_) => fail(tx).await,
                Queued::Panics(_) => panic!("a bug, on purpose"),
                _ => Ok(()),
            }
        })
    });
    write.await
}

fn rand() -> i64 {
    static NEXT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

async fn fail(tx: &mut Tx) -> Result<(), Error> {
    let sql = "INSERT INTO meta (key, value) VALUES ('schema', 'twice')";
    tx.execute(sql, &[]).await.map(|_| ())
}

async fn those_that_wait_share_a_commit(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let before = home.told.lock().unwrap().len();
    let results = behind(&home, room, vec![Queued::Fine(ana); 100]).await;
    assert!(results.iter().all(Result::is_ok));
    let told = home.told.lock().unwrap()[before..].to_vec();
    assert!(told.len() <= 2, "a hundred writes that wait came in {} commits", told.len());
    assert_eq!(told.iter().map(Vec::len).sum::<usize>(), 100);
    // Another group begins at 256.
    let results = behind(&home, room, vec![Queued::Fine(ana); 600]).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(seqs(&home.told_of(room)), (1..=702).collect::<Vec<_>>());
    let most = home.told.lock().unwrap().iter().map(Vec::len).max();
    assert!(most <= Some(256), "{most:?} in one commit");
}

async fn a_refusal_writes_nothing(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let writes = vec![Queued::Fine(ana), Queued::Refused, Queued::Fine(ana), Queued::Refused];
    let results = behind(&home, room, writes).await;
    let fine: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, false, true, false], "those beside a refusal stand");
    assert_eq!(home.log(room).await.len(), 4);
    home.verify(room).await;
}

async fn a_refusal_after_a_write_fails(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let write = home.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let mut row = rooms::lock(tx, room).await?.unwrap();
            log::append(tx, &mut row, ana, message("a", "half")).await?;
            Err::<(), _>(Error::Busy)
        })
    });
    assert!(matches!(write.await, Err(Error::Other(why)) if why.contains("after a write")));
    assert_eq!(home.log(room).await.len(), 2);
    home.say(room, ana, "a", "whole").await.unwrap();
}

async fn a_failing_write_fails_its_group_and_no_other(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let writes = vec![Queued::Fine(ana), Queued::Fine(ana), Queued::Fails(ana), Queued::Fine(ana), Queued::Fine(ana)];
    let results = behind(&home, room, writes).await;
    assert!(results[..3].iter().all(|result| matches!(result, Err(Error::Conflict))), "{results:?}");
    assert!(results[3..].iter().all(Result::is_ok), "{results:?}");
    assert_eq!(seqs(&home.log(room).await), [1, 2, 3, 4]);
    assert_eq!(home.told_of(room), home.log(room).await, "what did not stay was not told");
    let schema = home.read(|tx| Box::pin(schema::get(tx, "schema"))).await;
    assert_eq!(schema.as_deref(), Some("7"));
    home.verify(room).await;
}

async fn a_panic_does_not_stop_the_writer(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let results = behind(&home, room, vec![Queued::Fine(ana), Queued::Panics(ana), Queued::Fine(ana)]).await;
    assert!(matches!(&results[1], Err(Error::Other(why)) if why.contains("panicked")), "{results:?}");
    assert!(results[0].is_err() && results[2].is_ok(), "{results:?}");
    for _ in 0..20 {
        assert!(run(&home, room, Queued::Panics(ana)).await.is_err());
    }
    home.say(room, ana, "after", "all is well").await.unwrap();
    assert_eq!(home.log(room).await.len(), 4);
    home.verify(room).await;
    let read =
        home.store.read(|_| Box::pin(async { if true { panic!("a bug, on purpose") } else { Ok::<(), Error>(()) } }));
    assert!(read.await.is_err());
    assert_eq!(home.log(room).await.len(), 4);
}

async fn a_read_that_takes_long_holds_no_other_up(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    // Asked in one go, where one thread rests and no other was needed yet: the second does not wait for the first.
    let (release, released) = mpsc::channel::<()>();
    let long = home.store.read(|_| {
        Box::pin(async move {
            let _ = tokio::task::block_in_place(|| released.recv());
            Ok::<_, Error>(())
        })
    });
    let quick = async {
        let row = home.row(room).await;
        release.send(()).unwrap();
        row
    };
    let (long, row) = tokio::join!(long, quick);
    long.unwrap();
    assert_eq!(row.head, Seq(2));
    let mut held = Vec::new();
    for _ in 0..3 {
        let (release, released) = mpsc::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let store = home.store.clone();
        let long = tokio::spawn(async move {
            let read = store.read(|tx| {
                Box::pin(async move {
                    let _ = begin.send(());
                    let _ = tokio::task::block_in_place(|| released.recv());
                    Ok::<_, Error>(log::after(tx, RoomId(1), Seq(0), 10).await?.len())
                })
            });
            read.await
        });
        begun.await.unwrap();
        held.push((release, long));
    }
    for n in 0..200 {
        home.say(room, ana, &format!("{n}"), "hello").await.unwrap();
        assert_eq!(home.row(room).await.head, Seq(n + 3), "each read begins after what was written before it");
    }
    for (release, long) in held {
        release.send(()).unwrap();
        long.await.unwrap().unwrap();
    }
}

async fn whoever_stops_waiting_does_not_stop_the_write(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let (release, held) = hold(&home, Lane::Room(room)).await;
    let mut gone = Box::pin(append(&home.store, room, ana, message("gone", "hello")));
    assert!(futures_util::poll!(&mut gone).is_pending());
    drop(gone);
    release.send(()).unwrap();
    held.await.unwrap().unwrap();
    home.say(room, ana, "next", "hello").await.unwrap();
    assert_eq!(home.log(room).await.len(), 4);
}

/// An account joins the first room in the server's lane, while others talk there in the room's own. Whoever is
/// told takes a while now and then: the other lane must not overtake.
async fn two_lanes_tell_one_room_in_order(mut home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Lobby", &[ana]).await;
    home.store.close().await;
    let told = Arc::clone(&home.told);
    let slow = move |committed: Vec<Committed>| {
        if committed.len() % 2 == 1 {
            (0..5_000).for_each(|_| std::thread::yield_now());
        }
        told.lock().unwrap().push(committed);
    };
    home.store = Store::open(&home.options, Arc::new(slow)).await.unwrap();
    let talking = async {
        for i in 0..60 {
            run(&home, room, if i % 20 == 7 { Queued::Refused } else { Queued::Fine(ana) }).await.ok();
        }
    };
    let joining = async {
        for user in (100..160).map(UserId) {
            let write = home.write(Lane::Server, move |tx| {
                Box::pin(async move {
                    let mut row = rooms::lock(tx, room).await?.unwrap();
                    log::append(tx, &mut row, user, Body::Joined { users: vec![user] }).await
                })
            });
            write.await.unwrap();
        }
    };
    tokio::join!(talking, joining);
    let log = home.log(room).await;
    assert_eq!(log.len(), 2 + 57 + 60);
    assert_eq!(home.told_of(room), log);
    home.verify(room).await;
}
