//! Unread: a function of a cursor and the log, counted anew each time. docs/UNREAD.md is its definition.

use crate::columns::json;
use crate::error::Error;
use crate::tx::Tx;
use protocol::view::Why;
use protocol::{RoomId, Seq, UserId};

/// Counting stops here; it stands for "more than 999".
pub const MOST: i64 = 1000;

/// How many messages after `read` count for this person, and how many of them call on them.
///
/// # Errors
/// The database failed.
pub async fn count(tx: &mut Tx, room: RoomId, user: UserId, read: Seq) -> Result<(u32, u32), Error> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM entries
               WHERE room = $1 AND shown = 1 AND counts = 1 AND seq > $2 AND author <> $3 LIMIT $4) AS n";
    let params = [room.into(), read.into(), user.into(), MOST.into()];
    let unread = tx.row(sql, &params).await?.map_or(0, |row| row.int(0));
    if unread == 0 {
        return Ok((0, 0));
    }
    // A message that names a person and the room calls once.
    let sql = "SELECT count(*) FROM (
                 SELECT m.seq FROM mentions m JOIN entries n ON n.room = m.room AND n.seq = m.seq
                 WHERE m.room = $1 AND m.user_id = $3 AND m.seq > $2 AND m.thread = 0 AND n.author <> $3
                 UNION
                 SELECT m.seq FROM mentions m JOIN entries n ON n.room = m.room AND n.seq = m.seq
                 WHERE m.room = $1 AND m.user_id = 0 AND m.seq > $2 AND m.thread = 0 AND n.author <> $3 LIMIT $4) AS n";
    let mentions = tx.row(sql, &params).await?.map_or(0, |row| row.int(0));
    Ok((u32::try_from(unread).unwrap_or(0), u32::try_from(mentions).unwrap_or(0)))
}

/// The oldest message after `read` that counts for this person, and the oldest that calls on them.
///
/// # Errors
/// The database failed.
pub async fn why(tx: &mut Tx, room: RoomId, user: UserId, read: Seq) -> Result<Why, Error> {
    let params = [room.into(), read.into(), user.into()];
    let sql = "SELECT seq FROM entries WHERE room = $1 AND shown = 1 AND counts = 1 AND seq > $2 AND author <> $3
               ORDER BY seq LIMIT 1";
    let unread = tx.row(sql, &params).await?.map(|row| row.seq(0));
    let sql = "SELECT min(c.seq) FROM (
                 SELECT * FROM (SELECT m.seq FROM mentions m JOIN entries n ON n.room = m.room AND n.seq = m.seq
                   WHERE m.room = $1 AND m.user_id = $3 AND m.seq > $2 AND m.thread = 0 AND n.author <> $3
                   ORDER BY m.seq LIMIT 1) AS mine
                 UNION ALL
                 SELECT * FROM (SELECT m.seq FROM mentions m JOIN entries n ON n.room = m.room AND n.seq = m.seq
                   WHERE m.room = $1 AND m.user_id = 0 AND m.seq > $2 AND m.thread = 0 AND n.author <> $3
                   ORDER BY m.seq LIMIT 1) AS everybody) AS c";
    let mention = tx.row(sql, &params).await?.and_then(|row| row.opt_int(0).map(Seq));
    Ok(Why { unread, mention })
}

/// Those of the rooms in which something counts for this person after these places.
///
/// # Errors
/// The database failed.
pub async fn rooms(tx: &mut Tx, user: UserId, places: &[(RoomId, Seq)]) -> Result<Vec<RoomId>, Error> {
    let sql = tx.either(
        "SELECT j.value ->> 0 FROM json_each($1) AS j WHERE EXISTS (SELECT 1 FROM entries n
           WHERE n.room = j.value ->> 0 AND n.shown = 1 AND n.counts = 1
             AND n.seq > j.value ->> 1 AND n.author <> $2)",
        "SELECT (j.value ->> 0)::bigint FROM jsonb_array_elements($1::text::jsonb) AS j(value)
         WHERE EXISTS (SELECT 1 FROM entries n WHERE n.room = (j.value ->> 0)::bigint AND n.shown = 1 AND n.counts = 1
           AND n.seq > (j.value ->> 1)::bigint AND n.author <> $2)",
    );
    Ok(tx.rows(sql, &[json(&places)?.into(), user.into()]).await?.iter().map(|row| row.room(0)).collect())
}
