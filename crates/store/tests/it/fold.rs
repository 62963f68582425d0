//! The kept fold is the fold of the log, and unread is what its definition says, over random histories.

use crate::history::{History, PEOPLE, Step, steps};
use crate::support::Home;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use protocol::fold::{Entry, Room, What};
use protocol::{Body, FileInfo, Preview, RoomId, Seq, UserId};
use store::{Lane, history, log, members, reactions, rooms, unread};

both!(every_history_folds_to_what_is_kept, a_crowd_reacts, verify_finds_what_is_wrong, joining_reads_to_the_join,);

async fn every_history_folds_to_what_is_kept(home: Home) {
    let people = home.people::<PEOPLE>().await;
    let mut files = Vec::new();
    for i in 0..5 {
        files.push(home.file(people[0], &format!("picture {i}.png")).await);
    }
    let runtime = tokio::runtime::Handle::current();
    let cases = if home.store.is_postgres() { 25 } else { 150 };
    tokio::task::block_in_place(|| {
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        runner.run(&steps(), |steps| runtime.block_on(check(&home, &people, &files, &steps))).unwrap();
    });
}

async fn check(home: &Home, people: &[UserId], files: &[FileInfo], steps: &[Step]) -> Result<(), TestCaseError> {
    // A name of its own for each case: names of open rooms are unique.
    let room = home.room(&format!("Room {}", rand()), &people[..2]).await;
    let history = live(home, room, people, files, steps).await;
    let wrong = home.wrong(room).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    let log = home.log(room).await;
    assert_eq!(serde_json::to_value(&log).unwrap(), serde_json::to_value(&history.log).unwrap());
    let again = Room::of(&log);
    assert_eq!(again.members, history.fold.members);
    let people = people.to_vec();
    let head = history.fold.head;
    home.read(move |tx| {
        Box::pin(async move {
            let pinned = |entry: &&Entry| matches!(&entry.what, What::Message(message) if message.pinned);
            let mut pins: Vec<Seq> = log::pins(tx, room, 100).await?.iter().map(|entry| entry.seq).collect();
            let at = |seq: &Seq| history.log.iter().rposition(|event| event.body == Body::Pinned { target: *seq });
            assert!(pins.is_sorted_by_key(|seq| std::cmp::Reverse(at(seq))), "the newest pin first");
            pins.sort_unstable();
            let folded: Vec<Seq> = history.fold.entries.iter().filter(pinned).map(|entry| entry.seq).collect();
            assert_eq!(pins, folded);
            for entry in &history.fold.entries {
                let What::Message(message) = &entry.what else { continue };
                let texts = history::versions(tx, room, entry.seq, 100).await?;
                let texts: Vec<_> = texts.iter().map(|version| version.text.as_str()).collect();
                assert_eq!(texts, history.versions(entry.seq));
                let emoji = message.reactions.iter().map(|one| one.emoji.clone()).collect();
                for (all, one) in reactions::all(tx, room, entry.seq, emoji).await?.iter().zip(&message.reactions) {
                    assert_eq!(all.users, one.users, "in the order in which they came");
                }
            }
            for me in people {
                for read in (0..=head.0).step_by(1 + head.0 as usize / 9).map(Seq) {
                    let counted = unread::count(tx, room, me, read).await?;
                    assert_eq!(counted, history.unread(me, read), "{me} at {read} of {:#?}", history.log);
                }
            }
            Ok(())
        })
    })
    .await;
    Ok(())
}

/// More people than a message tells the names of, coming and going.
async fn a_crowd_reacts(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let sent = home.say(room, ana, "a", "hello").await.unwrap();
    let (target, emoji) = (sent.seq, "👍".to_owned());
    for n in 1..=30 {
        home.append(room, UserId(100 + n), Body::Reacted { target, emoji: emoji.clone() }).await.unwrap();
    }
    let untold = |user: i64| {
        home.read(move |tx| {
            Box::pin(async move {
                let page = log::page_before(tx, room, Seq(i64::MAX), 50).await?;
                reactions::untold(tx, room, UserId(user), &page).await
            })
        })
    };
    assert_eq!(untold(130).await, [(target, vec![emoji.clone()])]);
    assert_eq!(untold(120).await, [], "the names tell it");
    assert_eq!(untold(99).await, [], "gave none");
    home.verify(room).await;
    // Some whom the names tell go, and one whom they do not: those behind move up, and who comes then stands behind them.
    for n in [3, 7, 30] {
        home.append(room, UserId(100 + n), Body::Unreacted { target, emoji: emoji.clone() }).await.unwrap();
    }
    home.append(room, UserId(141), Body::Reacted { target, emoji: emoji.clone() }).await.unwrap();
    home.verify(room).await;
    assert_eq!(untold(130).await, []);
    assert_eq!(untold(121).await, [], "moved up");
    assert_eq!(untold(141).await, [(target, vec![emoji.clone()])]);
    assert_eq!(untold(129).await, [(target, vec![emoji.clone()])]);
    let all = home.read(move |tx| Box::pin(reactions::all(tx, room, target, vec![emoji]))).await;
    assert_eq!(all[0].users.len(), 28);
    home.append(room, ana, Body::Deleted { target, thread: None }).await.unwrap();
    home.verify(room).await;
}

/// Plays the steps: some alone in their transaction, some together.
async fn live(home: &Home, room: RoomId, people: &[UserId], files: &[FileInfo], steps: &[Step]) -> History {
    let mut history = History::new(people, files);
    home.log(room).await.into_iter().for_each(|event| history.take(event));
    for (i, part) in steps.chunks(7).enumerate() {
        let size = if i % 2 == 0 { 7 } else { 1 };
        for part in part.chunks(size) {
            let part = part.to_vec();
            let write = home.write(Lane::Room(room), move |tx| {
                Box::pin(async move {
                    let mut room = rooms::lock(tx, room).await?.unwrap();
                    for step in &part {
                        if let Some((author, mut body)) = history.next(step) {
                            if let Body::Renamed { name } = &mut body {
                                *name = format!("{name} in {}", room.id);
                            }
                            history.take(log::append(tx, &mut room, author, body).await?);
                        }
                    }
                    Ok(history)
                })
            });
            history = write.await.unwrap();
        }
    }
    history
}

fn rand() -> u32 {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// A checker that finds nothing proves nothing: each kind of damage is done once, and found.
async fn verify_finds_what_is_wrong(home: Home) {
    const DAMAGES: [&str; 26] = [
        "UPDATE entries SET counts = 0 WHERE room = $1 AND seq = 3",
        "UPDATE entries SET counts = 1 WHERE room = $1 AND seq = 1",
        "INSERT INTO mentions (room, seq, user_id) VALUES ($1, 3, 1)",
        "UPDATE entries SET replies = replies + 1 WHERE room = $1 AND seq = 3",
        "UPDATE entries SET text_at = 4 WHERE room = $1 AND seq = 3",
        "UPDATE entries SET erased = 1 WHERE room = $1 AND seq = 4",
        "UPDATE entries SET edited_at = 5 WHERE room = $1 AND seq = 4",
        "DELETE FROM entries WHERE room = $1 AND seq = 3",
        "UPDATE words SET text = 'forged' WHERE id = (SELECT words FROM events WHERE room = $1 AND seq = 6)",
        "DELETE FROM events WHERE room = $1 AND seq = 2",
        "UPDATE members SET role = 'member' WHERE room = $1",
        "UPDATE rooms SET members = 7 WHERE id = $1",
        "UPDATE rooms SET head = head + 1 WHERE id = $1",
        "UPDATE rooms SET previews = 0 WHERE id = $1",
        "INSERT INTO attachments (room, seq, file, pos, preview, author, at) VALUES ($1, 3, 1, 0, 0, 1, 0)",
        "UPDATE entries SET previews_at = 5 WHERE room = $1 AND seq = 4",
        "DELETE FROM reactions WHERE room = $1 AND user_id = 2",
        "UPDATE reactions SET emoji = '👎' WHERE room = $1",
        "UPDATE reactions SET author = 7 WHERE room = $1",
        "INSERT INTO reactions (room, seq, emoji, user_id, author, at) VALUES ($1, 4, '👍', 1, 1, 0)",
        "UPDATE reactions SET given = -given WHERE room = $1",
        "UPDATE entries SET reactions = NULL WHERE room = $1 AND seq = 3",
        "UPDATE entries SET pinned_at = NULL WHERE room = $1 AND seq = 3",
        "UPDATE entries SET pinned_at = 3 WHERE room = $1 AND seq = 4",
        "UPDATE entries SET pinned_at = 5 WHERE room = $1 AND seq = 3",
        "UPDATE entries SET repliers = '[2]' WHERE room = $1 AND seq = 3",
    ];
    let [ana, bo] = home.people().await;
    for (i, damage) in DAMAGES.into_iter().enumerate() {
        let room = home.room(&format!("Room {i}"), &[ana, bo]).await;
        for id in ["a", "b"] {
            home.say(room, ana, id, &format!("hello {id}")).await.unwrap();
        }
        let previews = vec![Preview { url: "u".into(), site: None, title: None, description: None, image: None }];
        home.append(room, ana, Body::Preview { target: Seq(3), previews, erased: false }).await.unwrap();
        home.append(room, ana, Body::Topic { topic: "tea".into() }).await.unwrap();
        for who in [ana, bo] {
            home.append(room, who, Body::Reacted { target: Seq(3), emoji: "👍".into() }).await.unwrap();
        }
        home.append(room, bo, Body::Pinned { target: Seq(3) }).await.unwrap();
        home.verify(room).await;
        home.write(Lane::Room(room), move |tx| Box::pin(async move { tx.execute(damage, &[room.into()]).await }))
            .await
            .unwrap();
        assert!(!home.wrong(room).await.is_empty(), "not found: {damage}");
    }
}

async fn joining_reads_to_the_join(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    home.say(room, ana, "a", "before").await.unwrap();
    let joined = home.append(room, bo, Body::Joined { users: vec![bo, ana] }).await.unwrap();
    let (row, member) =
        home.read(move |tx| Box::pin(rooms::seen_by(tx, room, bo))).await.expect("an open room is seen by everybody");
    assert_eq!((row.members, member.unwrap().read), (2, joined.seq));
    let ana_reads = home.read(move |tx| Box::pin(rooms::seen_by(tx, room, ana))).await.unwrap().1.unwrap().read;
    assert_eq!(ana_reads, Seq(1), "who is there already keeps the place");
    home.append(room, bo, Body::Left { users: vec![bo, bo], by: None, why: None }).await.unwrap();
    let role = home.read(move |tx| Box::pin(members::role(tx, room, bo))).await;
    assert_eq!((role, home.row(room).await.members), (None, 1));
}
