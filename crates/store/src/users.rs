//! Accounts. A user name is never given again: the row of a banned or deleted person keeps it.

use crate::facts::{self, Fact};
use crate::files::{self, Use};
use crate::{Error, Row, Tx, Value};
use protocol::view::{Colour, Me, ServerRole, User};
use protocol::{FileId, Time, UserId, text};
use serde_json::{Map, Value as Json};

/// A person's account, without its password.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub user: User,
    pub role: ServerRole,
    pub banned: bool,
}

/// What a new account starts with. The fields were checked by `protocol::text`.
#[derive(Clone, Debug)]
pub struct New {
    pub username: String,
    pub name: String,
    /// A PHC string; `None`: nobody can log in by password until one is set.
    pub password: Option<String>,
    pub role: ServerRole,
}

/// What a person may change of themselves.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub colour: Option<Colour>,
    pub avatar: Option<String>,
    pub status: Option<String>,
    /// `Some(None)` takes it away.
    pub picture: Option<Option<FileId>>,
    pub settings: Option<Map<String, Json>>,
}

/// What a login is checked against.
pub struct Credentials {
    pub user: UserId,
    pub password: Option<String>,
    pub banned: bool,
}

const COLUMNS: usize = 9;

/// Given in turn, so that the first eight people differ, and neighbours differ most.
const COLOURS: [Colour; 8] = [
    Colour::Violet,
    Colour::Fern,
    Colour::Rose,
    Colour::Blue,
    Colour::Ochre,
    Colour::Teal,
    Colour::Clay,
    Colour::Olive,
];

/// A person from the first seven columns.
pub(crate) fn user_of(row: &mut Row) -> User {
    User {
        id: row.user(0),
        username: row.text(1),
        name: row.text(2),
        colour: Colour::parse(&row.text(3)).unwrap_or(Colour::Teal),
        avatar: row.text(4),
        status: row.text(5),
        picture: row.opt_int(6).map(FileId),
    }
}

fn account(row: &mut Row) -> Account {
    Account {
        user: user_of(row),
        role: ServerRole::parse(&row.text(7)).unwrap_or(ServerRole::Member),
        banned: row.opt_int(8).is_some(),
    }
}

/// # Errors
/// The database failed.
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<Account>, Error> {
    let sql = "SELECT id, username, name, colour, avatar, status, picture, role, banned_at FROM users WHERE id = $1";
    Ok(tx.row(sql, &[id.into()]).await?.map(|mut row| account(&mut row)))
}

/// # Errors
/// The database failed.
pub async fn by_username(tx: &mut Tx, username: &str) -> Result<Option<Account>, Error> {
    let sql =
        "SELECT id, username, name, colour, avatar, status, picture, role, banned_at FROM users WHERE username = $1";
    Ok(tx.row(sql, &[username.into()]).await?.map(|mut row| account(&mut row)))
}

/// The people behind these ids, in their order; who is unknown is left out.
///
/// # Errors
/// The database failed.
pub async fn many(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<User>, Error> {
    let mut users = Vec::with_capacity(ids.len());
    for id in ids {
        users.extend(by_id(tx, *id).await?.map(|account| account.user));
    }
    Ok(users)
}

/// Which of these people have no account here, or one that is banned; the first of them.
///
/// # Errors
/// The database failed.
pub async fn absent(tx: &mut Tx, people: &[UserId]) -> Result<Option<UserId>, Error> {
    let sql = tx.either(
        "SELECT value FROM json_each($1) WHERE NOT EXISTS (
           SELECT 1 FROM users WHERE id = value AND banned_at IS NULL) LIMIT 1",
        "SELECT p.value::bigint FROM jsonb_array_elements_text($1::text::jsonb) AS p(value) WHERE NOT EXISTS (
           SELECT 1 FROM users WHERE id = p.value::bigint AND banned_at IS NULL) LIMIT 1",
    );
    Ok(tx.row(sql, &[crate::columns::ids(people)]).await?.map(|row| row.user(0)))
}

/// Me, with my settings. Whether that says `dnd` now is for who knows the clock to say.
///
/// # Errors
/// The database failed.
pub async fn me(tx: &mut Tx, id: UserId) -> Result<Option<Me>, Error> {
    let sql =
        "SELECT id, username, name, colour, avatar, status, picture, role, banned_at, settings, quiet, activity_seen
               FROM users WHERE id = $1";
    Ok(tx.row(sql, &[id.into()]).await?.map(|mut row| {
        let Account { user, role, .. } = account(&mut row);
        let settings = serde_json::from_str(&row.text(COLUMNS)).unwrap_or_default();
        let quiet = serde_json::from_str(&row.text(COLUMNS + 1)).unwrap_or_default();
        Me { user, role, settings, quiet, dnd: false, activity_seen: row.time(COLUMNS + 2) }
    }))
}

/// # Errors
/// The database failed.
pub async fn credentials(tx: &mut Tx, username: &str) -> Result<Option<Credentials>, Error> {
    let sql = "SELECT id, password, banned_at FROM users WHERE username = $1";
    Ok(tx.row(sql, &[username.into()]).await?.map(|mut row| Credentials {
        user: row.user(0),
        password: row.opt_text(1),
        banned: row.opt_int(2).is_some(),
    }))
}

/// Whether somebody has, or had, that name, or a group has it.
///
/// # Errors
/// The database failed.
pub async fn is_taken(tx: &mut Tx, username: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM users WHERE username = $1)
               OR EXISTS (SELECT 1 FROM user_groups WHERE name = $1)";
    Ok(tx.row(sql, &[username.into()]).await?.is_some())
}

/// Whether the server has its owner: until then the next account becomes it.
///
/// # Errors
/// The database failed.
pub async fn has_owner(tx: &mut Tx) -> Result<bool, Error> {
    Ok(owners(tx).await? > 0)
}

/// How many owners there are who can still log in.
///
/// # Errors
/// The database failed.
pub async fn owners(tx: &mut Tx) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM users WHERE role = 'owner' AND banned_at IS NULL";
    Ok(tx.row(sql, &[]).await?.map_or(0, |row| row.int(0)))
}

/// The owner who was there first.
///
/// # Errors
/// The database failed.
pub async fn first_owner(tx: &mut Tx) -> Result<Option<UserId>, Error> {
    let sql = "SELECT id FROM users WHERE role = 'owner' AND banned_at IS NULL ORDER BY id LIMIT 1";
    Ok(tx.row(sql, &[]).await?.map(|row| row.user(0)))
}

/// Everybody's ids but those of banned people, ascending.
///
/// # Errors
/// The database failed.
pub async fn all(tx: &mut Tx) -> Result<Vec<UserId>, Error> {
    let rows = tx.rows("SELECT id FROM users WHERE banned_at IS NULL ORDER BY id", &[]).await?;
    Ok(rows.iter().map(|row| row.user(0)).collect())
}

/// Makes an account. The caller has looked that the name is free.
///
/// # Errors
/// [`Error::Conflict`] where it was not; or the database failed.
pub async fn create(tx: &mut Tx, new: &New) -> Result<UserId, Error> {
    let next = tx.row("SELECT coalesce(max(id), 0) + 1 FROM users", &[]).await?.map_or(1, |row| row.int(0));
    let colour = COLOURS[usize::try_from(next).unwrap_or(0) % COLOURS.len()];
    let now = tx.now();
    let sql = "INSERT INTO users (username, name, folded, colour, avatar, role, password, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let params: [Value; 8] = [
        (&new.username).into(),
        (&new.name).into(),
        text::folded(&new.name).into(),
        colour.as_str().into(),
        text::initials_of(&new.name).into(),
        new.role.as_str().into(),
        new.password.clone().into(),
        now.into(),
    ];
    let row = tx.returning(sql, &params).await?;
    row.map(|row| row.user(0)).ok_or_else(|| Error::Other("an account came without its id".into()))
}

/// Changes what a person shows of themselves and tells every node; settings alone concern nobody else.
///
/// # Errors
/// The database failed.
pub async fn change(tx: &mut Tx, id: UserId, change: &Change) -> Result<(), Error> {
    if let Some(name) = &change.name {
        let sql = "UPDATE users SET name = $2, folded = $3 WHERE id = $1";
        tx.execute(sql, &[id.into(), name.into(), text::folded(name).into()]).await?;
    }
    if let Some(colour) = change.colour {
        tx.execute("UPDATE users SET colour = $2 WHERE id = $1", &[id.into(), colour.as_str().into()]).await?;
    }
    if let Some(avatar) = &change.avatar {
        tx.execute("UPDATE users SET avatar = $2 WHERE id = $1", &[id.into(), avatar.into()]).await?;
    }
    if let Some(status) = &change.status {
        tx.execute("UPDATE users SET status = $2 WHERE id = $1", &[id.into(), status.into()]).await?;
    }
    if let Some(picture) = change.picture {
        let old = by_id(tx, id).await?.and_then(|account| account.user.picture);
        tx.execute("UPDATE users SET picture = $2 WHERE id = $1", &[id.into(), picture.into()]).await?;
        files::hold(tx, picture, Use::Picture).await?;
        files::let_go(tx, old).await?;
    }
    if let Some(settings) = &change.settings {
        let settings = Json::Object(settings.clone()).to_string();
        tx.execute("UPDATE users SET settings = $2 WHERE id = $1", &[id.into(), settings.into()]).await?;
    }
    let shown = change.name.is_some() || change.colour.is_some() || change.avatar.is_some() || change.status.is_some();
    if shown || change.picture.is_some() {
        facts::record(tx, Fact::UserChanged { user: id }).await?;
    }
    Ok(())
}

/// # Errors
/// The database failed.
pub async fn set_password(tx: &mut Tx, id: UserId, phc: &str) -> Result<(), Error> {
    tx.execute("UPDATE users SET password = $2 WHERE id = $1", &[id.into(), phc.into()]).await?;
    Ok(())
}

/// # Errors
/// The database failed.
pub async fn set_role(tx: &mut Tx, id: UserId, role: ServerRole) -> Result<(), Error> {
    tx.execute("UPDATE users SET role = $2 WHERE id = $1", &[id.into(), role.as_str().into()]).await?;
    facts::record(tx, Fact::UserChanged { user: id }).await?;
    Ok(())
}

/// Bans an account, or lets it back in. Ending its sessions is the caller's (`sessions::end_all`).
///
/// # Errors
/// The database failed.
pub async fn set_ban(tx: &mut Tx, id: UserId, banned: bool) -> Result<(), Error> {
    let at: Option<Time> = banned.then(|| tx.now());
    tx.execute("UPDATE users SET banned_at = $2 WHERE id = $1", &[id.into(), at.into()]).await?;
    let fact = if banned { Fact::UserBanned { user: id } } else { Fact::UserChanged { user: id } };
    facts::record(tx, fact).await?;
    Ok(())
}

/// People whose user name, name, or a word of it begins with `q`, by name; those after `after` only.
/// An empty `q` finds everybody.
///
/// # Errors
/// The database failed.
pub async fn search(tx: &mut Tx, q: &str, after: Option<UserId>, limit: u32) -> Result<Vec<Account>, Error> {
    let start = match after {
        Some(id) => tx.row("SELECT folded, id FROM users WHERE id = $1", &[id.into()]).await?,
        None => None,
    };
    let (folded, id) = start.map_or((String::new(), 0), |mut row| (row.text(0), row.int(1)));
    // `\` before the signs that LIKE would take as "anything".
    let q = text::folded(q).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let sql = "SELECT id, username, name, colour, avatar, status, picture, role, banned_at FROM users
               WHERE (username LIKE $1 ESCAPE '\\' OR folded LIKE $1 ESCAPE '\\' OR folded LIKE $2 ESCAPE '\\')
                 AND (folded > $3 OR (folded = $3 AND id > $4))
               ORDER BY folded, id LIMIT $5";
    let params: [Value; 5] =
        [format!("{q}%").into(), format!("% {q}%").into(), folded.into(), id.into(), i64::from(limit).into()];
    Ok(tx.rows(sql, &params).await?.iter_mut().map(account).collect())
}
