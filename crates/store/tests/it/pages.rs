//! Pages by seq, at their boundaries.

use crate::support::{Home, message, said, seqs};
use protocol::fold::Entry;
use protocol::{Body, Event, RoomId, Seq};
use store::log;

both!(events_page_by_seq, rows_page_by_seq, a_row_and_an_event_are_found_by_seq);

const PAGE: i64 = 5;

/// Rooms of no event, one, a page less one, a page, a page and one, two pages and one.
const LENGTHS: [i64; 6] = [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE + 1];

async fn filled(home: &Home, length: i64) -> RoomId {
    let ana = home.person(&format!("ana{length}")).await;
    let new = store::rooms::NewRoom { name: String::new(), topic: String::new(), private: true, direct: None };
    let write = home.write(store::Lane::Server, move |tx| {
        Box::pin(async move {
            let mut room = store::rooms::create(tx, &new).await?;
            for i in 0..length {
                log::append(tx, &mut room, ana, message(&format!("m{i}"), &i.to_string())).await?;
            }
            Ok(room.id)
        })
    });
    write.await.unwrap()
}

async fn after(home: &Home, room: RoomId, seq: i64) -> Vec<Event> {
    home.read(move |tx| Box::pin(log::after(tx, room, Seq(seq), PAGE))).await
}

async fn before(home: &Home, room: RoomId, seq: i64) -> Vec<Event> {
    home.read(move |tx| Box::pin(log::before(tx, room, Seq(seq), PAGE))).await
}

async fn events_page_by_seq(home: Home) {
    for length in LENGTHS {
        let room = filled(&home, length).await;
        for at in 0..=length + 2 {
            let next: Vec<i64> = (at + 1..=length).take(5).collect();
            assert_eq!(seqs(&after(&home, room, at).await), next, "after {at} of {length}");
            let mut expected: Vec<i64> = (1..at.min(length + 1)).rev().take(5).collect();
            expected.reverse();
            assert_eq!(seqs(&before(&home, room, at).await), expected, "before {at} of {length}");
        }
        let newest = before(&home, room, i64::MAX).await;
        assert_eq!(newest.len(), usize::try_from(length.min(PAGE)).unwrap());
        assert_eq!(newest.last().map_or(0, |event| event.seq.0), length);
    }
}

fn rows(page: &[Entry]) -> Vec<i64> {
    page.iter().map(|entry| entry.seq.0).collect()
}

async fn rows_page_by_seq(home: Home) {
    for length in LENGTHS {
        // Every second event is a thread reply, which a page leaves out.
        let room = filled(&home, length).await;
        for i in 0..length {
            let body = Body::Message {
                client_id: format!("reply{i}"),
                said: said("a reply"),
                files: Vec::new(),
                thread: Some(Seq(1)),
                also: i % 3 == 0,
                quote: None,
                forwarded: None,
            };
            home.append(room, protocol::UserId(1), body).await.unwrap();
        }
        let shown: Vec<i64> = (1..=length).chain((0..length).filter(|i| i % 3 == 0).map(|i| length + i + 1)).collect();
        for at in (0..=2 * length + 2).chain([i64::MAX]) {
            let page = home.read(move |tx| Box::pin(log::page_after(tx, room, Seq(at), PAGE))).await;
            let expected: Vec<i64> = shown.iter().copied().filter(|seq| *seq > at).take(5).collect();
            assert_eq!(rows(&page), expected, "after {at} of {length}");
            let page = home.read(move |tx| Box::pin(log::page_before(tx, room, Seq(at), PAGE))).await;
            let mut expected: Vec<i64> = shown.iter().rev().copied().filter(|seq| *seq < at).take(5).collect();
            expected.reverse();
            assert_eq!(rows(&page), expected, "before {at} of {length}");
        }
    }
}

async fn a_row_and_an_event_are_found_by_seq(home: Home) {
    let room = filled(&home, 3).await;
    for seq in -1..6 {
        let there = (1..=3).contains(&seq);
        let event = home.read(move |tx| Box::pin(log::event(tx, room, Seq(seq)))).await;
        assert_eq!(event.map(|event| event.seq.0), there.then_some(seq));
        let entry = home.read(move |tx| Box::pin(log::entry(tx, room, Seq(seq)))).await;
        assert_eq!(entry.map(|entry| entry.seq.0), there.then_some(seq));
    }
    let lost = home.read(|tx| Box::pin(log::event(tx, RoomId(99), Seq(1)))).await;
    assert_eq!(lost, None, "a seq of another room");
}
