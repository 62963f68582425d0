//! What is one person's own: marks, quiet hours, words, rooms that are hushed.

use crate::support::Home;
use protocol::event::Said;
use protocol::view::{Level, Quiet, Saved};
use protocol::{Body, RoomId, Seq, Time, UserId};
use store::facts::{self, Fact};
use store::saved::{self, After};
use store::{Lane, keywords, members, quiet, rooms, users};

both!(
    marks_are_ones_own_and_page_by_time_and_place,
    a_mark_is_done_once,
    quiet_and_words_are_kept_and_every_node_hears,
    words_call_members_who_did_not_write_them,
    a_text_that_was_replaced_or_erased_calls_nobody,
    a_room_is_hushed_apart_from_its_level,
);

async fn save(home: &Home, user: UserId, seq: i64, done: bool, now: i64) -> Saved {
    let put = home.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            tx.set_now(Time(now));
            saved::put(tx, user, RoomId(1), Seq(seq), done).await
        })
    });
    put.await.unwrap()
}

async fn list(home: &Home, user: UserId, done: Option<bool>, after: Option<After>, limit: u32) -> Vec<Saved> {
    home.read(move |tx| Box::pin(async move { saved::list(tx, user, done, after, limit).await })).await
}

fn seqs(list: &[Saved]) -> Vec<i64> {
    list.iter().map(|mark| mark.seq.0).collect()
}

async fn marks_are_ones_own_and_page_by_time_and_place(home: Home) {
    let [ana, bo] = home.people().await;
    // Three of the same moment.
    for (seq, at) in [(5, 10), (9, 20), (7, 20), (8, 20), (6, 30)] {
        save(&home, ana, seq, seq == 7, at).await;
    }
    assert_eq!(seqs(&list(&home, ana, None, None, 10).await), [6, 9, 8, 7, 5]);
    assert_eq!(seqs(&list(&home, ana, Some(true), None, 10).await), [7]);
    assert_eq!(seqs(&list(&home, ana, Some(false), None, 10).await), [6, 9, 8, 5]);
    let mut seen = Vec::new();
    let mut after = None;
    while let [mark] = &list(&home, ana, None, after, 1).await[..] {
        after = Some(After { at: mark.at, room: mark.room, seq: mark.seq });
        seen.push(mark.seq.0);
    }
    assert_eq!(seen, [6, 9, 8, 7, 5], "each once");
    assert!(list(&home, bo, None, None, 10).await.is_empty());
    let count = home.read(move |tx| Box::pin(async move { saved::count(tx, ana).await })).await;
    assert_eq!(count, 5);
    home.write(Lane::Personal, move |tx| Box::pin(async move { saved::delete(tx, bo, RoomId(1), Seq(9)).await }))
        .await
        .unwrap();
    assert_eq!(list(&home, ana, None, None, 10).await.len(), 5, "nobody takes another's mark away");
}

async fn a_mark_is_done_once(home: Home) {
    let [ana] = home.people().await;
    let open = save(&home, ana, 5, false, 10).await;
    assert_eq!((open.at, open.done_at), (Time(10), None));
    let done = save(&home, ana, 5, true, 20).await;
    assert_eq!((done.at, done.done_at), (Time(10), Some(Time(20))));
    assert_eq!(save(&home, ana, 5, true, 30).await, done);
    assert_eq!(save(&home, ana, 5, false, 40).await, open);
    let kept = home.read(move |tx| Box::pin(async move { saved::get(tx, ana, RoomId(1), Seq(5)).await })).await;
    assert_eq!(kept, Some(open));
}

async fn quiet_and_words_are_kept_and_every_node_hears(home: Home) {
    let [ana, bo] = home.people().await;
    let before = home.read(|tx| Box::pin(facts::head(tx))).await;
    let wish = Quiet {
        until: Some(Time(1_800_000_000_000)),
        zone: "Europe/Lisbon".into(),
        days: vec![None; 7],
        keywords: vec!["hut".into(), "\"%_".into()],
    };
    let kept = wish.clone();
    home.write(Lane::Server, move |tx| Box::pin(async move { quiet::set(tx, ana, &kept).await })).await.unwrap();
    let read = home.read(move |tx| {
        Box::pin(async move {
            let me = users::me(tx, ana).await?.unwrap().quiet;
            Ok((quiet::of(tx, ana).await?, me, quiet::of(tx, bo).await?, quiet::words(tx).await?))
        })
    });
    let (of, me, other, words) = read.await;
    assert_eq!((&of, &me, &other), (&wish, &wish, &Quiet::default()));
    assert_eq!(words, [(ana, wish.keywords.clone())]);
    let facts = home.read(move |tx| Box::pin(async move { facts::after(tx, before, 10).await })).await;
    let facts: Vec<_> = facts.into_iter().filter_map(|(_, fact)| fact).collect();
    assert_eq!(facts, [Fact::QuietChanged { user: ana }], "and no change of what others see");
    // Hours alone are no words.
    let hours = Quiet { keywords: Vec::new(), ..wish };
    home.write(Lane::Server, move |tx| Box::pin(async move { quiet::set(tx, ana, &hours).await })).await.unwrap();
    assert!(home.read(|tx| Box::pin(quiet::words(tx))).await.is_empty());
}

async fn call(home: &Home, room: RoomId, seq: Seq, by: Seq, people: &[UserId]) {
    let people = people.to_vec();
    let said = keywords::Said { room, seq, by };
    home.write(Lane::Personal, move |tx| Box::pin(async move { keywords::set(tx, said, &people).await }))
        .await
        .unwrap();
}

async fn hits(home: &Home) -> Vec<(i64, i64)> {
    let read = home.read(|tx| {
        Box::pin(async move {
            let sql = "SELECT h.user_id, h.seq FROM keyword_hits h JOIN events e ON e.room = h.room AND e.seq = h.seq
                       WHERE h.at = e.at ORDER BY h.seq, h.user_id";
            let rows = tx.rows(sql, &[]).await?;
            assert_eq!(keywords::any(tx).await?, !rows.is_empty());
            Ok(rows.iter().map(|row| (row.int(0), row.int(1))).collect())
        })
    });
    read.await
}

async fn words_call_members_who_did_not_write_them(home: Home) {
    let [ana, bo, cy] = home.people().await;
    let room = home.room("Lobby", &[ana, bo]).await;
    let seq = home.say(room, ana, "a", "the hut").await.unwrap().seq;
    assert!(hits(&home).await.is_empty());
    // Twice, as a reader may see it.
    for _ in 0..2 {
        call(&home, room, seq, seq, &[ana, bo, cy]).await;
        assert_eq!(hits(&home).await, [(bo.0, seq.0)], "not the author, and nobody from outside");
    }
    call(&home, room, seq, seq, &[]).await;
    assert!(hits(&home).await.is_empty());
}

async fn a_text_that_was_replaced_or_erased_calls_nobody(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Lobby", &[ana, bo]).await;
    let seq = home.say(room, ana, "a", "the hut").await.unwrap().seq;
    call(&home, room, seq, seq, &[bo]).await;
    let said = Said { text: Some("the shed".into()), ..Said::default() };
    let edit = home.append(room, ana, Body::Edited { target: seq, said, sole: false }).await.unwrap().seq;
    // The message seen again, after its edit: the edit decides.
    call(&home, room, seq, edit, &[]).await;
    call(&home, room, seq, seq, &[bo]).await;
    assert!(hits(&home).await.is_empty());
    call(&home, room, seq, edit, &[bo]).await;
    assert_eq!(hits(&home).await, [(bo.0, seq.0)]);
    home.append(room, ana, Body::Deleted { target: seq, thread: None }).await.unwrap();
    home.write(Lane::Personal, move |tx| Box::pin(async move { keywords::forget(tx, room, seq).await })).await.unwrap();
    call(&home, room, seq, edit, &[bo]).await;
    assert!(hits(&home).await.is_empty());
}

async fn a_room_is_hushed_apart_from_its_level(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Lobby", &[ana, bo]).await;
    let until = Some(Time(1_800_000_000_000));
    for (level, muted, now) in [
        (None, None, (Level::All, None)),
        (None, Some(until), (Level::All, until)),
        (Some(Level::Nothing), None, (Level::Nothing, until)),
        (None, Some(None), (Level::Nothing, None)),
        (Some(Level::All), Some(until), (Level::All, until)),
    ] {
        let set = home.write(Lane::Personal, move |tx| {
            Box::pin(async move { members::set_level(tx, room, bo, level, muted).await })
        });
        assert_eq!(set.await.unwrap(), now);
        let read = home.read(move |tx| {
            Box::pin(async move {
                let (_, mine) = rooms::seen_by(tx, room, bo).await?.unwrap();
                let (_, other) = rooms::seen_by(tx, room, ana).await?.unwrap();
                Ok((mine.unwrap(), other.unwrap()))
            })
        });
        let (mine, other) = read.await;
        assert_eq!((mine.level, mine.muted_until), now);
        assert_eq!((other.level, other.muted_until), (Level::All, None));
    }
}
