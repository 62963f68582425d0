//! Whose presence and which rooms' typing each connection shows. Only of people one shares a room with, for as long as
//! one does: whom a connection asked for stays asked for.

use super::conn::Conn;
use super::hub::Hub;
use crate::core::Core;
use crate::wire::Frame;
use protocol::frame::ServerFrame;
use protocol::view::State;
use protocol::{RoomId, UserId};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::members;

#[derive(Default)]
pub struct Watches {
    state: Mutex<All>,
}

#[derive(Default)]
struct All {
    by_conn: HashMap<u64, Watch>,
    /// Who asked for this person.
    by_user: HashMap<UserId, HashSet<u64>>,
}

struct Watch {
    conn: Arc<Conn>,
    /// Whom it asked for.
    users: Vec<UserId>,
    /// Those of them who share a room with its person.
    known: HashSet<UserId>,
    rooms: Vec<RoomId>,
}

impl Watches {
    fn state(&self) -> MutexGuard<'_, All> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces what a connection asks for. Nobody is known yet.
    fn set(&self, conn: &Arc<Conn>, users: Vec<UserId>, rooms: Vec<RoomId>) {
        let mut state = self.state();
        state.remove(conn.id);
        for user in &users {
            state.by_user.entry(*user).or_default().insert(conn.id);
        }
        state.by_conn.insert(conn.id, Watch { conn: Arc::clone(conn), users, known: HashSet::new(), rooms });
    }

    /// Whom a connection asks for, and the number of this question.
    fn asked(&self, conn: &Conn) -> Option<(u64, Vec<UserId>)> {
        let state = self.state();
        let watch = state.by_conn.get(&conn.id)?;
        Some((conn.next_watch(), watch.users.clone()))
    }

    /// Notes who of them share a room, unless somebody asked later: what is read last counts. Answers who did not before.
    fn know(&self, conn: &Conn, number: u64, known: Vec<UserId>) -> Vec<UserId> {
        let mut state = self.state();
        let Some(watch) = state.by_conn.get_mut(&conn.id).filter(|_| conn.is_newest_watch(number)) else {
            return Vec::new();
        };
        let before = std::mem::replace(&mut watch.known, known.iter().copied().collect());
        known.into_iter().filter(|user| !before.contains(user)).collect()
    }

    pub(super) fn end(&self, conn: u64) {
        self.state().remove(conn);
    }

    /// Whether a connection shows the typing of a room.
    pub(super) fn shows(&self, conn: u64, room: RoomId) -> bool {
        self.state().by_conn.get(&conn).is_some_and(|watch| watch.rooms.contains(&room))
    }

    pub(super) fn tell_presence(&self, changed: &[(UserId, State)]) {
        let state = self.state();
        let mut frames: HashMap<u64, Vec<(UserId, State)>> = HashMap::new();
        for (user, is) in changed {
            for conn in state.by_user.get(user).into_iter().flatten() {
                if state.by_conn.get(conn).is_some_and(|watch| watch.known.contains(user)) {
                    frames.entry(*conn).or_default().push((*user, *is));
                }
            }
        }
        for (conn, users) in frames {
            if let Some(watch) = state.by_conn.get(&conn) {
                watch.conn.push(Frame::json(&ServerFrame::Presence { users }));
            }
        }
    }

    /// Whose view may change where these people came to a room, or went from one: who asked for them, and those of their
    /// own connections (`own`) that ask for others.
    fn concerned(&self, users: &[UserId], own: &[Arc<Conn>], came: bool) -> Vec<Arc<Conn>> {
        let state = self.state();
        let changes = |watch: &Watch, user: &UserId| watch.known.contains(user) != came;
        let mut concerned: HashMap<u64, &Watch> = HashMap::new();
        for watch in own.iter().filter_map(|conn| state.by_conn.get(&conn.id)) {
            if watch.users.iter().any(|user| changes(watch, user)) {
                concerned.insert(watch.conn.id, watch);
            }
        }
        for user in users {
            let asking = state.by_user.get(user).into_iter().flatten().filter_map(|conn| state.by_conn.get(conn));
            concerned.extend(asking.filter(|watch| changes(watch, user)).map(|watch| (watch.conn.id, watch)));
        }
        concerned.into_values().map(|watch| Arc::clone(&watch.conn)).collect()
    }
}

impl All {
    fn remove(&mut self, conn: u64) {
        let Some(watch) = self.by_conn.remove(&conn) else { return };
        for user in watch.users {
            self.forget(user, conn);
        }
    }

    fn forget(&mut self, user: UserId, conn: u64) {
        if let Some(conns) = self.by_user.get_mut(&user) {
            conns.remove(&conn);
            if conns.is_empty() {
                self.by_user.remove(&user);
            }
        }
    }
}

impl Hub {
    /// Shows a connection these people and rooms from now on, and says at once how they are.
    ///
    /// # Errors
    /// The database failed.
    pub async fn watch(
        &self,
        core: &Core,
        conn: &Arc<Conn>,
        users: Vec<UserId>,
        rooms: Vec<RoomId>,
    ) -> Result<(), store::Error> {
        // Before the database is asked: whoever comes to a room meanwhile is asked about again.
        self.watches.set(conn, users, rooms.clone());
        // It may have ended before.
        if conn.is_closed() {
            self.watches.end(conn.id);
        }
        self.look_around(core, conn).await?;
        for room in rooms {
            self.tell_typing_to(conn, room);
        }
        Ok(())
    }

    /// Reads who of those that a connection asks for share a room with its person now, and tells how those are who did not before.
    async fn look_around(&self, core: &Core, conn: &Arc<Conn>) -> Result<(), store::Error> {
        let Some((number, users)) = self.watches.asked(conn) else { return Ok(()) };
        let me = conn.user;
        let known = core.store.read(move |tx| Box::pin(async move { members::acquainted(tx, me, &users).await }));
        let met = self.watches.know(conn, number, known.await?);
        let states = self.presence.states(met.iter().copied());
        let users: Vec<_> = met.into_iter().zip(states).collect();
        if !users.is_empty() {
            conn.tell(&ServerFrame::Presence { users });
        }
        Ok(())
    }

    /// These people came to a room, or went from one: whoever shares one with them now sees them, and whoever shares none
    /// any more does not.
    pub(super) fn people_moved(&self, core: &Arc<Core>, users: &[UserId], came: bool) {
        let own: Vec<Arc<Conn>> = users.iter().flat_map(|user| self.conns_of(*user)).collect();
        let concerned = self.watches.concerned(users, &own, came);
        if concerned.is_empty() {
            return;
        }
        let core = Arc::clone(core);
        tokio::spawn(async move {
            for conn in concerned {
                if let Err(error) = core.hub.look_around(&core, &conn).await {
                    // Shown less is safe, shown more is not.
                    core.hub.watches.end(conn.id);
                    tracing::warn!(%error, "a watch could not be read again");
                }
            }
        });
    }
}
