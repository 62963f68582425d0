//! The log: append, and the ways to read it.
//!
//! `append` is the only function that adds an event; it keeps the fold in the same transaction (`fold`). A room
//! must be locked ([`crate::rooms::lock`]) by whoever appends to it, so that seq order is commit order.

use crate::Committed;
use crate::clients;
use crate::error::Error;
use crate::rooms::RoomRow;
use crate::tx::Tx;
use crate::value::{Row, Value};
use crate::{fold, planted};
use protocol::event::{Forwarded, Kind, MemberRole, Said};
use protocol::fold::{Entry, Message, What};
use protocol::{Body, Event, Preview, RoomId, Seq, Time, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
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

/// What stands in the column `data`: all that a kind has beside its text.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<UserId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    everyone: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    here: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    superseded: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded: Option<Forwarded>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<Seq>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    also: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<MemberRole>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// A body as its two columns: the words, and the rest as JSON where there is a rest.
fn written(body: &Body) -> (Option<String>, Option<String>) {
    let of_said = |said: &Said| Data {
        mentions: said.mentions.clone(),
        everyone: said.everyone,
        here: said.here,
        erased: said.erased,
        superseded: said.superseded,
        ..Data::default()
    };
    let (text, data) = match body {
        Body::Preview { previews, erased, .. } => (
            Some(json(previews).unwrap_or_default()).filter(|_| !previews.is_empty()),
            Data { erased: *erased, ..Data::default() },
        ),
        Body::Message { said, thread, also, quote, forwarded, .. } => (
            said.text.clone(),
            Data { thread: *thread, also: *also, quote: *quote, forwarded: *forwarded, ..of_said(said) },
        ),
        Body::Edited { said, sole, .. } => (said.text.clone(), Data { sole: *sole, ..of_said(said) }),
        Body::Reacted { emoji, .. } | Body::Unreacted { emoji, .. } => {
            (None, Data { emoji: Some(emoji.clone()), ..Data::default() })
        }
        Body::Pinned { .. } | Body::Unpinned { .. } => (None, Data::default()),
        Body::Deleted { thread, .. } => (None, Data { thread: *thread, ..Data::default() }),
        Body::Joined { users } => (None, Data { users: users.clone(), ..Data::default() }),
        Body::Left { users, by, why } => {
            (None, Data { users: users.clone(), by: *by, why: why.clone(), ..Data::default() })
        }
        Body::Renamed { name } => (Some(name.clone()), Data::default()),
        Body::Topic { topic } => (Some(topic.clone()), Data::default()),
        Body::Archived | Body::Unarchived | Body::PreviewsOn | Body::PreviewsOff => (None, Data::default()),
        Body::Role { user, role } => (None, Data { user: Some(*user), role: Some(*role), ..Data::default() }),
    };
    let data = serde_json::to_string(&data).ok().filter(|json| json != "{}");
    (text, data)
}

pub(crate) fn json(what: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(what).map_err(|error| Error::Other(error.to_string()))
}

/// A list that lies as JSON among the words; empty where there is none, or where it was erased.
pub(crate) fn list<T: DeserializeOwned>(json: Option<String>) -> Result<Vec<T>, Error> {
    match json.filter(|json| json.starts_with('[')) {
        None => Ok(Vec::new()),
        Some(json) => {
            serde_json::from_str(&json).map_err(|error| Error::Other(format!("a list cannot be read: {error}")))
        }
    }
}

/// The data of erased words: only what says where the message stood is kept.
pub(crate) fn erased_data(thread: Option<Seq>, also: bool) -> String {
    let data = Data { erased: true, thread, also, ..Data::default() };
    serde_json::to_string(&data).unwrap_or_default()
}

/// The data of words that an edit replaced where no history is kept.
pub(crate) fn superseded_data(json: Option<String>) -> Result<String, Error> {
    let Data { thread, also, quote, forwarded, sole, .. } = data_of(json)?;
    let data = Data { superseded: true, thread, also, quote, forwarded, sole, ..Data::default() };
    self::json(&data)
}

/// Whether words were erased, or gave way to newer ones.
pub(crate) fn is_gone(json: Option<String>) -> Result<bool, Error> {
    let Data { erased, superseded, .. } = data_of(json)?;
    Ok(erased || superseded)
}

/// Whether an edit, by its data, is one after which no older text is left.
pub(crate) fn is_sole(json: Option<String>) -> Result<bool, Error> {
    Ok(data_of(json)?.sole)
}

fn data_of(json: Option<String>) -> Result<Data, Error> {
    match json {
        None => Ok(Data::default()),
        Some(json) => {
            serde_json::from_str(&json).map_err(|error| Error::Other(format!("an event cannot be read: {error}")))
        }
    }
}

fn event_of(row: &mut Row) -> Result<Event, Error> {
    let (room, seq, at, author) = (row.room(0), row.seq(1), row.time(2), row.user(3));
    let kind = row.text(4);
    let target = row.seq(5);
    let client_id = row.opt_blob(6).map(|blob| clients::unpack(&blob)).unwrap_or_default();
    let text = row.opt_text(7);
    let data = data_of(row.opt_text(8))?;
    let files = list(row.opt_text(9))?;
    let html = row.opt_text(10);
    let kind = Kind::parse(&kind).ok_or_else(|| Error::Other(format!("an event of the unknown kind {kind}")))?;
    let said = |text: Option<String>| Said {
        // What stands in place of erased words is as long as they were.
        text: text.filter(|_| !data.erased && !data.superseded),
        html: html.filter(|_| !data.erased && !data.superseded),
        mentions: data.mentions.clone(),
        everyone: data.everyone,
        here: data.here,
        erased: data.erased,
        superseded: data.superseded,
    };
    let body = match kind {
        Kind::Message => Body::Message {
            client_id,
            said: said(text),
            files,
            thread: data.thread,
            also: data.also,
            quote: data.quote,
            forwarded: data.forwarded,
        },
        Kind::Edited => Body::Edited { target, said: said(text), sole: data.sole },
        Kind::Reacted => Body::Reacted { target, emoji: data.emoji.unwrap_or_default() },
        Kind::Unreacted => Body::Unreacted { target, emoji: data.emoji.unwrap_or_default() },
        Kind::Pinned => Body::Pinned { target },
        Kind::Unpinned => Body::Unpinned { target },
        Kind::Deleted => Body::Deleted { target, thread: data.thread },
        Kind::Preview => Body::Preview { target, previews: list(text)?, erased: data.erased },
        Kind::Joined => Body::Joined { users: data.users },
        Kind::Left => Body::Left { users: data.users, by: data.by, why: data.why },
        Kind::Renamed => Body::Renamed { name: text.unwrap_or_default() },
        Kind::Topic => Body::Topic { topic: text.unwrap_or_default() },
        Kind::Archived => Body::Archived,
        Kind::Unarchived => Body::Unarchived,
        Kind::PreviewsOn => Body::PreviewsOn,
        Kind::PreviewsOff => Body::PreviewsOff,
        Kind::Role => Body::Role { user: data.user.unwrap_or_default(), role: data.role.unwrap_or(MemberRole::Member) },
    };
    Ok(Event { room, seq, at, author, body })
}

fn entry_of(row: &mut Row) -> Result<Entry, Error> {
    let (seq, at, author) = (row.seq(0), row.time(1), row.user(2));
    let kind = row.text(3);
    let text = row.opt_text(5);
    let what = match Kind::parse(&kind) {
        Some(Kind::Message) => {
            let said = data_of(row.opt_text(6))?;
            let erased = row.is(8);
            // An edit says nothing of these: they stand with the message itself.
            let stood = data_of(row.opt_text(13))?;
            What::Message(Message {
                text: text.filter(|_| !erased).unwrap_or_default(),
                html: row.opt_text(16).filter(|_| !erased),
                edited_at: row.opt_int(7).map(Time),
                erased,
                client_id: row.opt_blob(4).map(|blob| clients::unpack(&blob)),
                thread: row.opt_int(9).map(Seq),
                also: row.is(10),
                mentions: said.mentions,
                everyone: said.everyone,
                here: said.here,
                quote: stood.quote,
                forwarded: stood.forwarded,
                files: list(row.opt_text(14))?,
                previews: list(row.opt_text(15))?,
                reactions: list(row.opt_text(17))?,
                pinned: row.opt_int(18).is_some(),
                replies: u32::try_from(row.int(11)).unwrap_or(0),
                last_reply: row.opt_int(12).map(Time),
                repliers: list(row.opt_text(19))?,
            })
        }
        Some(Kind::Joined) => What::Joined { users: data_of(row.opt_text(13))?.users },
        Some(Kind::Left) => {
            let data = data_of(row.opt_text(13))?;
            What::Left { users: data.users, by: data.by, why: data.why }
        }
        Some(Kind::Renamed) => What::Renamed { name: text.unwrap_or_default() },
        Some(Kind::Topic) => What::Topic { topic: text.unwrap_or_default() },
        Some(Kind::Archived) => What::Archived,
        _ => return Err(Error::Other(format!("a row of the unknown kind {kind}"))),
    };
    Ok(Entry { seq, at, author, what })
}

/// Ids as a JSON list, for the one parameter that stands for many.
pub(crate) fn ids(users: &[UserId]) -> Value {
    let list: Vec<String> = users.iter().map(|user| user.0.to_string()).collect();
    Value::Text(format!("[{}]", list.join(",")))
}
