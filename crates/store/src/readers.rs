//! How far the readers of the logs have come: a cursor for each reader and room, so that after a stop each goes on
//! where it was, and nothing is forgotten.

use crate::error::Error;
use crate::tx::Tx;
use protocol::{RoomId, Seq};
use std::collections::HashMap;

/// Where a reader stands in each room.
///
/// # Errors
/// The database failed.
pub async fn all(tx: &mut Tx, reader: &str) -> Result<HashMap<RoomId, Seq>, Error> {
    let rows = tx.rows("SELECT room, seq FROM readers WHERE reader = $1", &[reader.into()]).await?;
    Ok(rows.iter().map(|row| (row.room(0), row.seq(1))).collect())
}

/// Notes where a reader stands; never back.
///
/// # Errors
/// The database failed.
pub async fn keep(tx: &mut Tx, reader: &str, places: &[(RoomId, Seq)]) -> Result<(), Error> {
    for (room, seq) in places {
        tx.execute(
            "INSERT INTO readers (reader, room, seq) VALUES ($1, $2, $3) ON CONFLICT (reader, room)
             DO UPDATE SET seq = CASE WHEN excluded.seq > readers.seq THEN excluded.seq ELSE readers.seq END",
            &[reader.into(), (*room).into(), (*seq).into()],
        )
        .await?;
    }
    Ok(())
}
