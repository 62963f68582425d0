//! Readers find the rooms that moved, also those whose transaction was open while they asked.

use crate::support::{Home, message};
use futures_util::future::join_all;
use protocol::{RoomId, Seq, UserId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Lane, log, rooms};

both!(every_room_that_moved_is_found, asking_again_finds_what_is_new);

async fn ask(home: &Home, after: i64) -> (Vec<(RoomId, Seq)>, i64) {
    home.read(move |tx| Box::pin(rooms::moved(tx, after))).await
}

async fn every_room_that_moved_is_found(home: Home) {
    let [ana] = home.people().await;
    let mut all = Vec::new();
    for i in 0..12 {
        all.push(home.room(&format!("Room {i}"), &[ana]).await);
    }
    let done = AtomicBool::new(false);
    let writing = async {
        join_all(all.iter().enumerate().map(|(i, room)| write(&home, *room, ana, i))).await;
        done.store(true, Ordering::SeqCst);
    };
    let reading = async {
        let (mut heads, mut after) = (HashMap::<RoomId, Seq>::new(), 0);
        loop {
            let last = done.load(Ordering::SeqCst);
            let (moved, next) = ask(&home, after).await;
            assert!(next >= after, "the number never goes back");
            after = next;
            heads.extend(moved);
            if last {
                return heads;
            }
        }
    };
    let (_, heads) = tokio::join!(writing, reading);
    for room in all {
        assert_eq!(heads.get(&room), Some(&home.row(room).await.head), "room {room}");
    }
}

/// Transactions that stay open for different times, so that they commit in another order than they began.
async fn write(home: &Home, room: RoomId, author: UserId, i: usize) {
    for n in 0..25 {
        let write = home.write(Lane::Room(room), move |tx| {
            Box::pin(async move {
                let mut row = rooms::lock(tx, room).await?.unwrap();
                let event = log::append(tx, &mut row, author, message(&format!("m{n}"), "hello")).await?;
                for _ in 0..(i * n) % 17 {
                    rooms::get(tx, room).await?;
                }
                Ok(event)
            })
        });
        write.await.unwrap();
    }
}

async fn asking_again_finds_what_is_new(home: Home) {
    let [ana] = home.people().await;
    let (kitchen, hall) = (home.room("Kitchen", &[ana]).await, home.room("Hall", &[ana]).await);
    let (moved, mut after) = ask(&home, 0).await;
    assert_eq!(moved.len(), 2);
    for (i, room) in [hall, kitchen, hall, hall].into_iter().enumerate() {
        let sent = home.say(room, ana, &format!("m{i}"), "hello").await.unwrap();
        let (moved, next) = ask(&home, after).await;
        assert!(moved.contains(&(room, sent.seq)), "{moved:?}");
        // PostgreSQL may give a room twice while any transaction of its is open, be it in another database.
        assert!(home.store.is_postgres() || moved.len() == 1, "{moved:?}");
        after = next;
    }
    assert!(home.store.is_postgres() || ask(&home, after).await.0.is_empty());
}

/// The room that began to move first commits last.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_room_whose_transaction_was_open_is_found_later() {
    let home = Home::postgres().await;
    let [ana] = home.people().await;
    let (slow, quick) = (home.room("Slow", &[ana]).await, home.room("Quick", &[ana]).await);
    let (_, start) = ask(&home, 0).await;
    let (wrote, has_written) = tokio::sync::oneshot::channel();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let store = home.store.clone();
    let open = tokio::spawn(async move {
        let write = store.write(Lane::Room(slow), move |tx| {
            Box::pin(async move {
                let mut row = rooms::lock(tx, slow).await?.unwrap();
                let event = log::append(tx, &mut row, ana, message("slow", "hello")).await?;
                let _ = wrote.send(());
                let _ = released.await;
                Ok::<_, store::Error>(event)
            })
        });
        write.await
    });
    has_written.await.unwrap();
    home.say(quick, ana, "quick", "hello").await.unwrap();
    let (moved, next) = ask(&home, start).await;
    assert!(moved.contains(&(quick, Seq(3))) && !moved.contains(&(slow, Seq(3))), "{moved:?}");
    release.send(()).unwrap();
    open.await.unwrap().unwrap();
    let (moved, _) = ask(&home, next).await;
    assert!(moved.contains(&(slow, Seq(3))), "{moved:?}");
}
