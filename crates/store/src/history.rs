//! The texts that a message has had; and what becomes of them where none are to be kept.

use crate::columns::is_gone;
use crate::error::Error;
use crate::fold::superseded;
use crate::log::by_target;
use crate::schema;
use crate::tx::Tx;
use protocol::view::Version;
use protocol::{RoomId, Seq};

/// Every text that a message has had, oldest first, the present one last; at most the newest `most`.
///
/// # Errors
/// The database failed.
pub async fn versions(tx: &mut Tx, room: RoomId, seq: Seq, most: u32) -> Result<Vec<Version>, Error> {
    // Asked by target and by key apart, and by that index: else SQLite walks through the whole room, in its order.
    let edits = by_target!(
        tx,
        "SELECT e.at, w.text, h.text, e.data FROM events e",
        "JOIN words w ON w.id = e.words LEFT JOIN words h ON h.id = e.html
         WHERE e.room = $1 AND e.target = $2 AND e.kind = 'edited' ORDER BY e.seq DESC LIMIT $3"
    );
    let first = "SELECT e.at, w.text, h.text, e.data FROM events e
                 JOIN words w ON w.id = e.words LEFT JOIN words h ON h.id = e.html WHERE e.room = $1 AND e.seq = $2";
    let mut rows = tx.rows(edits, &[room.into(), seq.into(), i64::from(most).into()]).await?;
    if rows.len() < most as usize {
        rows.extend(tx.rows(first, &[room.into(), seq.into()]).await?);
    }
    let mut versions = Vec::new();
    for mut row in rows {
        if !is_gone(row.opt_text(3))? {
            versions.push(Version { at: row.time(0), text: row.text(1), html: row.opt_text(2) });
        }
    }
    versions.reverse();
    Ok(versions)
}

/// Edited messages of a room after `after`, at most `limit`.
///
/// # Errors
/// The database failed.
pub async fn edited(tx: &mut Tx, room: RoomId, after: Seq, limit: u32) -> Result<Vec<Seq>, Error> {
    let sql = "SELECT seq FROM entries WHERE room = $1 AND seq > $2 AND edited_at IS NOT NULL ORDER BY seq LIMIT $3";
    let rows = tx.rows(sql, &[room.into(), after.into(), i64::from(limit).into()]).await?;
    Ok(rows.iter().map(|row| row.seq(0)).collect())
}

/// Erases in place every text but the present one of each of these messages.
///
/// # Errors
/// The database failed.
pub async fn erase_older(tx: &mut Tx, room: RoomId, messages: &[Seq]) -> Result<(), Error> {
    for seq in messages {
        let sql = "SELECT n.text_at, w.text FROM entries n JOIN events e ON e.room = n.room AND e.seq = n.text_at
                   JOIN words w ON w.id = e.words WHERE n.room = $1 AND n.seq = $2 AND n.erased = 0";
        if let Some(mut row) = tx.row(sql, &[room.into(), (*seq).into()]).await? {
            let (at, text) = (row.seq(0), row.text(1));
            superseded(tx, room, *seq, *seq, at, &text).await?;
        }
    }
    Ok(())
}

/// Where the erasing of older texts stands, from the moment on when the server was told to keep none until they are
/// gone. Who goes on with it after a restart finds it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// Which switch it belongs to.
    since: i64,
    /// The last room that is done.
    pub room: RoomId,
}

const KEY: &str = "history_erasing";

impl Erasing {
    fn text(self) -> String {
        format!("{}.{}", self.since, self.room)
    }
}

/// # Errors
/// The database failed.
pub async fn erasing(tx: &mut Tx) -> Result<Option<Erasing>, Error> {
    let text = schema::get(tx, KEY).await?;
    Ok(text.and_then(|text| {
        let (since, room) = text.split_once('.')?;
        Some(Erasing { since: since.parse().ok()?, room: RoomId(room.parse().ok()?) })
    }))
}

/// The server keeps older texts from now on, or keeps none, and those that there are must go.
pub(crate) async fn switched(tx: &mut Tx, keeps: bool) -> Result<(), Error> {
    if keeps {
        return schema::unset(tx, KEY).await;
    }
    let begun = Erasing { since: tx.now().0, room: RoomId(0) };
    schema::set(tx, KEY, &begun.text()).await
}

/// Notes that a room is done, or that all are; where the server was switched meanwhile nothing is noted.
///
/// # Errors
/// The database failed.
pub async fn erased(tx: &mut Tx, before: Erasing, room: Option<RoomId>) -> Result<(), Error> {
    if erasing(tx).await? != Some(before) {
        return Ok(());
    }
    match room {
        Some(room) => schema::set(tx, KEY, &Erasing { room, ..before }.text()).await,
        None => schema::unset(tx, KEY).await,
    }
}

/// The first room after that one.
///
/// # Errors
/// The database failed.
pub async fn next_room(tx: &mut Tx, after: RoomId) -> Result<Option<RoomId>, Error> {
    let sql = "SELECT id FROM rooms WHERE id > $1 ORDER BY id LIMIT 1";
    Ok(tx.row(sql, &[after.into()]).await?.map(|row| row.room(0)))
}
