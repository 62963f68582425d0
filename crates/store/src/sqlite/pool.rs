//! Threads that read: each has a connection of its own, and takes what is asked for in its order, every read in a snapshot
//! that begins after it was asked for.

use super::{connect, now};
use crate::Error;
use crate::tx::Tx;
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// So many, at most: they are begun when they are needed.
const READERS: usize = 4;
/// What is done in a snapshot, or told that there is none; it tells its outcome itself.
type Ask = Box<dyn FnOnce(Result<&mut Tx, Error>) + Send>;

pub(super) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    state: Mutex<State>,
    asked: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Ask>,
    threads: usize,
    /// Threads that wait for something to do.
    resting: usize,
    /// One of them has been woken and has not looked yet: it wakes the next where it finds more than one thing to do.
    waking: bool,
    closed: bool,
}

impl Pool {
    pub(super) fn new(path: PathBuf) -> Pool {
        Pool { shared: Arc::new(Shared { path, state: Mutex::default(), asked: Condvar::new() }) }
    }

    /// Runs `f` in a snapshot.
    pub(super) async fn read<R, E, F>(&self, f: F) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Tx) -> Result<R, E> + Send + 'static,
    {
        let (give, result) = oneshot::channel();
        self.ask(Box::new(move |tx| {
            // Whoever asked may have gone.
            if !give.is_closed() {
                let _ = give.send(tx.map_err(E::from).and_then(f));
            }
        }))?;
        result.await.unwrap_or_else(|_| Err(Error::Other("a read panicked".into()).into()))
    }

    fn ask(&self, ask: Ask) -> Result<(), Error> {
        let mut state = self.shared.state();
        state.queue.push_back(ask);
        let helped = self.shared.help(&mut state).inspect_err(|_| state.queue.clear());
        drop(state);
        if helped? {
            self.shared.asked.notify_one();
        }
        Ok(())
    }
}

impl Drop for Pool {
    /// What waits is still done; then the threads end.
    fn drop(&mut self) {
        self.shared.state().closed = true;
        self.shared.asked.notify_all();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that somebody comes to what waits: one that rests, else one more, as long as there may be more. Answers
    /// whether one that rests is to be woken: once the lock is let go, for which it would only wait.
    fn help(self: &Arc<Self>, state: &mut State) -> Result<bool, Error> {
        if state.resting > 0 {
            return Ok(!std::mem::replace(&mut state.waking, true));
        }
        if state.threads < READERS {
            let shared = Arc::clone(self);
            match std::thread::Builder::new().name("reader".into()).spawn(move || shared.run()) {
                Ok(_) => state.threads += 1,
                // Those that there are will come to it.
                Err(error) if state.threads > 0 => tracing::warn!(%error, "a thread could not be started"),
                Err(error) => return Err(Error::Other(format!("cannot start a thread: {error}"))),
            }
        }
        Ok(false)
    }

    /// Reads until it is closed.
    fn run(self: &Arc<Self>) {
        let mut tx = None;
        while let Some(ask) = self.next() {
            // A bug in one closure must not take a thread away that others need.
            if std::panic::catch_unwind(AssertUnwindSafe(|| snapshot(&mut tx, &self.path, ask))).is_err() {
                tx = None;
            }
        }
    }

    /// What is to be done next: rests until there is something; `None` where it is closed.
    fn next(self: &Arc<Self>) -> Option<Ask> {
        let mut state = self.state();
        loop {
            if let Some(ask) = state.queue.pop_front() {
                // It may take long: the next one does not wait for it.
                let more = !state.queue.is_empty() && self.help(&mut state).unwrap_or(false);
                drop(state);
                if more {
                    self.asked.notify_one();
                }
                return Some(ask);
            }
            if state.closed {
                return None;
            }
            state.resting += 1;
            state = self.asked.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.resting -= 1;
            state.waking = false;
        }
    }
}

/// Does it in a transaction of its own, on a connection that is opened where there is none.
fn snapshot(slot: &mut Option<Tx>, path: &Path, ask: Ask) {
    let tx = match slot {
        Some(tx) => tx,
        None => match connect(path, false) {
            Ok(conn) => slot.insert(Tx::sqlite(conn)),
            Err(error) => return ask(Err(error.into())),
        },
    };
    if let Err(error) = now(tx.control("BEGIN")) {
        *slot = None;
        return ask(Err(error));
    }
    ask(Ok(tx));
    // A reader's transaction has nothing to keep.
    let ended = now(tx.control("ROLLBACK"));
    tx.reset();
    if ended.is_err() {
        *slot = None;
    }
}
