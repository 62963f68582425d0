//! What concerns a person: who named them, who reacted to what they wrote, who replied where they follow. A read of
//! what the fold keeps anyway; nothing is written for it. Only rooms that they are in now.

use crate::columns::json;
use crate::error::Error;
use crate::tx::Tx;
use crate::value::{Row, Value};
use protocol::view::Cause;
use protocol::{RoomId, Seq, Time, UserId};
use serde::Serialize;

/// Rooms or threads that are looked at with one statement.
const STEP: usize = 100;

/// A place in the list, which goes down from the newest. A message stands there once; `by` and `emoji` tell apart
/// the reactions to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: Time,
    pub room: RoomId,
    pub seq: Seq,
    pub by: UserId,
    pub emoji: String,
}

impl Place {
    fn top() -> Place {
        Place {
            at: Time(i64::MAX),
            room: RoomId(i64::MAX),
            seq: Seq(i64::MAX),
            by: UserId(i64::MAX),
            emoji: String::new(),
        }
    }
}

/// A message calls a person as one of everybody: in its room, or in a thread that they follow.
macro_rules! rooms_call {
    ($calls:literal) => {
        concat!(
            $calls,
            ".user_id = 0 AND (",
            $calls,
            ".thread = 0 OR EXISTS (SELECT 1 FROM threads f WHERE f.room = ",
            $calls,
            ".room AND f.root = ",
            $calls,
            ".thread AND f.user_id = $1 AND f.following = 1))"
        )
    };
}

/// A message `x` names the person, or everybody since they came.
macro_rules! called {
    ($joined:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM mentions q WHERE q.room = x.room AND q.seq = x.seq AND (q.user_id = $1 OR ",
            rooms_call!("q"),
            " AND q.seq > ",
            $joined,
            "))"
        )
    };
}

/// What concerns this person after a place in the list, the newest first.
///
/// # Errors
/// The database failed.
pub async fn list(
    tx: &mut Tx,
    user: UserId,
    causes: &[Cause],
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<(Cause, Place)>, Error> {
    let after = after.unwrap_or_else(Place::top);
    let mut found = Vec::new();
    for cause in causes {
        let some = match cause {
            Cause::Mention => mentions(tx, user, &after, limit).await?,
            Cause::Room => rooms(tx, user, &after, limit).await?,
            Cause::Keyword => keywords(tx, user, &after, limit).await?,
            Cause::Reaction => reactions(tx, user, &after, limit).await?,
            Cause::Reply => replies(tx, user, &after, limit).await?,
        };
        found.extend(some.into_iter().map(|place| (*cause, place)));
    }
    found.sort_unstable_by(|(_, a), (_, b)| b.cmp(a));
    found.truncate(limit);
    Ok(found)
}

fn bound(limit: usize) -> Value {
    i64::try_from(limit).unwrap_or(i64::MAX).into()
}

fn place_of(mut row: Row) -> Place {
    Place { at: row.time(0), room: row.room(1), seq: row.seq(2), by: row.user(3), emoji: row.text(4) }
}

async fn mentions(tx: &mut Tx, user: UserId, after: &Place, limit: usize) -> Result<Vec<Place>, Error> {
    let sql = "SELECT c.at, c.room, c.seq, n.author FROM mentions c
               JOIN members m ON m.room = c.room AND m.user_id = $1
               JOIN entries n ON n.room = c.room AND n.seq = c.seq AND n.author <> $1 AND n.erased = 0
               WHERE c.user_id = $1 AND (c.at, c.room, c.seq) < ($2, $3, $4)
               ORDER BY c.at DESC, c.room DESC, c.seq DESC LIMIT $5";
    let params = [user.into(), after.at.into(), after.room.into(), after.seq.into(), bound(limit)];
    Ok(tx.rows(sql, &params).await?.into_iter().map(place_of).collect())
}

async fn keywords(tx: &mut Tx, user: UserId, after: &Place, limit: usize) -> Result<Vec<Place>, Error> {
    let sql = concat!(
        "SELECT x.at, x.room, x.seq, n.author FROM keyword_hits x
         JOIN members m ON m.room = x.room AND m.user_id = $1
         JOIN entries n ON n.room = x.room AND n.seq = x.seq AND n.author <> $1 AND n.erased = 0
         WHERE x.user_id = $1 AND (x.at, x.room, x.seq) < ($2, $3, $4) AND NOT ",
        called!("m.joined"),
        " ORDER BY x.at DESC, x.room DESC, x.seq DESC LIMIT $5"
    );
    let params = [user.into(), after.at.into(), after.room.into(), after.seq.into(), bound(limit)];
    Ok(tx.rows(sql, &params).await?.into_iter().map(place_of).collect())
}

async fn reactions(tx: &mut Tx, user: UserId, after: &Place, limit: usize) -> Result<Vec<Place>, Error> {
    let sql = tx.either(
        "SELECT x.at, x.room, x.seq, x.user_id, x.emoji FROM reactions x
         JOIN members m ON m.room = x.room AND m.user_id = $1
         JOIN entries n ON n.room = x.room AND n.seq = x.seq AND n.erased = 0
         WHERE x.author = $1 AND x.user_id <> $1 AND x.at <= $2
           AND (x.at, x.room, x.seq, x.user_id, x.emoji) < ($2, $3, $4, $6, $7)
         ORDER BY x.at DESC, x.room DESC, x.seq DESC, x.user_id DESC, x.emoji DESC LIMIT $5",
        "SELECT x.at, x.room, x.seq, x.user_id, x.emoji FROM reactions x
         JOIN members m ON m.room = x.room AND m.user_id = $1
         JOIN entries n ON n.room = x.room AND n.seq = x.seq AND n.erased = 0
         WHERE x.author = $1 AND x.user_id <> $1 AND x.at <= $2
           AND (x.at, x.room, x.seq, x.user_id, x.emoji COLLATE \"C\") < ($2, $3, $4, $6, $7)
         ORDER BY x.at DESC, x.room DESC, x.seq DESC, x.user_id DESC, x.emoji COLLATE \"C\" DESC LIMIT $5",
    );
    let params = [
        user.into(),
        after.at.into(),
        after.room.into(),
        after.seq.into(),
        bound(limit),
        after.by.into(),
        (&after.emoji).into(),
    ];
    Ok(tx.rows(sql, &params).await?.into_iter().map(place_of).collect())
}

/// Calls to everybody. The rooms are looked at by their newest event: once enough was found, those that moved last
/// before it hold nothing newer.
async fn rooms(tx: &mut Tx, user: UserId, after: &Place, limit: usize) -> Result<Vec<Place>, Error> {
    let sql = "SELECT r.id, r.at, m.joined FROM members m JOIN rooms r ON r.id = m.room
               WHERE m.user_id = $1 ORDER BY r.at DESC";
    let mine = tx.rows(sql, &[user.into()]).await?;
    let mine: Vec<(Time, (i64, i64))> = mine.iter().map(|row| (row.time(1), (row.int(0), row.int(2)))).collect();
    let sql = tx.either(
        concat!(
            "SELECT c.at, c.room, c.seq, o.author FROM json_each($2) AS j
             CROSS JOIN mentions c ON c.room = j.value ->> 0 AND c.user_id = 0 AND c.seq IN (
               SELECT x.seq FROM mentions x JOIN entries n ON n.room = x.room AND n.seq = x.seq
               WHERE x.room = j.value ->> 0 AND x.seq > j.value ->> 1 AND (x.at, x.room, x.seq) < ($3, $4, $5)
                 AND n.author <> $1 AND n.erased = 0 AND ",
            rooms_call!("x"),
            "    AND NOT EXISTS (SELECT 1 FROM mentions q WHERE q.room = x.room AND q.user_id = $1 AND q.seq = x.seq)
               ORDER BY x.seq DESC LIMIT $6)
             JOIN entries o ON o.room = c.room AND o.seq = c.seq"
        ),
        concat!(
            "SELECT c.at, c.room, c.seq, c.author FROM jsonb_array_elements($2::text::jsonb) AS j(value)
             CROSS JOIN LATERAL (
               SELECT x.at, x.room, x.seq, n.author FROM mentions x JOIN entries n ON n.room = x.room AND n.seq = x.seq
               WHERE x.room = (j.value ->> 0)::bigint AND x.seq > (j.value ->> 1)::bigint
                 AND (x.at, x.room, x.seq) < ($3, $4, $5) AND n.author <> $1 AND n.erased = 0 AND ",
            rooms_call!("x"),
            "    AND NOT EXISTS (SELECT 1 FROM mentions q WHERE q.room = x.room AND q.user_id = $1 AND q.seq = x.seq)
               ORDER BY x.seq DESC LIMIT $6) AS c"
        ),
    );
    newest(tx, sql, user, mine, after, limit).await
}

/// Replies in threads that the person follows, since they do, and so since they came; the threads are looked at by their newest reply.
async fn replies(tx: &mut Tx, user: UserId, after: &Place, limit: usize) -> Result<Vec<Place>, Error> {
    let sql = "SELECT o.last_reply, t.room, t.root, t.since FROM threads t
               JOIN members m ON m.room = t.room AND m.user_id = t.user_id
               JOIN entries o ON o.room = t.room AND o.seq = t.root
               WHERE t.user_id = $1 AND t.following = 1 AND o.replies > 0 ORDER BY o.last_reply DESC";
    let mine = tx.rows(sql, &[user.into()]).await?;
    let mine: Vec<(Time, (i64, i64, i64))> =
        mine.iter().map(|row| (row.time(0), (row.int(1), row.int(2), row.int(3)))).collect();
    let sql = tx.either(
        concat!(
            "SELECT e.at, o.room, o.seq, o.author FROM json_each($2) AS j
             CROSS JOIN entries o ON o.room = j.value ->> 0 AND o.seq IN (
               SELECT x.seq FROM entries x INDEXED BY entries_thread
               JOIN events y ON y.room = x.room AND y.seq = x.seq
               WHERE x.room = j.value ->> 0 AND x.thread = j.value ->> 1 AND x.seq > j.value ->> 2
                 AND (y.at, x.room, x.seq) < ($3, $4, $5) AND x.author <> $1 AND x.erased = 0 AND NOT ",
            called!("0"),
            "    AND NOT EXISTS (SELECT 1 FROM keyword_hits k WHERE k.room = x.room AND k.seq = x.seq AND k.user_id = $1)
               ORDER BY x.seq DESC LIMIT $6)
             JOIN events e ON e.room = o.room AND e.seq = o.seq"
        ),
        concat!(
            "SELECT c.at, c.room, c.seq, c.author FROM jsonb_array_elements($2::text::jsonb) AS j(value)
             CROSS JOIN LATERAL (
               SELECT y.at, x.room, x.seq, x.author FROM entries x JOIN events y ON y.room = x.room AND y.seq = x.seq
               WHERE x.room = (j.value ->> 0)::bigint AND x.thread = (j.value ->> 1)::bigint
                 AND x.seq > (j.value ->> 2)::bigint AND (y.at, x.room, x.seq) < ($3, $4, $5)
                 AND x.author <> $1 AND x.erased = 0 AND NOT ",
            called!("0"),
            "    AND NOT EXISTS (SELECT 1 FROM keyword_hits k WHERE k.room = x.room AND k.seq = x.seq AND k.user_id = $1)
               ORDER BY x.seq DESC LIMIT $6) AS c"
        ),
    );
    newest(tx, sql, user, mine, after, limit).await
}

/// Looks into logs or threads, those with the newest ends first, until what is found is newer than the ends of all
/// the rest: however many there are, only as many are read as can matter.
async fn newest<P: Serialize>(
    tx: &mut Tx,
    sql: &'static str,
    user: UserId,
    mine: Vec<(Time, P)>,
    after: &Place,
    limit: usize,
) -> Result<Vec<Place>, Error> {
    let mut found: Vec<Place> = Vec::new();
    for some in mine.chunks(STEP) {
        if limit > 0
            && let (Some(last), Some((end, _))) = (found.get(limit - 1), some.first())
            && last.at > *end
        {
            break;
        }
        let places: Vec<&P> = some.iter().map(|(_, place)| place).collect();
        let params =
            [user.into(), json(&places)?.into(), after.at.into(), after.room.into(), after.seq.into(), bound(limit)];
        found.extend(tx.rows(sql, &params).await?.into_iter().map(place_of));
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.truncate(limit);
    }
    Ok(found)
}

/// Notes that the person has looked at all of it up to here, never beyond now and never back. Answers up to where
/// they have, and whether that is new.
///
/// # Errors
/// The database failed.
pub async fn see(tx: &mut Tx, user: UserId, at: Time) -> Result<(Time, bool), Error> {
    let sql = "SELECT activity_seen FROM users WHERE id = $1";
    let seen = tx.row(sql, &[user.into()]).await?.map(|row| row.time(0)).unwrap_or_default();
    let at = at.min(tx.now());
    if at <= seen {
        return Ok((seen, false));
    }
    let sql = "UPDATE users SET activity_seen = $2 WHERE id = $1 AND activity_seen < $2";
    tx.execute(sql, &[user.into(), at.into()]).await?;
    Ok((at, true))
}
