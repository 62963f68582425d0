//! Opening: what is refused, and that a restart keeps everything.

use crate::support::{Home, append, message, open, said, with};
use protocol::event::Said;
use protocol::{Body, Seq, UserId};
use store::{Error, Lane, OpenError, facts, log, rooms, schema};

both!(
    a_restart_keeps_everything,
    a_newer_schema_is_refused_and_left_alone,
    an_older_database_becomes_a_newer_one,
    names_of_an_older_database_are_found_whatever_their_case,
    threads_of_an_older_database_call_and_are_followed,
    reactions_of_an_older_database_name_whom_they_can,
    a_closed_store_takes_no_writes,
);

async fn a_restart_keeps_everything(home: Home) {
    let [ana, bo] = home.people().await;
    let room = home.room("Kitchen", &[ana, bo]).await;
    home.say(room, ana, "a", "hello").await.unwrap();
    let (log, row) = (home.log(room).await, home.row(room).await);
    let epoch = home.read(|tx| Box::pin(facts::epoch(tx))).await;
    let home = home.restart().await;
    assert_eq!(home.log(room).await, log);
    assert_eq!(home.row(room).await, row);
    assert_eq!(home.read(|tx| Box::pin(facts::epoch(tx))).await, epoch, "no new history began");
    assert_eq!(home.say(room, ana, "a", "again").await.unwrap(), log[2]);
    assert_eq!(home.say(room, bo, "b", "on").await.unwrap().seq, Seq(4));
    assert!(home.person("person9").await > bo);
}

/// What each migration after the first brought, taken away again.
const UNDO: [&str; 34] = [
    "DROP TABLE blobs",
    "DROP TABLE files",
    "DROP TABLE attachments",
    "DROP TABLE emoji",
    "DROP TABLE readers",
    "ALTER TABLE users DROP COLUMN picture",
    "ALTER TABLE rooms DROP COLUMN previews",
    "ALTER TABLE events DROP COLUMN files",
    "ALTER TABLE entries DROP COLUMN previews_at",
    "DROP INDEX entries_thread",
    "DROP INDEX entries_replies",
    "DROP INDEX entries_pinned",
    "DROP INDEX mentions_at",
    "DROP INDEX mentions_thread",
    "DROP TABLE reactions",
    "DROP TABLE threads",
    "DROP TABLE saved",
    "DROP TABLE user_groups",
    "DROP TABLE user_group_members",
    "DROP TABLE keyword_hits",
    "ALTER TABLE events DROP COLUMN html",
    "ALTER TABLE entries DROP COLUMN reactions",
    "ALTER TABLE entries DROP COLUMN pinned_at",
    "ALTER TABLE entries DROP COLUMN repliers",
    "ALTER TABLE mentions DROP COLUMN thread",
    "ALTER TABLE mentions DROP COLUMN at",
    "ALTER TABLE users DROP COLUMN quiet",
    "ALTER TABLE users DROP COLUMN activity_seen",
    "ALTER TABLE members DROP COLUMN muted_until",
    "ALTER TABLE members DROP COLUMN joined",
    "DROP INDEX entries_shown",
    "CREATE INDEX entries_shown ON entries (room, seq) WHERE shown = 1",
    "CREATE INDEX entries_counts ON entries (room, seq, author) WHERE counts = 1",
    "DROP TABLE departed",
];

async fn an_older_database_becomes_a_newer_one(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    home.say(room, ana, "a", "from before").await.unwrap();
    let (log, row) = (home.log(room).await, home.row(room).await);
    let home = older(home).await;
    assert_eq!(home.log(room).await, log);
    assert_eq!(home.row(room).await, row);
    let file = home.file(ana, "a.png").await;
    home.append(room, ana, with("b", &[file])).await.unwrap();
    home.verify(room).await;
}

/// As the first version left it, and brought up to date.
async fn older(home: Home) -> Home {
    for undo in UNDO {
        home.write(Lane::Server, move |tx| Box::pin(async move { tx.execute(undo, &[]).await })).await.unwrap();
    }
    home.write(Lane::Server, |tx| Box::pin(schema::set(tx, "schema", "1"))).await.unwrap();
    home.restart().await
}

async fn names_of_an_older_database_are_found_whatever_their_case(home: Home) {
    let [ana] = home.people().await;
    let mut found = Vec::new();
    for (name, folded) in [("Straße", "straße"), ("Gruß", "gruß"), ("Gruss", "gruss")] {
        let room = home.room(&format!("for {name}"), &[ana]).await;
        home.write(Lane::Server, move |tx| {
            Box::pin(async move {
                let sql = "UPDATE rooms SET name = $2, folded = $3 WHERE id = $1";
                tx.execute(sql, &[room.into(), name.into(), folded.into()]).await
            })
        })
        .await
        .unwrap();
        found.push(room);
    }
    let home = older(home).await;
    for (name, room) in [("STRASSE", found[0]), ("straße", found[0]), ("GRUSS", found[2])] {
        let named = home.read(move |tx| Box::pin(rooms::named(tx, name))).await;
        assert_eq!(named.map(|room| room.id), Some(room), "{name}");
    }
    // Two that were told apart before: both are still there.
    assert_eq!(home.row(found[1]).await.name, "Gruß");
}

async fn threads_of_an_older_database_call_and_are_followed(home: Home) {
    let [ana, bo, cy, dee] = home.people().await;
    let room = home.room("Kitchen", &[ana, bo, cy, dee]).await;
    let root = home.say(room, ana, "root", "root").await.unwrap().seq;
    let reply = |client_id: &str, also: bool, mentions: Vec<UserId>, everyone: bool| Body::Message {
        client_id: client_id.into(),
        said: Said { mentions, everyone, ..said("reply") },
        files: Vec::new(),
        thread: Some(root),
        also,
        quote: None,
        forwarded: None,
    };
    home.append(room, bo, reply("a", false, vec![ana, dee], false)).await.unwrap();
    home.append(room, bo, reply("b", true, vec![ana], true)).await.unwrap();
    let edited = home.append(room, cy, reply("c", false, vec![ana], false)).await.unwrap().seq;
    let now = Said { mentions: vec![bo], everyone: true, ..said("now") };
    home.append(room, cy, Body::Edited { target: edited, said: now, sole: false }).await.unwrap();
    let gone = home.append(room, dee, reply("d", false, vec![bo], true)).await.unwrap().seq;
    home.append(room, dee, Body::Deleted { target: gone, thread: Some(root) }).await.unwrap();
    home.append(room, dee, Body::Left { users: vec![dee], by: None, why: None }).await.unwrap();
    let calls = "SELECT user_id, seq, thread, at FROM mentions ORDER BY seq, user_id";
    let before = rows(&home, calls).await;
    assert_eq!(before.iter().filter(|row| row[2] > 0).count(), 4, "calls within the thread: {before:?}");
    let sql = "DELETE FROM mentions WHERE thread > 0";
    home.write(Lane::Server, move |tx| Box::pin(async move { tx.execute(sql, &[]).await })).await.unwrap();
    let home = older(home).await;
    assert_eq!(rows(&home, calls).await, before);
    home.verify(room).await;
    // Those who began it or wrote in it, and are here, follow it from now on.
    let head = home.row(room).await.head;
    let follow = rows(&home, "SELECT user_id, following, since, read FROM threads ORDER BY user_id").await;
    assert_eq!(follow, [ana, bo, cy].map(|user| [user.0, 1, head.0, head.0]));
}

async fn reactions_of_an_older_database_name_whom_they_can(home: Home) {
    let people: Vec<UserId> = home.people::<24>().await.to_vec();
    let room = home.room("Kitchen", &people).await;
    let said = home.say(room, people[0], "root", "root").await.unwrap().seq;
    for (who, emoji) in people.iter().rev().map(|who| (who, "👍")).chain([(&people[0], "🎉")]) {
        home.append(room, *who, Body::Reacted { target: said, emoji: emoji.into() }).await.unwrap();
    }
    home.append(room, people[23], Body::Unreacted { target: said, emoji: "👍".into() }).await.unwrap();
    let before = home.read(move |tx| Box::pin(log::entry(tx, room, said))).await;
    // As it was: nobody moved up, and the order was not known.
    for sql in [
        "UPDATE entries SET reactions = replace(reactions, ',4]', ']') WHERE reactions IS NOT NULL",
        "ALTER TABLE reactions DROP COLUMN given",
    ] {
        home.write(Lane::Server, move |tx| Box::pin(async move { tx.execute(sql, &[]).await })).await.unwrap();
    }
    home.write(Lane::Server, |tx| Box::pin(schema::set(tx, "schema", "6"))).await.unwrap();
    let damaged = home.read(move |tx| Box::pin(log::entry(tx, room, said))).await;
    assert_ne!(damaged, before);
    let home = home.restart().await;
    assert_eq!(home.read(move |tx| Box::pin(log::entry(tx, room, said))).await, before);
    home.verify(room).await;
}

async fn rows(home: &Home, sql: &'static str) -> Vec<[i64; 4]> {
    let rows = home.read(move |tx| Box::pin(async move { tx.rows(sql, &[]).await })).await;
    rows.iter().map(|row| [row.int(0), row.int(1), row.int(2), row.int(3)]).collect()
}

async fn a_newer_schema_is_refused_and_left_alone(home: Home) {
    home.write(Lane::Server, |tx| Box::pin(schema::set(tx, "schema", "99"))).await.unwrap();
    home.store.close().await;
    let before = contents(&home);
    for _ in 0..2 {
        let error = home.open().await.err().unwrap();
        assert!(matches!(error, OpenError::Newer { schema: 99, ours: 7 }), "{error}");
        assert!(error.to_string().contains("newer"), "{error}");
    }
    assert_eq!(contents(&home), before);
}

/// All that the database holds, byte for byte or row for row.
fn contents(home: &Home) -> Vec<u8> {
    match &home.database {
        Some(database) => {
            let tables = "SELECT string_agg(table_name, ',' ORDER BY table_name) FROM information_schema.tables
                          WHERE table_schema = 'public'";
            (database.run(tables) + &database.run("SELECT * FROM meta ORDER BY key")).into_bytes()
        }
        None => std::fs::read(home.folder.path().join("parlour.db")).unwrap(),
    }
}

async fn a_closed_store_takes_no_writes(home: Home) {
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    home.store.close().await;
    let late = home.say(room, ana, "late", "hello").await;
    assert!(matches!(late, Err(Error::Unavailable(_))), "{late:?}");
    home.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_second_store_on_the_same_folder_is_refused() {
    let home = Home::sqlite().await;
    for _ in 0..2 {
        let error = home.open().await.err().unwrap();
        assert!(matches!(error, OpenError::Locked(_)), "{error}");
        let folder = home.folder.path().display().to_string();
        assert!(error.to_string().contains(&folder), "{error}");
    }
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    home.say(room, ana, "a", "the first one goes on").await.unwrap();
    home.store.close().await;
    home.open().await.unwrap().close().await;
}

/// PostgreSQL is for many nodes: each opens it, also at the same time and when it is empty.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_nodes_open_one_empty_postgres() {
    let home = Home::postgres().await;
    home.store.close().await;
    let database = home.database.as_ref().unwrap();
    database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    let nodes = futures_util::future::join_all((0..5).map(|_| open(&home.options, &home.told))).await;
    let nodes: Vec<_> = nodes.into_iter().map(Result::unwrap).collect();
    assert_eq!(database.run("SELECT count(*) FROM rooms"), "1");
    let home = Home { store: nodes[0].clone(), ..home };
    let [ana] = home.people().await;
    let room = home.room("Kitchen", &[ana]).await;
    let sends = (0..100_usize).map(|i| append(&nodes[i % 5], room, ana, message(&format!("m{i}"), "hello")));
    let sent = futures_util::future::join_all(sends).await;
    assert!(sent.iter().all(Result::is_ok));
    assert_eq!(home.log(room).await.len(), 102, "the row that is locked orders the nodes' writes");
    home.verify(room).await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_without_the_password() {
    let home = Home::sqlite().await;
    for url in ["postgresql://ana:hunter2@127.0.0.1:1/parlour", "nonsense://hunter2", "postgresql://x:hunter2@[/"] {
        let options = store::Options { database: Some(url.into()), ..home.options.clone() };
        let error = open(&options, &home.told).await.err().unwrap();
        assert!(matches!(error, OpenError::Failed(_)), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
