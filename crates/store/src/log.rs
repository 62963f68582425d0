//! The log: append, and the ways to read it.
//!
//! `append` is the only function that adds an event; it keeps the fold in the same transaction (`fold`). A room
//! must be locked ([`crate::rooms::lock`]) by whoever appends to it, so that seq order is commit order.

use crate::Committed;
use crate::clients;
use crate::columns::{entry_of, event_of, json, list, written};
use crate::error::Error;
use crate::rooms::RoomRow;
use crate::tx::Tx;
use crate::{fold, planted};
use protocol::fold::Entry;
use protocol::{Body, Event, Preview, RoomId, Seq, Time, UserId};
use std::collections::HashMap;

macro_rules! events {
    ($rest:literal) => {
        concat!(
            "SELECT e.room, e.seq, e.at, e.author, e.kind, e.target, e.client_id, w.text, e.data, f.text, h.text
             FROM events e LEFT JOIN words w ON w.id = e.words LEFT JOIN words f ON f.id = e.files
             LEFT JOIN words h ON h.id = e.html ",
            $rest
        )
    };
}

/// Appends the next event and folds it. The room's `head` and `at` move with it.
///
/// # Errors
/// The database failed.
pub async fn append(tx: &mut Tx, room: &mut RoomRow, author: UserId, body: Body) -> Result<Event, Error> {
    // Order is seq alone, but a reader may rely on time not to go back within a room.
    let at = tx.now().max(room.at);
    let mut seq = room.head.next();
    if planted::has("skipped_seq") && seq.0 % 97 == 0 {
        seq = seq.next();
    }
    let event = Event { room: room.id, seq, at, author, body };
    let (text, data) = written(&event.body);
    let client_id = match &event.body {
        Body::Message { client_id, .. } => Some(clients::pack(client_id)),
        _ => None,
    };
    let files = match &event.body {
        Body::Message { files, .. } if !files.is_empty() => Some(words(tx, &json(files)?).await?),
        _ => None,
    };
    let html = match &event.body {
        Body::Message { said, .. } | Body::Edited { said, .. } => match &said.html {
            Some(html) => Some(words(tx, html).await?),
            None => None,
        },
        _ => None,
    };
    if let Some(text) = &text
        && !tx.is_postgres()
    {
        tx.execute("INSERT INTO words (text) VALUES ($1)", &[text.into()]).await?;
    }
    let words = if tx.is_postgres() { text.into() } else { text.is_some().into() };
    tx.execute(
        tx.either(
            "INSERT INTO events (room, seq, at, author, kind, target, client_id, words, data, files, html)
             VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 THEN last_insert_rowid() END, $9, $10, $11)",
            "WITH w AS (INSERT INTO words (text) SELECT $8::text WHERE $8::text IS NOT NULL RETURNING id)
             INSERT INTO events (room, seq, at, author, kind, target, client_id, words, data, files, html)
             VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT id FROM w), $9, $10, $11)",
        ),
        &[
            event.room.into(),
            event.seq.into(),
            event.at.into(),
            event.author.into(),
            event.body.kind().as_str().into(),
            event.body.target().into(),
            client_id.into(),
            words,
            data.into(),
            files.into(),
            html.into(),
        ],
    )
    .await?;
    fold::apply(tx, room, &event).await?;
    room.head = seq;
    room.at = at;
    raise(tx, room.id, seq, at).await?;
    tx.told(Committed::Event(event.clone()));
    Ok(event)
}

/// Keeps a text apart from where it stands, to be erased in place. Answers its row.
pub(crate) async fn words(tx: &mut Tx, text: &str) -> Result<i64, Error> {
    let row = tx.returning("INSERT INTO words (text) VALUES ($1) RETURNING id", &[text.into()]).await?;
    row.map(|row| row.int(0)).ok_or_else(|| Error::Other("words came without their row".into()))
}

/// Overwrites words in place, so that the file of the database holds them nowhere.
pub(crate) async fn erase_words(tx: &mut Tx, row: i64) -> Result<(), Error> {
    let sql = tx.either(
        "UPDATE words SET text = format('%*s', octet_length(text), '') WHERE id = $1",
        "UPDATE words SET text = '' WHERE id = $1",
    );
    tx.execute(sql, &[row.into()]).await?;
    tx.erased();
    Ok(())
}

/// Moves the room's head, and the number by which readers find rooms that moved.
pub(crate) async fn raise(tx: &mut Tx, room: RoomId, head: Seq, at: Time) -> Result<(), Error> {
    let sql = tx.either(
        "UPDATE rooms SET head = $2, at = $3, moved = (SELECT max(moved) + 1 FROM rooms) WHERE id = $1",
        "UPDATE rooms SET head = $2, at = $3, moved = pg_current_xact_id()::text::bigint WHERE id = $1",
    );
    tx.execute(sql, &[room.into(), head.into(), at.into()]).await?;
    Ok(())
}

/// The event that this author's client sent under this id before, in this room.
///
/// # Errors
/// The database failed.
pub async fn known(tx: &mut Tx, room: RoomId, author: UserId, client_id: &str) -> Result<Option<Event>, Error> {
    if planted::has("dropped_retry_check") {
        return Ok(None);
    }
    let sql = events!("WHERE e.client_id = $1 AND e.author = $2 AND e.room = $3");
    let row = tx.row(sql, &[clients::pack(client_id).into(), author.into(), room.into()]).await?;
    row.map(|mut row| event_of(&mut row)).transpose()
}

/// At most `limit` events after `after`, in order.
///
/// # Errors
/// The database failed.
pub async fn after(tx: &mut Tx, room: RoomId, after: Seq, limit: i64) -> Result<Vec<Event>, Error> {
    let sql = events!("WHERE e.room = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3");
    let rows = tx.rows(sql, &[room.into(), after.into(), limit.into()]).await?;
    rows.into_iter().map(|mut row| event_of(&mut row)).collect()
}

/// The last `limit` events before `before`, in order.
///
/// # Errors
/// The database failed.
pub async fn before(tx: &mut Tx, room: RoomId, before: Seq, limit: i64) -> Result<Vec<Event>, Error> {
    let sql = events!("WHERE e.room = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3");
    let rows = tx.rows(sql, &[room.into(), before.into(), limit.into()]).await?;
    rows.into_iter().rev().map(|mut row| event_of(&mut row)).collect()
}

/// One event.
///
/// # Errors
/// The database failed.
pub async fn event(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<Option<Event>, Error> {
    Ok(after(tx, room, Seq(seq.0 - 1), 1).await?.into_iter().find(|event| event.seq == seq))
}

/// Events are asked for by their target through the index of targets: SQLite would walk through the whole room, in its order.
/// The text is given up to the table, and from there on.
macro_rules! by_target {
    ($tx:expr, $before:literal, $after:literal) => {
        $tx.either(concat!($before, " INDEXED BY events_target ", $after), concat!($before, " ", $after))
    };
}
pub(crate) use by_target;

/// Whether something was said of what the links of a message show, after `seq`.
///
/// # Errors
/// The database failed.
pub async fn previewed_after(tx: &mut Tx, room: RoomId, target: Seq, seq: Seq) -> Result<bool, Error> {
    let sql = by_target!(
        tx,
        "SELECT 1 FROM events",
        "WHERE room = $1 AND target = $2 AND kind = 'preview' AND seq > $3 LIMIT 1"
    );
    Ok(tx.row(sql, &[room.into(), target.into(), seq.into()]).await?.is_some())
}

/// What the links of a message have shown so far: also what was closed since, or went with an edit.
///
/// # Errors
/// The database failed.
pub async fn shown_so_far(tx: &mut Tx, room: RoomId, target: Seq) -> Result<Vec<Preview>, Error> {
    let sql = by_target!(
        tx,
        "SELECT w.text FROM events e",
        "JOIN words w ON w.id = e.words WHERE e.room = $1 AND e.target = $2 AND e.kind = 'preview'"
    );
    let mut shown = Vec::new();
    for mut row in tx.rows(sql, &[room.into(), target.into()]).await? {
        shown.extend(list(row.opt_text(0))?);
    }
    Ok(shown)
}

macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT n.seq, e.at, n.author, e.kind, e.client_id, w.text, t.data, n.edited_at, n.erased, n.thread, n.also,
                    n.replies, n.last_reply, e.data, f.text, pw.text, h.text, n.reactions, n.pinned_at, n.repliers, n.room
             FROM entries n
             JOIN events e ON e.room = n.room AND e.seq = n.seq
             JOIN events t ON t.room = n.room AND t.seq = n.text_at
             LEFT JOIN words w ON w.id = t.words
             LEFT JOIN words h ON h.id = t.html
             LEFT JOIN words f ON f.id = e.files
             LEFT JOIN events p ON p.room = n.room AND p.seq = n.previews_at
             LEFT JOIN words pw ON pw.id = p.words ",
            $rest
        )
    };
}

/// The last `limit` rows of a page before `before`, oldest first.
///
/// # Errors
/// The database failed.
pub async fn page_before(tx: &mut Tx, room: RoomId, before: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
    let sql = entries!("WHERE n.room = $1 AND n.shown = 1 AND n.seq < $2 ORDER BY n.seq DESC LIMIT $3");
    let rows = tx.rows(sql, &[room.into(), before.into(), limit.into()]).await?;
    rows.into_iter().rev().map(|mut row| entry_of(&mut row)).collect()
}

/// The first `limit` rows of a page after `after`, oldest first.
///
/// # Errors
/// The database failed.
pub async fn page_after(tx: &mut Tx, room: RoomId, after: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
    let sql = entries!("WHERE n.room = $1 AND n.shown = 1 AND n.seq > $2 ORDER BY n.seq LIMIT $3");
    let rows = tx.rows(sql, &[room.into(), after.into(), limit.into()]).await?;
    rows.into_iter().map(|mut row| entry_of(&mut row)).collect()
}

/// One row of the fold: a message (a thread reply too) or a line.
///
/// # Errors
/// The database failed.
pub async fn entry(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<Option<Entry>, Error> {
    let sql = entries!("WHERE n.room = $1 AND n.seq = $2");
    tx.row(sql, &[room.into(), seq.into()]).await?.map(|mut row| entry_of(&mut row)).transpose()
}

/// The pinned messages of a room, the newest pin first, at most `limit`.
///
/// # Errors
/// The database failed.
pub async fn pins(tx: &mut Tx, room: RoomId, limit: u32) -> Result<Vec<Entry>, Error> {
    let sql = entries!("WHERE n.room = $1 AND n.pinned_at IS NOT NULL ORDER BY n.pinned_at DESC LIMIT $2");
    let rows = tx.rows(sql, &[room.into(), i64::from(limit).into()]).await?;
    rows.into_iter().map(|mut row| entry_of(&mut row)).collect()
}

/// How many messages of a room are pinned.
///
/// # Errors
/// The database failed.
pub async fn pinned(tx: &mut Tx, room: RoomId) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM entries WHERE room = $1 AND pinned_at IS NOT NULL";
    let row = tx.row(sql, &[room.into()]).await?;
    Ok(row.map_or(0, |row| u32::try_from(row.int(0)).unwrap_or(u32::MAX)))
}

/// The last `limit` replies of a thread before `before`, oldest first.
///
/// # Errors
/// The database failed.
pub async fn replies_before(
    tx: &mut Tx,
    room: RoomId,
    root: Seq,
    before: Seq,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    // Without statistics SQLite would rather go over the whole room.
    let sql = tx.either(
        entries!(
            "WHERE n.room = $1 AND n.seq IN (SELECT x.seq FROM entries x INDEXED BY entries_thread
               WHERE x.room = $1 AND x.thread = $2 AND x.seq < $3 ORDER BY x.seq DESC LIMIT $4) ORDER BY n.seq DESC"
        ),
        entries!("WHERE n.room = $1 AND n.thread = $2 AND n.seq < $3 ORDER BY n.seq DESC LIMIT $4"),
    );
    let rows = tx.rows(sql, &[room.into(), root.into(), before.into(), limit.into()]).await?;
    rows.into_iter().rev().map(|mut row| entry_of(&mut row)).collect()
}

/// The first `limit` replies of a thread after `after`, oldest first.
///
/// # Errors
/// The database failed.
pub async fn replies_after(tx: &mut Tx, room: RoomId, root: Seq, after: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
    let sql = tx.either(
        entries!(
            "WHERE n.room = $1 AND n.seq IN (SELECT x.seq FROM entries x INDEXED BY entries_thread
               WHERE x.room = $1 AND x.thread = $2 AND x.seq > $3 ORDER BY x.seq LIMIT $4) ORDER BY n.seq"
        ),
        entries!("WHERE n.room = $1 AND n.thread = $2 AND n.seq > $3 ORDER BY n.seq LIMIT $4"),
    );
    let rows = tx.rows(sql, &[room.into(), root.into(), after.into(), limit.into()]).await?;
    rows.into_iter().map(|mut row| entry_of(&mut row)).collect()
}

/// Rows of the fold, of many rooms at once. Rights are the caller's affair.
///
/// # Errors
/// The database failed.
pub async fn entries(tx: &mut Tx, places: &[(RoomId, Seq)]) -> Result<HashMap<(RoomId, Seq), Entry>, Error> {
    let sql = tx.either(
        entries!("WHERE (n.room, n.seq) IN (SELECT value ->> 0, value ->> 1 FROM json_each($1))"),
        entries!(
            "WHERE (n.room, n.seq) IN (SELECT (value ->> 0)::bigint, (value ->> 1)::bigint
             FROM jsonb_array_elements($1::text::jsonb))"
        ),
    );
    let rows = tx.rows(sql, &[json(&places)?.into()]).await?;
    let found = rows.into_iter().map(|mut row| {
        let room = row.room(20);
        entry_of(&mut row).map(|entry| ((room, entry.seq), entry))
    });
    found.collect()
}
