//! Appending: one order without holes, each message once, and what was answered is what is read.

use crate::support::{Home, message, seqs};
use futures_util::future::join_all;
use protocol::{RoomId, Seq};
use store::log;

both!(
    seqs_have_no_holes_in_one_room,
    seqs_have_no_holes_in_many_rooms,
    a_client_id_sent_a_hundred_times_at_once_is_one_event,
    a_client_id_is_of_one_author_in_one_room,
    client_ids_of_every_shape_come_back,
    time_never_goes_back_in_a_room,
);

async fn seqs_have_no_holes_in_one_room(home: Home) {
    let people = home.people::<8>().await;
    let room = home.room("Kitchen", &people).await;
    let sending = (0..400).map(|i| {
        let (home, author) = (&home, people[i % people.len()]);
        async move { home.append(room, author, message(&format!("m{i}"), "hello")).await.unwrap() }
    });
    let mut sent = join_all(sending).await;
    sent.sort_by_key(|event| event.seq);
    assert_eq!(seqs(&sent), (3..=402).collect::<Vec<_>>());
    let log = home.log(room).await;
    assert_eq!(serde_json::to_value(&log[2..]).unwrap(), serde_json::to_value(&sent).unwrap());
    assert_eq!(home.told_of(room), log);
    home.verify(room).await;
}

async fn seqs_have_no_holes_in_many_rooms(home: Home) {
    let [ana] = home.people().await;
    let mut rooms = Vec::new();
    for i in 0..20 {
        rooms.push(home.room(&format!("Room {i}"), &[ana]).await);
    }
    let sending = (0..400).map(|i| {
        let (home, room) = (&home, rooms[i * 7 % rooms.len()]);
        async move { home.append(room, ana, message(&format!("m{i}"), "hello")).await.unwrap() }
    });
    join_all(sending).await;
    for room in rooms {
        let log = home.log(room).await;
        assert_eq!(seqs(&log), (1..=22).collect::<Vec<_>>());
        assert_eq!(home.told_of(room), log, "told in the order of the log");
        home.verify(room).await;
    }
}

async fn a_client_id_sent_a_hundred_times_at_once_is_one_event(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let id = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    let texts: Vec<String> = (0..100).map(|i| format!("try {i}")).collect();
    let sent = join_all(texts.iter().map(|text| home.say(room, ana, id, text))).await;
    let sent: Vec<_> = sent.into_iter().map(Result::unwrap).collect();
    assert!(sent.iter().all(|event| *event == sent[0]), "each was answered with the first");
    assert_eq!(home.log(room).await[2..], sent[..1]);
    assert_eq!(home.told_of(room).len(), 3, "and it was told once");
}

async fn a_client_id_is_of_one_author_in_one_room(home: Home) {
    let [ana, bo] = home.people().await;
    let (kitchen, hall) = (home.room("Kitchen", &[ana, bo]).await, home.room("Hall", &[ana, bo]).await);
    for (room, author) in [(kitchen, ana), (kitchen, bo), (hall, ana), (hall, bo)] {
        home.say(room, author, "same", "hello").await.unwrap();
    }
    assert_eq!(home.row(kitchen).await.head, Seq(4));
    assert_eq!(home.row(hall).await.head, Seq(4));
    let none = home.read(move |tx| Box::pin(log::known(tx, RoomId(99), ana, "same"))).await;
    assert_eq!(none, None);
}

async fn client_ids_of_every_shape_come_back(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let uuid = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    let mut ids: Vec<String> = (1..=64).map(|length| "x".repeat(length)).collect();
    ids.extend([
        uuid.into(),
        uuid.to_uppercase(),
        uuid.replace('-', ""),
        "00000000-0000-0000-0000-000000000000".into(),
    ]);
    ids.extend(["-", ".", ":", "_", "a.b:c_d-e", "null", "0", "-1", "%", "'"].map(String::from));
    for id in &ids {
        home.say(room, ana, id, id).await.unwrap();
    }
    for (id, event) in ids.iter().zip(&home.log(room).await[2..]) {
        assert_eq!(serde_json::to_value(event).unwrap()["client_id"], id.as_str());
        assert_eq!(home.say(room, ana, id, "again").await.unwrap(), *event);
    }
    assert_eq!(home.log(room).await.len(), ids.len() + 2);
    home.verify(room).await;
}

async fn time_never_goes_back_in_a_room(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    for (i, at) in [5_000_000_000_000, 0, 4_000_000_000_000, 6_000_000_000_000].into_iter().enumerate() {
        let write = home.write(store::Lane::Room(room), move |tx| {
            Box::pin(async move {
                tx.set_now(protocol::Time(at));
                let mut room = store::rooms::lock(tx, room).await?.unwrap();
                log::append(tx, &mut room, ana, message(&format!("m{i}"), "hello")).await
            })
        });
        write.await.unwrap();
    }
    let times: Vec<i64> = home.log(room).await[2..].iter().map(|event| event.at.0).collect();
    assert_eq!(times, [5_000_000_000_000, 5_000_000_000_000, 5_000_000_000_000, 6_000_000_000_000]);
}
