//! Messages that have one of a person's own words.

use crate::columns::ids;
use crate::error::Error;
use crate::tx::Tx;
use protocol::{RoomId, Seq, UserId};

/// A message as it was said by the event `by`.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub room: RoomId,
    pub seq: Seq,
    pub by: Seq,
}

/// Notes whom that text calls by words of their own, in place of whom an older one did: those of `people` who are in
/// the room and did not write it. A text that was replaced or erased meanwhile calls nobody.
///
/// # Errors
/// The database failed.
pub async fn set(tx: &mut Tx, said: Said, people: &[UserId]) -> Result<(), Error> {
    let sql = "SELECT text_at FROM entries WHERE room = $1 AND seq = $2 AND erased = 0";
    let stands = tx.row(sql, &[said.room.into(), said.seq.into()]).await?.is_some_and(|row| row.seq(0) == said.by);
    if !stands {
        return Ok(());
    }
    forget(tx, said.room, said.seq).await?;
    if people.is_empty() {
        return Ok(());
    }
    let sql = tx.either(
        "INSERT INTO keyword_hits (user_id, at, room, seq)
         SELECT m.user_id, e.at, e.room, e.seq FROM events e JOIN members m ON m.room = e.room AND m.user_id <> e.author
         WHERE e.room = $1 AND e.seq = $2 AND m.user_id IN (SELECT value FROM json_each($3))
         ORDER BY m.user_id ON CONFLICT DO NOTHING",
        "INSERT INTO keyword_hits (user_id, at, room, seq)
         SELECT m.user_id, e.at, e.room, e.seq FROM events e JOIN members m ON m.room = e.room AND m.user_id <> e.author
         WHERE e.room = $1 AND e.seq = $2
           AND m.user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($3::text::jsonb))
         ORDER BY m.user_id ON CONFLICT DO NOTHING",
    );
    tx.execute(sql, &[said.room.into(), said.seq.into(), ids(people)]).await?;
    Ok(())
}

/// A message that calls nobody any more.
///
/// # Errors
/// The database failed.
pub async fn forget(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Error> {
    tx.execute("DELETE FROM keyword_hits WHERE room = $1 AND seq = $2", &[room.into(), seq.into()]).await?;
    Ok(())
}

/// Whether any message calls anybody so.
///
/// # Errors
/// The database failed.
pub async fn any(tx: &mut Tx) -> Result<bool, Error> {
    Ok(tx.row("SELECT 1 FROM keyword_hits LIMIT 1", &[]).await?.is_some())
}
