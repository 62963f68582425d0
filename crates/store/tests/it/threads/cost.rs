//! What threads and activity cost does not grow with the rooms that they stand in.

use crate::support::Home;
use protocol::view::Cause;
use protocol::{RoomId, Seq, UserId};
use store::testing::cost;
use store::{Error, Lane, Tx, activity, log, threads, unread};

#[derive(Clone, Copy, Debug)]
enum Ask {
    Mine,
    Page,
    Why,
    RoomWhy,
    Places,
    List,
    Unread,
    Newest,
    Entries,
    Activity(Cause),
}

const ASKS: [Ask; 14] = [
    Ask::Mine,
    Ask::Page,
    Ask::Why,
    Ask::RoomWhy,
    Ask::Places,
    Ask::List,
    Ask::Unread,
    Ask::Newest,
    Ask::Entries,
    Ask::Activity(Cause::Mention),
    Ask::Activity(Cause::Room),
    Ask::Activity(Cause::Keyword),
    Ask::Activity(Cause::Reaction),
    Ask::Activity(Cause::Reply),
];

async fn ask(tx: &mut Tx, what: Ask, room: RoomId, me: UserId, head: i64) -> Result<(), Error> {
    match what {
        Ask::Mine => drop(threads::of(tx, room, Seq(3), me).await?),
        Ask::Page => drop(log::replies_before(tx, room, Seq(3), Seq(i64::MAX), 50).await?),
        Ask::Why => drop(threads::why(tx, room, Seq(3), me, Seq(10)).await?),
        Ask::RoomWhy => drop(unread::why(tx, room, me, Seq(head - 60)).await?),
        Ask::Places => drop(threads::places(tx, me, 2_000).await?),
        Ask::List => drop(threads::list(tx, me, false, None, 20).await?),
        Ask::Unread => drop(threads::list(tx, me, true, None, 20).await?),
        Ask::Newest => drop(threads::newest(tx, &[(room, Seq(3)), (room, Seq(4))], 3).await?),
        Ask::Entries => drop(log::entries(tx, &[(room, Seq(3)), (room, Seq(head - 3))]).await?),
        Ask::Activity(cause) => drop(activity::list(tx, me, &[cause], None, 30).await?),
    }
    Ok(())
}

/// A room of so many messages; some of the first two thousand are replies in two threads, and calls, words and
/// reactions all over it.
async fn room_of(home: &Home, messages: i64, people: [UserId; 2]) -> (RoomId, i64) {
    let room = home.room(&format!("Room of {messages}"), &people).await;
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < $2 + 2)";
    let reply = "(i % 10 = 0 AND i < 2000)";
    let statements = [
        format!("INSERT INTO words (id, text) {numbers} SELECT $1 * 1000000 + i, 'hello ' || i FROM n"),
        format!("INSERT INTO events (room, seq, at, author, kind, client_id, words) {numbers}
                 SELECT $1, i, i, 1, 'message', CAST(char(1) || 'm' || i AS BLOB), $1 * 1000000 + i FROM n"),
        format!("INSERT INTO entries (room, seq, author, shown, counts, text_at, thread) {numbers}
                 SELECT $1, i, 1, 1 - {reply}, 1 - {reply}, i, CASE WHEN {reply} THEN 3 + i % 20 / 10 END FROM n"),
        format!("INSERT INTO mentions (room, user_id, seq, thread, at) {numbers}
                 SELECT $1, i % 100 / 25, i, CASE WHEN {reply} THEN 3 + i % 20 / 10 ELSE 0 END, i FROM n WHERE i % 25 = 0"),
        format!("INSERT INTO keyword_hits (user_id, at, room, seq) {numbers} SELECT 2, i, $1, i FROM n WHERE i % 30 = 1"),
        format!("INSERT INTO reactions (room, seq, emoji, user_id, author, at) {numbers}
                 SELECT $1, i, 'x', 1, 2, i FROM n WHERE i % 30 = 2"),
        "UPDATE entries SET replies = 100, last_reply = 2000 + 0 * $2 WHERE room = $1 AND seq IN (3, 4)".to_owned(),
        "UPDATE rooms SET head = $2 + 2 WHERE id = $1".to_owned(),
        "INSERT INTO threads (room, root, user_id, following, since, read)
         SELECT $1, root, 2, 1, 1000, 1000 + 0 * $2 FROM (SELECT 3 AS root UNION ALL SELECT 4) AS r".to_owned(),
    ];
    for sql in statements {
        let sql: &'static str = sql.leak();
        let params = [room.into(), messages.into()];
        let write = home.write(Lane::Room(room), move |tx| Box::pin(async move { tx.execute(sql, &params).await }));
        write.await.unwrap();
    }
    (room, messages + 2)
}

async fn steps(messages: i64) -> Vec<(Ask, i32)> {
    // A database of its own: what concerns somebody comes from all of their rooms.
    let home = Home::sqlite().await;
    let people: [UserId; 2] = home.people().await;
    let (room, head) = room_of(&home, messages, people).await;
    let mut all = Vec::new();
    for what in ASKS {
        let me = people[1];
        let ran = home.read(move |tx| {
            Box::pin(async move {
                // Once before: a statement is prepared on its first use.
                ask(tx, what, room, me, head).await?;
                cost::watch();
                ask(tx, what, room, me, head).await?;
                Ok(cost::ran())
            })
        });
        let ran = ran.await;
        for ran in &ran {
            assert_eq!(ran.scanned, 0, "{what:?} scans: {}", ran.sql);
        }
        all.push((what, ran.iter().map(|ran| ran.steps).sum()));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_long_room_costs_what_a_short_one_does() {
    let (short, long) = (steps(4_000).await, steps(100_000).await);
    for ((what, short), (_, long)) in short.into_iter().zip(long) {
        assert!(long <= short + short / 10 + 40, "{what:?}: {short} steps among 4,000, {long} among 100,000");
    }
}

/// What a client asks for when it comes, with as many threads as it is told of.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_thousand_places_are_three_seeks_each() {
    let home = Home::sqlite().await;
    let people: [UserId; 2] = home.people().await;
    let (room, _) = room_of(&home, 20_000, people).await;
    let sql = "WITH RECURSIVE n(i) AS (SELECT 5 UNION ALL SELECT i + 1 FROM n WHERE i < 2200)
               INSERT INTO threads (room, root, user_id, following, since, read) SELECT $1, i, 2, 1, i, i FROM n";
    home.write(Lane::Room(room), move |tx| Box::pin(async move { tx.execute(sql, &[room.into()]).await }))
        .await
        .unwrap();
    let me = people[1];
    let read = home.read(move |tx| {
        Box::pin(async move {
            threads::places(tx, me, 2_000).await?;
            cost::watch();
            let places = threads::places(tx, me, 2_000).await?;
            Ok((places.len(), cost::ran()))
        })
    });
    let (places, ran) = read.await;
    assert_eq!((places, ran.len()), (2_000, 1), "one statement for all");
    assert!(ran[0].steps < 2_000 * 200, "{} steps", ran[0].steps);
}
