//! The list of files that were sent, newest first.

use crate::columns;
use crate::error::Error;
use crate::rooms::contains;
use crate::tx::Tx;
use crate::value::Value;
use protocol::view::{FileKind, SentFile};
use protocol::{FileId, FileInfo, RoomId, Seq, Time, UserId, text};

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One room; else all that the viewer is a member of.
    pub room: Option<RoomId>,
    pub kind: Option<FileKind>,
    pub author: Option<UserId>,
    /// Stands somewhere in the name.
    pub name: String,
    /// Inclusive.
    pub from: Option<Time>,
    /// Exclusive.
    pub to: Option<Time>,
}

/// Where a list goes on: after this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    pub at: Time,
    pub room: RoomId,
    pub seq: Seq,
    pub pos: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.file, a.room, a.seq, a.author, a.at, a.pos, fw.text FROM attachments a
             JOIN files f ON f.id = a.file JOIN words nw ON nw.id = f.words
             JOIN events e ON e.room = a.room AND e.seq = a.seq JOIN words fw ON fw.id = e.files
             ",
            $rest,
            " AND a.preview = 0 AND a.at >= $2 AND (a.at < $3
               OR (a.at = $3 AND (a.room < $4 OR (a.room = $4 AND (a.seq < $5 OR (a.seq = $5 AND a.pos > $6))))))
              AND ($7 = '' OR f.kind = $7) AND ($8 = 0 OR a.author = $8) AND ($9 = '%%' OR nw.text LIKE $9 ESCAPE '!')
              ORDER BY a.at DESC, a.room DESC, a.seq DESC, a.pos LIMIT $10"
        )
    };
}

/// Files that messages hold, with where, and the place after each. Rights are the caller's affair where a room is named;
/// else the rooms are those of `viewer`.
///
/// # Errors
/// The database failed.
pub async fn list(
    tx: &mut Tx,
    viewer: UserId,
    filter: &Filter,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<(SentFile, After)>, Error> {
    // Everything before `to` is what comes after a place at the end of the moment before it.
    let to = filter.to.map_or(i64::MAX, |to| to.0.saturating_sub(1));
    let top = After { at: Time(to), room: RoomId(i64::MAX), seq: Seq(i64::MAX), pos: -1 };
    let start = after.filter(|after| after.at.0 <= to).unwrap_or(top);
    let (sql, of): (_, Value) = match filter.room {
        Some(room) => (select!("WHERE a.room = $1"), room.into()),
        None => {
            (select!("WHERE EXISTS (SELECT 1 FROM members m WHERE m.room = a.room AND m.user_id = $1)"), viewer.into())
        }
    };
    let params: [Value; 10] = [
        of,
        filter.from.unwrap_or(Time(i64::MIN)).into(),
        start.at.into(),
        start.room.into(),
        start.seq.into(),
        start.pos.into(),
        filter.kind.map_or("", FileKind::as_str).into(),
        filter.author.unwrap_or_default().into(),
        contains(&text::folded(&filter.name)).into(),
        i64::from(limit).into(),
    ];
    let rows = tx.rows(sql, &params).await?;
    let mut found = Vec::with_capacity(rows.len());
    for mut row in rows {
        let id = FileId(row.int(0));
        let place = After { at: row.time(4), room: row.room(1), seq: row.seq(2), pos: row.int(5) };
        let files: Vec<FileInfo> = columns::list(row.opt_text(6))?;
        if let Some(file) = files.into_iter().find(|file| file.id == id) {
            let sent = SentFile { file, room: place.room, seq: place.seq, author: row.user(3), at: place.at };
            found.push((sent, place));
        }
    }
    Ok(found)
}
