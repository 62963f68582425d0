//! A deletion erases the words everywhere, and keeps the place.

use crate::support::{Home, message, said};
use protocol::fold::What;
use protocol::{Body, Event, FileInfo, Preview, RoomId, Seq, UserId};
use std::path::Path;
use store::facts::{self, ServerChange};
use store::history::Erasing;
use store::{Lane, history, log, rooms};

both!(
    a_deleted_message_is_a_tombstone,
    deleted_words_are_nowhere_in_the_database,
    an_edit_leaves_no_older_text_where_none_is_kept,
    older_texts_are_nowhere_in_the_database,
    erasing_goes_on_where_it_stopped,
);

/// A word that stands nowhere but in the messages that are deleted.
const CANARY: &str = "xyzzyplugh";

async fn a_deleted_message_is_a_tombstone(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Kitchen", &[ana, bo]).await;
    let body = Body::Message {
        client_id: "a".into(),
        said: protocol::Said { html: Some(CANARY.into()), mentions: vec![bo], everyone: true, ..said(CANARY) },
        files: Vec::new(),
        thread: None,
        also: false,
        quote: None,
        forwarded: None,
    };
    let sent = home.append(room, ana, body).await.unwrap();
    home.append(room, ana, Body::Edited { target: sent.seq, said: said(CANARY), sole: false }).await.unwrap();
    home.append(room, ana, Body::Deleted { target: sent.seq, thread: None }).await.unwrap();
    let log = home.log(room).await;
    let json = serde_json::to_string(&log).unwrap();
    assert!(!json.contains(CANARY), "{json}");
    let at = sent.at;
    assert_eq!(
        serde_json::to_value(&log[2]).unwrap(),
        serde_json::json!({"room": room, "seq": 3, "at": at, "author": ana, "kind": "message", "client_id": "a", "erased": true})
    );
    let again = home.say(room, ana, "a", "a retry brings nothing back").await.unwrap();
    assert_eq!(again, log[2]);
    let entry = home.read(move |tx| Box::pin(log::entry(tx, room, Seq(3)))).await.unwrap();
    assert!(!serde_json::to_string(&entry).unwrap().contains(CANARY));
    home.verify(room).await;
}

/// Many rooms side by side, so that pages of the file split, move and are freed under the words.
async fn deleted_words_are_nowhere_in_the_database(home: Home) {
    let [ana] = home.people().await;
    let mut rooms = Vec::new();
    for i in 0..7 {
        rooms.push(home.room(&format!("Room {i}"), &[ana]).await);
    }
    let mut sent = Vec::new();
    let rounds = if home.store.is_postgres() { 7 } else { 60 };
    for round in 0..rounds {
        let room = rooms[round * 5 % rooms.len()];
        sent.extend(fill(&home, room, ana, round).await);
    }
    assert!(found(&home).await, "the search would find it");
    for event in sent {
        let body = Body::Deleted { target: event.seq, thread: None };
        home.append(event.room, ana, body).await.unwrap();
    }
    assert!(!found(&home).await, "the word is still there");
    for room in rooms {
        home.verify(room).await;
    }
}

fn link(name: &str) -> Preview {
    let url = format!("https://example.org/{name}");
    Preview { url, site: None, title: Some(format!("{name} title")), description: None, image: None }
}

async fn an_edit_leaves_no_older_text_where_none_is_kept(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Kitchen", &[ana, bo]).await;
    let picture = home.file(ana, "canary.png").await;
    let mut body = message("a", &format!("{CANARY} https://example.org/{CANARY} https://example.org/tea"));
    if let Body::Message { said, .. } = &mut body {
        (said.html, said.mentions) = (Some(format!("<p>{CANARY}</p>")), vec![bo]);
    }
    let target = home.append(room, ana, body).await.unwrap().seq;
    let shown = vec![Preview { image: Some(picture.clone()), ..link(CANARY) }, link("tea")];
    home.append(room, ana, Body::Preview { target, previews: shown.clone(), erased: false }).await.unwrap();
    // Kept, as long as history is: by the log and the history.
    home.append(room, ana, Body::Edited { target, said: said(&format!("no {CANARY}")), sole: false }).await.unwrap();
    home.append(room, ana, Body::Preview { target, previews: shown, erased: false }).await.unwrap();
    let versions = |most| home.read(move |tx| Box::pin(history::versions(tx, room, target, most)));
    assert_eq!(versions(100).await.len(), 2);
    assert_eq!(versions(1).await[0].text, format!("no {CANARY}"));

    let last = Body::Edited { target, said: said("only https://example.org/tea"), sole: true };
    home.append(room, ana, last).await.unwrap();
    let log = home.log(room).await;
    let json = serde_json::to_string(&log).unwrap();
    assert!(!json.contains(CANARY), "{json}");
    assert_eq!(
        serde_json::to_value(&log[2]).unwrap(),
        serde_json::json!({"room": room, "seq": 3, "at": log[2].at, "author": ana, "kind": "message", "client_id": "a",
                           "superseded": true})
    );
    let entry = home.read(move |tx| Box::pin(log::entry(tx, room, target))).await.unwrap();
    let What::Message(now) = &entry.what else { panic!("a message") };
    assert_eq!((now.text.as_str(), &now.previews), ("only https://example.org/tea", &vec![link("tea")]));
    assert_eq!(versions(100).await.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), [now.text.as_str()]);
    assert!(!found(&home).await, "the word is still there");
    // The picture of a link that is no more is nobody's.
    let swept = home.write(Lane::Server, |tx| Box::pin(store::files::sweep(tx, protocol::Time(0), 9))).await.unwrap();
    assert_eq!(swept.1.len(), 1);
    home.verify(room).await;
    // A retry of what was sent brings nothing back.
    assert_eq!(home.say(room, ana, "a", "again").await.unwrap(), log[2]);
    // And again: each edit takes the last text along.
    for n in 0..3 {
        let text = if n < 2 { format!("{CANARY} {n}") } else { "tea".to_owned() };
        home.append(room, ana, Body::Edited { target, said: said(&text), sole: true }).await.unwrap();
    }
    assert!(!found(&home).await, "an older text of the third edit is still there");
    home.verify(room).await;
    home.append(room, ana, Body::Deleted { target, thread: None }).await.unwrap();
    home.verify(room).await;
}

/// As the job does when a server is told to keep none.
async fn older_texts_are_nowhere_in_the_database(home: Home) {
    let [ana] = home.people().await;
    let mut rooms = Vec::new();
    for i in 0..3 {
        rooms.push(home.room(&format!("Room {i}"), &[ana]).await);
    }
    for round in 0..if home.store.is_postgres() { 3 } else { 30 } {
        let room = rooms[round % rooms.len()];
        for event in fill(&home, room, ana, round).await {
            let edit = Body::Edited { target: event.seq, said: said(&"tea ".repeat(round * 9)), sole: false };
            home.append(room, ana, edit).await.unwrap();
            // What its links show now belongs to the present text.
            let none = Body::Preview { target: event.seq, previews: Vec::new(), erased: false };
            home.append(room, ana, none).await.unwrap();
        }
    }
    assert!(found(&home).await, "the search would find it");
    for room in &rooms {
        erase_older(&home, *room).await;
    }
    // The word stands in the files that the messages still hold.
    let log = home.log(rooms[0]).await;
    let texts = serde_json::to_string(
        &log.iter()
            .map(|event| match &event.body {
                Body::Message { said, .. } | Body::Edited { said, .. } => said.text.clone(),
                Body::Preview { previews, .. } => Some(format!("{previews:?}")),
                _ => None,
            })
            .collect::<Vec<_>>(),
    )
    .unwrap();
    assert!(!texts.contains(CANARY), "{texts}");
    for room in &rooms {
        home.verify(*room).await;
        let log = home.log(*room).await;
        for event in log.iter().filter(|event| matches!(&event.body, Body::Message { files, .. } if !files.is_empty()))
        {
            home.append(*room, ana, Body::Deleted { target: event.seq, thread: None }).await.unwrap();
        }
    }
    assert!(!found(&home).await, "the word is still there");
    for room in rooms {
        home.verify(room).await;
    }
}

async fn erase_older(home: &Home, room: RoomId) {
    let edited = home.read(move |tx| Box::pin(history::edited(tx, room, Seq(0), 100_000))).await;
    assert!(!edited.is_empty());
    let erase = home.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            rooms::lock(tx, room).await?;
            history::erase_older(tx, room, &edited).await
        })
    });
    erase.await.unwrap();
}

async fn switch(home: &Home, keeps: bool) {
    let change = ServerChange { history: Some(keeps), ..ServerChange::default() };
    home.write(Lane::Server, move |tx| Box::pin(facts::change_server(tx, change))).await.unwrap();
}

async fn erasing(home: &Home) -> Option<Erasing> {
    home.read(|tx| Box::pin(history::erasing(tx))).await
}

async fn note(home: &Home, before: Erasing, room: Option<RoomId>) {
    home.write(Lane::Server, move |tx| Box::pin(history::erased(tx, before, room))).await.unwrap();
}

async fn erasing_goes_on_where_it_stopped(home: Home) {
    assert_eq!(erasing(&home).await, None);
    switch(&home, false).await;
    let begun = erasing(&home).await.unwrap();
    assert_eq!(begun.room, RoomId(0));
    note(&home, begun, Some(RoomId(3))).await;
    let home = home.restart().await;
    let there = erasing(&home).await.unwrap();
    assert_eq!(there.room, RoomId(3), "a restart loses nothing");
    note(&home, begun, Some(RoomId(9))).await;
    assert_eq!(erasing(&home).await, Some(there), "who did not see the last step notes nothing");
    // Switched on and off again, all of it begins anew; what was begun before that notes nothing any more.
    switch(&home, true).await;
    assert_eq!(erasing(&home).await, None);
    switch(&home, false).await;
    note(&home, there, None).await;
    let anew = erasing(&home).await.unwrap();
    assert_eq!(anew.room, RoomId(0));
    note(&home, anew, None).await;
    assert_eq!(erasing(&home).await, None);
    home.store.close().await;
}

/// Short, long and very long messages, some edited; answers those that bear the word.
async fn fill(home: &Home, room: RoomId, author: UserId, round: usize) -> Vec<Event> {
    let write = home.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let mut row = rooms::lock(tx, room).await?.unwrap();
            let mut sent = Vec::new();
            for i in 0..12 {
                let marked = i % 3 == 0;
                let word = if marked { CANARY } else { "tea" };
                let text = format!("{word} {} {word}", "word ".repeat((round * 7 + i * 31) % 400 * (1 + i % 4 * 3)));
                let mut body = message(&format!("m{round}.{i}"), &text);
                if let (Body::Message { files, .. }, true) = (&mut body, i % 4 == 0) {
                    // The file itself is another test's affair; here its name and its words.
                    let alt = Some(format!("{word} {}", "y".repeat(i * 13)));
                    *files = vec![FileInfo { name: format!("{word}.png"), alt, ..FileInfo::default() }];
                }
                let event = log::append(tx, &mut row, author, body).await?;
                if i % 5 == 0 {
                    let title = Some(format!("{word} title"));
                    let url = format!("https://{word}");
                    let previews = vec![Preview { url, site: None, title, description: None, image: None }];
                    log::append(tx, &mut row, author, Body::Preview { target: event.seq, previews, erased: false })
                        .await?;
                }
                if i % 2 == 0 {
                    let edit = Body::Edited {
                        target: event.seq,
                        said: said(&format!("{word} edited {}", "x".repeat(i * 99))),
                        sole: false,
                    };
                    log::append(tx, &mut row, author, edit).await?;
                }
                if marked {
                    sent.push(event);
                }
            }
            Ok(sent)
        })
    });
    write.await.unwrap()
}

async fn found(home: &Home) -> bool {
    match &home.database {
        Some(database) => {
            let rows = "SELECT (SELECT count(*) FROM events e WHERE e::text LIKE '%xyzzyplugh%')
                             + (SELECT count(*) FROM words w WHERE w::text LIKE '%xyzzyplugh%')";
            database.run(rows) != "0"
        }
        None => {
            checkpoint(home.folder.path());
            in_files(home.folder.path())
        }
    }
}

/// What the store does by itself soon after an erasure.
fn checkpoint(folder: &Path) {
    let conn = rusqlite::Connection::open(folder.join("parlour.db")).unwrap();
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    assert_eq!(busy, 0);
}

fn in_files(folder: &Path) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    // The write-ahead log may go while one looks.
    let mut files = files.map(|path| std::fs::read(path).unwrap_or_default());
    files.any(|bytes| bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn deleted_words_leave_the_files_by_themselves() {
    let home = Home::sqlite().await;
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let sent = home.say(room, ana, "a", CANARY).await.unwrap();
    home.append(room, ana, Body::Deleted { target: sent.seq, thread: None }).await.unwrap();
    assert!(in_files(home.folder.path()), "the write-ahead log holds it for a while");
    let mut tick = tokio::time::interval(std::time::Duration::from_millis(100));
    let gone = async {
        while in_files(home.folder.path()) {
            tick.tick().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), gone).await.expect("gone within a minute");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn closing_takes_deleted_words_along() {
    let home = Home::sqlite().await;
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let sent = home.say(room, ana, "a", CANARY).await.unwrap();
    home.append(room, ana, Body::Deleted { target: sent.seq, thread: None }).await.unwrap();
    home.store.close().await;
    assert!(!in_files(home.folder.path()));
}
