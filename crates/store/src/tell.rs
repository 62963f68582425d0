//! Telling what was committed, in the order of each room's log.
//!
//! On PostgreSQL two lanes may append to one room (an account joins the first room in the server's lane). The
//! room's row, locked, orders their commits, but not what their tasks do after them; this does.

use crate::{Committed, OnCommit};
use protocol::RoomId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Teller {
    on_commit: OnCommit,
    rooms: Mutex<Rooms>,
}

#[derive(Default)]
struct Rooms {
    last: u64,
    waiting: HashMap<RoomId, VecDeque<Part>>,
}

/// What one transaction brings to one room.
struct Part {
    of: u64,
    committed: bool,
    what: Vec<Committed>,
}

/// A transaction that is about to commit. Dropped without [`Telling::tell`], it is never told.
pub(crate) struct Telling<'t> {
    teller: &'t Teller,
    number: u64,
    rooms: Vec<RoomId>,
}

impl Teller {
    pub(crate) fn new(on_commit: OnCommit) -> Teller {
        Teller { on_commit, rooms: Mutex::default() }
    }

    /// Takes the transaction's place in each of its rooms. Called while their rows are locked by it.
    pub(crate) fn note(&self, appended: Vec<Committed>) -> Telling<'_> {
        let mut rooms = self.lock();
        rooms.last += 1;
        let of = rooms.last;
        let mut concerned = Vec::new();
        for what in appended {
            let room = match &what {
                Committed::Event(event) => event.room,
                Committed::Following { room, .. } => *room,
                Committed::Fact(_) => RoomId::SERVER,
            };
            let queue = rooms.waiting.entry(room).or_default();
            match queue.back_mut() {
                Some(part) if part.of == of => part.what.push(what),
                _ => {
                    queue.push_back(Part { of, committed: false, what: vec![what] });
                    concerned.push(room);
                }
            }
        }
        Telling { teller: self, number: of, rooms: concerned }
    }

    fn lock(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Telling<'_> {
    /// Tells it, and what waited behind it; or leaves that to the transaction that it waits behind.
    pub(crate) fn tell(mut self) {
        self.settle(true);
    }

    fn settle(&mut self, committed: bool) {
        let mut rooms = self.teller.lock();
        let mut now = Vec::new();
        for room in std::mem::take(&mut self.rooms) {
            rooms.settle(room, self.number, committed, &mut now);
        }
        // Under the lock: the next one may not overtake.
        if !now.is_empty() {
            (self.teller.on_commit)(now);
        }
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.settle(false);
    }
}

impl Rooms {
    fn settle(&mut self, room: RoomId, number: u64, committed: bool, now: &mut Vec<Committed>) {
        let Some(queue) = self.waiting.get_mut(&room) else { return };
        if committed {
            queue.iter_mut().filter(|part| part.of == number).for_each(|part| part.committed = true);
        } else {
            queue.retain(|part| part.of != number);
        }
        while queue.front().is_some_and(|part| part.committed) {
            now.extend(queue.pop_front().into_iter().flat_map(|part| part.what));
        }
        if queue.is_empty() {
            self.waiting.remove(&room);
        }
    }
}
