//! Links to join with. An invite of n uses makes n accounts, however many come at once: it is looked at and
//! counted inside the transaction that makes the account.

use crate::{Error, Row, Tx, Value};
use protocol::view::Invite;
use protocol::{Time, UserId};

fn invite(row: &mut Row) -> Invite {
    Invite {
        id: row.int(0),
        code: row.text(1),
        by: row.user(2),
        created_at: row.time(3),
        expires_at: row.opt_int(4).map(Time),
        uses: u32::try_from(row.int(5)).unwrap_or(u32::MAX),
        max_uses: row.opt_int(6).and_then(|max| u32::try_from(max).ok()),
    }
}

/// # Errors
/// The database failed.
pub async fn create(
    tx: &mut Tx,
    by: UserId,
    code: &str,
    expires_at: Option<Time>,
    max_uses: Option<u32>,
) -> Result<Invite, Error> {
    let now = tx.now();
    let sql = "INSERT INTO invites (code, by_user, created_at, expires_at, max_uses) VALUES ($1, $2, $3, $4, $5)
               RETURNING id, code, by_user, created_at, expires_at, uses, max_uses";
    let params: [Value; 5] = [code.into(), by.into(), now.into(), expires_at.into(), max_uses.map(i64::from).into()];
    let row = tx.returning(sql, &params).await?;
    row.map(|mut row| invite(&mut row)).ok_or_else(|| Error::Other("an invite came without its row".into()))
}

/// All invites, newest first; those used up or past their time too, so that one sees what became of them.
///
/// # Errors
/// The database failed.
pub async fn list(tx: &mut Tx, by: Option<UserId>) -> Result<Vec<Invite>, Error> {
    let mut rows = match by {
        None => {
            let sql = "SELECT id, code, by_user, created_at, expires_at, uses, max_uses FROM invites
                       ORDER BY id DESC LIMIT 1000";
            tx.rows(sql, &[]).await?
        }
        Some(by) => {
            let sql = "SELECT id, code, by_user, created_at, expires_at, uses, max_uses FROM invites
                       WHERE by_user = $1 ORDER BY id DESC LIMIT 1000";
            tx.rows(sql, &[by.into()]).await?
        }
    };
    Ok(rows.iter_mut().map(invite).collect())
}

/// The invite of that code, if it still lets somebody in now.
///
/// # Errors
/// The database failed.
pub async fn usable(tx: &mut Tx, code: &str) -> Result<Option<Invite>, Error> {
    let sql = "SELECT id, code, by_user, created_at, expires_at, uses, max_uses FROM invites WHERE code = $1";
    let now = tx.now();
    Ok(tx
        .row(sql, &[code.into()])
        .await?
        .map(|mut row| invite(&mut row))
        .filter(|invite| invite.expires_at.is_none_or(|at| now < at))
        .filter(|invite| invite.max_uses.is_none_or(|max| invite.uses < max)))
}

/// Counts one use. The caller found it [`usable`] in the same transaction.
///
/// # Errors
/// The database failed.
pub async fn redeem(tx: &mut Tx, id: i64) -> Result<(), Error> {
    tx.execute("UPDATE invites SET uses = uses + 1 WHERE id = $1", &[id.into()]).await?;
    Ok(())
}

/// Whether there was one of that number, now or before: then there is none any more.
///
/// # Errors
/// The database failed.
pub async fn delete(tx: &mut Tx, id: i64) -> Result<bool, Error> {
    let newest = tx.either(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'invites'",
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM invites_id_seq",
    );
    let newest = tx.row(newest, &[]).await?.map_or(0, |row| row.int(0));
    if !(1..=newest).contains(&id) {
        return Ok(false);
    }
    tx.execute("DELETE FROM invites WHERE id = $1", &[id.into()]).await?;
    Ok(true)
}
