//! The community's own emoji. Each change is a fact that every node and client hears of.

use crate::error::Error;
use crate::facts::{self, Fact};
use crate::files::{self, Use};
use crate::tx::Tx;
use protocol::view::Emoji;
use protocol::{FileId, UserId};

/// All of them, by name.
///
/// # Errors
/// The database failed.
pub async fn all(tx: &mut Tx) -> Result<Vec<Emoji>, Error> {
    let rows = tx.rows("SELECT name, file, by_user, at, alias_of FROM emoji ORDER BY name", &[]).await?;
    let emoji = rows.into_iter().map(|mut row| Emoji {
        name: row.text(0),
        file: FileId(row.int(1)),
        by: row.user(2),
        at: row.time(3),
        alias_of: row.opt_text(4),
    });
    Ok(emoji.collect())
}

/// The name under which an emoji is kept, where there is one of this name or of this other name of it.
///
/// # Errors
/// The database failed.
pub async fn canonical(tx: &mut Tx, name: &str) -> Result<Option<String>, Error> {
    let sql = "SELECT o.name FROM emoji e JOIN emoji o ON o.name = coalesce(e.alias_of, e.name) WHERE e.name = $1";
    Ok(tx.row(sql, &[name.into()]).await?.map(|mut row| row.text(0)))
}

/// Gives a name a picture, in place of the one that it had. Its other names show the new one too.
///
/// # Errors
/// The database failed.
pub async fn set(tx: &mut Tx, name: &str, file: FileId, by: UserId) -> Result<(), Error> {
    put(tx, name, file, by, None).await?;
    files::hold(tx, Some(file), Use::Emoji).await?;
    facts::record(tx, Fact::EmojiChanged).await?;
    Ok(())
}

/// Makes a name one more of `original`, which is there and no alias itself. Whatever were other names of this one
/// are that one's now.
///
/// # Errors
/// The database failed.
pub async fn alias(tx: &mut Tx, name: &str, original: &Emoji, by: UserId) -> Result<(), Error> {
    put(tx, name, original.file, by, Some(&original.name)).await?;
    let sql = "UPDATE emoji SET alias_of = $2 WHERE alias_of = $1";
    tx.execute(sql, &[name.into(), original.name.as_str().into()]).await?;
    facts::record(tx, Fact::EmojiChanged).await?;
    Ok(())
}

async fn put(tx: &mut Tx, name: &str, file: FileId, by: UserId, alias_of: Option<&str>) -> Result<(), Error> {
    let old = tx.row("SELECT file FROM emoji WHERE name = $1", &[name.into()]).await?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO emoji (name, file, by_user, at, alias_of) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name)
         DO UPDATE SET file = excluded.file, by_user = excluded.by_user, at = excluded.at, alias_of = excluded.alias_of",
        &[name.into(), file.into(), by.into(), now.into(), alias_of.map(str::to_owned).into()],
    )
    .await?;
    tx.execute("UPDATE emoji SET file = $2 WHERE alias_of = $1", &[name.into(), file.into()]).await?;
    files::let_go(tx, old.map(|row| FileId(row.int(0)))).await
}

/// Takes one away, with its other names. Answers whether it was there.
///
/// # Errors
/// The database failed.
pub async fn delete(tx: &mut Tx, name: &str) -> Result<bool, Error> {
    let gone = tx.returning("DELETE FROM emoji WHERE name = $1 RETURNING file", &[name.into()]).await?;
    let Some(row) = gone else { return Ok(false) };
    tx.execute("DELETE FROM emoji WHERE alias_of = $1", &[name.into()]).await?;
    files::let_go(tx, Some(FileId(row.int(0)))).await?;
    facts::record(tx, Fact::EmojiChanged).await?;
    Ok(true)
}
