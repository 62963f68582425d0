//! Unread: a function of a cursor and the log, counted anew each time. docs/UNREAD.md is its definition.

use crate::error::Error;
use crate::tx::Tx;
use protocol::{RoomId, Seq, UserId};

/// Counting stops here; it stands for "more than 999".
pub const MOST: i64 = 1000;

/// How many messages after `read` count for this person, and how many of them call on them.
///
/// # Errors
/// The database failed.
pub async fn count(tx: &mut Tx, room: RoomId, user: UserId, read: Seq) -> Result<(u32, u32), Error> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM entries
               WHERE room = $1 AND counts = 1 AND seq > $2 AND author <> $3 LIMIT $4) AS n";
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
