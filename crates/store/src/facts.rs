//! What is true of the server as a whole, and log 0: each change of it, seen by every node, read by no client.
//!
//! Facts are recorded in [`crate::Lane::Server`] only: that lane holds the head row of log 0, and a room's lane
//! must not lock it after its own.

use crate::{Committed, Error, Tx, Value, schema};
use protocol::ids::SessionId;
use protocol::view::{EmojiBy, Join};
use protocol::{RoomId, Seq, Time, UserId};
use serde::{Deserialize, Serialize};

/// One change of the server's own facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// The session is over: its sockets close, its token is nobody's.
    SessionEnded { session: SessionId, user: UserId },
    /// A new account, so that nodes that cache people know.
    UserAdded { user: UserId },
    /// Name, looks, status or server role.
    UserChanged { user: UserId },
    /// When the person is not to be disturbed, or a word of theirs: for their own devices, and nobody else's.
    QuietChanged { user: UserId },
    /// The account may do nothing any more; its sessions ended with facts of their own.
    UserBanned { user: UserId },
    /// The community's name and settings.
    ServerChanged,
    /// The list of own emoji.
    EmojiChanged,
    /// The groups, or who is in them.
    GroupsChanged,
}

impl Fact {
    fn kind(&self) -> &'static str {
        match self {
            Fact::SessionEnded { .. } => "session_ended",
            Fact::UserAdded { .. } => "user_added",
            Fact::UserChanged { .. } => "user_changed",
            Fact::QuietChanged { .. } => "quiet_changed",
            Fact::UserBanned { .. } => "user_banned",
            Fact::ServerChanged => "server_changed",
            Fact::EmojiChanged => "emoji_changed",
            Fact::GroupsChanged => "groups_changed",
        }
    }
}

/// Appends a fact to log 0.
///
/// # Errors
/// The database failed.
pub async fn record(tx: &mut Tx, fact: Fact) -> Result<Seq, Error> {
    let now = tx.now();
    let sql = "UPDATE rooms SET head = head + 1, at = CASE WHEN at > $1 THEN at ELSE $1 END WHERE id = 0
               RETURNING head, at";
    let row = tx.returning(sql, &[now.into()]).await?;
    let (seq, at) = row.map(|row| (row.seq(0), row.time(1))).ok_or_else(|| Error::Other("log 0 is missing".into()))?;
    let data = serde_json::to_string(&fact).map_err(|error| Error::Other(error.to_string()))?;
    let sql = "INSERT INTO events (room, seq, at, author, kind, data) VALUES (0, $1, $2, 0, $3, $4)";
    let params: [Value; 4] = [seq.into(), at.into(), fact.kind().into(), data.into()];
    tx.execute(sql, &params).await?;
    tx.told(Committed::Fact(seq));
    Ok(seq)
}

/// The facts that follow `seq`, at most `limit`. One that this program does not know has no fact beside its seq.
///
/// # Errors
/// The database failed.
pub async fn after(tx: &mut Tx, seq: Seq, limit: u32) -> Result<Vec<(Seq, Option<Fact>)>, Error> {
    let sql = "SELECT seq, data FROM events WHERE room = 0 AND seq > $1 ORDER BY seq LIMIT $2";
    let rows = tx.rows(sql, &[seq.into(), i64::from(limit).into()]).await?;
    Ok(rows.into_iter().map(|mut row| (row.seq(0), serde_json::from_str(&row.text(1)).ok())).collect())
}

/// The newest seq of log 0.
///
/// # Errors
/// The database failed.
pub async fn head(tx: &mut Tx) -> Result<Seq, Error> {
    Ok(tx.row("SELECT head FROM rooms WHERE id = 0", &[]).await?.map_or(Seq(0), |row| row.seq(0)))
}

/// The community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub name: String,
    pub join: Join,
    /// Links show what is behind them.
    pub previews: bool,
    /// Older texts of edited messages are kept.
    pub history: bool,
    /// Who may add emoji.
    pub emoji: EmojiBy,
    pub epoch: Time,
}

/// What is to be different about the community.
#[derive(Clone, Debug, Default)]
pub struct ServerChange {
    pub name: Option<String>,
    pub join: Option<Join>,
    pub previews: Option<bool>,
    pub history: Option<bool>,
    pub emoji: Option<EmojiBy>,
}

/// # Errors
/// The database failed.
pub async fn server(tx: &mut Tx) -> Result<Server, Error> {
    let name = schema::get(tx, "name").await?.unwrap_or_else(|| "Parlour".to_owned());
    let join = schema::get(tx, "join").await?.and_then(|join| Join::parse(&join)).unwrap_or(Join::Anyone);
    let previews = schema::get(tx, "previews").await?.is_none_or(|previews| previews == "on");
    let history = keeps_history(tx).await?;
    let emoji = schema::get(tx, "emoji").await?.and_then(|by| EmojiBy::parse(&by)).unwrap_or_default();
    Ok(Server { name, join, previews, history, emoji, epoch: epoch(tx).await? })
}

/// Whether older texts of edited messages are kept.
///
/// # Errors
/// The database failed.
pub async fn keeps_history(tx: &mut Tx) -> Result<bool, Error> {
    Ok(schema::get(tx, "history").await?.is_none_or(|history| history == "on"))
}

/// The time at which this history began.
///
/// # Errors
/// The database failed.
pub async fn epoch(tx: &mut Tx) -> Result<Time, Error> {
    let text = schema::get(tx, "epoch").await?;
    text.and_then(|text| text.parse().ok()).map(Time).ok_or_else(|| Error::Other("the epoch is missing".into()))
}

/// Lets a new history begin, and answers when it did: later than the one before, whatever the clock says.
///
/// # Errors
/// The database failed.
pub async fn begin_epoch(tx: &mut Tx) -> Result<Time, Error> {
    let before = epoch(tx).await?;
    let begun = Time(tx.now().0.max(before.0 + 1));
    schema::set(tx, "epoch", &begun.0.to_string()).await?;
    Ok(begun)
}

/// Changes the community and tells every node.
///
/// # Errors
/// The database failed.
pub async fn change_server(tx: &mut Tx, change: ServerChange) -> Result<(), Error> {
    let ServerChange { name, join, previews, history, emoji } = change;
    if let Some(keeps) = history {
        crate::history::switched(tx, keeps).await?;
    }
    let on = |on: bool| if on { "on" } else { "off" }.to_owned();
    let changes = [
        ("name", name),
        ("join", join.map(|join| join.as_str().to_owned())),
        ("previews", previews.map(on)),
        ("history", history.map(on)),
        ("emoji", emoji.map(|by| by.as_str().to_owned())),
    ];
    let mut changed = false;
    for (key, value) in changes {
        if let Some(value) = value {
            schema::set(tx, key, &value).await?;
            changed = true;
        }
    }
    if changed {
        record(tx, Fact::ServerChanged).await?;
    }
    Ok(())
}

/// The first room, which everybody joins.
///
/// # Errors
/// The database failed.
pub async fn lobby(tx: &mut Tx) -> Result<Option<RoomId>, Error> {
    Ok(schema::get(tx, "lobby").await?.and_then(|id| id.parse().ok()).map(RoomId))
}

/// # Errors
/// The database failed.
pub async fn set_lobby(tx: &mut Tx, room: RoomId) -> Result<(), Error> {
    schema::set(tx, "lobby", &room.to_string()).await
}

/// The server's own secret, from which the set-up code comes: the same on every node and over restarts.
///
/// # Errors
/// The database failed.
pub async fn secret(tx: &mut Tx) -> Result<Option<String>, Error> {
    schema::get(tx, "secret").await
}

/// # Errors
/// The database failed.
pub async fn set_secret(tx: &mut Tx, secret: &str) -> Result<(), Error> {
    schema::set(tx, "secret", secret).await
}
