//! The newest events of a room, in memory, for those who come back after a moment.

use crate::wire::Frame;
use protocol::frame::ServerFrame;
use protocol::{Body, Event, Limits, Seq};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An event with the bytes of its frame.
#[derive(Clone)]
pub struct Encoded {
    pub event: Arc<Event>,
    pub frame: Frame,
}

impl Encoded {
    pub fn new(event: Event) -> Encoded {
        let frame = ServerFrame::Event(event);
        let bytes = Frame::json(&frame);
        let ServerFrame::Event(event) = frame else { unreachable!("it was made an event two lines above") };
        Encoded { event: Arc::new(event), frame: bytes }
    }
}

/// Bounded in events and bytes; all rings together are bounded by `total`.
pub struct Ring {
    events: VecDeque<Encoded>,
    bytes: usize,
    most: usize,
    most_bytes: usize,
    most_total: usize,
    total: Arc<AtomicUsize>,
}

impl Ring {
    pub fn new(limits: &Limits, total: Arc<AtomicUsize>) -> Ring {
        Ring {
            events: VecDeque::new(),
            bytes: 0,
            most: limits.tail_events as usize,
            most_bytes: limits.tail_bytes,
            most_total: limits.tails_bytes,
            total,
        }
    }

    pub fn push(&mut self, event: Encoded) {
        self.grow(event.frame.size());
        self.events.push_back(event);
        while self.events.len() > self.most
            || (self.bytes > self.most_bytes && self.events.len() > 1)
            || (self.total.load(Ordering::Relaxed) > self.most_total && self.events.len() > 1)
        {
            if let Some(old) = self.events.pop_front() {
                self.shrink(old.frame.size());
            }
        }
    }

    /// The events that follow `seq`; `None` where the ring does not reach back so far.
    pub fn after(&self, seq: Seq) -> Option<impl Iterator<Item = &Encoded>> {
        let first = self.events.front()?.event.seq;
        if seq.next() < first {
            return None;
        }
        let skip = usize::try_from(seq.0 + 1 - first.0).unwrap_or(0);
        Some(self.events.iter().skip(skip))
    }

    /// Forgets the words of a deleted message: the same bytes that the log now gives take their place.
    pub fn erase(&mut self, deleted: &Event) {
        let Body::Deleted { target, .. } = deleted.body else { return };
        self.rewrite(|event| event.erase(target));
    }

    /// Forgets the words that an edit took the place of, where no history is kept.
    pub fn supersede(&mut self, edit: &Event) {
        self.rewrite(|event| event.supersede(edit));
    }

    /// Forgets all words that an edit took the place of: the server keeps no history any more.
    pub fn supersede_all(&mut self) {
        let edits = self.events.iter().filter(|encoded| matches!(encoded.event.body, Body::Edited { .. }));
        for edit in edits.map(|encoded| Arc::clone(&encoded.event)).collect::<Vec<_>>() {
            self.supersede(&edit);
        }
    }

    /// Gives every event that `change` changes fresh bytes.
    fn rewrite(&mut self, change: impl Fn(&mut Event) -> bool) {
        for i in 0..self.events.len() {
            let mut event = Event::clone(&self.events[i].event);
            if change(&mut event) {
                let fresh = Encoded::new(event);
                self.shrink(self.events[i].frame.size());
                self.grow(fresh.frame.size());
                self.events[i] = fresh;
            }
        }
    }

    fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.total.fetch_add(bytes, Ordering::Relaxed);
    }

    fn shrink(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.total.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::event::Said;
    use protocol::{RoomId, Time, UserId};

    fn message(seq: i64, text: &str) -> Encoded {
        let said = Said { text: Some(text.into()), ..Said::default() };
        let body = Body::Message {
            client_id: format!("c{seq}"),
            said,
            files: Vec::new(),
            thread: None,
            also: false,
            quote: None,
            forwarded: None,
        };
        Encoded::new(Event { room: RoomId(1), seq: Seq(seq), at: Time(0), author: UserId(1), body })
    }

    fn seqs(ring: &Ring, after: i64) -> Option<Vec<i64>> {
        ring.after(Seq(after)).map(|events| events.map(|e| e.event.seq.0).collect())
    }

    #[test]
    fn it_answers_only_for_what_it_holds() {
        let limits = Limits { tail_events: 3, ..Limits::default() };
        let total = Arc::new(AtomicUsize::new(0));
        let mut ring = Ring::new(&limits, Arc::clone(&total));
        assert_eq!(seqs(&ring, 0), None);
        for seq in 5..=9 {
            ring.push(message(seq, "x"));
        }
        assert_eq!(seqs(&ring, 5), None);
        assert_eq!(seqs(&ring, 6), Some(vec![7, 8, 9]));
        assert_eq!(seqs(&ring, 8), Some(vec![9]));
        assert_eq!(seqs(&ring, 9), Some(vec![]));
        drop(ring);
        assert_eq!(total.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn erased_words_are_gone_from_memory() {
        let mut ring = Ring::new(&Limits::default(), Arc::default());
        ring.push(message(1, "canary"));
        let body = Body::Deleted { target: Seq(1), thread: None };
        ring.erase(&Event { room: RoomId(1), seq: Seq(2), at: Time(0), author: UserId(1), body });
        let frames: Vec<_> = ring.after(Seq(0)).expect("held").map(|e| e.frame.texts().concat()).collect();
        assert_eq!(frames.len(), 1);
        assert!(!frames[0].contains("canary") && frames[0].contains("\"erased\":true"));
    }

    fn edit(seq: i64, text: &str, sole: bool) -> Encoded {
        let said = Said { text: Some(text.into()), ..Said::default() };
        let body = Body::Edited { target: Seq(1), said, sole };
        Encoded::new(Event { room: RoomId(1), seq: Seq(seq), at: Time(0), author: UserId(1), body })
    }

    #[test]
    fn words_that_an_edit_replaced_are_gone_from_memory_where_no_history_is_kept() {
        let total = Arc::default();
        let mut ring = Ring::new(&Limits::default(), Arc::clone(&total));
        let frames =
            |ring: &Ring| ring.after(Seq(0)).expect("held").map(|e| e.frame.texts().concat()).collect::<String>();
        ring.push(message(1, "first canary"));
        ring.push(edit(2, "second canary", false));
        ring.push(edit(3, "tea", false));
        assert_eq!(frames(&ring).matches("canary").count(), 2);
        ring.supersede_all();
        assert_eq!(frames(&ring).matches("canary").count(), 0);
        assert_eq!(frames(&ring).matches("\"superseded\":true").count(), 2);
        assert!(frames(&ring).contains("tea"));
        let last = edit(4, "cake", true);
        ring.supersede(&last.event);
        ring.push(last);
        assert!(!frames(&ring).contains("tea") && frames(&ring).contains("cake"));
        let bytes: usize = ring.after(Seq(0)).expect("held").map(|e| e.frame.size()).sum();
        assert_eq!(total.load(Ordering::Relaxed), bytes);
    }
}
