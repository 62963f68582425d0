//! All tails and connections of this node.

use super::conn::{Conn, Sink};
use super::facts::Facts;
use super::presence::Presence;
use super::ring::Ring;
use super::room::Tail;
use super::watch::Watches;
use crate::core::Core;
use crate::quiet;
use crate::room::Cursors;
use crate::wire::Frame;
use protocol::frame::ServerFrame;
use protocol::ids::SessionId;
use protocol::view::{Quiet, State};
use protocol::{Body, Close, Event, Limits, RoomId, Seq, UserId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak};
use std::time::Duration;
use store::{Committed, members, planted, rooms};

/// How long the end of a session waits for a write that has begun.
const LAST_WRITE: Duration = Duration::from_millis(900);

/// Pings go out in so many parts, not to everybody at once.
const BEATS: u64 = 50;

/// Looks after the last typing: enough for the longest one to end, and to be told.
const TYPING_LOOKS: u64 = 50;

type OnEvent = Box<dyn Fn(&Event) + Send + Sync>;

/// Everybody who is connected, and every tail.
pub struct Hub {
    limits: Limits,
    core: OnceLock<Weak<Core>>,
    tails: Mutex<HashMap<RoomId, Arc<Tail>>>,
    people: Mutex<HashMap<UserId, Vec<Arc<Conn>>>>,
    next_conn: AtomicU64,
    /// Bytes in all rings.
    rings: Arc<AtomicUsize>,
    /// What [`rooms::moved`] is asked with next.
    moved: AtomicI64,
    pub(super) presence: Presence,
    pub(super) watches: Watches,
    pub(super) facts: Facts,
    on_event: RwLock<Vec<OnEvent>>,
    stopping: AtomicBool,
    /// Older texts are kept, as far as this node knows.
    history: AtomicBool,
    /// Looks for typing that are still worth it: none where nobody typed lately.
    typing_looks: AtomicU64,
}

impl Hub {
    pub fn new(limits: Limits) -> Hub {
        Hub {
            limits,
            core: OnceLock::new(),
            tails: Mutex::default(),
            people: Mutex::default(),
            next_conn: AtomicU64::new(1),
            rings: Arc::default(),
            moved: AtomicI64::new(0),
            presence: Presence::default(),
            watches: Watches::default(),
            facts: Facts::default(),
            on_event: RwLock::default(),
            stopping: AtomicBool::new(false),
            history: AtomicBool::new(true),
            typing_looks: AtomicU64::new(0),
        }
    }

    /// Gives the hub what it reads from, and says where the log stands.
    pub fn start(&self, core: &Arc<Core>, fact: Seq, moved: i64) {
        let _ = self.core.set(Arc::downgrade(core));
        self.facts.begin(fact);
        self.moved.store(moved, Ordering::Relaxed);
    }

    pub(super) fn keeps_history(&self) -> bool {
        self.history.load(Ordering::SeqCst)
    }

    /// The server keeps older texts, or none: then those in memory go too.
    pub fn keep_history(&self, keeps: bool) {
        // First told, then done: an edit that a tail takes meanwhile is seen by one of the two.
        self.history.store(keeps, Ordering::SeqCst);
        if !keeps {
            let tails: Vec<Arc<Tail>> = self.tails().values().cloned().collect();
            for tail in tails {
                tail.forget_history();
            }
        }
    }

    fn tails(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<Tail>>> {
        self.tails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn people(&self) -> MutexGuard<'_, HashMap<UserId, Vec<Arc<Conn>>>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `listener` with each event that this node commits. A hint: it must not wait, and may miss some.
    pub fn on_event(&self, listener: OnEvent) {
        self.on_event.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Called by the writer after each commit: never waits.
    pub fn on_commit(&self, committed: Vec<Committed>, cursors: &Cursors) {
        // Told once all of it is there, so that it goes out together.
        let mut moved: HashMap<RoomId, Arc<Tail>> = HashMap::new();
        for committed in committed {
            match committed {
                Committed::Event(event) => {
                    for listener in self.on_event.read().unwrap_or_else(PoisonError::into_inner).iter() {
                        listener(&event);
                    }
                    if let Body::Left { users, .. } = &event.body {
                        cursors.forget(event.room, users);
                    }
                    if !planted::has("hints_dropped")
                        && let Some(tail) = self.hint(event)
                    {
                        moved.insert(tail.room, tail);
                    }
                }
                Committed::Following { room, root, users } => self.tell_following(room, root, users),
                Committed::Fact(_) => {
                    if !planted::has("hints_dropped") {
                        self.facts.wake();
                    }
                }
            }
        }
        for tail in moved.into_values() {
            tail.wake();
        }
    }

    /// The tail that has something to do now.
    fn hint(&self, event: Event) -> Option<Arc<Tail>> {
        let mut tail = self.tail_of(event.room);
        // Nobody follows yet: somebody who is connected may have joined.
        if tail.is_none()
            && let Body::Joined { users } = &event.body
            && self.any_connected(users)
        {
            tail = Some(self.tail(event.room, Seq(event.seq.0 - 1)));
        }
        tail.inspect(|tail| tail.hint(event))
    }

    pub(super) fn is_connected(&self, user: UserId) -> bool {
        self.people().contains_key(&user)
    }

    fn any_connected(&self, users: &[UserId]) -> bool {
        let people = self.people();
        users.iter().any(|user| people.contains_key(user))
    }

    /// The tail of a room; one that is new stands at `head`, which the log has reached.
    pub fn tail(&self, room: RoomId, head: Seq) -> Arc<Tail> {
        let mut tails = self.tails();
        if let Some(tail) = tails.get(&room) {
            return Arc::clone(tail);
        }
        let tail = Tail::new(room, head, Ring::new(&self.limits, Arc::clone(&self.rings)));
        tails.insert(room, Arc::clone(&tail));
        drop(tails);
        if let (Some(core), Ok(runtime)) = (self.core.get(), runtime(self)) {
            runtime.spawn(Tail::run(Arc::downgrade(&tail), core.clone()));
        }
        tail
    }

    /// Waits until this node's tail has handed the event to everybody who follows.
    pub async fn passed(&self, room: RoomId, seq: Seq) {
        let tail = self.tails().get(&room).cloned();
        if let Some(tail) = tail {
            if tail.head() < seq {
                tail.look();
            }
            tail.passed(seq).await;
        }
    }

    /// Asks the log which rooms moved: what a lost hint would have said. Lets go of tails that rest.
    pub async fn look(&self, core: &Arc<Core>) {
        self.facts.wake();
        let after = self.moved.load(Ordering::Relaxed);
        let moved = core.store.read(move |tx| Box::pin(async move { rooms::moved(tx, after).await }));
        match moved.await {
            Ok((rooms, next)) => {
                self.moved.store(next, Ordering::Relaxed);
                for (room, head) in rooms {
                    self.room_moved(core, room, head).await;
                }
            }
            Err(error) => tracing::warn!(%error, "the log could not be asked which rooms moved"),
        }
        self.tails().retain(|_, tail| {
            // Only the map and its own task hold it.
            let rests = tail.rests() && Arc::strong_count(tail) <= 2;
            if rests {
                tail.stop();
            }
            !rests
        });
    }

    async fn room_moved(&self, core: &Arc<Core>, room: RoomId, head: Seq) {
        let tail = self.tails().get(&room).cloned();
        if let Some(tail) = tail {
            if tail.head() < head {
                tail.look();
            }
            return;
        }
        if !planted::has("hints_dropped") && !core.store.is_postgres() {
            return;
        }
        // Another node wrote it: somebody who is connected here may have been brought in.
        let here: Vec<UserId> = self.people().keys().copied().collect();
        let members = core.store.read(move |tx| Box::pin(async move { members::among(tx, room, &here).await }));
        for user in members.await.unwrap_or_default() {
            let Ok(view) = crate::room::seen(core, user, room).await else { continue };
            let (at, frame) = (view.head, Frame::json(&ServerFrame::Room(Box::new(view))));
            for conn in self.conns_of(user) {
                if !conn.note_joined(room, at) {
                    conn.push(frame.clone());
                    self.tail(room, at).attach(&conn, at);
                }
            }
            self.people_moved(core, &[user], true);
        }
    }

    /// Takes a new connection in, unless this person has too many.
    ///
    /// # Errors
    /// How it is to be closed.
    pub fn connect(
        &self,
        user: UserId,
        session: SessionId,
        most: Option<u32>,
        sink: Arc<dyn Sink>,
    ) -> Result<Arc<Conn>, Close> {
        let id = self.next_conn.fetch_add(1, Ordering::Relaxed);
        let conn = Arc::new(Conn::new(id, user, session, self.limits.queue, sink));
        let mut people = self.people();
        if self.stopping.load(Ordering::Relaxed) {
            return Err(Close::Restart);
        }
        let conns = people.entry(user).or_default();
        if most.is_some_and(|most| conns.len() >= most as usize) {
            return Err(Close::TooManySockets);
        }
        conns.push(Arc::clone(&conn));
        drop(people);
        self.presence.came(user, id);
        Ok(conn)
    }

    /// Lets go of a connection. `rooms` are those that it may follow.
    pub fn disconnect(&self, conn: &Conn) {
        let mut people = self.people();
        if let Some(conns) = people.get_mut(&conn.user) {
            conns.retain(|other| other.id != conn.id);
            if conns.is_empty() {
                people.remove(&conn.user);
            }
        }
        drop(people);
        self.watches.end(conn.id);
        self.presence.went(conn.user, conn.id);
        let tails: Vec<Arc<Tail>> = self.tails().values().cloned().collect();
        for tail in tails {
            tail.detach(conn.id);
        }
    }

    pub(super) fn core(&self) -> Option<Arc<Core>> {
        self.core.get().and_then(Weak::upgrade)
    }

    pub(super) fn tail_of(&self, room: RoomId) -> Option<Arc<Tail>> {
        self.tails().get(&room).cloned()
    }

    pub(super) fn conns_of(&self, user: UserId) -> Vec<Arc<Conn>> {
        self.people().get(&user).cloned().unwrap_or_default()
    }

    pub(super) fn everybody(&self) -> Vec<Arc<Conn>> {
        self.people().values().flatten().cloned().collect()
    }

    /// Asks every connection whether somebody is there, a part of them at a time.
    pub async fn beat(&self) {
        for part in (0..BEATS).cycle() {
            tokio::time::sleep(Duration::from_millis(self.limits.ping_ms) / BEATS as u32).await;
            let turn: Vec<Arc<Conn>> = {
                let people = self.people();
                people.values().flatten().filter(|conn| conn.id % BEATS == part).cloned().collect()
            };
            turn.iter().for_each(|conn| conn.beat(self.limits.dead_ms));
        }
    }

    /// How many sockets are open.
    pub fn connections(&self) -> usize {
        self.people().values().map(Vec::len).sum()
    }

    /// Waits until nobody is connected any more, at most so long.
    pub async fn emptied(&self, most: Duration) {
        let each = async {
            for conn in self.everybody() {
                conn.is_gone().await;
            }
        };
        let _ = tokio::time::timeout(most, each).await;
    }

    /// A frame for all devices of a person, `but` the one that caused it.
    pub fn to_person(&self, user: UserId, frame: &ServerFrame, but: Option<u64>) {
        let frame = Frame::json(frame);
        for conn in self.conns_of(user).iter().filter(|conn| Some(conn.id) != but) {
            conn.push(frame.clone());
        }
    }

    /// Many frames for all devices of a person: put into each queue as it drains, not all at once.
    pub fn to_person_gently(&self, user: UserId, frames: impl Iterator<Item = ServerFrame>) {
        let frames: Arc<[Frame]> = frames.map(|frame| Frame::json(&frame)).collect();
        for conn in self.conns_of(user) {
            let frames = Arc::clone(&frames);
            tokio::spawn(async move {
                for frame in frames.iter() {
                    conn.has_room().await;
                    if conn.is_closed() {
                        return;
                    }
                    conn.push(frame.clone());
                }
            });
        }
    }

    /// A frame for everybody who is connected.
    pub fn to_everybody(&self, frame: &ServerFrame) {
        let frame = Frame::json(frame);
        for conn in self.everybody() {
            conn.push(frame.clone());
        }
    }

    /// Ends the sockets of a session, and waits until none of them writes any more.
    pub async fn end_session(&self, user: UserId, session: SessionId) {
        let conns = self.conns_of(user);
        let ended: Vec<_> = conns.into_iter().filter(|conn| conn.session == session).collect();
        Self::end(ended).await;
    }

    /// Ends all sockets of a person, and waits until none of them writes any more.
    pub async fn end_person(&self, user: UserId) {
        Self::end(self.conns_of(user)).await;
    }

    async fn end(conns: Vec<Arc<Conn>>) {
        for conn in &conns {
            conn.close(Close::SessionOver);
        }
        for conn in conns {
            // A peer that reads nothing cannot hold the answer up: its connection is cut.
            let _ = tokio::time::timeout(LAST_WRITE, conn.is_gone()).await;
        }
    }

    /// Somebody types in a room that this connection follows; false where it does not follow it.
    pub fn typing(&self, conn: &Conn, room: RoomId) -> bool {
        let tail = self.tails().get(&room).cloned();
        self.typing_looks.store(TYPING_LOOKS, Ordering::Relaxed);
        tail.is_some_and(|tail| tail.typing(conn))
    }

    /// Tells one who begins to show a room who is typing there.
    pub(super) fn tell_typing_to(&self, conn: &Conn, room: RoomId) {
        let tail = self.tails().get(&room).cloned();
        if let Some(tail) = tail {
            tail.tell_typing_to(conn);
        }
    }

    /// Nobody sits before this connection, or somebody does again.
    pub fn away(&self, conn: &Conn, away: bool) {
        self.presence.away(conn.user, conn.id, away);
    }

    /// A device was greeted with this.
    pub fn greeted(&self, user: UserId, quiet: &Quiet) {
        self.presence.greeted(user, quiet, quiet::now());
    }

    /// Tells presence to who watches it, and people of their own quiet times.
    pub fn tell_presence(&self) {
        self.presence.turned(quiet::now(), |user, quiet, dnd| self.tell_quiet(user, quiet, dnd));
        let changed = self.presence.changed();
        if !changed.is_empty() {
            self.watches.tell_presence(&changed);
        }
    }

    pub(super) fn tell_quiet(&self, user: UserId, quiet: Quiet, dnd: bool) {
        self.to_person(user, &ServerFrame::Quiet { quiet: Box::new(quiet), dnd }, None);
    }

    /// Tells typing to who shows it.
    pub fn tell_typing(&self) {
        let looks = self.typing_looks.load(Ordering::Relaxed);
        if looks == 0 {
            return;
        }
        self.typing_looks.store(looks - 1, Ordering::Relaxed);
        let tails: Vec<Arc<Tail>> = self.tails().values().cloned().collect();
        for tail in tails {
            tail.tell_typing(|conn, room| self.watches.shows(conn, room));
        }
    }

    /// Who is not offline.
    pub fn here(&self) -> Vec<UserId> {
        self.presence.here()
    }

    /// Whether each of these people is here.
    pub fn states(&self, users: impl Iterator<Item = UserId>) -> Vec<State> {
        self.presence.states(users)
    }

    /// Tells every socket to come back after a moment, spread out so that they do not all come at once.
    pub fn stop(&self, after_ms: u64) {
        self.stopping.store(true, Ordering::Relaxed);
        for (i, conn) in self.everybody().into_iter().enumerate() {
            conn.come_back(after_ms + (i as u64 * 7) % 2_000);
        }
    }
}

/// Tails are spawned from the writer's thread too, which has no runtime of its own.
pub(super) fn runtime(hub: &Hub) -> Result<tokio::runtime::Handle, tokio::runtime::TryCurrentError> {
    match hub.facts.runtime() {
        Some(handle) => Ok(handle),
        None => tokio::runtime::Handle::try_current(),
    }
}
