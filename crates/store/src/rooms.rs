//! Rooms: their rows, and the lists of them.

use crate::error::Error;
use crate::tx::Tx;
use crate::value::{Row, Value};
use protocol::event::MemberRole;
use protocol::view::{Level, ServerRole};
use protocol::{RoomId, Seq, Time, UserId};

/// A room's row. `head` grows as the transaction appends.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomRow {
    pub id: RoomId,
    pub name: String,
    pub topic: String,
    pub private: bool,
    pub direct: bool,
    pub archived: bool,
    /// How many.
    pub members: i64,
    pub head: Seq,
    pub first: Seq,
    pub at: Time,
    /// Links show what is behind them.
    pub previews: bool,
}

/// A membership's row.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberRow {
    pub role: MemberRole,
    pub read: Seq,
    pub version: i64,
    pub level: Level,
    pub muted_until: Option<Time>,
    pub draft: String,
}

/// A person at the door of a room.
#[derive(Clone, Debug, PartialEq)]
pub struct Entrance {
    /// The room, where there is one.
    pub room: Option<RoomRow>,
    pub server: ServerRole,
    /// Their role in the room and the version of their cursor, where they are a member.
    pub member: Option<(MemberRole, i64)>,
}

const COLUMNS: usize = 11;

fn room_of(row: &mut Row) -> RoomRow {
    RoomRow {
        id: row.room(0),
        name: row.text(1),
        topic: row.text(2),
        private: row.is(3),
        direct: row.is(4),
        archived: row.is(5),
        members: row.int(6),
        head: row.seq(7),
        first: row.seq(8),
        at: row.time(9),
        previews: row.is(10),
    }
}

fn member_of(row: &mut Row, from: usize) -> MemberRow {
    MemberRow {
        role: role_of(&row.text(from)),
        read: row.seq(from + 1),
        version: row.int(from + 2),
        level: Level::parse(&row.text(from + 3)).unwrap_or_default(),
        draft: row.text(from + 4),
        muted_until: row.opt_int(from + 5).map(Time),
    }
}

pub(crate) fn role_of(name: &str) -> MemberRole {
    if name == "owner" { MemberRole::Owner } else { MemberRole::Member }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.name, r.topic, r.private, r.direct, r.archived, r.members, r.head, r.first, r.at,
             r.previews",
            $rest
        )
    };
}

/// The room of this number. Log 0 is none.
///
/// # Errors
/// The database failed.
pub async fn get(tx: &mut Tx, room: RoomId) -> Result<Option<RoomRow>, Error> {
    let sql = select!(" FROM rooms r WHERE r.id = $1 AND r.id > 0");
    Ok(tx.row(sql, &[room.into()]).await?.map(|mut row| room_of(&mut row)))
}

/// The room, locked until the transaction ends: what decides a write reads it so.
///
/// # Errors
/// The database failed.
pub async fn lock(tx: &mut Tx, room: RoomId) -> Result<Option<RoomRow>, Error> {
    let sql = tx.either(
        select!(" FROM rooms r WHERE r.id = $1 AND r.id > 0"),
        select!(" FROM rooms r WHERE r.id = $1 AND r.id > 0 FOR UPDATE"),
    );
    Ok(tx.row(sql, &[room.into()]).await?.map(|mut row| room_of(&mut row)))
}

/// Locks the room until the transaction ends, without reading it: [`entrance`] does.
///
/// # Errors
/// The database failed.
pub async fn hold(tx: &mut Tx, room: RoomId) -> Result<(), Error> {
    // On SQLite whoever writes does so alone.
    if tx.is_postgres() {
        tx.row("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", &[room.into()]).await?;
    }
    Ok(())
}

/// What decides who may do what in a room, in one question. `None` where the account is banned or not there.
/// It takes the same time whether there is such a room or not.
///
/// # Errors
/// The database failed.
pub async fn entrance(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Option<Entrance>, Error> {
    let sql = select!(
        ", u.role, m.role, m.version FROM users u LEFT JOIN rooms r ON r.id = $1 AND r.id > 0
         LEFT JOIN members m ON m.room = $1 AND m.user_id = u.id WHERE u.id = $2 AND u.banned_at IS NULL"
    );
    let row = tx.row(sql, &[room.into(), user.into()]).await?;
    Ok(row.map(|mut row| Entrance {
        server: ServerRole::parse(&row.text(COLUMNS)).unwrap_or(ServerRole::Member),
        member: row.opt_int(COLUMNS + 2).map(|version| (role_of(&row.text(COLUMNS + 1)), version)),
        room: row.opt_int(0).is_some().then(|| room_of(&mut row)),
    }))
}

/// The room with what is this person's in it, where they are a member.
///
/// # Errors
/// The database failed.
pub async fn seen_by(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Option<(RoomRow, Option<MemberRow>)>, Error> {
    let sql = select!(
        ", m.role, m.read, m.version, m.level, m.draft, m.muted_until FROM rooms r
         LEFT JOIN members m ON m.room = r.id AND m.user_id = $2 WHERE r.id = $1 AND r.id > 0"
    );
    let row = tx.row(sql, &[room.into(), user.into()]).await?;
    Ok(row.map(|mut row| {
        let member = row.opt_int(COLUMNS + 1).is_some().then(|| member_of(&mut row, COLUMNS));
        (room_of(&mut row), member)
    }))
}

/// Where a list goes on: after the room of this activity.
pub type After = Option<(Time, RoomId)>;

/// The rooms of a person, newest activity first.
///
/// # Errors
/// The database failed.
pub async fn of(tx: &mut Tx, user: UserId, after: After, limit: u32) -> Result<Vec<(RoomRow, MemberRow)>, Error> {
    let sql = select!(
        ", m.role, m.read, m.version, m.level, m.draft, m.muted_until FROM members m JOIN rooms r ON r.id = m.room
         WHERE m.user_id = $1 AND (r.at < $2 OR (r.at = $2 AND r.id < $3)) ORDER BY r.at DESC, r.id DESC LIMIT $4"
    );
    let (at, id) = after.unwrap_or((Time(i64::MAX), RoomId(i64::MAX)));
    let rows = tx.rows(sql, &[user.into(), at.into(), id.into(), i64::from(limit).into()]).await?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let member = member_of(&mut row, COLUMNS);
            (room_of(&mut row), member)
        })
        .collect())
}

/// The open rooms of the server, newest activity first, with the viewer's membership where there is one.
/// `needle` is found anywhere in the folded name.
///
/// # Errors
/// The database failed.
pub async fn open(
    tx: &mut Tx,
    user: UserId,
    needle: &str,
    after: After,
    limit: u32,
) -> Result<Vec<(RoomRow, Option<MemberRow>)>, Error> {
    let sql = select!(
        ", m.role, m.read, m.version, m.level, m.draft, m.muted_until FROM rooms r
         LEFT JOIN members m ON m.room = r.id AND m.user_id = $1
         WHERE r.private = 0 AND r.direct = 0 AND r.id > 0 AND (r.at < $2 OR (r.at = $2 AND r.id < $3))
           AND r.folded LIKE $5 ESCAPE '!'
         ORDER BY r.at DESC, r.id DESC LIMIT $4"
    );
    let (at, id) = after.unwrap_or((Time(i64::MAX), RoomId(i64::MAX)));
    let params: [Value; 5] =
        [user.into(), at.into(), id.into(), i64::from(limit).into(), contains(&protocol::text::folded(needle)).into()];
    let rows = tx.rows(sql, &params).await?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let member = row.opt_int(COLUMNS + 1).is_some().then(|| member_of(&mut row, COLUMNS));
            (room_of(&mut row), member)
        })
        .collect())
}

/// Room, head, read, version of everything that a person follows, at most `limit`, newest activity first.
///
/// # Errors
/// The database failed.
pub async fn heads(tx: &mut Tx, user: UserId, limit: u32) -> Result<Vec<(RoomId, Seq, Seq, i64)>, Error> {
    let sql = "SELECT r.id, r.head, m.read, m.version FROM members m JOIN rooms r ON r.id = m.room
               WHERE m.user_id = $1 ORDER BY r.at DESC, r.id DESC LIMIT $2";
    let rows = tx.rows(sql, &[user.into(), i64::from(limit).into()]).await?;
    Ok(rows.iter().map(|row| (row.room(0), row.seq(1), row.seq(2), row.int(3))).collect())
}

/// The rooms whose log moved since `after`, and the number to ask with next time. A room may come twice.
///
/// # Errors
/// The database failed.
pub async fn moved(tx: &mut Tx, after: i64) -> Result<(Vec<(RoomId, Seq)>, i64), Error> {
    // PostgreSQL: a transaction's number is taken before it commits, so what is still open at the time of
    // asking may turn up below numbers already seen. The next question starts at the oldest of those.
    let sql = tx.either(
        "SELECT coalesce(max(moved), 0) FROM rooms",
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1",
    );
    let next = tx.row(sql, &[]).await?.map_or(after, |row| row.int(0));
    let rows = tx.rows("SELECT id, head FROM rooms WHERE moved > $1", &[after.into()]).await?;
    Ok((rows.iter().map(|row| (row.room(0), row.seq(1))).collect(), next))
}

/// Whether nothing was ever said or done in any room.
///
/// # Errors
/// The database failed.
pub async fn silent(tx: &mut Tx) -> Result<bool, Error> {
    Ok(tx.row("SELECT 1 FROM rooms WHERE head > 0 LIMIT 1", &[]).await?.is_none())
}

/// What a new room is made of.
#[derive(Clone, Debug)]
pub struct NewRoom {
    pub name: String,
    pub topic: String,
    pub private: bool,
    /// The people of a direct room, ascending; such a room has no name.
    pub direct: Option<Vec<UserId>>,
}

/// Makes a room with an empty log.
///
/// # Errors
/// The database failed.
pub async fn create(tx: &mut Tx, new: &NewRoom) -> Result<RoomRow, Error> {
    let now = tx.now();
    let row = tx
        .returning(
            "INSERT INTO rooms (name, folded, topic, private, direct, direct_key, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            &[
                (&new.name).into(),
                protocol::text::folded(&new.name).into(),
                (&new.topic).into(),
                (new.private || new.direct.is_some()).into(),
                new.direct.is_some().into(),
                new.direct.as_deref().map(direct_key).into(),
                now.into(),
            ],
        )
        .await?
        .ok_or_else(|| Error::Other("a new room has no number".into()))?;
    Ok(RoomRow {
        id: row.room(0),
        name: new.name.clone(),
        topic: new.topic.clone(),
        private: new.private || new.direct.is_some(),
        direct: new.direct.is_some(),
        archived: false,
        members: 0,
        head: Seq(0),
        first: Seq(1),
        at: now,
        previews: true,
    })
}

/// The direct room of exactly these people.
///
/// # Errors
/// The database failed.
pub async fn direct(tx: &mut Tx, people: &[UserId]) -> Result<Option<RoomRow>, Error> {
    let sql = select!(" FROM rooms r WHERE r.direct_key = $1");
    Ok(tx.row(sql, &[direct_key(people).into()]).await?.map(|mut row| room_of(&mut row)))
}

/// Whether another open room has this name, letters folded.
///
/// # Errors
/// The database failed.
pub async fn name_taken(tx: &mut Tx, name: &str, but: RoomId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM rooms WHERE folded = $1 AND private = 0 AND direct = 0 AND id > 0 AND id <> $2";
    Ok(tx.row(sql, &[protocol::text::folded(name).into(), but.into()]).await?.is_some())
}

/// The open room of this name, letters folded.
///
/// # Errors
/// The database failed.
pub async fn named(tx: &mut Tx, name: &str) -> Result<Option<RoomRow>, Error> {
    let sql = select!(" FROM rooms r WHERE r.folded = $1 AND r.private = 0 AND r.direct = 0 AND r.id > 0");
    Ok(tx.row(sql, &[protocol::text::folded(name).into()]).await?.map(|mut row| room_of(&mut row)))
}

fn direct_key(people: &[UserId]) -> String {
    let mut ids: Vec<i64> = people.iter().map(|user| user.0).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// A pattern that finds `needle` anywhere; its signs stand for themselves (`ESCAPE '!'`).
pub(crate) fn contains(needle: &str) -> String {
    let mut pattern = String::from("%");
    for c in needle.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
