//! When people are not to be disturbed, and the words that call them. Nobody else learns of either.

use crate::columns::json;
use crate::error::Error;
use crate::facts::{self, Fact};
use crate::tx::Tx;
use protocol::UserId;
use protocol::view::Quiet;

/// Keeps what a person wishes and tells every node.
///
/// # Errors
/// The database failed.
pub async fn set(tx: &mut Tx, user: UserId, quiet: &Quiet) -> Result<(), Error> {
    tx.execute("UPDATE users SET quiet = $2 WHERE id = $1", &[user.into(), json(quiet)?.into()]).await?;
    facts::record(tx, Fact::QuietChanged { user }).await?;
    Ok(())
}

/// What a person wishes.
///
/// # Errors
/// The database failed.
pub async fn of(tx: &mut Tx, user: UserId) -> Result<Quiet, Error> {
    let row = tx.row("SELECT quiet FROM users WHERE id = $1", &[user.into()]).await?;
    Ok(row.map(|mut row| serde_json::from_str(&row.text(0)).unwrap_or_default()).unwrap_or_default())
}

/// Everybody who has words of their own, with them.
///
/// # Errors
/// The database failed.
pub async fn words(tx: &mut Tx) -> Result<Vec<(UserId, Vec<String>)>, Error> {
    let sql = "SELECT id, quiet FROM users WHERE banned_at IS NULL AND quiet LIKE '%\"keywords\":[\"%'";
    let rows = tx.rows(sql, &[]).await?;
    let words = rows.into_iter().map(|mut row| {
        let quiet: Quiet = serde_json::from_str(&row.text(1)).unwrap_or_default();
        (row.user(0), quiet.keywords)
    });
    Ok(words.filter(|(_, words)| !words.is_empty()).collect())
}
