//! Messages that people put aside. What they say is not kept here, and who may read it is not decided here.

use crate::error::Error;
use crate::tx::Tx;
use crate::value::Row;
use protocol::view::Saved;
use protocol::{RoomId, Seq, Time, UserId};

/// Where a list goes on: after this mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    pub at: Time,
    pub room: RoomId,
    pub seq: Seq,
}

fn mark(row: &Row) -> Saved {
    Saved { room: row.room(0), seq: row.seq(1), at: row.time(2), done_at: row.opt_int(3).map(Time), message: None }
}

/// A person's mark on a message.
///
/// # Errors
/// The database failed.
pub async fn get(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq) -> Result<Option<Saved>, Error> {
    let sql = "SELECT room, seq, at, done_at FROM saved WHERE user_id = $1 AND room = $2 AND seq = $3";
    Ok(tx.row(sql, &[user.into(), room.into(), seq.into()]).await?.as_ref().map(mark))
}

/// How many marks a person has.
///
/// # Errors
/// The database failed.
pub async fn count(tx: &mut Tx, user: UserId) -> Result<i64, Error> {
    let row = tx.row("SELECT count(*) FROM saved WHERE user_id = $1", &[user.into()]).await?;
    Ok(row.map_or(0, |row| row.int(0)))
}

/// Puts a message aside; where it is already, only whether it is done changes, and not when it was.
///
/// # Errors
/// The database failed.
pub async fn put(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq, done: bool) -> Result<Saved, Error> {
    let now = tx.now();
    let sql = "INSERT INTO saved (user_id, room, seq, at, done_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (user_id, room, seq) DO UPDATE SET done_at =
                 CASE WHEN excluded.done_at IS NULL THEN NULL ELSE coalesce(saved.done_at, excluded.done_at) END
               RETURNING room, seq, at, done_at";
    let params = [user.into(), room.into(), seq.into(), now.into(), done.then_some(now).into()];
    let row = tx.returning(sql, &params).await?;
    row.as_ref().map(mark).ok_or_else(|| Error::Other("a mark came without its row".into()))
}

/// Takes a mark back.
///
/// # Errors
/// The database failed.
pub async fn delete(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq) -> Result<(), Error> {
    let sql = "DELETE FROM saved WHERE user_id = $1 AND room = $2 AND seq = $3";
    tx.execute(sql, &[user.into(), room.into(), seq.into()]).await?;
    Ok(())
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT room, seq, at, done_at FROM saved WHERE user_id = $1 AND (at, room, seq) < ($2, $3, $4)",
            $which,
            " ORDER BY at DESC, room DESC, seq DESC LIMIT $5"
        )
    };
}

/// A person's marks, the newest first; those that are done, or are not, where that is asked.
///
/// # Errors
/// The database failed.
pub async fn list(
    tx: &mut Tx,
    user: UserId,
    done: Option<bool>,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<Saved>, Error> {
    let sql = match done {
        None => select!(""),
        Some(false) => select!(" AND done_at IS NULL"),
        Some(true) => select!(" AND done_at IS NOT NULL"),
    };
    let After { at, room, seq } =
        after.unwrap_or(After { at: Time(i64::MAX), room: RoomId(i64::MAX), seq: Seq(i64::MAX) });
    let params = [user.into(), at.into(), room.into(), seq.into(), i64::from(limit).into()];
    Ok(tx.rows(sql, &params).await?.iter().map(mark).collect())
}
