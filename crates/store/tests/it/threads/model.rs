//! The definitions, written as plainly as they can be, over the log and the fold alone.

use crate::history::{History, PEOPLE, Step, steps};
use proptest::prelude::*;
use protocol::fold::{Entry, Message, What};
use protocol::view::{Cause, Level, Read, Thread, Why};
use protocol::{Body, Event, RoomId, Seq, Time, UserId};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::activity::Place;

/// What may happen: to the log, or to what is somebody's own.
#[derive(Clone, Debug)]
pub enum Act {
    Log(Step),
    React { who: usize, pick: usize, emoji: &'static str },
    Keyword { who: usize, pick: usize },
    Follow { who: usize, pick: usize },
    LetGo { who: usize, pick: usize },
    Move { who: usize, pick: usize, to: usize },
}

/// Each with the room in which it happens.
pub fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let (who, pick) = (0..PEOPLE, any::<usize>());
    let own = prop_oneof![
        3 => (who.clone(), pick, prop::sample::select(vec!["👍", "🎉", ":shed:"]))
            .prop_map(|(who, pick, emoji)| Act::React { who, pick, emoji }),
        1 => (who.clone(), pick).prop_map(|(who, pick)| Act::Keyword { who, pick }),
        2 => (who.clone(), pick).prop_map(|(who, pick)| Act::Follow { who, pick }),
        2 => (who.clone(), pick).prop_map(|(who, pick)| Act::LetGo { who, pick }),
        4 => (who.clone(), pick, pick).prop_map(|(who, pick, to)| Act::Move { who, pick, to }),
        // Beside those of the log's own histories, so that threads grow.
        8 => (who, pick, prop::bool::weighted(0.2), any::<u8>(), prop::bool::weighted(0.1))
            .prop_map(|(who, pick, also, calls, everyone)| Act::Log(Step::Reply { who, pick, also, calls, everyone })),
    ];
    let own = prop::collection::vec(own, 0..50);
    (steps(), own, any::<u64>()).prop_map(|(steps, own, shuffle)| {
        let mut acts: Vec<Act> = steps.into_iter().map(Act::Log).chain(own).collect();
        // Shuffled so that a failing history still shrinks.
        let mut at = shuffle;
        for i in (1..acts.len()).rev() {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            acts.swap(i, usize::try_from(at >> 33).unwrap() % (i + 1));
        }
        acts.into_iter().enumerate().map(|(i, act)| (usize::from(i % 3 == 2), act)).collect()
    })
}

#[derive(Clone, Copy, Debug)]
pub struct Mine {
    pub following: bool,
    pub since: Seq,
    pub read: Seq,
    pub version: i64,
}

pub struct Model {
    pub room: RoomId,
    pub history: History,
    /// By root and person.
    pub threads: BTreeMap<(Seq, UserId), Mine>,
    /// By which event those came who are here.
    joined: BTreeMap<UserId, Seq>,
    /// The greatest versions of those who left once: what they have after it goes on from there.
    versions: BTreeMap<UserId, i64>,
    reactions: BTreeSet<(Seq, UserId, String, Time)>,
    pub words: HashSet<(UserId, Seq)>,
}

impl Model {
    pub fn new(room: RoomId, people: &[UserId]) -> Model {
        let history = History::new(people, &[]);
        let (threads, joined, versions) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Model { room, history, threads, joined, versions, reactions: BTreeSet::new(), words: HashSet::new() }
    }

    /// Takes an event that was appended. Answers who follows a thread by it who did not before.
    pub fn take(&mut self, event: Event) -> Vec<(Seq, Vec<UserId>)> {
        let mut news = Vec::new();
        match &event.body {
            Body::Message { said, thread: Some(root), .. } => {
                let began = self.entry(*root).map(|entry| entry.author);
                let mut users = self.begin(*root, said.mentions.iter().copied().chain(began), &event, event.seq);
                let mine = self.threads.get(&(*root, event.author)).copied();
                if !mine.is_some_and(|mine| mine.following) {
                    users.push(event.author);
                }
                let since = mine.filter(|mine| mine.following).map_or(event.seq, |mine| mine.since);
                let version =
                    mine.map_or_else(|| self.version(event.author), |mine| mine.version + i64::from(!mine.following));
                let own = Mine { following: true, since, read: event.seq, version };
                self.threads.insert((*root, event.author), own);
                news.push((*root, users));
            }
            Body::Edited { target, said, .. } => {
                let thread = self.entry(*target).and_then(message).and_then(|message| message.thread);
                if let Some(root) = thread {
                    news.push((root, self.begin(root, said.mentions.iter().copied(), &event, *target)));
                }
            }
            Body::Joined { users } => {
                for user in users {
                    self.joined.entry(*user).or_insert(event.seq);
                }
            }
            Body::Left { users, .. } => {
                for ((_, user), mine) in self.threads.iter().filter(|((_, user), _)| users.contains(user)) {
                    let version = self.versions.entry(*user).or_default();
                    *version = mine.version.max(*version);
                }
                self.threads.retain(|(_, user), _| !users.contains(user));
                self.joined.retain(|user, _| !users.contains(user));
            }
            Body::Deleted { target, .. } => self.reactions.retain(|(seq, ..)| seq != target),
            Body::Reacted { target, emoji } => {
                self.reactions.insert((*target, event.author, emoji.clone(), event.at));
            }
            Body::Unreacted { target, emoji } => {
                self.reactions.retain(|(seq, user, has, _)| (seq, user, has) != (target, &event.author, emoji));
            }
            _ => {}
        }
        self.history.take(event);
        for (_, users) in &mut news {
            users.sort_unstable();
        }
        news.retain(|(_, users)| !users.is_empty());
        news
    }

    /// Members who never followed and never let go begin at `seq`, or where they came.
    fn begin(&mut self, root: Seq, called: impl Iterator<Item = UserId>, event: &Event, seq: Seq) -> Vec<UserId> {
        let called: BTreeSet<UserId> = called.filter(|user| *user != event.author).collect();
        let mut users = Vec::new();
        for user in called {
            let Some(joined) = self.joined.get(&user) else { continue };
            let place = Seq(seq.0 - 1).max(*joined);
            let version = self.version(user);
            if let std::collections::btree_map::Entry::Vacant(free) = self.threads.entry((root, user)) {
                free.insert(Mine { following: true, since: place, read: place, version });
                users.push(user);
            }
        }
        users
    }

    pub fn follow(&mut self, root: Seq, user: UserId) {
        let head = self.history.fold.head;
        let new = Mine { following: true, since: head, read: head, version: self.version(user) };
        let mine = self.threads.entry((root, user)).or_insert(new);
        if !mine.following {
            *mine = Mine { version: mine.version + 1, ..new };
        }
    }

    pub fn let_go(&mut self, root: Seq, user: UserId) {
        let head = self.history.fold.head;
        let new = Mine { following: false, since: head, read: head, version: self.version(user) };
        let mine = self.threads.entry((root, user)).or_insert(new);
        mine.version += i64::from(mine.following);
        mine.following = false;
    }

    /// With which a place begins.
    fn version(&self, user: UserId) -> i64 {
        self.versions.get(&user).copied().unwrap_or_default()
    }

    fn entry(&self, seq: Seq) -> Option<&Entry> {
        self.history.fold.entries.iter().find(|entry| entry.seq == seq)
    }

    /// Messages that are not deleted.
    fn messages(&self) -> impl Iterator<Item = (&Entry, &Message)> {
        let all = self.history.fold.entries.iter().filter_map(|entry| Some((entry, message(entry)?)));
        all.filter(|(_, message)| !message.erased)
    }

    pub fn member(&self, who: usize) -> Option<UserId> {
        self.joined.keys().nth(who % self.joined.len().max(1)).copied()
    }

    pub fn message(&self, pick: usize) -> Option<(Seq, UserId, Time)> {
        let all: Vec<_> = self.messages().map(|(entry, _)| (entry.seq, entry.author, entry.at)).collect();
        (!all.is_empty()).then(|| all[pick % all.len()])
    }

    pub fn reacted(&self, target: Seq, user: UserId, emoji: &str) -> bool {
        self.reactions.iter().any(|(seq, by, has, _)| (*seq, *by, has.as_str()) == (target, user, emoji))
    }

    /// What a thread may hang below, deleted or not.
    pub fn roots(&self) -> Vec<Seq> {
        let all = self.history.fold.entries.iter().filter(|e| message(e).is_some_and(|m| m.thread.is_none()));
        all.map(|entry| entry.seq).collect()
    }

    pub fn root(&self, pick: usize) -> Option<Seq> {
        let roots = self.roots();
        (!roots.is_empty()).then(|| roots[pick % roots.len()])
    }

    fn replies(&self, root: Seq) -> impl Iterator<Item = (&Entry, &Message)> {
        self.messages().filter(move |(_, message)| message.thread == Some(root))
    }

    /// Replies that count for somebody after a place: only in the thread, of others, not deleted.
    fn counting(&self, root: Seq, user: UserId, read: Seq) -> impl Iterator<Item = (Seq, bool)> {
        let counting = self.replies(root).filter(move |(e, m)| !m.also && e.author != user && e.seq > read);
        counting.map(move |(entry, message)| (entry.seq, message.everyone || message.mentions.contains(&user)))
    }

    pub fn standing(&self, root: Seq, user: UserId) -> Option<Thread> {
        let mine = self.threads.get(&(root, user))?;
        let (mut unread, mut mentions) = (0, 0);
        let read = if mine.following { mine.read } else { self.history.fold.head };
        for (_, calls) in self.counting(root, user, read) {
            unread += 1;
            mentions += u32::from(calls);
        }
        let cursor = Read { read, version: mine.version, unread, mentions };
        Some(Thread { room: self.room, root, following: mine.following, level: Level::All, cursor })
    }

    pub fn why(&self, root: Seq, user: UserId, read: Seq) -> Why {
        let unread = self.counting(root, user, read).next().map(|(seq, _)| seq);
        let mention = self.counting(root, user, read).find(|(_, calls)| *calls).map(|(seq, _)| seq);
        Why { unread, mention }
    }

    pub fn room_why(&self, user: UserId, read: Seq) -> Why {
        let counting = |(entry, message): &(&Entry, &Message)| {
            entry.seq > read && entry.author != user && (message.thread.is_none() || message.also)
        };
        let unread = self.messages().find(counting).map(|(entry, _)| entry.seq);
        let calls = |message: &Message| message.everyone || message.mentions.contains(&user);
        let mut called = self.messages().filter(counting).filter(|(_, message)| calls(message));
        Why { unread, mention: called.next().map(|(entry, _)| entry.seq) }
    }

    /// With when the newest reply was written.
    pub fn following(&self, user: UserId) -> Vec<(Thread, Option<Time>)> {
        let mine = self.threads.iter().filter(|((_, of), mine)| *of == user && mine.following);
        let threads = mine.filter_map(|((root, _), _)| {
            let last = self.entry(*root).and_then(message)?.last_reply;
            Some((self.standing(*root, user)?, last))
        });
        threads.collect()
    }

    pub fn newest(&self, most: usize) -> Vec<(RoomId, Seq, Seq)> {
        let mut all = Vec::new();
        for root in self.roots() {
            let replies: Vec<Seq> = self.replies(root).map(|(entry, _)| entry.seq).collect();
            all.extend(replies.iter().rev().take(most).map(|seq| (self.room, root, *seq)));
        }
        all.sort_unstable_by_key(|(_, _, seq)| *seq);
        all
    }

    /// Each message once, for the strongest of its causes; reactions on their own.
    pub fn concerns(&self, user: UserId) -> Vec<(Cause, Place)> {
        let Some(joined) = self.joined.get(&user).copied() else { return Vec::new() };
        let mut all = Vec::new();
        let place = |at, seq, by, emoji: &str| Place { at, room: self.room, seq, by, emoji: emoji.to_owned() };
        for (entry, message) in self.messages().filter(|(entry, _)| entry.author != user) {
            let mine = message.thread.and_then(|root| self.threads.get(&(root, user))).filter(|mine| mine.following);
            let here = message.thread.is_none() || message.also || mine.is_some();
            let cause = if message.mentions.contains(&user) {
                Cause::Mention
            } else if message.everyone && here && entry.seq > joined {
                Cause::Room
            } else if self.words.contains(&(user, entry.seq)) {
                Cause::Keyword
            } else if mine.is_some_and(|mine| entry.seq > mine.since) {
                Cause::Reply
            } else {
                continue;
            };
            all.push((cause, place(entry.at, entry.seq, entry.author, "")));
        }
        for (seq, by, emoji, at) in &self.reactions {
            if *by != user && self.entry(*seq).is_some_and(|entry| entry.author == user) {
                all.push((Cause::Reaction, place(*at, *seq, *by, emoji)));
            }
        }
        all
    }
}

fn message(entry: &Entry) -> Option<&Message> {
    match &entry.what {
        What::Message(message) => Some(message),
        _ => None,
    }
}
