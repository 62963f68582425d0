//! Rooms and threads, what stands in them, and what of it is mine.

use super::User;
use crate::event::{Event, MemberRole};
use crate::fold::Entry;
use crate::ids::{RoomId, Seq, Time, UserId};
use serde::{Deserialize, Serialize};

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
