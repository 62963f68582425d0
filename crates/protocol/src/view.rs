//! The objects that HTTP answers with.

use crate::event::{Event, MemberRole};
use crate::file::FileInfo;
use crate::fold::Entry;
use crate::ids::{FileId, RoomId, Seq, SessionId, Time, UserId};
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

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Join {
    Anyone,
    Invited,
    Nobody,
}

impl Join {
    pub fn as_str(self) -> &'static str {
        match self {
            Join::Anyone => "anyone",
            Join::Invited => "invited",
            Join::Nobody => "nobody",
        }
    }

    pub fn parse(name: &str) -> Option<Join> {
        [Join::Anyone, Join::Invited, Join::Nobody].into_iter().find(|join| join.as_str() == name)
    }
}

/// The community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Server {
    pub name: String,
    pub join: Join,
    /// Whether links show what is behind them, where a room does not say otherwise.
    pub previews: bool,
    pub version: String,
    /// The time at which this history began; restoring a backup starts a new one.
    pub epoch: Time,
    /// There is no owner yet: the next account becomes it.
    pub setup: bool,
    /// That first account needs the code that the program printed.
    pub setup_code: bool,
}

/// A link to join with: `/join#CODE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invite {
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    pub code: String,
    pub by: UserId,
    pub created_at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub expires_at: Option<Time>,
    pub uses: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub max_uses: Option<u32>,
}

/// What a room may disturb me with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[default]
    All,
    Mentions,
    Nothing,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::All => "all",
            Level::Mentions => "mentions",
            Level::Nothing => "nothing",
        }
    }

    pub fn parse(name: &str) -> Option<Level> {
        [Level::All, Level::Mentions, Level::Nothing].into_iter().find(|level| level.as_str() == name)
    }
}

/// A room, as the viewer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Room {
    pub id: RoomId,
    /// Empty in a direct room.
    pub name: String,
    pub topic: String,
    pub private: bool,
    pub direct: bool,
    pub archived: bool,
    /// Whether links show what is behind them.
    pub previews: bool,
    /// How many.
    #[cfg_attr(test, ts(type = "number"))]
    pub members: i64,
    pub head: Seq,
    /// The oldest seq that the log still holds.
    pub first: Seq,
    /// When the newest event was written.
    pub at: Time,
    /// The others in a direct room; I alone in my own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub people: Option<Vec<User>>,
    /// Absent where I am not a member.
    #[serde(flatten)]
    #[cfg_attr(test, ts(skip))]
    pub mine: Option<Mine>,
}

/// What is mine in a room that I am a member of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mine {
    pub role: MemberRole,
    #[serde(flatten)]
    pub cursor: Read,
    pub level: Level,
    pub draft: String,
}

/// My place in a room, and what follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Read {
    pub read: Seq,
    /// Raised by each "mark as unread": a move made before it is ignored.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: i64,
    /// Exact to 999; 1000 stands for more.
    pub unread: u32,
    pub mentions: u32,
}

/// Whether a person is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum State {
    Online,
    Away,
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

/// A page of what a room shows, oldest first, folded at `head`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Page {
    pub epoch: Time,
    pub head: Seq,
    pub messages: Vec<Entry>,
}

/// A page of the log itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Events {
    pub epoch: Time,
    pub head: Seq,
    pub first: Seq,
    pub events: Vec<Event>,
}

/// A file where it was sent: what the list of files shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SentFile {
    #[serde(flatten)]
    pub file: FileInfo,
    pub room: RoomId,
    pub seq: Seq,
    pub author: UserId,
    pub at: Time,
}

/// What a list of files is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Pictures and films.
    Media,
    /// Sound: music and what people spoke.
    Audio,
    /// Texts, PDF, office files.
    Document,
    Other,
}

impl FileKind {
    pub const ALL: [FileKind; 4] = [FileKind::Media, FileKind::Audio, FileKind::Document, FileKind::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            FileKind::Media => "media",
            FileKind::Audio => "audio",
            FileKind::Document => "document",
            FileKind::Other => "other",
        }
    }

    /// Of a media type.
    pub fn of(mime: &str) -> FileKind {
        let office = ["officedocument", "opendocument", "msword", "ms-excel", "ms-powerpoint", "rtf", "epub"];
        match mime {
            _ if mime.starts_with("image/") || mime.starts_with("video/") => FileKind::Media,
            _ if mime.starts_with("audio/") => FileKind::Audio,
            _ if mime.starts_with("text/") || mime == "application/pdf" || mime == "application/json" => {
                FileKind::Document
            }
            _ if office.iter().any(|word| mime.contains(word)) => FileKind::Document,
            _ => FileKind::Other,
        }
    }
}

/// A file on its way here, piece by piece (<https://tus.io>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Upload {
    pub id: String,
    /// Bytes that are here.
    #[cfg_attr(test, ts(type = "number"))]
    pub offset: i64,
    #[cfg_attr(test, ts(type = "number"))]
    pub size: i64,
    /// What became of it, once all of it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub file: Option<FileInfo>,
}

/// An emoji of this community's own: `:name:` in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Emoji {
    pub name: String,
    pub file: FileId,
    pub by: UserId,
    pub at: Time,
}

/// A refusal on HTTP (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub code: crate::Code,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub field: Option<String>,
    pub request_id: String,
}
