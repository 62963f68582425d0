//! Random histories of a room, each step one that the server's rules allow.

use crate::support::said;
use proptest::prelude::*;
use protocol::event::{Forwarded, MemberRole, Said};
use protocol::fold::{Message, Room, What};
use protocol::{Body, Event, FileInfo, Preview, RoomId, Seq, Time, UserId};

/// How many people there are; the first is always a member, and owns the room.
pub const PEOPLE: usize = 6;

/// What people put to messages.
const EMOJI: [&str; 4] = ["👍", "👍🏽", "❤️", ":shed:"];

/// What may happen next; `pick` chooses among the messages or people that are there.
#[derive(Clone, Debug)]
pub enum Step {
    Message {
        who: usize,
        calls: u8,
        everyone: bool,
        files: u8,
        quotes: usize,
    },
    Reply {
        who: usize,
        pick: usize,
        also: bool,
        calls: u8,
        everyone: bool,
    },
    /// A copy of a message, as if it came from another room.
    Forward {
        who: usize,
        pick: usize,
    },
    Edit {
        pick: usize,
        calls: u8,
        everyone: bool,
        /// The server keeps no history.
        sole: bool,
        /// Whether the links that showed something are still there.
        links: bool,
    },
    React {
        who: usize,
        pick: usize,
        emoji: usize,
    },
    Unreact {
        pick: usize,
    },
    Pin {
        who: usize,
        pick: usize,
    },
    Unpin {
        who: usize,
        pick: usize,
    },
    Delete {
        pick: usize,
    },
    /// What its links show, with a picture of their own or without; none: taken away.
    Preview {
        pick: usize,
        shown: u8,
    },
    Previews {
        on: bool,
    },
    Join {
        who: u8,
    },
    Leave {
        who: u8,
        by: bool,
    },
    Rename,
    Topic,
    Archive,
    Unarchive,
    Role {
        who: usize,
        owner: bool,
    },
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..PEOPLE;
    let pick = any::<usize>();
    let step = prop_oneof![
        8 => (who.clone(), any::<u8>(), prop::bool::weighted(0.1), any::<u8>(), pick)
            .prop_map(|(who, calls, everyone, files, quotes)| Step::Message { who, calls, everyone, files, quotes }),
        2 => (who.clone(), pick).prop_map(|(who, pick)| Step::Forward { who, pick }),
        8 => (who.clone(), pick, 0..EMOJI.len()).prop_map(|(who, pick, emoji)| Step::React { who, pick, emoji }),
        3 => pick.prop_map(|pick| Step::Unreact { pick }),
        2 => (who.clone(), pick).prop_map(|(who, pick)| Step::Pin { who, pick }),
        1 => (who.clone(), pick).prop_map(|(who, pick)| Step::Unpin { who, pick }),
        5 => (who.clone(), pick, any::<bool>(), any::<u8>(), prop::bool::weighted(0.1))
            .prop_map(|(who, pick, also, calls, everyone)| Step::Reply { who, pick, also, calls, everyone }),
        5 => (pick, any::<u8>(), prop::bool::weighted(0.1), any::<bool>(), any::<bool>())
            .prop_map(|(pick, calls, everyone, sole, links)| Step::Edit { pick, calls, everyone, sole, links }),
        3 => pick.prop_map(|pick| Step::Delete { pick }),
        3 => (pick, any::<u8>()).prop_map(|(pick, shown)| Step::Preview { pick, shown }),
        1 => any::<bool>().prop_map(|on| Step::Previews { on }),
        2 => any::<u8>().prop_map(|who| Step::Join { who }),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(who, by)| Step::Leave { who, by }),
        1 => Just(Step::Rename),
        1 => Just(Step::Topic),
        1 => Just(Step::Archive),
        1 => Just(Step::Unarchive),
        1 => (who, any::<bool>()).prop_map(|(who, owner)| Step::Role { who, owner }),
    ];
    prop::collection::vec(step, 0..80)
}

/// A history as it is made: the log as a reader holds it, words erased where they were deleted.
pub struct History {
    pub people: Vec<UserId>,
    /// Files that are there to be sent.
    pub files: Vec<FileInfo>,
    pub log: Vec<Event>,
    pub fold: Room,
}

impl History {
    pub fn new(people: &[UserId], files: &[FileInfo]) -> History {
        History { people: people.to_vec(), files: files.to_vec(), log: Vec::new(), fold: Room::default() }
    }

    /// Takes an event that was appended, as a tail does.
    pub fn take(&mut self, event: Event) {
        for earlier in &mut self.log {
            match event.body {
                Body::Deleted { target, .. } => drop(earlier.erase(target)),
                Body::Edited { sole: true, .. } => drop(earlier.supersede(&event)),
                _ => {}
            }
        }
        self.fold.apply(&event);
        self.log.push(event);
    }

    /// The author and body of a step; `None` where the rules do not allow it now.
    pub fn next(&self, step: &Step) -> Option<(UserId, Body)> {
        let n = self.log.len();
        let member = |who: usize| self.fold.members.keys().nth(who % self.fold.members.len().max(1)).copied();
        let owner = self.people[0];
        Some(match step {
            Step::Message { who, calls, everyone, files, quotes } => {
                let quote = self.message(*quotes, |message| !message.erased).map(|(seq, ..)| seq);
                let body = Body::Message {
                    client_id: format!("m{n}"),
                    said: self.words(*calls, *everyone),
                    files: self.held(*files),
                    thread: None,
                    also: false,
                    quote: quote.filter(|_| quotes.is_multiple_of(3)),
                    forwarded: None,
                };
                (member(*who)?, body)
            }
            Step::Reply { who, pick, also, calls, everyone } => {
                let (thread, ..) = self.message(*pick, |message| message.thread.is_none())?;
                let body = Body::Message {
                    client_id: format!("00000000-0000-7000-8000-{n:012x}"),
                    said: self.words(*calls, *everyone),
                    files: Vec::new(),
                    thread: Some(thread),
                    also: *also,
                    quote: None,
                    forwarded: None,
                };
                (member(*who)?, body)
            }
            Step::Forward { who, pick } => {
                let (seq, author, source) = self.message(*pick, |message| !message.erased)?;
                let from = Forwarded { room: RoomId(999), seq, author, at: Time(1_000) };
                let body = Body::Message {
                    client_id: format!("f{n}"),
                    said: Said { html: source.html.clone(), ..said(&source.text) },
                    files: source.files.clone(),
                    thread: None,
                    also: false,
                    quote: None,
                    forwarded: Some(source.forwarded.unwrap_or(from)),
                };
                (member(*who)?, body)
            }
            Step::Edit { pick, calls, everyone, sole, links } => {
                let (target, author, message) = self.message(*pick, |message| !message.erased)?;
                let mut said = self.words(*calls, *everyone);
                if let (true, Some(text)) = (links, &mut said.text) {
                    // Every other one of its links stands in the new text too.
                    text.extend(message.previews.iter().step_by(2).map(|preview| format!(" {}", preview.url)));
                }
                (author, Body::Edited { target, said, sole: *sole })
            }
            Step::React { who, pick, emoji } => {
                let (target, _, message) = self.message(*pick, |message| !message.erased)?;
                let (who, emoji) = (member(*who)?, EMOJI[*emoji]);
                // So few people that the names tell all.
                let given = message.reactions.iter().any(|one| one.emoji == emoji && one.users.contains(&who));
                (!given).then(|| (who, Body::Reacted { target, emoji: emoji.into() }))?
            }
            Step::Unreact { pick } => {
                let (target, _, message) = self.message(*pick, |message| !message.reactions.is_empty())?;
                let one = &message.reactions[pick % message.reactions.len()];
                (one.users[pick % one.users.len()], Body::Unreacted { target, emoji: one.emoji.clone() })
            }
            Step::Pin { who, pick } => {
                let (target, ..) = self.message(*pick, |message| !message.erased && !message.pinned)?;
                (member(*who)?, Body::Pinned { target })
            }
            Step::Unpin { who, pick } => {
                let (target, ..) = self.message(*pick, |message| message.pinned)?;
                (member(*who)?, Body::Unpinned { target })
            }
            Step::Delete { pick } => {
                let (target, author, message) = self.message(*pick, |message| !message.erased)?;
                (author, Body::Deleted { target, thread: message.thread })
            }
            Step::Preview { pick, shown } => {
                let (target, author, _) = self.message(*pick, |message| !message.erased)?;
                let previews = self.held(*shown).into_iter().enumerate().map(|(i, image)| Preview {
                    url: format!("https://example.org/{n}.{i}"),
                    site: None,
                    title: Some(format!("Title “{n}”")),
                    description: None,
                    image: (i % 2 == 0).then_some(image),
                });
                (author, Body::Preview { target, previews: previews.collect(), erased: false })
            }
            Step::Previews { on } => (self.fold.previews_off == *on)
                .then_some((owner, if *on { Body::PreviewsOn } else { Body::PreviewsOff }))?,
            Step::Join { who } => {
                let users = self.some(*who, |user| !self.fold.members.contains_key(&user));
                (*users.first()?, Body::Joined { users })
            }
            Step::Leave { who, by } => {
                let users = self.some(*who, |user| user != owner && self.fold.members.contains_key(&user));
                let author = if *by { owner } else { *users.first()? };
                users.first()?;
                (author, Body::Left { users, by: by.then_some(owner), why: by.then(|| "removed".into()) })
            }
            Step::Rename => (owner, Body::Renamed { name: format!("Name {} of {}", n, self.people[0]) }),
            Step::Topic => {
                (owner, Body::Topic { topic: if n.is_multiple_of(2) { String::new() } else { format!("Topic {n}") } })
            }
            Step::Archive => (!self.fold.archived).then_some((owner, Body::Archived))?,
            Step::Unarchive => self.fold.archived.then_some((owner, Body::Unarchived))?,
            Step::Role { who, owner: yes } => {
                let role = if *yes { MemberRole::Owner } else { MemberRole::Member };
                (owner, Body::Role { user: member(*who)?, role })
            }
        })
    }

    /// The texts that a message has had and that are left, told from the log alone.
    pub fn versions(&self, seq: Seq) -> Vec<&str> {
        let said = self.log.iter().filter_map(|event| match &event.body {
            Body::Message { said, .. } if event.seq == seq => Some(said),
            Body::Edited { target, said, .. } if *target == seq => Some(said),
            _ => None,
        });
        said.filter_map(|said| said.text.as_deref()).collect()
    }

    /// Unread and mentions as docs/UNREAD.md defines them, counted from the log alone.
    pub fn unread(&self, me: UserId, read: Seq) -> (u32, u32) {
        let counted = self.fold.entries.iter().filter(|entry| entry.seq > read && entry.author != me);
        let messages = counted.filter_map(|entry| match &entry.what {
            What::Message(message) if !message.erased && message.is_shown() => Some(message),
            _ => None,
        });
        let calls = |message: &Message| message.everyone || message.mentions.contains(&me);
        messages.fold((0, 0), |(unread, called), message| (unread + 1, called + u32::from(calls(message))))
    }

    fn words(&self, calls: u8, everyone: bool) -> Said {
        let mentions = self.some(calls, |user| self.fold.members.contains_key(&user));
        let html = self.log.len().is_multiple_of(3).then(|| format!("<p><strong>{}</strong> “ÄÖ”</p>", self.log.len()));
        let here = calls.is_multiple_of(5);
        Said { html, mentions, everyone, here, ..said(&format!("words {} “ÄÖ” 🦀 '%_\\", self.log.len())) }
    }

    /// Those of the files whose bit is set, most often none.
    fn held(&self, bits: u8) -> Vec<FileInfo> {
        let chosen = self.files.iter().enumerate().filter(|(i, _)| bits.is_multiple_of(3) && bits >> i & 1 == 1);
        chosen.map(|(_, file)| file.clone()).collect()
    }

    /// Those of the people whose bit is set.
    fn some(&self, bits: u8, fit: impl Fn(UserId) -> bool) -> Vec<UserId> {
        let chosen = self.people.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
        chosen.map(|(_, user)| *user).filter(|user| fit(*user)).collect()
    }

    fn message(&self, pick: usize, fit: impl Fn(&Message) -> bool) -> Option<(Seq, UserId, &Message)> {
        let all = self.fold.entries.iter().filter_map(|entry| match &entry.what {
            What::Message(message) if fit(message) => Some((entry.seq, entry.author, message)),
            _ => None,
        });
        let all: Vec<_> = all.collect();
        (!all.is_empty()).then(|| all[pick % all.len()])
    }
}
