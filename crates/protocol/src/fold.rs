//! The fold: what a person sees of a room, made from its log one event at a time.
//!
//! The web client has the same fold in TypeScript; `fixtures/` holds both to one answer. The store keeps
//! the fold as rows, and `parlour verify` compares them with this one.

use crate::event::{Body, Event, Forwarded, MemberRole, Said, still_shown};
use crate::file::{FileInfo, Preview};
use crate::ids::{Seq, Time, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of a page: a message as it reads now, or a line such as "Ana joined".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Entry {
    pub seq: Seq,
    pub at: Time,
    pub author: UserId,
    #[serde(flatten)]
    pub what: What,
}

/// What the row shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly every row is a message")]
pub enum What {
    Message(Message),
    Joined {
        users: Vec<UserId>,
    },
    Left {
        users: Vec<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        by: Option<UserId>,
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
}

/// A message as it reads now, the same for every viewer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Message {
    /// Empty where the message was erased.
    pub text: String,
    /// The text as markup; absent where it is no more than plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub html: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub edited_at: Option<Time>,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub erased: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub thread: Option<Seq>,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub also: bool,
    pub mentions: Vec<UserId>,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub everyone: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub here: bool,
    /// The message of this room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub quote: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub forwarded: Option<Forwarded>,
    /// In the order to be shown.
    pub files: Vec<FileInfo>,
    /// What its links show; absent where nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<Preview>>"))]
    pub previews: Vec<Preview>,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub pinned: bool,
    /// In the order in which their emoji first came.
    pub reactions: Vec<Reaction>,
    /// Replies in the thread below it that are not deleted; absent where there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub replies: u32,
    /// When the newest of them, or of those deleted since, was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub last_reply: Option<Time>,
    /// Who replied last, the newest first, at most [`REPLIERS`], those of deleted replies included; absent where there are no replies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<UserId>>"))]
    pub repliers: Vec<UserId>,
}

/// Faces that a thread shows.
pub const REPLIERS: usize = 3;
/// Names that a page tells of a reaction; the rest by `GET …/reactions`.
pub const REACTORS: usize = 20;

/// One emoji below a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reaction {
    /// The character itself, or `:name:` of one of the community's own.
    pub emoji: String,
    pub count: u32,
    /// Who gave it, in the order in which they did: on a page the first [`REACTORS`] of them.
    pub users: Vec<UserId>,
}

impl Reaction {
    /// Whether everybody is named.
    pub fn is_whole(&self) -> bool {
        self.users.len() >= self.count as usize
    }
}

/// Adds one person's emoji, who had not given it before. Where not all are named, there are others before them.
pub fn react(reactions: &mut Vec<Reaction>, emoji: &str, user: UserId) {
    match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) => {
            if reaction.is_whole() {
                reaction.users.push(user);
            }
            reaction.count += 1;
        }
        None => reactions.push(Reaction { emoji: emoji.to_owned(), count: 1, users: vec![user] }),
    }
}

/// Takes away one person's emoji, who had given it.
pub fn unreact(reactions: &mut Vec<Reaction>, emoji: &str, user: UserId) {
    if let Some(at) = reactions.iter().position(|reaction| reaction.emoji == emoji) {
        let reaction = &mut reactions[at];
        reaction.count = reaction.count.saturating_sub(1);
        reaction.users.retain(|one| *one != user);
        if reaction.count == 0 {
            reactions.remove(at);
        }
    }
}

/// Puts the newest replier first.
pub fn replied(repliers: &mut Vec<UserId>, user: UserId) {
    repliers.retain(|one| *one != user);
    repliers.insert(0, user);
    repliers.truncate(REPLIERS);
}

impl Message {
    /// Whether a page of the room shows it: top-level, or a reply that was also sent to the room.
    pub fn is_shown(&self) -> bool {
        self.thread.is_none() || self.also
    }

    fn say(&mut self, said: &Said) {
        self.text = said.text.clone().unwrap_or_default();
        self.html.clone_from(&said.html);
        self.mentions = said.mentions.clone();
        self.everyone = said.everyone;
        self.here = said.here;
    }

    fn erase(&mut self) {
        // What stays says where it stood, and what thread hangs below it.
        *self = Message {
            erased: true,
            client_id: self.client_id.take(),
            thread: self.thread,
            also: self.also,
            replies: self.replies,
            last_reply: self.last_reply,
            repliers: std::mem::take(&mut self.repliers),
            ..Message::default()
        };
    }
}

/// A room as the fold of its log up to `head`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    pub head: Seq,
    /// The name that the log gave it last; `None` where the log never changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    #[serde(default)]
    pub archived: bool,
    /// Whether its links show nothing of what is behind them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub previews_off: bool,
    pub members: BTreeMap<UserId, MemberRole>,
    /// Every entry, thread replies included; a page shows those where [`Entry::is_shown`].
    pub entries: Vec<Entry>,
}

impl Entry {
    /// Whether a page of the room shows it.
    pub fn is_shown(&self) -> bool {
        !matches!(&self.what, What::Message(message) if !message.is_shown())
    }

    /// What a page tells of it: not everybody who reacted.
    #[must_use]
    pub fn told(mut self) -> Entry {
        if let What::Message(message) = &mut self.what {
            for reaction in &mut message.reactions {
                reaction.users.truncate(REACTORS);
            }
        }
        self
    }
}

impl Room {
    /// Takes the next event. One at or below `head` was already taken and changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.seq <= self.head {
            return;
        }
        self.head = event.seq;
        match &event.body {
            Body::Message { client_id, said, files, thread, also, quote, forwarded } => {
                let mut message = Message {
                    client_id: Some(client_id.clone()),
                    files: files.clone(),
                    thread: *thread,
                    also: *also,
                    quote: *quote,
                    forwarded: *forwarded,
                    erased: said.erased,
                    ..Message::default()
                };
                message.say(said);
                if let Some(root) = thread {
                    // A reply that was deleted since is a tombstone when the log is read again; the
                    // `deleted` that follows takes it off the count, so it is counted here too.
                    self.change(*root, |root| {
                        root.replies += 1;
                        root.last_reply = Some(event.at);
                        replied(&mut root.repliers, event.author);
                    });
                }
                self.push(event, What::Message(message));
            }
            Body::Edited { target, said, sole } => self.change(*target, |message| {
                if !message.erased {
                    message.say(said);
                    message.edited_at = Some(event.at);
                    if let (true, Some(text)) = (sole, &said.text) {
                        // What an older text's links show is a part of that text.
                        still_shown(&mut message.previews, text);
                    }
                }
            }),
            Body::Deleted { target, thread } => {
                self.change(*target, Message::erase);
                if let Some(root) = thread {
                    self.change(*root, |root| {
                        root.replies = root.replies.saturating_sub(1);
                        if root.replies == 0 {
                            root.last_reply = None;
                            root.repliers.clear();
                        }
                    });
                }
            }
            Body::Preview { target, previews, .. } => self.change(*target, |message| {
                if !message.erased {
                    message.previews.clone_from(previews);
                }
            }),
            Body::Reacted { target, emoji } => self.change(*target, |message| {
                if !message.erased {
                    react(&mut message.reactions, emoji, event.author);
                }
            }),
            Body::Unreacted { target, emoji } => self.change(*target, |message| {
                unreact(&mut message.reactions, emoji, event.author);
            }),
            Body::Pinned { target } => self.change(*target, |message| message.pinned = !message.erased),
            Body::Unpinned { target } => self.change(*target, |message| message.pinned = false),
            Body::Joined { users } => {
                for user in users {
                    self.members.entry(*user).or_insert(MemberRole::Member);
                }
                self.push(event, What::Joined { users: users.clone() });
            }
            Body::Left { users, by, why } => {
                for user in users {
                    self.members.remove(user);
                }
                self.push(event, What::Left { users: users.clone(), by: *by, why: why.clone() });
            }
            Body::Renamed { name } => {
                self.name = Some(name.clone());
                self.push(event, What::Renamed { name: name.clone() });
            }
            Body::Topic { topic } => {
                self.topic = Some(topic.clone());
                self.push(event, What::Topic { topic: topic.clone() });
            }
            Body::Archived => {
                self.archived = true;
                self.push(event, What::Archived);
            }
            Body::Unarchived => self.archived = false,
            Body::PreviewsOn => self.previews_off = false,
            Body::PreviewsOff => self.previews_off = true,
            Body::Role { user, role } => {
                self.members.insert(*user, *role);
            }
        }
    }

    /// Folds a whole log.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Room {
        let mut room = Room::default();
        for event in events {
            room.apply(event);
        }
        room
    }

    fn push(&mut self, event: &Event, what: What) {
        self.entries.push(Entry { seq: event.seq, at: event.at, author: event.author, what });
    }

    fn change(&mut self, target: Seq, change: impl FnOnce(&mut Message)) {
        // Entries stand in the order of their seq.
        if let Ok(at) = self.entries.binary_search_by_key(&target, |entry| entry.seq)
            && let What::Message(message) = &mut self.entries[at].what
        {
            change(message);
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Fixture {
        events: Vec<Event>,
        folded: Room,
    }

    /// With `UPDATE=1` the folded part is written anew: read the difference before you commit it.
    #[test]
    fn fixtures_fold_to_what_they_say() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).expect("fixtures is a folder") {
            let path = file.expect("a file").path();
            if path.extension().is_none_or(|ext| ext != "json") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a readable fixture");
            if std::env::var_os("UPDATE").is_some() {
                let mut value: serde_json::Value = serde_json::from_str(&text).expect("a JSON fixture");
                let events: Vec<Event> = serde_json::from_value(value["events"].clone()).expect("events");
                value["folded"] = serde_json::to_value(Room::of(&events)).expect("a room has a JSON form");
                let text = serde_json::to_string_pretty(&value).expect("JSON");
                std::fs::write(&path, text + "\n").expect("the fixture is written");
            }
            let text = std::fs::read_to_string(&path).expect("a readable fixture");
            let fixture: Fixture = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(Room::of(&fixture.events), fixture.folded, "{}", path.display());
            // Events that come twice change nothing.
            let twice = fixture.events.iter().flat_map(|event| [event, event]);
            assert_eq!(Room::of(twice), fixture.folded, "{} doubled", path.display());
            seen += 1;
        }
        assert!(seen >= 3, "only {seen} fixtures");
    }
}
