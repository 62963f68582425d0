//! The tail of one room: takes the log's events in the order of their seq and hands each to who follows.

use super::conn::Conn;
use super::pass::Pace;
use super::ring::{Encoded, Ring};
use super::subs::{Sub, Subs};
use crate::core::Core;
use crate::wire::Frame;
use protocol::frame::ServerFrame;
use protocol::{Body, Event, RoomId, Seq, UserId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use store::log;
use tokio::sync::{Notify, watch};

/// Events read from the log at once.
const STEP: i64 = 200;
/// A typing that is not said again ends after this.
const TYPING: Duration = Duration::from_secs(6);
/// Typing is told once in this time, at most.
const TYPING_TOLD: Duration = Duration::from_secs(1);
/// A tail that nobody follows is kept this long, for those who come right back.
const REST: Duration = Duration::from_secs(60);

/// One room's tail on this node.
pub struct Tail {
    pub room: RoomId,
    state: Mutex<State>,
    wake: Notify,
    pub(super) passed: watch::Sender<Seq>,
}

pub(super) struct State {
    /// The last seq that went through.
    pub(super) head: Seq,
    pub(super) ring: Ring,
    /// Hints: committed events that have not gone through yet.
    pub(super) hints: BTreeMap<Seq, Event>,
    /// The log may hold more than the hints say.
    pub(super) look: bool,
    pub(super) subs: Subs,
    pub(super) typing: HashMap<UserId, Instant>,
    pub(super) typing_changed: bool,
    pub(super) typing_told: Option<Instant>,
    pub(super) quiet_since: Instant,
    pub(super) stopped: bool,
}

/// How joining a tail went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// It follows; all that came before was put into its queue.
    Live,
    /// It was removed meanwhile, and got the log up to that.
    Gone,
    /// The tail does not reach back so far: read the log first.
    Behind,
}

impl Tail {
    /// A tail that stands at `head` and begins with a look into the log.
    pub(super) fn new(room: RoomId, head: Seq, ring: Ring) -> Arc<Tail> {
        let state = State {
            head,
            ring,
            hints: BTreeMap::new(),
            look: true,
            subs: Subs::default(),
            typing: HashMap::new(),
            typing_changed: false,
            typing_told: None,
            quiet_since: Instant::now(),
            stopped: false,
        };
        Arc::new(Tail { room, state: Mutex::new(state), wake: Notify::new(), passed: watch::channel(head).0 })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A committed event, to be followed by a wake-up. Losing either would only cost time.
    pub(super) fn hint(&self, event: Event) {
        let mut state = self.state();
        if event.seq > state.head {
            state.hints.insert(event.seq, event);
        }
    }

    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// The log may have grown: read it.
    pub(super) fn look(&self) {
        self.state().look = true;
        self.wake.notify_one();
    }

    /// Where the tail stands: only for a bug on purpose.
    pub fn newest(&self) -> Seq {
        self.head()
    }

    pub(super) fn head(&self) -> Seq {
        self.state().head
    }

    /// Waits until this seq has gone through.
    pub(super) async fn passed(&self, seq: Seq) {
        let mut passed = self.passed.subscribe();
        // A tail that is stopped has nobody left to tell.
        let _ = passed.wait_for(|head| *head >= seq).await;
    }

    /// Goes over the log until the hub lets go of the tail.
    pub(super) async fn run(tail: Weak<Tail>, core: Weak<Core>) {
        loop {
            let (Some(this), Some(core)) = (tail.upgrade(), core.upgrade()) else { return };
            let mut pace = Pace::default();
            loop {
                let waiting = this.state().hints.len();
                if let Some(wait) = pace.wait(waiting) {
                    tokio::time::sleep(wait).await;
                }
                let Some(events) = this.next(&core).await else { break };
                this.pass(&core, events, &mut pace).await;
            }
            drop(core);
            this.wake.notified().await;
            if this.state().stopped {
                return;
            }
        }
    }

    /// The next events, from the hints or from the log; none where there is nothing more for now.
    async fn next(&self, core: &Arc<Core>) -> Option<Vec<Event>> {
        let head = {
            let mut state = self.state();
            let batch = state.batch();
            if !batch.is_empty() {
                return Some(batch);
            }
            if state.hints.is_empty() && !state.look {
                return None;
            }
            state.look = false;
            state.head
        };
        let room = self.room;
        let read = core.store.read(move |tx| Box::pin(async move { log::after(tx, room, head, STEP).await }));
        let events = match read.await {
            Ok(events) => events,
            Err(error) => {
                // The next look, within two seconds, tries again.
                tracing::warn!(%room, %error, "a tail could not read its log");
                return None;
            }
        };
        // Nothing there: a hint came before its predecessors can be read. They come with a later look.
        let first = events.first()?.seq;
        let mut state = self.state();
        if first != head.next() {
            tracing::error!(%room, %head, %first, "the log has a hole");
            state.head = Seq(first.0 - 1);
        }
        state.look = i64::try_from(events.len()).is_ok_and(|read| read == STEP);
        for event in events {
            state.hints.insert(event.seq, event);
        }
        Some(state.batch())
    }

    /// Follows from `cursor` on, once membership was read at or after it. All at once: what the ring holds, then
    /// everything that comes.
    pub fn attach(&self, conn: &Arc<Conn>, cursor: Seq) -> Attached {
        let mut state = self.state();
        if state.subs.contains(conn.id) || conn.has_gone() {
            return Attached::Live;
        }
        if cursor < state.head {
            let Some(missed) = state.ring.after(cursor) else { return Attached::Behind };
            let missed: Vec<&Encoded> = missed.collect();
            // More than there is place for: it comes from the log, piece by piece, as the queue drains.
            if !conn.has_place(missed.iter().map(|encoded| encoded.frame.size())) {
                return Attached::Behind;
            }
            // What came last counts: whoever left and came back sees all of it, as every member does.
            let end = missed.iter().rposition(|encoded| concerns(&encoded.event.body, conn.user));
            let left = end.filter(|at| matches!(missed[*at].event.body, Body::Left { .. }));
            let missed = &missed[..left.map_or(missed.len(), |at| at + 1)];
            let frames: Vec<Frame> = missed.iter().map(|encoded| encoded.frame.clone()).collect();
            Frame::pieces(&frames).into_iter().for_each(|piece| conn.push(piece));
            if left.is_some() {
                conn.tell(&ServerFrame::Gone { room: self.room });
                return Attached::Gone;
            }
        }
        // A cursor ahead of the tail was read from the log after it: what lies between is not told twice.
        let from = cursor.max(state.head);
        state.subs.insert(Sub { conn: Arc::clone(conn), from });
        Attached::Live
    }

    pub(super) fn detach(&self, conn: u64) {
        let mut state = self.state();
        state.subs.remove(conn);
        state.quiet_since = Instant::now();
    }

    pub(super) fn follows(&self, conn: u64) -> bool {
        self.state().subs.contains(conn)
    }

    /// The server keeps no history any more.
    pub(super) fn forget_history(&self) {
        self.state().ring.supersede_all();
    }

    /// A frame for one that follows the room; false where it does not. Under the lock: nothing after a removal.
    pub(super) fn push_to(&self, conn: u64, frame: &Frame) -> bool {
        let state = self.state();
        state.subs.get(conn).map(|sub| sub.conn.push(frame.clone())).is_some()
    }

    /// Somebody who follows the room is typing.
    pub(super) fn typing(&self, conn: &Conn) -> bool {
        let mut state = self.state();
        if !state.subs.contains(conn.id) {
            return false;
        }
        let new = state.typing.insert(conn.user, Instant::now() + TYPING).is_none();
        state.typing_changed |= new;
        true
    }

    /// Tells those who show the room's typing, where it changed.
    pub(super) fn tell_typing(&self, watching: impl Fn(u64, RoomId) -> bool) {
        let mut state = self.state();
        let before = state.typing.len();
        let now = Instant::now();
        state.typing.retain(|_, until| *until > now);
        state.typing_changed |= state.typing.len() != before;
        if !state.typing_changed || state.typing_told.is_some_and(|told| told.elapsed() < TYPING_TOLD) {
            return;
        }
        state.typing_changed = false;
        state.typing_told = Some(now);
        let frame = Frame::json(&ServerFrame::Typing { room: self.room, users: state.who_types() });
        for sub in state.subs.iter().filter(|sub| watching(sub.conn.id, self.room)) {
            sub.conn.push(frame.clone());
        }
    }

    /// Tells one who begins to show the room, where anybody is typing.
    pub(super) fn tell_typing_to(&self, conn: &Conn) {
        let state = self.state();
        if !state.typing.is_empty() && state.subs.contains(conn.id) {
            conn.push(Frame::json(&ServerFrame::Typing { room: self.room, users: state.who_types() }));
        }
    }

    /// Whether nobody has needed it for a while.
    pub(super) fn rests(&self) -> bool {
        let state = self.state();
        state.subs.is_empty() && state.quiet_since.elapsed() > REST
    }

    /// Lets the task see that the hub let go.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.wake.notify_one();
    }
}

/// Whether the event brings this person in or takes them out.
fn concerns(body: &Body, user: UserId) -> bool {
    matches!(body, Body::Joined { users } | Body::Left { users, .. } if users.contains(&user))
}

impl State {
    fn who_types(&self) -> Vec<UserId> {
        let mut users: Vec<UserId> = self.typing.keys().copied().collect();
        users.sort_unstable();
        users
    }
}
