//! What a room's log holds.

use crate::file::{FileInfo, Preview};
use crate::ids::{RoomId, Seq, Time, UserId};
use serde::{Deserialize, Serialize};

/// One entry of a room's log. Its JSON is the same live, in `events` and on every node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Event {
    pub room: RoomId,
    pub seq: Seq,
    pub at: Time,
    /// Who caused it.
    pub author: UserId,
    #[serde(flatten)]
    pub body: Body,
}

/// What happened. A `target` is the seq of the message that the event speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// Somebody said something.
    Message {
        /// Chosen by the author's client; unique for ever per author and room.
        client_id: String,
        #[serde(flatten)]
        said: Said,
        /// What was sent with it, in the order to be shown.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<FileInfo>>"))]
        files: Vec<FileInfo>,
        /// The root of the thread that this is a reply in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        thread: Option<Seq>,
        /// A reply that is shown in the room as well.
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        also: bool,
        /// The message of this room that it answers: a reference, read where it is shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        quote: Option<Seq>,
        /// Where it is a copy of: the words and files are its own, and outlive those.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        forwarded: Option<Forwarded>,
    },
    /// A message has a new text.
    Edited {
        target: Seq,
        #[serde(flatten)]
        said: Said,
        /// The server keeps no history: older texts were erased in the same transaction.
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        sole: bool,
    },
    /// A message is gone; its texts were erased in the same transaction.
    Deleted {
        target: Seq,
        /// The thread that the message was a reply in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        thread: Option<Seq>,
    },
    /// What the links of a message show, in place of what they showed before.
    Preview {
        target: Seq,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<Preview>>"))]
        previews: Vec<Preview>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        erased: bool,
    },
    /// The author has put an emoji to a message: the character itself, or `:name:` of one of the community's own.
    Reacted {
        target: Seq,
        emoji: String,
    },
    /// The author has taken it back.
    Unreacted {
        target: Seq,
        emoji: String,
    },
    Pinned {
        target: Seq,
    },
    Unpinned {
        target: Seq,
    },
    Joined {
        users: Vec<UserId>,
    },
    Left {
        users: Vec<UserId>,
        /// Who removed them, where they did not go by themselves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        by: Option<UserId>,
        /// `removed`, `banned` or `account`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        why: Option<String>,
    },
    Renamed {
        name: String,
    },
    Topic {
        topic: String,
    },
    Archived,
    Unarchived,
    /// Links in this room show what is behind them, from here on.
    PreviewsOn,
    PreviewsOff,
    /// A member's role in the room changed.
    Role {
        user: UserId,
        role: MemberRole,
    },
}

/// The words of a message or of an edit. Erased: `text` is absent and `erased` is true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Said {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub text: Option<String>,
    /// The text as markup of the few elements that docs/PROTOCOL.md lists; absent where it is no more than plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub html: Option<String>,
    /// The members whom the text names, ascending; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<UserId>>"))]
    pub mentions: Vec<UserId>,
    /// The text names `@room`.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub everyone: bool,
    /// The text names `@here`: it rings for those who are here now, and counts for nobody.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub here: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub erased: bool,
    /// A later edit took the place of these words, and no history is kept: `text` is absent, the message is not deleted.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub superseded: bool,
}

impl Said {
    /// What is left of words that were erased.
    pub fn erased() -> Said {
        Said { erased: true, ..Said::default() }
    }

    /// What is left of words that an edit replaced where no history is kept.
    pub fn superseded() -> Said {
        Said { superseded: true, ..Said::default() }
    }

    fn supersede(&mut self) -> bool {
        let words = !(self.superseded || self.erased);
        if words {
            *self = Said::superseded();
        }
        words
    }
}

/// Leaves of what links show that which belongs to a text: its links stand there as they are shown.
pub fn still_shown(previews: &mut Vec<Preview>, text: &str) {
    previews.retain(|preview| text.contains(&preview.url));
}

/// What a forwarded message is a copy of. Whoever may see the room finds it there, as long as it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Forwarded {
    pub room: RoomId,
    pub seq: Seq,
    pub author: UserId,
    /// When it was written there.
    pub at: Time,
}

/// A member's standing in one room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    Owner,
    Member,
}

impl MemberRole {
    pub fn as_str(self) -> &'static str {
        match self {
            MemberRole::Owner => "owner",
            MemberRole::Member => "member",
        }
    }
}

/// The name of a kind of event, as it stands in JSON and in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Message,
    Edited,
    Deleted,
    Preview,
    Reacted,
    Unreacted,
    Pinned,
    Unpinned,
    Joined,
    Left,
    Renamed,
    Topic,
    Archived,
    Unarchived,
    PreviewsOn,
    PreviewsOff,
    Role,
}

impl Kind {
    pub const ALL: [Kind; 17] = [
        Kind::Message,
        Kind::Edited,
        Kind::Deleted,
        Kind::Preview,
        Kind::Reacted,
        Kind::Unreacted,
        Kind::Pinned,
        Kind::Unpinned,
        Kind::Joined,
        Kind::Left,
        Kind::Renamed,
        Kind::Topic,
        Kind::Archived,
        Kind::Unarchived,
        Kind::PreviewsOn,
        Kind::PreviewsOff,
        Kind::Role,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Message => "message",
            Kind::Edited => "edited",
            Kind::Deleted => "deleted",
            Kind::Preview => "preview",
            Kind::Reacted => "reacted",
            Kind::Unreacted => "unreacted",
            Kind::Pinned => "pinned",
            Kind::Unpinned => "unpinned",
            Kind::Joined => "joined",
            Kind::Left => "left",
            Kind::Renamed => "renamed",
            Kind::Topic => "topic",
            Kind::Archived => "archived",
            Kind::Unarchived => "unarchived",
            Kind::PreviewsOn => "previews_on",
            Kind::PreviewsOff => "previews_off",
            Kind::Role => "role",
        }
    }

    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether a page shows the event as a row of its own.
    pub fn is_entry(self) -> bool {
        matches!(self, Kind::Message | Kind::Joined | Kind::Left | Kind::Renamed | Kind::Topic | Kind::Archived)
    }
}

impl Body {
    pub fn kind(&self) -> Kind {
        match self {
            Body::Message { .. } => Kind::Message,
            Body::Edited { .. } => Kind::Edited,
            Body::Deleted { .. } => Kind::Deleted,
            Body::Preview { .. } => Kind::Preview,
            Body::Reacted { .. } => Kind::Reacted,
            Body::Unreacted { .. } => Kind::Unreacted,
            Body::Pinned { .. } => Kind::Pinned,
            Body::Unpinned { .. } => Kind::Unpinned,
            Body::Joined { .. } => Kind::Joined,
            Body::Left { .. } => Kind::Left,
            Body::Renamed { .. } => Kind::Renamed,
            Body::Topic { .. } => Kind::Topic,
            Body::Archived => Kind::Archived,
            Body::Unarchived => Kind::Unarchived,
            Body::PreviewsOn => Kind::PreviewsOn,
            Body::PreviewsOff => Kind::PreviewsOff,
            Body::Role { .. } => Kind::Role,
        }
    }

    /// The seq of the message that the event speaks of.
    pub fn target(&self) -> Option<Seq> {
        match self {
            Body::Edited { target, .. }
            | Body::Deleted { target, .. }
            | Body::Preview { target, .. }
            | Body::Reacted { target, .. }
            | Body::Unreacted { target, .. }
            | Body::Pinned { target }
            | Body::Unpinned { target } => Some(*target),
            _ => None,
        }
    }
}

impl Event {
    /// Erases the words in place where `target` was deleted and this event holds some of them.
    /// Answers whether it did.
    pub fn erase(&mut self, target: Seq) -> bool {
        let seq = self.seq;
        match &mut self.body {
            Body::Message { said, files, quote, forwarded, .. } if seq == target => {
                *said = Said::erased();
                files.clear();
                *quote = None;
                *forwarded = None;
            }
            Body::Edited { target: t, said, sole } if *t == target => {
                *said = Said::erased();
                *sole = false;
            }
            Body::Preview { target: t, previews, erased } if *t == target => {
                previews.clear();
                *erased = true;
            }
            _ => return false,
        }
        true
    }

    /// Takes the words out in place where `edit`, which is later, replaced them and no history is kept; with them what
    /// links show that stand in the new text no more. Answers whether anything changed.
    pub fn supersede(&mut self, edit: &Event) -> bool {
        let Body::Edited { target, said: new, .. } = &edit.body else { return false };
        let (seq, older) = (self.seq, self.seq < edit.seq);
        match &mut self.body {
            Body::Message { said, .. } if seq == *target => said.supersede(),
            Body::Edited { target: t, said, .. } if t == target && older => said.supersede(),
            Body::Preview { target: t, previews, .. } if t == target && older => {
                let before = previews.len();
                // An edit that was superseded itself says nothing any more: the one that did that prunes for both.
                if let Some(text) = &new.text {
                    still_shown(previews, text);
                }
                previews.len() < before
            }
            _ => false,
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_is_flat_and_reads_back() {
        let event = Event {
            room: RoomId(7),
            seq: Seq(42),
            at: Time(0),
            author: UserId(3),
            body: Body::Message {
                client_id: "a".into(),
                said: Said { text: Some("hi @bo".into()), mentions: vec![UserId(4)], ..Said::default() },
                files: Vec::new(),
                thread: None,
                also: false,
                quote: None,
                forwarded: None,
            },
        };
        let value = serde_json::to_value(&event).expect("an event has a JSON form");
        assert_eq!(
            value,
            json!({"room":7,"seq":42,"at":"1970-01-01T00:00:00.000Z","author":3,"kind":"message",
                   "client_id":"a","text":"hi @bo","mentions":[4]})
        );
        assert_eq!(serde_json::from_value::<Event>(value).expect("and reads back"), event);
    }

    #[test]
    fn a_tombstone_keeps_its_place_and_no_word() {
        let mut event = Event {
            room: RoomId(7),
            seq: Seq(42),
            at: Time(0),
            author: UserId(3),
            body: Body::Message {
                client_id: "a".into(),
                said: Said { text: Some("secret".into()), mentions: vec![UserId(4)], ..Said::default() },
                files: Vec::new(),
                thread: None,
                also: false,
                quote: None,
                forwarded: None,
            },
        };
        assert!(!event.erase(Seq(41)));
        assert!(event.erase(Seq(42)));
        assert_eq!(
            serde_json::to_value(&event).expect("a tombstone has a JSON form"),
            json!({"room":7,"seq":42,"at":"1970-01-01T00:00:00.000Z","author":3,"kind":"message","client_id":"a","erased":true})
        );
    }

    #[test]
    fn every_kind_has_one_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("nonsense"), None);
    }
}
