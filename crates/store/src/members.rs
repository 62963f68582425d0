//! Who is in a room, and what is theirs there.

use crate::columns::ids;
use crate::error::Error;
use crate::rooms::{contains, role_of};
use crate::tx::Tx;
use crate::users;
use protocol::event::MemberRole;
use protocol::view::{Level, User};
use protocol::{RoomId, Seq, Time, UserId};

/// This person's role in the room, where they are a member.
///
/// # Errors
/// The database failed.
pub async fn role(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Option<MemberRole>, Error> {
    let sql = "SELECT role FROM members WHERE room = $1 AND user_id = $2";
    Ok(tx.row(sql, &[room.into(), user.into()]).await?.map(|mut row| role_of(&row.text(0))))
}

/// How many owners a room has.
///
/// # Errors
/// The database failed.
pub async fn owners(tx: &mut Tx, room: RoomId) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM members WHERE room = $1 AND role = 'owner'";
    Ok(tx.row(sql, &[room.into()]).await?.map_or(0, |row| row.int(0)))
}

/// Which of `users` are members.
///
/// # Errors
/// The database failed.
pub async fn among(tx: &mut Tx, room: RoomId, people: &[UserId]) -> Result<Vec<UserId>, Error> {
    let sql = tx.either(
        "SELECT user_id FROM members WHERE room = $1 AND user_id IN (SELECT value FROM json_each($2))",
        "SELECT user_id FROM members WHERE room = $1
         AND user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($2::text::jsonb))",
    );
    Ok(tx.rows(sql, &[room.into(), ids(people)]).await?.iter().map(|row| row.user(0)).collect())
}

/// Members among those who bear one of these user names, ascending by id.
///
/// # Errors
/// The database failed.
pub async fn named(tx: &mut Tx, room: RoomId, names: &[String]) -> Result<Vec<UserId>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let list = serde_json::to_string(names).map_err(|error| Error::Other(error.to_string()))?;
    let sql = tx.either(
        "SELECT u.id FROM users u JOIN members m ON m.user_id = u.id AND m.room = $1
         WHERE u.username IN (SELECT value FROM json_each($2)) ORDER BY u.id",
        "SELECT u.id FROM users u JOIN members m ON m.user_id = u.id AND m.room = $1
         WHERE u.username IN (SELECT value FROM jsonb_array_elements_text($2::text::jsonb)) ORDER BY u.id",
    );
    Ok(tx.rows(sql, &[room.into(), list.into()]).await?.iter().map(|row| row.user(0)).collect())
}

/// Which of `people` share a room with this person.
///
/// # Errors
/// The database failed.
pub async fn acquainted(tx: &mut Tx, user: UserId, people: &[UserId]) -> Result<Vec<UserId>, Error> {
    let sql = tx.either(
        "SELECT value FROM json_each($2) WHERE EXISTS (SELECT 1 FROM members a JOIN members b ON b.room = a.room
         WHERE a.user_id = $1 AND b.user_id = value)",
        "SELECT p.value::bigint FROM jsonb_array_elements_text($2::text::jsonb) AS p(value)
         WHERE EXISTS (SELECT 1 FROM members a JOIN members b ON b.room = a.room
         WHERE a.user_id = $1 AND b.user_id = p.value::bigint)",
    );
    Ok(tx.rows(sql, &[user.into(), ids(people)]).await?.iter().map(|row| row.user(0)).collect())
}

/// Every member's id, ascending.
///
/// # Errors
/// The database failed.
pub async fn all(tx: &mut Tx, room: RoomId) -> Result<Vec<UserId>, Error> {
    let rows = tx.rows("SELECT user_id FROM members WHERE room = $1 ORDER BY user_id", &[room.into()]).await?;
    Ok(rows.iter().map(|row| row.user(0)).collect())
}

/// A part of the list of members, by name. `among` narrows it to those people; `needle` is found anywhere in
/// the name or the user name; `after` is the last row's name and id.
///
/// # Errors
/// The database failed.
pub async fn page(
    tx: &mut Tx,
    room: RoomId,
    needle: &str,
    among: Option<&[UserId]>,
    after: Option<(String, UserId)>,
    limit: u32,
) -> Result<Vec<(User, MemberRole, String)>, Error> {
    let sql = tx.either(
        "SELECT u.id, u.username, u.name, u.colour, u.avatar, u.status, u.picture, m.role, u.folded
         FROM users u JOIN members m ON m.user_id = u.id AND m.room = $1
         WHERE (u.folded > $2 OR (u.folded = $2 AND u.id > $3)) AND (u.folded LIKE $4 ESCAPE '!' OR u.username LIKE $4 ESCAPE '!')
           AND ($5 = '' OR u.id IN (SELECT value FROM json_each(CASE WHEN $5 = '' THEN '[]' ELSE $5 END)))
         ORDER BY u.folded, u.id LIMIT $6",
        "SELECT u.id, u.username, u.name, u.colour, u.avatar, u.status, u.picture, m.role, u.folded
         FROM users u JOIN members m ON m.user_id = u.id AND m.room = $1
         WHERE (u.folded > $2 OR (u.folded = $2 AND u.id > $3)) AND (u.folded LIKE $4 ESCAPE '!' OR u.username LIKE $4 ESCAPE '!')
           AND ($5 = '' OR u.id IN (SELECT value::bigint FROM jsonb_array_elements_text(
                (CASE WHEN $5 = '' THEN '[]' ELSE $5 END)::text::jsonb)))
         ORDER BY u.folded, u.id LIMIT $6",
    );
    let (name, id) = after.unwrap_or_default();
    let among = among.map_or_else(|| "".into(), ids);
    let needle = contains(&protocol::text::folded(needle));
    let params = [room.into(), name.into(), id.into(), needle.into(), among, i64::from(limit).into()];
    let rows = tx.rows(sql, &params).await?;
    Ok(rows.into_iter().map(|mut row| (users::user_of(&mut row), role_of(&row.text(7)), row.text(8))).collect())
}

/// The others in a direct room, by id; the person alone where there are no others.
///
/// # Errors
/// The database failed.
pub async fn others(tx: &mut Tx, room: RoomId, me: UserId) -> Result<Vec<User>, Error> {
    let sql = "SELECT u.id, u.username, u.name, u.colour, u.avatar, u.status, u.picture
               FROM members m JOIN users u ON u.id = m.user_id WHERE m.room = $1 ORDER BY u.id LIMIT 64";
    let rows = tx.rows(sql, &[room.into()]).await?;
    let mut people: Vec<User> = rows.into_iter().map(|mut row| users::user_of(&mut row)).collect();
    if people.len() > 1 {
        people.retain(|user| user.id != me);
    }
    Ok(people)
}

/// Whether any of these people may not come in.
///
/// # Errors
/// The database failed.
pub async fn any_banned(tx: &mut Tx, room: RoomId, people: &[UserId]) -> Result<bool, Error> {
    let sql = tx.either(
        "SELECT 1 FROM bans WHERE room = $1 AND user_id IN (SELECT value FROM json_each($2)) LIMIT 1",
        "SELECT 1 FROM bans WHERE room = $1
         AND user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($2::text::jsonb)) LIMIT 1",
    );
    Ok(tx.row(sql, &[room.into(), ids(people)]).await?.is_some())
}

/// Who may not come in.
///
/// # Errors
/// The database failed.
pub async fn bans(tx: &mut Tx, room: RoomId) -> Result<Vec<User>, Error> {
    let sql = "SELECT u.id, u.username, u.name, u.colour, u.avatar, u.status, u.picture
               FROM bans b JOIN users u ON u.id = b.user_id WHERE b.room = $1 ORDER BY u.folded, u.id LIMIT 1000";
    let rows = tx.rows(sql, &[room.into()]).await?;
    Ok(rows.into_iter().map(|mut row| users::user_of(&mut row)).collect())
}

/// Bans a person from a room, or lets them in again.
///
/// # Errors
/// The database failed.
pub async fn set_ban(tx: &mut Tx, room: RoomId, user: UserId, by: Option<UserId>) -> Result<(), Error> {
    match by {
        Some(by) => {
            let now = tx.now();
            let sql = "INSERT INTO bans (room, user_id, by_user, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
            tx.execute(sql, &[room.into(), user.into(), by.into(), now.into()]).await?;
        }
        None => {
            tx.execute("DELETE FROM bans WHERE room = $1 AND user_id = $2", &[room.into(), user.into()]).await?;
        }
    }
    Ok(())
}

/// What a room may disturb this person with, and until when with nothing at all.
pub type Loudness = (Level, Option<Time>);

/// Sets what the room may disturb this person with: the parts that are given. Answers all of it.
///
/// # Errors
/// The database failed.
pub async fn set_level(
    tx: &mut Tx,
    room: RoomId,
    user: UserId,
    level: Option<Level>,
    muted_until: Option<Option<Time>>,
) -> Result<Loudness, Error> {
    let sql =
        "UPDATE members SET level = coalesce($3, level), muted_until = CASE WHEN $4 = 1 THEN $5 ELSE muted_until END
               WHERE room = $1 AND user_id = $2 RETURNING level, muted_until";
    let params = [
        room.into(),
        user.into(),
        level.map(Level::as_str).into(),
        muted_until.is_some().into(),
        muted_until.flatten().into(),
    ];
    let row = tx.returning(sql, &params).await?;
    Ok(row
        .map(|mut row| (Level::parse(&row.text(0)).unwrap_or_default(), row.opt_int(1).map(Time)))
        .unwrap_or_default())
}

/// Keeps what this person has begun to write.
///
/// # Errors
/// The database failed.
pub async fn set_draft(tx: &mut Tx, room: RoomId, user: UserId, text: &str) -> Result<(), Error> {
    let sql = "UPDATE members SET draft = $3 WHERE room = $1 AND user_id = $2";
    tx.execute(sql, &[room.into(), user.into(), text.into()]).await?;
    Ok(())
}

/// Puts this person's place back to `seq`, not beyond the end of the room, and raises its version. Answers the place, where
/// they are a member.
///
/// # Errors
/// The database failed.
pub async fn put_back(tx: &mut Tx, room: RoomId, user: UserId, seq: Seq) -> Result<Option<(Seq, i64)>, Error> {
    let sql = "UPDATE members SET version = version + 1,
                 read = (SELECT CASE WHEN head < $3 THEN head ELSE $3 END FROM rooms WHERE id = $1)
               WHERE room = $1 AND user_id = $2 RETURNING read, version";
    let row = tx.returning(sql, &[room.into(), user.into(), seq.max(Seq(0)).into()]).await?;
    Ok(row.map(|row| (row.seq(0), row.int(1))))
}

/// A place to be kept: room, person, read, version.
pub type Cursor = (RoomId, UserId, Seq, i64);

/// Keeps many places in one statement. An older version never overwrites a newer one, and within a version
/// a place only moves forward.
///
/// # Errors
/// The database failed.
pub async fn keep_cursors(tx: &mut Tx, cursors: &[Cursor]) -> Result<(), Error> {
    let rows: Vec<[i64; 4]> =
        cursors.iter().map(|(room, user, read, version)| [room.0, user.0, read.0, *version]).collect();
    let list = serde_json::to_string(&rows).map_err(|error| Error::Other(error.to_string()))?;
    let sql = tx.either(
        "UPDATE members SET read = c.read, version = c.version FROM (
            SELECT value ->> 0 AS room, value ->> 1 AS user_id, value ->> 2 AS read, value ->> 3 AS version
            FROM json_each($1)) AS c
         WHERE members.room = c.room AND members.user_id = c.user_id
           AND (c.version > members.version OR (c.version = members.version AND c.read > members.read))",
        "UPDATE members SET read = c.read, version = c.version FROM (
            SELECT (value ->> 0)::bigint AS room, (value ->> 1)::bigint AS user_id,
                   (value ->> 2)::bigint AS read, (value ->> 3)::bigint AS version
            FROM jsonb_array_elements($1::text::jsonb)) AS c
         WHERE members.room = c.room AND members.user_id = c.user_id
           AND (c.version > members.version OR (c.version = members.version AND c.read > members.read))",
    );
    tx.execute(sql, &[list.into()]).await?;
    Ok(())
}
