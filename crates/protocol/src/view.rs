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
    /// Whether the older texts of an edited message are kept, for everybody who may read it.
    pub history: bool,
    /// Who may add emoji of the community's own.
    pub emoji: EmojiBy,
    pub version: String,
    /// The time at which this history began; restoring a backup starts a new one.
    pub epoch: Time,
    /// There is no owner yet: the next account becomes it.
    pub setup: bool,
    /// That first account needs the code that the program printed.
    pub setup_code: bool,
}

/// Who may add emoji of the community's own. Whoever added one may take it away; admins any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EmojiBy {
    #[default]
    Admins,
    Anyone,
}

impl EmojiBy {
    pub fn as_str(self) -> &'static str {
        match self {
            EmojiBy::Admins => "admins",
            EmojiBy::Anyone => "anyone",
        }
    }

    pub fn parse(name: &str) -> Option<EmojiBy> {
        [EmojiBy::Admins, EmojiBy::Anyone].into_iter().find(|by| by.as_str() == name)
    }
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
    /// Until then it disturbs me with nothing, whatever its level says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub muted_until: Option<Time>,
    pub draft: String,
}

/// What is mine in a thread. I follow one that I began (from its first reply on), wrote in or was named in, until I say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Thread {
    pub room: RoomId,
    /// The seq of the message that it hangs below.
    pub root: Seq,
    pub following: bool,
    /// What it may disturb me with, while I follow it.
    pub level: Level,
    /// My place in it: a seq of its room. The counts are those of the replies after it; 0 where I do not follow.
    #[serde(flatten)]
    pub cursor: Read,
}

/// A thread in the list of those that I follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThreadView {
    #[serde(flatten)]
    pub thread: Thread,
    /// The message that it hangs below, as it reads now.
    pub message: Entry,
    /// Its newest replies, oldest first, at most 3.
    pub replies: Vec<Entry>,
    /// When its newest reply was written.
    pub at: Time,
}

/// A message that I put aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Saved {
    pub room: RoomId,
    pub seq: Seq,
    /// When I put it aside.
    pub at: Time,
    /// When I was done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub done_at: Option<Time>,
    /// As it reads now; absent where I may not read it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub message: Option<Entry>,
}

/// Everybody who gave one emoji, in the order in which they did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reacted {
    pub emoji: String,
    pub users: Vec<UserId>,
}

/// A text that a message has had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Version {
    pub at: Time,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub html: Option<String>,
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

/// Why something stands in my activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The message names me, by my name or by a group that I was in when it was written.
    Mention,
    /// It names everybody.
    Room,
    /// It has one of my own words.
    Keyword,
    /// Somebody put an emoji to a message of mine.
    Reaction,
    /// A reply in a thread that I follow.
    Reply,
}

/// Something that concerns me, newest first in `GET activity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Activity {
    pub cause: Cause,
    pub at: Time,
    /// Who did it.
    pub by: UserId,
    pub room: RoomId,
    /// The message that it is about.
    pub seq: Seq,
    /// Of a reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub emoji: Option<String>,
    /// As it reads now.
    pub message: Entry,
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

/// Why a room or a thread is unread: the oldest message that counts, and the oldest that calls me.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Why {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub unread: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub mention: Option<Seq>,
}

/// Places in rooms and threads: what "mark all read" answers, and what puts them back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Places {
    /// Room, seq.
    #[cfg_attr(test, ts(type = "Array<[number, number]>"))]
    pub rooms: Vec<(RoomId, Seq)>,
    /// Room, root, seq.
    #[cfg_attr(test, ts(type = "Array<[number, number, number]>"))]
    pub threads: Vec<(RoomId, Seq, Seq)>,
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

/// A page of what a room shows, oldest first, folded at `head`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Page {
    pub epoch: Time,
    pub head: Seq,
    pub messages: Vec<Entry>,
    /// My own reactions, where a message of this page has more than its list of names tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, type = "Array<[number, string[]]>"))]
    pub reacted: Vec<(Seq, Vec<String>)>,
    /// Of a thread: what is mine in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub thread: Option<Thread>,
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
    /// Where it is another name of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub alias_of: Option<String>,
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
