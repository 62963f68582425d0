//! What is asked all the time goes by an index, and costs the same in a long room as in a short one.

use crate::support::Home;
use protocol::{Body, RoomId, Seq, Time, UserId};
use store::testing::cost::{self, Ran};
use store::{Error, Lane, Tx, facts, history, log, members, reactions, rooms, saved, sessions, unread, users};

/// What a client asks when it comes, scrolls and goes on.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Newest,
    Before,
    After,
    Entry,
    Events,
    Known,
    Unread,
    Rooms,
    Heads,
    Seen,
    Entrance,
    Moved,
    Others,
    Session,
    Login,
    Facts,
    Pins,
    Given,
    Versions,
    Saved,
    Shown,
}

const ASKS: [Ask; 21] = [
    Ask::Newest,
    Ask::Before,
    Ask::After,
    Ask::Entry,
    Ask::Events,
    Ask::Known,
    Ask::Unread,
    Ask::Rooms,
    Ask::Heads,
    Ask::Seen,
    Ask::Entrance,
    Ask::Moved,
    Ask::Others,
    Ask::Session,
    Ask::Login,
    Ask::Facts,
    Ask::Pins,
    Ask::Given,
    Ask::Versions,
    Ask::Saved,
    Ask::Shown,
];

async fn ask(tx: &mut Tx, what: Ask, room: RoomId, me: UserId, head: i64) -> Result<(), Error> {
    match what {
        Ask::Newest => drop(log::page_before(tx, room, Seq(i64::MAX), 50).await?),
        Ask::Before => drop(log::page_before(tx, room, Seq(head - 10), 50).await?),
        Ask::After => drop(log::page_after(tx, room, Seq(head - 60), 50).await?),
        Ask::Entry => drop(log::entry(tx, room, Seq(head - 10)).await?),
        Ask::Events => drop(log::after(tx, room, Seq(head - 60), 50).await?),
        Ask::Known => drop(log::known(tx, room, me, "m7").await?),
        Ask::Unread => drop(unread::count(tx, room, me, Seq(head - 60)).await?),
        Ask::Rooms => drop(rooms::of(tx, me, None, 50).await?),
        Ask::Heads => drop(rooms::heads(tx, me, 50).await?),
        Ask::Seen => drop(rooms::seen_by(tx, room, me).await?),
        Ask::Entrance => drop(rooms::entrance(tx, room, me).await?),
        Ask::Moved => drop(rooms::moved(tx, i64::MAX).await?),
        Ask::Others => drop(members::others(tx, room, me).await?),
        Ask::Session => drop(sessions::find(tx, b"hash").await?),
        Ask::Login => drop(users::credentials(tx, "ana").await?),
        Ask::Facts => drop(facts::after(tx, Seq(0), 50).await?),
        Ask::Pins => drop((log::pins(tx, room, 50).await?, log::pinned(tx, room).await?)),
        Ask::Given => drop(reactions::given(tx, room, me, &[(Seq(head - 9), "👍"), (Seq(head - 8), "👍")]).await?),
        Ask::Versions => drop(history::versions(tx, room, Seq(head - 9), 50).await?),
        Ask::Shown => {
            drop(log::shown_so_far(tx, room, Seq(head - 9)).await?);
            log::previewed_after(tx, room, Seq(head - 60), Seq(head - 50)).await?;
        }
        Ask::Saved => {
            let after = saved::After { at: Time(head - 10), room, seq: Seq(head - 10) };
            drop(saved::list(tx, me, None, Some(after), 50).await?);
            drop(saved::get(tx, me, room, Seq(head - 10)).await?);
        }
    }
    Ok(())
}

/// The statements behind a question.
async fn run(home: &Home, what: Ask, room: RoomId, me: UserId, head: i64) -> Vec<Ran> {
    let read = home.read(move |tx| {
        Box::pin(async move {
            // Once before: a statement is prepared on its first use.
            ask(tx, what, room, me, head).await?;
            cost::watch();
            ask(tx, what, room, me, head).await?;
            Ok(cost::ran())
        })
    });
    read.await
}

/// A room of so many messages, made past the log's door: it is only read here.
async fn room_of(home: &Home, messages: i64, people: [UserId; 2]) -> (RoomId, i64) {
    let room = home.room(&format!("Room of {messages}"), &people).await;
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < $2 + 2)";
    let words = format!("INSERT INTO words (id, text) {numbers} SELECT $1 * 1000000 + i, 'hello ' || i FROM n");
    let events = format!(
        "INSERT INTO events (room, seq, at, author, kind, client_id, words)
         {numbers} SELECT $1, i, i, 1, 'message', CAST(char(1) || 'm' || i AS BLOB), $1 * 1000000 + i FROM n"
    );
    let entries = format!(
        "INSERT INTO entries (room, seq, author, shown, counts, text_at) {numbers} SELECT $1, i, 1, 1, 1, i FROM n"
    );
    let mentions =
        format!("INSERT INTO mentions (room, user_id, seq) {numbers} SELECT $1, 2, i FROM n WHERE i % 10 = 0");
    let saved = format!("INSERT INTO saved (user_id, room, seq, at) {numbers} SELECT 2, $1, i, i FROM n");
    for sql in [words, events, entries, mentions, saved] {
        let sql: &'static str = sql.leak();
        let params = [room.into(), messages.into()];
        let write = home.write(Lane::Room(room), move |tx| Box::pin(async move { tx.execute(sql, &params).await }));
        write.await.unwrap();
    }
    // The head is where it would be, by one more append.
    let head = "UPDATE rooms SET head = $2 + 2 WHERE id = $1";
    let params = [room.into(), messages.into()];
    home.write(Lane::Room(room), move |tx| Box::pin(async move { tx.execute(head, &params).await })).await.unwrap();
    let event = home.append(room, people[0], Body::Topic { topic: "tea".into() }).await.unwrap();
    (room, event.seq.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_long_room_costs_what_a_short_one_does() {
    let home = Home::sqlite().await;
    let people = home.people().await;
    let short = room_of(&home, 100, people).await;
    let long = room_of(&home, 100_000, people).await;
    for what in ASKS {
        let mut steps = [0, 0];
        for ((room, head), steps) in [short, long].into_iter().zip(&mut steps) {
            let ran = run(&home, what, room, people[1], head).await;
            assert!(!ran.is_empty());
            *steps = ran.iter().map(|ran| ran.steps).sum();
            for ran in ran {
                assert_eq!(ran.scanned, 0, "{what:?} scans: {}", ran.sql);
                explain(&home, what, ran).await;
            }
        }
        let [short, long] = steps;
        assert!(long <= short + short / 10 + 20, "{what:?}: {short} steps among 100, {long} among 100,000");
    }
}

async fn explain(home: &Home, what: Ask, ran: Ran) {
    let sql: &'static str = format!("EXPLAIN QUERY PLAN {}", ran.sql).leak();
    let plan = home.read(move |tx| Box::pin(async move { tx.rows(sql, &ran.params).await })).await;
    for mut row in plan {
        let step = row.text(3);
        // A list in a parameter, or the inside of a count, is no table.
        let table = !step.contains("json_each") && !step.contains("SCAN n") || step.contains("entries");
        assert!(!(step.starts_with("SCAN") && table), "{what:?}: {step} in {sql}");
    }
}
