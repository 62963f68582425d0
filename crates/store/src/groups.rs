//! People who are called by one name. Each change is a fact that every node and client hears of.

use crate::columns::ids;
use crate::error::Error;
use crate::facts::{self, Fact};
use crate::tx::Tx;
use protocol::view::Group;
use protocol::{RoomId, UserId};

/// What a group is to be; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub title: Option<String>,
    /// Ascending, without doubles.
    pub members: Option<Vec<UserId>>,
}

/// All of them, by name, each with those who may log in.
///
/// # Errors
/// The database failed.
pub async fn all(tx: &mut Tx) -> Result<Vec<Group>, Error> {
    let rows = tx.rows("SELECT id, name, title FROM user_groups ORDER BY id", &[]).await?;
    let group = |(id, name, title)| Group { id, name, title, members: Vec::new() };
    let mut groups: Vec<Group> =
        rows.into_iter().map(|mut row| group((row.int(0), row.text(1), row.text(2)))).collect();
    let sql = "SELECT m.group_id, m.user_id FROM user_group_members m
               JOIN users u ON u.id = m.user_id AND u.banned_at IS NULL ORDER BY m.group_id, m.user_id";
    for row in tx.rows(sql, &[]).await? {
        if let Ok(at) = groups.binary_search_by_key(&row.int(0), |group| group.id) {
            groups[at].members.push(row.user(1));
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(groups)
}

/// Makes a group. The caller has looked that the name is free ([`crate::users::is_taken`]).
///
/// # Errors
/// [`Error::Conflict`] where it was not; or the database failed.
pub async fn create(tx: &mut Tx, name: &str, title: &str, members: &[UserId]) -> Result<i64, Error> {
    let now = tx.now();
    let sql = "INSERT INTO user_groups (name, title, created_at) VALUES ($1, $2, $3) RETURNING id";
    let row = tx.returning(sql, &[name.into(), title.into(), now.into()]).await?;
    let id = row.map(|row| row.int(0)).ok_or_else(|| Error::Other("a group came without its id".into()))?;
    add(tx, id, members).await?;
    facts::record(tx, Fact::GroupsChanged).await?;
    Ok(id)
}

/// Changes a group that is there.
///
/// # Errors
/// The database failed.
pub async fn change(tx: &mut Tx, id: i64, change: Change) -> Result<(), Error> {
    if let Some(title) = change.title {
        tx.execute("UPDATE user_groups SET title = $2 WHERE id = $1", &[id.into(), title.into()]).await?;
    }
    if let Some(members) = change.members {
        tx.execute("DELETE FROM user_group_members WHERE group_id = $1", &[id.into()]).await?;
        add(tx, id, &members).await?;
    }
    facts::record(tx, Fact::GroupsChanged).await?;
    Ok(())
}

/// Takes a group away. Messages that called it keep whom they called. Answers whether it was there.
///
/// # Errors
/// The database failed.
pub async fn delete(tx: &mut Tx, id: i64) -> Result<bool, Error> {
    let gone = tx.returning("DELETE FROM user_groups WHERE id = $1 RETURNING id", &[id.into()]).await?;
    if gone.is_none() {
        return Ok(false);
    }
    tx.execute("DELETE FROM user_group_members WHERE group_id = $1", &[id.into()]).await?;
    facts::record(tx, Fact::GroupsChanged).await?;
    Ok(true)
}

/// How many of these names are groups, and who of those is in the room, ascending.
///
/// # Errors
/// The database failed.
pub async fn called(tx: &mut Tx, room: RoomId, names: &[String]) -> Result<(usize, Vec<UserId>), Error> {
    if names.is_empty() {
        return Ok((0, Vec::new()));
    }
    let list = serde_json::to_string(names).map_err(|error| Error::Other(error.to_string()))?;
    let sql = tx.either(
        "SELECT id FROM user_groups WHERE name IN (SELECT value FROM json_each($1))",
        "SELECT id FROM user_groups WHERE name IN (SELECT value FROM jsonb_array_elements_text($1::text::jsonb))",
    );
    let groups: Vec<UserId> = tx.rows(sql, &[list.into()]).await?.iter().map(|row| UserId(row.int(0))).collect();
    if groups.is_empty() {
        return Ok((0, Vec::new()));
    }
    let sql = tx.either(
        "SELECT DISTINCT g.user_id FROM user_group_members g JOIN members m ON m.room = $1 AND m.user_id = g.user_id
         WHERE g.group_id IN (SELECT value FROM json_each($2)) ORDER BY g.user_id",
        "SELECT DISTINCT g.user_id FROM user_group_members g JOIN members m ON m.room = $1 AND m.user_id = g.user_id
         WHERE g.group_id IN (SELECT value::bigint FROM jsonb_array_elements_text($2::text::jsonb)) ORDER BY g.user_id",
    );
    let people = tx.rows(sql, &[room.into(), ids(&groups)]).await?;
    Ok((groups.len(), people.iter().map(|row| row.user(0)).collect()))
}

async fn add(tx: &mut Tx, id: i64, members: &[UserId]) -> Result<(), Error> {
    let sql = tx.either(
        "INSERT INTO user_group_members (group_id, user_id) SELECT $1, value FROM json_each($2)",
        "INSERT INTO user_group_members (group_id, user_id)
         SELECT $1, value::bigint FROM jsonb_array_elements_text($2::text::jsonb)",
    );
    tx.execute(sql, &[id.into(), ids(members)]).await?;
    Ok(())
}
