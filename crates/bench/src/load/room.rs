//! A room of the load: which of its messages are on their way, and who has yet to get each.

use super::spec::RoomSpec;
use super::text::Mark;
use std::ops::Range;
use std::time::{Duration, Instant};

struct Message {
    at: Instant,
    /// How many have yet to get it.
    left: usize,
}

/// A message that the server says it keeps.
#[derive(Clone, Copy)]
pub struct Acked {
    pub writer: usize,
    pub n: usize,
    pub seq: u64,
}

pub struct Room {
    pub name: String,
    /// Who is in it; the first of them write.
    pub clients: Range<usize>,
    pub writers: usize,
    pub probe: bool,
    /// A message is at its end when it is acknowledged, not when everybody has it.
    pub by_ack: bool,
    /// How many of the clients are to get each message.
    pub listeners: usize,
    echoes: bool,
    /// Of each writer, all that it ever sent.
    sent: Vec<Vec<Message>>,
    turn: usize,
    pub outstanding: usize,
    pub kept: Vec<Acked>,
}

impl Room {
    pub fn new(spec: &RoomSpec, first: usize, echoes: bool) -> Room {
        Room {
            name: spec.name.clone(),
            clients: first..first + spec.members.len(),
            writers: spec.writers,
            probe: spec.probe,
            by_ack: spec.probe,
            listeners: spec.members.len(),
            echoes,
            sent: (0..spec.writers).map(|_| Vec::new()).collect(),
            turn: 0,
            outstanding: 0,
            kept: Vec::new(),
        }
    }

    /// The next message: who sends it, and which it is.
    pub fn send(&mut self, room: usize, at: Instant) -> (usize, Mark) {
        let writer = self.turn % self.writers;
        self.turn += 1;
        let left = self.listeners - usize::from(!self.echoes);
        self.sent[writer].push(Message { at, left });
        self.outstanding += 1;
        (self.clients.start + writer, Mark { room, writer, n: self.sent[writer].len() - 1 })
    }

    /// One more has it. Where that was the last: how long it took, if that is what it waited for.
    pub fn heard(&mut self, mark: Mark, now: Instant) -> Option<Duration> {
        let message = self.sent.get_mut(mark.writer)?.get_mut(mark.n)?;
        message.left = message.left.checked_sub(1)?;
        if message.left > 0 || self.by_ack {
            return None;
        }
        self.outstanding = self.outstanding.saturating_sub(1);
        Some(now - message.at)
    }

    /// The server keeps it. How long that took, if that is what it waited for.
    pub fn acked(&mut self, client: usize, n: usize, seq: u64, now: Instant) -> Option<Duration> {
        let writer = client.checked_sub(self.clients.start)?;
        let message = self.sent.get(writer)?.get(n)?;
        self.kept.push(Acked { writer, n, seq });
        if !self.by_ack {
            return None;
        }
        self.outstanding = self.outstanding.saturating_sub(1);
        Some(now - message.at)
    }

    /// How many messages were sent.
    pub fn messages(&self) -> usize {
        self.turn
    }

    /// How many of each writer this client is to have had.
    pub fn due(&self, client: usize) -> impl Iterator<Item = usize> + '_ {
        self.sent.iter().enumerate().map(move |(writer, sent)| {
            if !self.echoes && self.clients.start + writer == client { 0 } else { sent.len() }
        })
    }
}
