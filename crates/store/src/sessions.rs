//! Logins. Only the hash of a token is kept: who reads the database cannot log in with it.

use crate::facts::{self, Fact};
use crate::{Error, Tx};
use protocol::ids::SessionId;
use protocol::view::{ServerRole, Session};
use protocol::{Time, UserId};

/// Whose token it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub session: SessionId,
    pub user: UserId,
    pub role: ServerRole,
    pub last_seen_at: Time,
}

/// # Errors
/// The database failed.
pub async fn create(tx: &mut Tx, user: UserId, hash: &[u8], label: &str) -> Result<SessionId, Error> {
    let now = tx.now();
    let sql = "INSERT INTO sessions (hash, user_id, created_at, last_seen_at, label)
               VALUES ($1, $2, $3, $3, $4) RETURNING id";
    let row = tx.returning(sql, &[hash.into(), user.into(), now.into(), label.into()]).await?;
    row.map(|row| SessionId(row.int(0))).ok_or_else(|| Error::Other("a session came without its id".into()))
}

/// The session of a token, unless its person is banned.
///
/// # Errors
/// The database failed.
pub async fn find(tx: &mut Tx, hash: &[u8]) -> Result<Option<Found>, Error> {
    let sql = "SELECT s.id, s.user_id, u.role, s.last_seen_at FROM sessions s JOIN users u ON u.id = s.user_id
               WHERE s.hash = $1 AND u.banned_at IS NULL";
    Ok(tx.row(sql, &[hash.into()]).await?.map(|mut row| Found {
        session: SessionId(row.int(0)),
        user: row.user(1),
        role: ServerRole::parse(&row.text(2)).unwrap_or(ServerRole::Member),
        last_seen_at: row.time(3),
    }))
}

/// Whose session it is, where it is not over and the person is not banned.
///
/// # Errors
/// The database failed.
pub async fn user_of(tx: &mut Tx, session: SessionId) -> Result<Option<UserId>, Error> {
    let sql = "SELECT s.user_id FROM sessions s JOIN users u ON u.id = s.user_id
               WHERE s.id = $1 AND u.banned_at IS NULL";
    Ok(tx.row(sql, &[session.into()]).await?.map(|row| row.user(0)))
}

/// A person's sessions, newest use first.
///
/// # Errors
/// The database failed.
pub async fn list(tx: &mut Tx, user: UserId, current: SessionId) -> Result<Vec<Session>, Error> {
    let sql = "SELECT id, created_at, last_seen_at, label FROM sessions
               WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC LIMIT 1000";
    let rows = tx.rows(sql, &[user.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|mut row| Session {
            id: SessionId(row.int(0)),
            created_at: row.time(1),
            last_seen_at: row.time(2),
            label: row.text(3),
            current: row.int(0) == current.0,
        })
        .collect())
}

/// Ends one session of that person and tells every node; `false` where there is none.
///
/// # Errors
/// The database failed.
pub async fn end(tx: &mut Tx, user: UserId, session: SessionId) -> Result<bool, Error> {
    let there = "SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2";
    if tx.row(there, &[session.into(), user.into()]).await?.is_none() {
        return Ok(false);
    }
    tx.execute("DELETE FROM sessions WHERE id = $1", &[session.into()]).await?;
    facts::record(tx, Fact::SessionEnded { session, user }).await?;
    Ok(true)
}

/// Ends all sessions of a person but `keep`; answers which.
///
/// # Errors
/// The database failed.
pub async fn end_others(tx: &mut Tx, user: UserId, keep: Option<SessionId>) -> Result<Vec<SessionId>, Error> {
    let rows = tx.rows("SELECT id FROM sessions WHERE user_id = $1", &[user.into()]).await?;
    let ended: Vec<_> = rows.iter().map(|row| SessionId(row.int(0))).filter(|id| Some(*id) != keep).collect();
    for session in &ended {
        tx.execute("DELETE FROM sessions WHERE id = $1", &[(*session).into()]).await?;
        facts::record(tx, Fact::SessionEnded { session: *session, user }).await?;
    }
    Ok(ended)
}

/// Notes when sessions were last used.
///
/// # Errors
/// The database failed.
pub async fn seen(tx: &mut Tx, sessions: &[(SessionId, Time)]) -> Result<(), Error> {
    for (session, at) in sessions {
        let sql = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1";
        tx.execute(sql, &[(*session).into(), (*at).into()]).await?;
    }
    Ok(())
}

/// Whether that person logged in from this device before.
///
/// # Errors
/// The database failed.
pub async fn knows_device(tx: &mut Tx, user: UserId, hash: &[u8]) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM devices WHERE user_id = $1 AND hash = $2";
    Ok(tx.row(sql, &[user.into(), hash.into()]).await?.is_some())
}

/// Remembers a device after a login. The oldest beyond 50 are forgotten.
///
/// # Errors
/// The database failed.
pub async fn know_device(tx: &mut Tx, user: UserId, hash: &[u8]) -> Result<(), Error> {
    let now = tx.now();
    let sql = "INSERT INTO devices (user_id, hash, seen_at) VALUES ($1, $2, $3)
               ON CONFLICT (user_id, hash) DO UPDATE SET seen_at = excluded.seen_at";
    tx.execute(sql, &[user.into(), hash.into(), now.into()]).await?;
    let sql = "DELETE FROM devices WHERE user_id = $1 AND seen_at < (
                 SELECT MIN(seen_at) FROM (
                   SELECT seen_at FROM devices WHERE user_id = $1 ORDER BY seen_at DESC LIMIT 50) AS newest)";
    tx.execute(sql, &[user.into()]).await?;
    Ok(())
}

/// Forgets all of a person's devices, as when the password changed.
///
/// # Errors
/// The database failed.
pub async fn forget_devices(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    tx.execute("DELETE FROM devices WHERE user_id = $1", &[user.into()]).await?;
    Ok(())
}

/// Whether a session is not over and its person not banned.
///
/// # Errors
/// The database failed.
pub async fn stands(tx: &mut Tx, session: SessionId, user: UserId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
               WHERE s.id = $1 AND s.user_id = $2 AND u.banned_at IS NULL";
    Ok(tx.row(sql, &[session.into(), user.into()]).await?.is_some())
}
