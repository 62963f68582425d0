//! One connected device: what waits for it, and why it was closed.

use axum::extract::ws::Utf8Bytes;
use protocol::frame::ServerFrame;
use protocol::ids::SessionId;
use protocol::{Close, RoomId, Seq, UserId};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What a frame costs beside its text: its header, and its place in the queue.
const OVERHEAD: usize = 32;

/// A socket that has said hello.
pub struct Conn {
    pub id: u64,
    pub user: UserId,
    pub session: SessionId,
    limit: usize,
    state: Mutex<State>,
    /// Something waits, or it was closed.
    pub wake: Notify,
    /// Something was taken.
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
    queue: VecDeque<Utf8Bytes>,
    bytes: usize,
    close: Option<(Close, String)>,
    gone: bool,
    /// Rooms joined while the greeting was on its way; `None` once it is out.
    joined: Option<Vec<(RoomId, Seq)>>,
}

/// What a connection has to do next.
pub enum Taken {
    Nothing,
    Frames(VecDeque<Utf8Bytes>),
    Close(Close, String),
}

impl Conn {
    pub fn new(id: u64, user: UserId, session: SessionId, limit: usize) -> Conn {
        let state = State { joined: Some(Vec::new()), ..State::default() };
        Conn {
            id,
            user,
            session,
            limit,
            state: Mutex::new(state),
            wake: Notify::new(),
            drained: Notify::new(),
            gone: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a frame behind those that wait. A queue that is full closes the connection: it comes back with its
    /// cursors, and nobody else has waited for it.
    pub fn push(&self, frame: Utf8Bytes) {
        let mut state = self.state();
        if state.close.is_some() {
            return;
        }
        state.bytes += frame.len() + OVERHEAD;
        if state.bytes > self.limit {
            shut(&mut state, Close::Slow, Close::Slow.reason().to_owned());
        } else {
            state.queue.push_back(frame);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Encodes a frame and puts it behind those that wait.
    pub fn tell(&self, frame: &ServerFrame) {
        self.push(encode(frame));
    }

    /// The first frame. What came meanwhile is newer than what it says, and follows it.
    pub fn welcome(&self, frame: &ServerFrame) {
        let frame = encode(frame);
        let mut state = self.state();
        if state.close.is_none() {
            state.bytes += frame.len() + OVERHEAD;
            state.queue.push_front(frame);
            state.welcomed = true;
        }
        drop(state);
        self.wake.notify_one();
    }

    /// The client says anew what it shows: the number of that.
    pub fn next_watch(&self) -> u64 {
        let mut state = self.state();
        state.watches += 1;
        state.watches
    }

    /// Whether it has not said so again since.
    pub fn is_newest_watch(&self, number: u64) -> bool {
        self.state().watches == number
    }

    /// Closes: what waits is dropped, nothing more is taken.
    pub fn close(&self, why: Close) {
        self.close_saying(why, why.reason().to_owned());
    }

    /// Closes: the client is to come back after this time. The reason is the frame that says so.
    pub fn come_back(&self, after_ms: u64) {
        self.close_saying(Close::Restart, encode(&ServerFrame::Restart { after_ms }).to_string());
    }

    fn close_saying(&self, why: Close, reason: String) {
        let mut state = self.state();
        if state.close.is_none() {
            shut(&mut state, why, reason);
        }
        drop(state);
        self.wake.notify_one();
    }

    pub fn is_closed(&self) -> bool {
        self.closing().is_some()
    }

    /// Why it was closed.
    pub fn closing(&self) -> Option<Close> {
        self.state().close.as_ref().map(|(why, _)| *why)
    }

    /// Takes all that waits.
    pub fn take(&self) -> Taken {
        let mut state = self.state();
        if let Some((why, reason)) = &state.close {
            return Taken::Close(*why, reason.clone());
        }
        if state.queue.is_empty() || !state.welcomed {
            return Taken::Nothing;
        }
        state.bytes = 0;
        let frames = std::mem::take(&mut state.queue);
        drop(state);
        self.drained.notify_waiters();
        Taken::Frames(frames)
    }

    /// Whether half of the queue or more is used.
    pub fn is_half_full(&self) -> bool {
        self.state().bytes >= self.limit / 2
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

fn shut(state: &mut State, why: Close, reason: String) {
    state.queue = VecDeque::new();
    state.bytes = 0;
    state.close = Some((why, reason));
}

/// The JSON of a frame.
pub fn encode(frame: &impl Serialize) -> Utf8Bytes {
    // Nothing in a frame can fail to serialise; an empty object is a frame that clients ignore.
    serde_json::to_string(frame).unwrap_or_else(|_| "{}".to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conn(limit: usize) -> Conn {
        Conn::new(1, UserId(1), SessionId(1), limit)
    }

    #[test]
    fn a_full_queue_closes_and_holds_nothing() {
        let conn = conn(2 * (10 + OVERHEAD));
        conn.push("0123456789".into());
        conn.push("0123456789".into());
        assert!(!conn.is_closed());
        conn.push("0".into());
        assert!(matches!(conn.take(), Taken::Close(Close::Slow, _)));
        conn.push("later".into());
        assert!(matches!(conn.take(), Taken::Close(Close::Slow, _)));
    }

    #[test]
    fn the_welcome_comes_first() {
        let conn = conn(1000);
        conn.push("early".into());
        assert!(matches!(conn.take(), Taken::Nothing));
        conn.welcome(&ServerFrame::Pong);
        let Taken::Frames(frames) = conn.take() else { panic!("two frames wait") };
        assert_eq!(frames, [r#"{"t":"pong"}"#, "early"]);
    }

    #[test]
    fn nothing_is_written_after_a_close() {
        let conn = conn(1000);
        conn.push("a".into());
        conn.close(Close::SessionOver);
        conn.close(Close::Restart);
        assert!(matches!(conn.take(), Taken::Close(Close::SessionOver, _)));
    }
}
