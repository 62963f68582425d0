//! What goes over the socket: one JSON object a text frame, `t` is its type.

use crate::code::Code;
use crate::event::Event;
use crate::file::FileRef;
use crate::ids::{RoomId, Seq, Time, UserId};
use crate::view::{EmojiBy, Join, Level, Me, Quiet, Read, Room, State, Thread, User};
use serde::{Deserialize, Serialize};

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame.
    Hello(Hello),
    Send {
        room: RoomId,
        client_id: String,
        text: String,
        #[serde(default)]
        #[cfg_attr(test, ts(optional))]
        thread: Option<Seq>,
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        also: bool,
        /// The message of this room that it answers.
        #[serde(default)]
        #[cfg_attr(test, ts(optional))]
        quote: Option<Seq>,
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<FileRef>>"))]
        files: Vec<FileRef>,
    },
    Typing {
        room: RoomId,
    },
    Read {
        room: RoomId,
        seq: Seq,
        #[serde(default)]
        #[cfg_attr(test, ts(optional, type = "number"))]
        version: Option<i64>,
    },
    /// Whose presence and which rooms' typing I show; replaces the set.
    Watch {
        #[serde(default)]
        users: Vec<UserId>,
        #[serde(default)]
        rooms: Vec<RoomId>,
    },
    /// Nobody sits before this tab, or somebody does again.
    Away {
        away: bool,
    },
    Ping,
}

/// Who I am and how far I have read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hello {
    pub v: u32,
    /// For clients without a cookie.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub token: Option<String>,
    /// What I hold of each room: the server sends what follows.
    #[serde(default)]
    #[cfg_attr(test, ts(type = "Array<[number, number]>"))]
    pub cursors: Vec<(RoomId, Seq)>,
    /// The epoch in which those cursors were true.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub epoch: Option<Time>,
    /// The newest event that I hold: room, seq, at.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, type = "[number, number, string]"))]
    pub last: Option<(RoomId, Seq, Time)>,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    Welcome {
        me: Box<Me>,
        epoch: Time,
        now: Time,
        /// Room, head, read, version.
        #[cfg_attr(test, ts(type = "Array<[number, number, number, number]>"))]
        rooms: Vec<(RoomId, Seq, Seq, i64)>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        more: bool,
    },
    Event(Event),
    Ack {
        client_id: String,
        room: RoomId,
        seq: Seq,
    },
    Refused {
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        client_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "string | number"))]
        #[schema(value_type = Option<String>)]
        id: Option<serde_json::Value>,
        code: Code,
        detail: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        field: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        retry_after_ms: Option<u64>,
    },
    Done {
        #[cfg_attr(test, ts(type = "string | number"))]
        #[schema(value_type = String)]
        id: serde_json::Value,
    },
    CaughtUp {
        room: RoomId,
        head: Seq,
    },
    Reset {
        room: RoomId,
        reason: Reset,
        head: Seq,
    },
    Room(Box<Room>),
    Gone {
        room: RoomId,
    },
    Server {
        name: String,
        join: Join,
        previews: bool,
        history: bool,
        emoji: EmojiBy,
    },
    User(User),
    /// The community's own emoji changed: `GET emoji`.
    Emoji,
    /// The groups changed: `GET groups`.
    Groups,
    Typing {
        room: RoomId,
        users: Vec<UserId>,
    },
    Presence {
        #[cfg_attr(test, ts(type = "Array<[number, State]>"))]
        users: Vec<(UserId, State)>,
    },
    Read {
        room: RoomId,
        seq: Seq,
        #[cfg_attr(test, ts(type = "number"))]
        version: i64,
        unread: u32,
        mentions: u32,
    },
    Draft {
        room: RoomId,
        text: String,
    },
    Level {
        room: RoomId,
        level: Level,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        muted_until: Option<Time>,
    },
    /// What is mine in a thread, counted at `head` of its room: I follow it now, or not any more, or my place moved.
    Thread {
        #[serde(flatten)]
        thread: Thread,
        head: Seq,
    },
    /// I put a message aside, was done with it, or took it back (neither time).
    Saved {
        room: RoomId,
        seq: Seq,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        at: Option<Time>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        done_at: Option<Time>,
    },
    /// My quiet hours, words and the like, changed by another device of mine; `dnd`: nothing is to disturb me now.
    Quiet {
        quiet: Box<Quiet>,
        dnd: bool,
    },
    /// My own settings, changed by another device of mine.
    Settings {
        #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
        #[schema(value_type = Object)]
        settings: serde_json::Map<String, serde_json::Value>,
    },
    /// I looked at my activity: what was until then is not new any more.
    Activity {
        seen: Time,
    },
    Pong,
    Restart {
        #[cfg_attr(test, ts(type = "number"))]
        after_ms: u64,
    },
}

impl ServerFrame {
    /// My cursor, as my other devices learn it.
    pub fn read(room: RoomId, read: Read) -> ServerFrame {
        ServerFrame::Read { room, seq: read.read, version: read.version, unread: read.unread, mentions: read.mentions }
    }
}

/// Why a client must load a room anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    Epoch,
    Future,
    TooFar,
    Retained,
    UnknownRoom,
}
