//! Files: what is known of them, what holds them, and when nothing does any more. Their bytes lie in the file store,
//! each content once, under the key that `blobs` names.
//!
//! A file is made in [`crate::Lane::Server`] and swept there; so no sweep can take bytes that a new file has just
//! found. Messages hold and let go in their room's lane: a row of `files` is changed there after the room's.

mod list;

pub use list::{After, Filter, list};

use crate::error::Error;
use crate::log::words;
use crate::rooms::RoomRow;
use crate::tx::Tx;
use crate::value::Row;
use crate::{log, rooms};
use protocol::view::FileKind;
use protocol::{FileId, FileInfo, Time, UserId, text};
use serde::{Deserialize, Serialize};

/// What a file is for. One that is for nothing yet may still become anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Nothing,
    Sent,
    Picture,
    Emoji,
    /// It came with a link's page.
    Preview,
}

impl Use {
    fn as_str(self) -> &'static str {
        match self {
            Use::Nothing => "",
            Use::Sent => "sent",
            Use::Picture => "picture",
            Use::Emoji => "emoji",
            Use::Preview => "preview",
        }
    }

    fn parse(name: &str) -> Use {
        [Use::Sent, Use::Picture, Use::Emoji, Use::Preview]
            .into_iter()
            .find(|one| one.as_str() == name)
            .unwrap_or(Use::Nothing)
    }
}

/// A file with what only the server knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FileRow {
    pub info: FileInfo,
    pub owner: UserId,
    pub r#use: Use,
    /// Where its bytes lie in the file store.
    pub key: String,
    pub hash: Vec<u8>,
}

/// A file whose bytes are in the file store.
#[derive(Clone, Debug)]
pub struct New {
    pub owner: UserId,
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// Where they were put.
    pub key: String,
    /// Its id does not count.
    pub info: FileInfo,
}

/// What the column `data` holds: all that a client is told beside name, type and size.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbhash: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    animated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waveform: Vec<u8>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    voice: bool,
}

/// Makes a file. Where the same bytes are there already, it shares them: then the answered key is not the one that
/// was given, and what was put under that one can go.
///
/// # Errors
/// The database failed.
pub async fn create(tx: &mut Tx, new: &New) -> Result<FileRow, Error> {
    let hash = new.hash.to_vec();
    let known = tx.row("SELECT key FROM blobs WHERE hash = $1", &[hash.clone().into()]).await?;
    let key = match known {
        Some(mut row) => row.text(0),
        None => {
            let sql = "INSERT INTO blobs (hash, key, size) VALUES ($1, $2, $3)";
            tx.execute(sql, &[hash.clone().into(), (&new.key).into(), new.info.size.into()]).await?;
            new.key.clone()
        }
    };
    let FileInfo { name, r#type, size, width, height, thumbhash, animated, duration_ms, waveform, voice, .. } =
        new.info.clone();
    let named = words(tx, &format!("{name}\n{}", text::folded(&name))).await?;
    let data = Data { width, height, thumbhash, animated, duration_ms, waveform, voice };
    let data = serde_json::to_string(&data).map_err(|error| Error::Other(error.to_string()))?;
    let now = tx.now();
    let row = tx
        .returning(
            "INSERT INTO files (owner, hash, size, type, kind, use, words, data, created_at, loose)
             VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $8) RETURNING id",
            &[
                new.owner.into(),
                hash.clone().into(),
                size.into(),
                (&r#type).into(),
                FileKind::of(&r#type).as_str().into(),
                named.into(),
                data.into(),
                now.into(),
            ],
        )
        .await?
        .ok_or_else(|| Error::Other("a file came without its id".into()))?;
    let info = FileInfo { id: FileId(row.int(0)), alt: None, spoiler: false, ..new.info.clone() };
    Ok(FileRow { info, owner: new.owner, r#use: Use::Nothing, key, hash })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT f.id, w.text, f.type, f.size, f.data, f.owner, f.use, b.key, f.hash
             FROM files f JOIN words w ON w.id = f.words JOIN blobs b ON b.hash = f.hash ",
            $rest
        )
    };
}

fn file_of(row: &mut Row) -> FileRow {
    let data: Data = serde_json::from_str(&row.text(4)).unwrap_or_default();
    let name = row.text(1);
    let Data { width, height, thumbhash, animated, duration_ms, waveform, voice } = data;
    let info = FileInfo {
        id: FileId(row.int(0)),
        name: name.split('\n').next().unwrap_or_default().to_owned(),
        r#type: row.text(2),
        size: row.int(3),
        width,
        height,
        thumbhash,
        animated,
        duration_ms,
        waveform,
        voice,
        alt: None,
        spoiler: false,
    };
    FileRow { info, owner: row.user(5), r#use: Use::parse(&row.text(6)), key: row.text(7), hash: row.blob(8) }
}

/// # Errors
/// The database failed.
pub async fn get(tx: &mut Tx, file: FileId) -> Result<Option<FileRow>, Error> {
    Ok(tx.row(select!("WHERE f.id = $1"), &[file.into()]).await?.map(|mut row| file_of(&mut row)))
}

/// What is known of another file of the same bytes.
///
/// # Errors
/// The database failed.
pub async fn twin(tx: &mut Tx, hash: &[u8]) -> Result<Option<FileInfo>, Error> {
    let row = tx.row(select!("WHERE f.hash = $1 ORDER BY f.id LIMIT 1"), &[hash.into()]).await?;
    Ok(row.map(|mut row| file_of(&mut row).info))
}

/// The file, locked until the transaction ends, so that no sweep takes it meanwhile. Several are locked in the order
/// of their ids.
///
/// # Errors
/// The database failed.
pub async fn lock(tx: &mut Tx, file: FileId) -> Result<Option<FileRow>, Error> {
    let sql = tx.either(select!("WHERE f.id = $1"), select!("WHERE f.id = $1 FOR UPDATE OF f"));
    Ok(tx.row(sql, &[file.into()]).await?.map(|mut row| file_of(&mut row)))
}

/// The rooms in which a message holds the file and this person is a member.
///
/// # Errors
/// The database failed.
pub async fn rooms_with(tx: &mut Tx, file: FileId, user: UserId) -> Result<Vec<RoomRow>, Error> {
    let sql = "SELECT DISTINCT a.room FROM attachments a JOIN members m ON m.room = a.room AND m.user_id = $2
               WHERE a.file = $1";
    let mut holding = Vec::new();
    for row in tx.rows(sql, &[file.into(), user.into()]).await? {
        holding.extend(rooms::get(tx, row.room(0)).await?);
    }
    Ok(holding)
}

/// Something holds the file from now on.
///
/// # Errors
/// The database failed.
pub async fn hold(tx: &mut Tx, file: Option<FileId>, what: Use) -> Result<(), Error> {
    let Some(file) = file else { return Ok(()) };
    tx.execute("UPDATE files SET loose = NULL, use = $2 WHERE id = $1", &[file.into(), what.as_str().into()]).await?;
    Ok(())
}

/// Something holds the file no longer; whether anything else does is looked at by [`sweep`].
///
/// # Errors
/// The database failed.
pub async fn let_go(tx: &mut Tx, file: Option<FileId>) -> Result<(), Error> {
    let Some(file) = file else { return Ok(()) };
    let now = tx.now();
    tx.execute("UPDATE files SET loose = $2 WHERE id = $1", &[file.into(), now.into()]).await?;
    Ok(())
}

/// Forgets files that nothing holds: those that were never used and are older than `unsent`, and those that were let
/// go. At most `most` of them. Answers how many rows were looked at, and the keys whose bytes nobody needs now.
///
/// # Errors
/// The database failed.
pub async fn sweep(tx: &mut Tx, unsent: Time, most: u32) -> Result<(usize, Vec<String>), Error> {
    let sql = "SELECT id, loose, use FROM files WHERE loose IS NOT NULL AND (use <> '' OR loose < $1)
               ORDER BY loose LIMIT $2";
    let rows = tx.rows(sql, &[unsent.into(), i64::from(most).into()]).await?;
    let mut freed = Vec::new();
    for row in &rows {
        let (file, loose) = (FileId(row.int(0)), row.time(1));
        if is_held(tx, file).await? {
            // Unless it was let go once more meanwhile.
            let sql = "UPDATE files SET loose = NULL WHERE id = $1 AND loose = $2";
            tx.execute(sql, &[file.into(), loose.into()]).await?;
        } else {
            freed.extend(forget(tx, file).await?);
        }
    }
    Ok((rows.len(), freed))
}

async fn is_held(tx: &mut Tx, file: FileId) -> Result<bool, Error> {
    let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM attachments WHERE file = $1)
               OR EXISTS (SELECT 1 FROM users WHERE picture = $1) OR EXISTS (SELECT 1 FROM emoji WHERE file = $1)";
    Ok(tx.row(sql, &[file.into()]).await?.is_some())
}

/// Forgets a file that is loose, with its name. Answers the key of its bytes where no other file has the same.
///
/// # Errors
/// The database failed.
pub async fn forget(tx: &mut Tx, file: FileId) -> Result<Option<String>, Error> {
    let sql = "DELETE FROM files WHERE id = $1 AND loose IS NOT NULL RETURNING words, hash";
    let Some(mut row) = tx.returning(sql, &[file.into()]).await? else { return Ok(None) };
    let (named, hash) = (row.int(0), row.blob(1));
    log::erase_words(tx, named).await?;
    let sql = "DELETE FROM blobs WHERE hash = $1 AND NOT EXISTS (SELECT 1 FROM files WHERE hash = $1) RETURNING key";
    Ok(tx.returning(sql, &[hash.into()]).await?.map(|mut row| row.text(0)))
}

/// Whether the bytes under this key belong to a file.
///
/// # Errors
/// The database failed.
pub async fn has_key(tx: &mut Tx, hash: &[u8], key: &str) -> Result<bool, Error> {
    Ok(tx.row("SELECT 1 FROM blobs WHERE hash = $1 AND key = $2", &[hash.into(), key.into()]).await?.is_some())
}

/// Bytes of all files of a person, shared ones counted each time.
///
/// # Errors
/// The database failed.
pub async fn size_of(tx: &mut Tx, owner: UserId) -> Result<u64, Error> {
    let sql = "SELECT CAST(coalesce(SUM(size), 0) AS BIGINT) FROM files WHERE owner = $1 AND use <> 'preview'";
    let row = tx.row(sql, &[owner.into()]).await?;
    Ok(row.map_or(0, |row| row.int(0)).max(0).unsigned_abs())
}

/// Bytes that the file store holds.
///
/// # Errors
/// The database failed.
pub async fn size_of_all(tx: &mut Tx) -> Result<u64, Error> {
    let row = tx.row("SELECT CAST(coalesce(SUM(size), 0) AS BIGINT) FROM blobs", &[]).await?;
    Ok(row.map_or(0, |row| row.int(0)).max(0).unsigned_abs())
}
