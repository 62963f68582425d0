//! Whose token it is, remembered in memory, so that a request costs no look into the database. What is
//! remembered is forgotten as soon as log 0 says that it is no longer true.

use super::Token;
use crate::fault::Fault;
use futures_util::FutureExt;
use protocol::ids::SessionId;
use protocol::view::ServerRole;
use protocol::{Time, UserId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::sessions::Found;
use store::{Lane, Store};

/// When a session was last used is written once in so many milliseconds, not with each request.
const SEEN_EVERY: i64 = 5 * 60_000;
/// More than this are forgotten at once and read again as they come.
const MOST: usize = 100_000;

#[derive(Default)]
pub struct Sessions {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: HashMap<[u8; 32], Found>,
    /// Raised by each forgetting: what was read from the database before it must not be remembered after it.
    generation: u64,
    seen: HashMap<SessionId, Time>,
}

impl Sessions {
    /// The session of a token; `None` where it is over, unknown, or its person is banned.
    ///
    /// # Errors
    /// The database failed.
    pub async fn find(&self, store: &Store, token: &Token) -> Result<Option<(SessionId, UserId, ServerRole)>, Fault> {
        let hash = token.hash();
        let (known, generation) = {
            let state = self.state();
            (state.known.get(&hash).copied(), state.generation)
        };
        let found = match known {
            Some(found) => found,
            None => {
                let read: Option<Found> =
                    store.read(move |tx| async move { store::sessions::find(tx, &hash).await }.boxed()).await?;
                let Some(found) = read else { return Ok(None) };
                let mut state = self.state();
                if state.known.len() >= MOST {
                    state.known.clear();
                }
                if state.generation == generation {
                    state.known.insert(hash, found);
                }
                found
            }
        };
        self.note(&hash, found);
        Ok(Some((found.session, found.user, found.role)))
    }

    fn note(&self, hash: &[u8; 32], found: Found) {
        let now = now();
        if now.0 - found.last_seen_at.0 < SEEN_EVERY {
            return;
        }
        let mut state = self.state();
        if let Some(known) = state.known.get_mut(hash) {
            known.last_seen_at = now;
        }
        state.seen.insert(found.session, now);
    }

    /// A session is over.
    pub fn ended(&self, session: SessionId) {
        self.forget(|found| found.session == session);
    }

    /// Something about a person changed that a session shows: role, ban.
    pub fn user_changed(&self, user: UserId) {
        self.forget(|found| found.user == user);
    }

    /// Everything may have changed: log 0 was read with a gap.
    pub fn forget_all(&self) {
        self.forget(|_| true);
    }

    fn forget(&self, which: impl Fn(&Found) -> bool) {
        let mut state = self.state();
        state.generation += 1;
        state.known.retain(|_, found| !which(found));
    }

    /// Writes down which sessions were used since the last time.
    ///
    /// # Errors
    /// The database failed; it is tried again with the next uses.
    pub async fn write_seen(&self, store: &Store) -> Result<(), Fault> {
        let seen: Vec<_> = std::mem::take(&mut self.state().seen).into_iter().collect();
        if seen.is_empty() {
            return Ok(());
        }
        store
            .write(Lane::Personal, move |tx| {
                async move { Ok::<_, Fault>(store::sessions::seen(tx, &seen).await?) }.boxed()
            })
            .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> Time {
    Time(jiff::Timestamp::now().as_millisecond())
}
