//! People, as others see them and as each sees themselves.

use crate::event::MemberRole;
use crate::ids::{FileId, SessionId, Time, UserId};
use serde::{Deserialize, Serialize};

/// A person, as everybody sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub colour: Colour,
    /// One to three letters.
    pub avatar: String,
    /// A picture of them, to be seen by everybody here: `files/{picture}/thumbnail?w=`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub picture: Option<FileId>,
    /// What the person says of themselves; empty where nothing.
    pub status: String,
}

/// The hue that says who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Rose,
    Clay,
    Ochre,
    Olive,
    Fern,
    Teal,
    Blue,
    Violet,
}

impl Colour {
    pub const ALL: [Colour; 8] = [
        Colour::Rose,
        Colour::Clay,
        Colour::Ochre,
        Colour::Olive,
        Colour::Fern,
        Colour::Teal,
        Colour::Blue,
        Colour::Violet,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Colour::Rose => "rose",
            Colour::Clay => "clay",
            Colour::Ochre => "ochre",
            Colour::Olive => "olive",
            Colour::Fern => "fern",
            Colour::Teal => "teal",
            Colour::Blue => "blue",
            Colour::Violet => "violet",
        }
    }

    pub fn parse(name: &str) -> Option<Colour> {
        Colour::ALL.into_iter().find(|colour| colour.as_str() == name)
    }
}

/// A person's standing on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ServerRole {
    Member,
    Admin,
    Owner,
}

impl ServerRole {
    pub fn as_str(self) -> &'static str {
        match self {
            ServerRole::Member => "member",
            ServerRole::Admin => "admin",
            ServerRole::Owner => "owner",
        }
    }

    pub fn parse(name: &str) -> Option<ServerRole> {
        [ServerRole::Member, ServerRole::Admin, ServerRole::Owner].into_iter().find(|role| role.as_str() == name)
    }
}

/// A person of this server, with their standing on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Person {
    #[serde(flatten)]
    pub user: User,
    pub role: ServerRole,
    /// The account may do nothing here any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub banned: bool,
}

/// Me, as only I see myself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Me {
    #[serde(flatten)]
    pub user: User,
    pub role: ServerRole,
    /// The client's own settings, kept for all of a person's devices.
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    #[schema(value_type = Object)]
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// When I am not to be disturbed.
    pub quiet: Quiet,
    /// Whether that is now.
    pub dnd: bool,
    /// When I last looked at my activity.
    pub activity_seen: Time,
}

/// The answer to a registration or a login.
#[derive(Serialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LoggedIn {
    pub user: Me,
    pub token: String,
}

/// One of my logins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Session {
    pub id: SessionId,
    pub created_at: Time,
    pub last_seen_at: Time,
    /// What the device said of itself.
    pub label: String,
    pub current: bool,
}

/// People who are called by one name, `@design`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Group {
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    /// What one calls it by: of the letters of a user name, and nobody's.
    pub name: String,
    /// What it is, in words; may be empty.
    pub title: String,
    pub members: Vec<UserId>,
}

/// When I am not to be disturbed, and by what else I am called; kept in the account, decided by the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Quiet {
    /// Until then nothing disturbs me ("snooze", "do not disturb"). Others see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub until: Option<Time>,
    /// Quiet hours, in this time zone of the IANA database (`Europe/Lisbon`).
    pub zone: String,
    /// Monday to Sunday; `null` where a day has none. Absent or empty: no quiet hours.
    pub days: Vec<Option<Hours>>,
    /// Words that call me like my name, in messages that I may read. Nobody else learns of them.
    pub keywords: Vec<String>,
}

/// From one time of a day to another; where `to` is not after `from` it goes on into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hours {
    /// Minutes after midnight, 0 to 1439.
    pub from: u16,
    pub to: u16,
}

/// Whether a person is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum State {
    Online,
    Away,
    /// Here, and not to be disturbed.
    Dnd,
    Offline,
}

/// A person in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Member {
    #[serde(flatten)]
    pub user: User,
    pub role: MemberRole,
    pub state: State,
}
