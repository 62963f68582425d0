//! One connected device: what waits for it, and why it was closed. What can go out at once does, from whoever has it to say;
//! only what a peer is too slow for waits, and the connection's own task goes on with it.

use crate::wire::{self, Frame};
use protocol::frame::ServerFrame;
use protocol::ids::SessionId;
use protocol::{Close, RoomId, Seq, UserId};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;

/// What a frame costs beside its bytes: its place in the queue.
const OVERHEAD: usize = 32;
/// Frames that go out in one write, at most.
const JOINED: usize = 64;

/// Where a connection's bytes go.
pub trait Sink: Send + Sync {
    /// Sends as much of it as can be taken now, without asking whether anything can.
    ///
    /// # Errors
    /// `WouldBlock` where nothing can; else the peer is gone.
    fn try_send(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Writes as much of it as can be taken now: never waits.
    ///
    /// # Errors
    /// `WouldBlock` where nothing can; else the peer is gone.
    fn try_write(&self, parts: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Brings what it needs near to the processor.
    fn touch(&self) {}
}

/// A socket that has said hello.
pub struct Conn {
    pub id: u64,
    pub user: UserId,
    pub session: SessionId,
    limit: usize,
    sink: Arc<dyn Sink>,
    since: Instant,
    /// When something was heard last, in milliseconds since then.
    heard_ms: AtomicU64,
    state: Mutex<State>,
    /// Something waits that could not be written, or it was closed.
    pub wake: Notify,
    /// Something that waited was written.
    drained: Notify,
    /// Its last write is over.
    gone: Notify,
}

#[derive(Default)]
struct State {
    /// What is put into the queue before the welcome waits for it.
    welcomed: bool,
    /// How often the client said what it shows.
    watches: u64,
    queue: VecDeque<Frame>,
    /// What of the first in the queue went out already.
    begun: usize,
    bytes: usize,
    /// It was waited for in vain, and its queue is as full since.
    stands: bool,
    close: Option<(Close, String)>,
    gone: bool,
    /// Rooms joined while the greeting was on its way; `None` once it is out.
    joined: Option<Vec<(RoomId, Seq)>>,
    /// Messages of this client, by their room and `client_id`, that it was not told the outcome of.
    owed: Vec<(RoomId, Box<str>)>,
}

/// How far what waits went out.
#[derive(Debug, PartialEq, Eq)]
pub enum Flushed {
    /// Nothing waits any more.
    All,
    /// The peer takes nothing more for now.
    Blocked,
    /// The peer is gone.
    Broken,
    Closed(Close, String),
}

impl Conn {
    pub fn new(id: u64, user: UserId, session: SessionId, limit: usize, sink: Arc<dyn Sink>) -> Conn {
        let state = State { joined: Some(Vec::new()), ..State::default() };
        Conn {
            id,
            user,
            session,
            limit,
            sink,
            since: Instant::now(),
            heard_ms: AtomicU64::new(0),
            state: Mutex::new(state),
            wake: Notify::new(),
            drained: Notify::new(),
            gone: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says a frame after those that wait, at once where none does. A queue that is full closes the connection: it comes
    /// back with its cursors, and nobody else has waited for it.
    pub fn push(&self, frame: Frame) {
        self.say(self.state(), frame);
    }

    fn say(&self, mut state: MutexGuard<'_, State>, frame: Frame) {
        if state.close.is_some() {
            return;
        }
        let alone = state.queue.is_empty() && state.welcomed;
        // Nearly always all of it goes out: then nothing of it is kept.
        let written = if alone { self.sink.try_send(frame.bytes()).unwrap_or(0) } else { 0 };
        if written == frame.size() {
            return;
        }
        state.bytes += frame.size() + OVERHEAD;
        state.queue.push_back(frame);
        state.begun += written;
        if state.bytes > self.limit {
            shut(&mut state, Close::Slow, Close::Slow.reason().to_owned());
        } else if !alone {
            // The connection's task has been told of what waits before this.
            return;
        }
        drop(state);
        self.wake.notify_one();
        self.drained.notify_waiters();
    }

    /// Brings what [`Conn::push`] will look at near to the processor.
    pub fn touch(&self) {
        std::hint::black_box(self.state.is_poisoned());
        self.sink.touch();
    }

    /// Encodes a frame and says it after those that wait.
    pub fn tell(&self, frame: &ServerFrame) {
        self.push(Frame::json(frame));
    }

    /// A message of this client is on its way into the log: it is owed an `ack`.
    pub fn owes(&self, room: RoomId, client_id: &str) {
        self.state().owed.push((room, client_id.into()));
    }

    /// Whether the outcome of that message is owed still.
    pub fn is_owed(&self, room: RoomId, client_id: &str) -> bool {
        self.state().owed_at(room, client_id).is_some()
    }

    /// Whether the outcome of that message was owed still; whoever is told so tells it.
    pub fn settles(&self, room: RoomId, client_id: &str) -> bool {
        self.state().settles(room, client_id)
    }

    /// Says events of a room, and before them the answers that are owed still, in one write. What is settled is said under
    /// the same lock, so that nothing which follows an answer can come before it.
    pub fn push_answering(&self, room: RoomId, answers: &[(String, Frame)], events: &[Frame]) {
        let mut state = self.state();
        let mut frames: Vec<Frame> = Vec::with_capacity(answers.len() + events.len());
        for (client_id, answer) in answers {
            if state.settles(room, client_id) {
                frames.push(answer.clone());
            }
        }
        frames.extend_from_slice(events);
        let mut pieces = Frame::pieces(&frames).into_iter();
        if let Some(first) = pieces.next() {
            self.say(state, first);
        }
        pieces.for_each(|piece| self.push(piece));
    }

    /// The first frame. What came meanwhile is newer than what it says, and follows it.
    pub fn welcome(&self, frame: &ServerFrame) {
        let frame = Frame::json(frame);
        let mut state = self.state();
        if state.close.is_none() {
            state.bytes += frame.size() + OVERHEAD;
            state.queue.push_front(frame);
            state.welcomed = true;
            if self.write(&mut state) == Flushed::All {
                return;
            }
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Writes what waits, as far as the peer takes it.
    pub fn flush(&self) -> Flushed {
        let mut state = self.state();
        if let Some((why, reason)) = &state.close {
            return Flushed::Closed(*why, reason.clone());
        }
        if !state.welcomed {
            return Flushed::All;
        }
        let flushed = self.write(&mut state);
        drop(state);
        self.drained.notify_waiters();
        flushed
    }

    /// The peer said something.
    pub fn heard(&self) {
        self.heard_ms.store(self.age(), Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Asks whether somebody is there, unless there is something to say that tells as much. One that was silent for so
    /// long is taken for dead.
    pub fn beat(&self, dead_ms: u64) {
        if self.age().saturating_sub(self.heard_ms.load(Ordering::Relaxed)) > dead_ms {
            self.close(Close::Dead);
        } else if self.state().queue.is_empty() {
            self.push(wire::ping());
        }
    }

    /// Under the lock, so that nothing is written once it was closed.
    fn write(&self, state: &mut State) -> Flushed {
        while !state.queue.is_empty() {
            let mut parts = [IoSlice::new(&[]); JOINED];
            let mut many = 0;
            for (part, frame) in parts.iter_mut().zip(&state.queue) {
                let from = if many == 0 { state.begun } else { 0 };
                *part = IoSlice::new(&frame.bytes()[from..]);
                many += 1;
            }
            match self.sink.try_write(&parts[..many]) {
                Ok(0) => return Flushed::Broken,
                Ok(written) => {
                    state.written(written);
                    state.stands &= state.bytes >= self.limit / 2;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Flushed::Blocked,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Flushed::Broken,
            }
        }
        // Seldom needed again: nearly all goes out without it.
        state.queue = VecDeque::new();
        Flushed::All
    }

    /// It is read anew whom the client may see of those that it asked for: the number of that.
    pub fn next_watch(&self) -> u64 {
        let mut state = self.state();
        state.watches += 1;
        state.watches
    }

    /// Whether that was not begun again since.
    pub fn is_newest_watch(&self, number: u64) -> bool {
        self.state().watches == number
    }

    /// Closes: what waits is dropped, nothing more is taken.
    pub fn close(&self, why: Close) {
        self.close_saying(why, why.reason().to_owned());
    }

    /// Closes: the client is to come back after this time. The reason is the frame that says so.
    pub fn come_back(&self, after_ms: u64) {
        // Nothing in it can fail to serialise.
        let reason = serde_json::to_string(&ServerFrame::Restart { after_ms }).unwrap_or_default();
        self.close_saying(Close::Restart, reason);
    }

    fn close_saying(&self, why: Close, reason: String) {
        let mut state = self.state();
        if state.close.is_none() {
            shut(&mut state, why, reason);
        }
        drop(state);
        self.wake.notify_one();
        self.drained.notify_waiters();
    }

    pub fn is_closed(&self) -> bool {
        self.closing().is_some()
    }

    /// Why it was closed.
    pub fn closing(&self) -> Option<Close> {
        self.state().close.as_ref().map(|(why, _)| *why)
    }

    /// What remains of a frame whose write had begun when the connection was closed: before it is out, no other can be.
    pub fn remainder(&self) -> Vec<u8> {
        let mut state = self.state();
        let from = std::mem::take(&mut state.begun);
        state.queue.pop_front().map(|frame| frame.bytes()[from..].to_vec()).unwrap_or_default()
    }

    /// Whether half of the queue or more is used, of one who may yet take it.
    pub fn fills_up(&self) -> bool {
        let state = self.state();
        !state.stands && state.bytes >= self.limit / 2
    }

    /// It had its moment. Where its queue is as full after it, it has no other before that has changed.
    pub fn was_waited_for(&self) {
        let mut state = self.state();
        state.stands = state.bytes >= self.limit / 2;
    }

    /// Waits until less than half of the queue is used, or the connection was closed.
    pub async fn has_room(&self) {
        loop {
            let drained = self.drained.notified();
            tokio::pin!(drained);
            // Enabled before the look, so that a drain in between is not missed.
            drained.as_mut().enable();
            {
                let state = self.state();
                if state.close.is_some() || state.bytes < self.limit / 2 {
                    return;
                }
            }
            drained.await;
        }
    }

    /// Whether frames of these sizes could be put behind those that wait.
    pub fn has_place(&self, frames: impl Iterator<Item = usize>) -> bool {
        let more: usize = frames.map(|bytes| bytes + OVERHEAD).sum();
        self.state().bytes + more <= self.limit
    }

    /// The greeting is out: rooms that were joined in the meantime. Later ones go straight to their tail.
    pub fn greeted(&self) -> Vec<(RoomId, Seq)> {
        self.state().joined.take().unwrap_or_default()
    }

    /// Whether the greeting is still on its way.
    pub fn is_greeting(&self) -> bool {
        self.state().joined.is_some()
    }

    /// Notes a room that was joined while the greeting is on its way; false where it is out already.
    pub fn note_joined(&self, room: RoomId, seq: Seq) -> bool {
        match &mut self.state().joined {
            Some(joined) => {
                joined.push((room, seq));
                true
            }
            None => false,
        }
    }

    /// Says that no write of this connection will begin any more.
    pub fn went(&self) {
        self.state().gone = true;
        self.gone.notify_waiters();
    }

    /// Whether it went: nothing may begin to hold it any more.
    pub fn has_gone(&self) -> bool {
        self.state().gone
    }

    /// Waits for [`Conn::went`].
    pub async fn is_gone(&self) {
        loop {
            let gone = self.gone.notified();
            tokio::pin!(gone);
            gone.as_mut().enable();
            if self.state().gone {
                return;
            }
            gone.await;
        }
    }
}

impl State {
    fn owed_at(&self, room: RoomId, client_id: &str) -> Option<usize> {
        self.owed.iter().position(|(of, id)| *of == room && **id == *client_id)
    }

    fn settles(&mut self, room: RoomId, client_id: &str) -> bool {
        let at = self.owed_at(room, client_id);
        at.map(|at| self.owed.swap_remove(at)).is_some()
    }

    /// So many bytes went out.
    fn written(&mut self, mut bytes: usize) {
        while let Some(first) = self.queue.front() {
            let rest = first.size() - self.begun;
            if bytes < rest {
                self.begun += bytes;
                return;
            }
            bytes -= rest;
            self.bytes -= first.size() + OVERHEAD;
            self.begun = 0;
            self.queue.pop_front();
        }
    }
}

fn shut(state: &mut State, why: Close, reason: String) {
    let keep = usize::from(state.begun > 0);
    state.queue.truncate(keep);
    state.queue.shrink_to_fit();
    state.bytes = 0;
    state.close = Some((why, reason));
}

#[cfg(test)]
mod tests;
