//! How events go through a tail: in the order of their seq, to everybody who follows, each connection in one write for all
//! that is new.

use super::conn::Conn;
use super::hub::Hub;
use super::ring::Encoded;
use super::room::{State, Tail};
use super::subs::{Crowd, Sub};
use crate::core::Core;
use crate::wire::Frame;
use protocol::frame::ServerFrame;
use protocol::{Body, Event, RoomId, Seq, UserId};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::planted;

/// Events that go out in one piece, at most.
const BATCH: usize = 64;
/// Connections that are written to before others have their turn: about half a millisecond.
const TURN: usize = 64;
/// A burst is waited for so long, at most …
const GATHER: Duration = Duration::from_millis(10);
/// … and not where everybody is written to in less than four times this.
const WORTH: Duration = Duration::from_millis(1);
/// How long a burst waits for those whose queues fill up.
const BREATH: Duration = Duration::from_millis(200);

/// Connections that get all events of a batch, and those that have it up to a seq already.
type Parted = (Arc<[Arc<Conn>]>, Vec<(Arc<Conn>, Seq)>);

/// How events go through, in a burst.
#[derive(Default)]
pub(super) struct Pace {
    /// So many went together last, in this time.
    pub many: usize,
    pub took: Duration,
    /// Bytes that each was handed since those whose queues fill up had a moment.
    handed: usize,
}

impl Pace {
    /// How long to wait for more, where far fewer events are there than went through together just now: the others of a
    /// burst come a moment later, and each time everybody is written to costs the same for one as for many.
    pub(super) fn wait(&self, waiting: usize) -> Option<Duration> {
        let wait = (self.took / 4).min(GATHER);
        (waiting > 0 && waiting < self.many / 2 && wait >= WORTH).then_some(wait)
    }
}

impl Tail {
    /// Each was handed so many bytes more. Now and then those whose queues fill up get a moment to drain them: a burst is
    /// no reason to call everybody slow. Whoever takes too little in that moment is not waited for again.
    async fn handed(&self, core: &Core, pace: &mut Pace, bytes: usize) {
        pace.handed += bytes;
        if pace.handed <= core.limits.queue / 4 {
            return;
        }
        pace.handed = 0;
        let full: Vec<Arc<Conn>> = {
            let state = self.state();
            state.subs.iter().filter(|sub| sub.conn.fills_up()).map(|sub| Arc::clone(&sub.conn)).collect()
        };
        let all = async {
            for conn in &full {
                conn.has_room().await;
            }
        };
        if tokio::time::timeout(BREATH, all).await.is_err() {
            full.iter().for_each(|conn| conn.was_waited_for());
        }
    }

    /// Hands these events to everybody who follows.
    pub(super) async fn pass(&self, core: &Arc<Core>, events: Vec<Event>, pace: &mut Pace) {
        let (many, begun) = (events.len(), Instant::now());
        match &events[..] {
            [event] if moves_people(&event.body) => self.pass_move(core, event.clone(), pace).await,
            _ => self.pass_all(core, events, pace).await,
        }
        (pace.many, pace.took) = (many, begun.elapsed());
    }

    /// One that brings people in or takes them out: all at once, so that nobody can follow anew in the middle of it.
    async fn pass_move(&self, core: &Arc<Core>, event: Event, pace: &mut Pace) {
        if let Body::Joined { users } = &event.body {
            core.hub.welcome_joined(core, self, &event, users).await;
        }
        let seq = event.seq;
        let encoded = Encoded::new(event);
        let (event, bytes) = (Arc::clone(&encoded.event), encoded.frame.size());
        {
            let mut state = self.state();
            for sub in state.subs.iter().filter(|sub| seq > sub.from) {
                sub.conn.push(encoded.frame.clone());
            }
            if let Body::Left { users, .. } = &event.body
                && !planted::has("removal_not_in_band")
            {
                state.drop_people(users, self.room, seq);
            }
            state.went_through(encoded, &core.hub);
        }
        self.passed.send_replace(seq);
        match &event.body {
            Body::Joined { users } => core.hub.people_moved(core, users, true),
            Body::Left { users, .. } => core.hub.people_moved(core, users, false),
            _ => {}
        }
        self.handed(core, pace, bytes).await;
    }

    /// What everybody who follows gets alike: joined to one piece, one write for each. Whoever begins to follow meanwhile
    /// has it from the ring.
    async fn pass_all(&self, core: &Arc<Core>, events: Vec<Event>, pace: &mut Pace) {
        let encoded: Vec<Encoded> = events.into_iter().map(Encoded::new).collect();
        let Some(Encoded { event: last, .. }) = encoded.last().cloned() else { return };
        let frames: Vec<Frame> = encoded.iter().map(|encoded| encoded.frame.clone()).collect();
        let (first, seq) = (encoded[0].event.seq, last.seq);
        let senders = senders(core, &encoded);
        let ((whole, part), answers) = {
            let mut state = self.state();
            let Crowd { conns, from } = state.subs.crowd();
            let parted = if from < first { (conns, Vec::new()) } else { state.parted(first, seq) };
            let answers = state.answers(&encoded, &senders);
            for one in encoded {
                state.went_through(one, &core.hub);
            }
            (parted, answers)
        };
        // Those who have some of it already, from the log.
        for (conn, from) in part {
            let has = usize::try_from(from.0 + 1 - first.0).unwrap_or(0);
            frames.iter().skip(has).for_each(|frame| conn.push(frame.clone()));
        }
        // Senders first, in one write with what they are owed.
        for (conn, answers) in answers.values() {
            conn.push_answering(self.room, answers, &frames);
        }
        for piece in Frame::pieces(&frames) {
            for turn in whole.chunks(TURN) {
                // All at once, rather than each when its turn comes: the processor waits for many as long as for one.
                turn.iter().for_each(|conn| conn.touch());
                let others = turn.iter().filter(|conn| answers.is_empty() || !answers.contains_key(&conn.id));
                others.for_each(|conn| conn.push(piece.clone()));
                if whole.len() > TURN {
                    tokio::task::yield_now().await;
                }
            }
            self.handed(core, pace, piece.size()).await;
        }
        self.passed.send_replace(seq);
    }
}

/// What connections are told before anything else where it is owed still: by their ids, with the `client_id` of each answer.
type Answers = HashMap<u64, (Arc<Conn>, Vec<(String, Frame)>)>;

/// For each event the connections here that may have sent it as a message.
fn senders(core: &Core, encoded: &[Encoded]) -> Vec<Vec<Arc<Conn>>> {
    let senders = |Encoded { event, .. }: &Encoded| match event.body {
        Body::Message { .. } => core.hub.conns_of(event.author),
        _ => Vec::new(),
    };
    encoded.iter().map(senders).collect()
}

/// Whether an event changes who follows.
fn moves_people(body: &Body) -> bool {
    matches!(body, Body::Joined { .. } | Body::Left { .. })
}

impl State {
    /// The hints that follow the head, as many as go out together: one alone that moves people, or a run of others.
    pub(super) fn batch(&mut self) -> Vec<Event> {
        let mut batch: Vec<Event> = Vec::new();
        let mut next = self.head.next();
        while batch.len() < BATCH
            && let Some(event) = self.hints.get(&next)
        {
            let alone = moves_people(&event.body);
            if alone && !batch.is_empty() {
                break;
            }
            batch.extend(self.hints.remove(&next));
            if alone {
                break;
            }
            next = next.next();
        }
        batch
    }

    /// What is owed for these to senders who are about to get all of them.
    fn answers(&self, encoded: &[Encoded], senders: &[Vec<Arc<Conn>>]) -> Answers {
        let mut answers = Answers::new();
        let Some(Encoded { event: first, .. }) = encoded.first() else { return answers };
        let follows = |conn: &&Arc<Conn>| self.subs.get(conn.id).is_some_and(|sub| sub.from < first.seq);
        for (Encoded { event, .. }, conns) in encoded.iter().zip(senders) {
            let Body::Message { client_id, .. } = &event.body else { continue };
            if let Some(conn) = conns.iter().filter(follows).find(|conn| conn.is_owed(event.room, client_id)) {
                let ack = ServerFrame::Ack { client_id: client_id.clone(), room: event.room, seq: event.seq };
                let (_, owed) = answers.entry(conn.id).or_insert_with(|| (Arc::clone(conn), Vec::new()));
                owed.push((client_id.clone(), Frame::json(&ack)));
            }
        }
        answers
    }

    /// Those who get all of these events, and those who have some of them already, with what they have.
    fn parted(&self, first: Seq, last: Seq) -> Parted {
        let conns = |sub: &Sub| Arc::clone(&sub.conn);
        let whole = self.subs.iter().filter(|sub| sub.from < first).map(conns).collect();
        let part = self.subs.iter().filter(|sub| (first..last).contains(&sub.from));
        (whole, part.map(|sub| (conns(sub), sub.from)).collect())
    }

    /// This event is told from here on: what it says of others is done to what is kept of them.
    fn went_through(&mut self, encoded: Encoded, hub: &Hub) {
        let seq = encoded.event.seq;
        match &encoded.event.body {
            Body::Message { .. } if self.typing.remove(&encoded.event.author).is_some() => {
                self.typing_changed = true;
            }
            Body::Deleted { .. } if !planted::has("erased_in_tail") => self.ring.erase(&encoded.event),
            // Asked of the server, not of the edit alone: one that was written while the server was being told to keep
            // none does not know yet.
            Body::Edited { sole, .. } if *sole || !hub.keeps_history() => self.ring.supersede(&encoded.event),
            _ => {}
        }
        self.ring.push(encoded);
        self.head = seq;
        self.hints = self.hints.split_off(&seq.next());
        self.quiet_since = Instant::now();
    }

    /// Those who left had their `left`; they get nothing that follows.
    fn drop_people(&mut self, users: &[UserId], room: RoomId, seq: Seq) {
        let gone = Frame::json(&ServerFrame::Gone { room });
        self.subs.retain(|sub| {
            // One who follows from later on has come back since.
            let leaves = seq > sub.from && users.contains(&sub.conn.user);
            if leaves {
                sub.conn.push(gone.clone());
            }
            !leaves
        });
        for user in users {
            self.typing_changed |= self.typing.remove(user).is_some();
        }
    }
}

impl Hub {
    /// Lets those who joined follow, before the event of their joining goes through.
    async fn welcome_joined(&self, core: &Arc<Core>, tail: &Tail, event: &Event, users: &[UserId]) {
        for user in users {
            let conns = self.conns_of(*user);
            if conns.is_empty() {
                continue;
            }
            // Read after the commit: where they left again already, there is nothing to follow.
            let Ok(room) = crate::room::seen(core, *user, tail.room).await else { continue };
            if room.mine.is_none() {
                continue;
            }
            let frame = Frame::json(&ServerFrame::Room(Box::new(room)));
            for conn in conns {
                if tail.follows(conn.id) || conn.note_joined(tail.room, event.seq) {
                    continue;
                }
                let mut state = tail.state();
                // Under the lock: one that goes now is let go of right after.
                if !conn.has_gone() {
                    conn.push(frame.clone());
                    let from = Seq(event.seq.0 - 1);
                    state.subs.insert(Sub { conn, from });
                }
            }
        }
    }
}
