//! Whose presence and which rooms' typing each connection shows. Only of people one shares a room with.

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
    /// Who shows this person.
    by_user: HashMap<UserId, HashSet<u64>>,
}

struct Watch {
    conn: Arc<Conn>,
    users: Vec<UserId>,
    rooms: Vec<RoomId>,
}

impl Watches {
    fn state(&self) -> MutexGuard<'_, All> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces what a connection shows, unless it said something newer meanwhile.
    fn set(&self, conn: &Arc<Conn>, number: u64, users: Vec<UserId>, rooms: Vec<RoomId>) {
        let mut state = self.state();
        if !conn.is_newest_watch(number) {
            return;
        }
        state.remove(conn.id);
        for user in &users {
            state.by_user.entry(*user).or_default().insert(conn.id);
        }
        state.by_conn.insert(conn.id, Watch { conn: Arc::clone(conn), users, rooms });
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
                frames.entry(*conn).or_default().push((*user, *is));
            }
        }
        for (conn, users) in frames {
            if let Some(watch) = state.by_conn.get(&conn) {
                watch.conn.push(Frame::json(&ServerFrame::Presence { users }));
            }
        }
    }

    /// Takes people out of what a connection shows.
    fn narrow(&self, conn: u64, strangers: &[UserId]) {
        let mut state = self.state();
        let Some(watch) = state.by_conn.get_mut(&conn) else { return };
        watch.users.retain(|user| !strangers.contains(user));
        for user in strangers {
            state.forget(*user, conn);
        }
    }

    /// The watches that these people have, or that others have on them.
    fn concerning(&self, users: &[UserId]) -> Vec<(Arc<Conn>, Vec<UserId>)> {
        let state = self.state();
        let concerned =
            |watch: &&Watch| users.contains(&watch.conn.user) || watch.users.iter().any(|user| users.contains(user));
        let watches = state.by_conn.values().filter(concerned);
        watches.map(|watch| (Arc::clone(&watch.conn), watch.users.clone())).collect()
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
        // Frames of one client are done side by side: what it said last counts.
        let number = conn.next_watch();
        let me = conn.user;
        let known = core.store.read(move |tx| Box::pin(async move { members::acquainted(tx, me, &users).await }));
        let known = known.await?;
        self.watches.set(conn, number, known.clone(), rooms.clone());
        // It may have ended while the database was asked.
        if conn.is_closed() {
            self.watches.end(conn.id);
        }
        let states = self.presence.states(known.iter().copied());
        let users: Vec<_> = known.into_iter().zip(states).collect();
        if !users.is_empty() {
            conn.tell(&ServerFrame::Presence { users });
        }
        for room in rooms {
            self.tell_typing_to(conn, room);
        }
        Ok(())
    }

    /// These people left a room: whoever shares none with them any more stops seeing them.
    pub(super) fn watches_may_have_ended(&self, core: &Arc<Core>, users: &[UserId]) {
        let concerned = self.watches.concerning(users);
        if concerned.is_empty() {
            return;
        }
        let core = Arc::clone(core);
        tokio::spawn(async move {
            for (conn, users) in concerned {
                let (me, asked) = (conn.user, users.clone());
                let read =
                    core.store.read(move |tx| Box::pin(async move { members::acquainted(tx, me, &asked).await }));
                match read.await {
                    Ok(known) => {
                        let strangers: Vec<UserId> = users.into_iter().filter(|user| !known.contains(user)).collect();
                        core.hub.watches.narrow(conn.id, &strangers);
                    }
                    Err(error) => {
                        // Shown less is safe, shown more is not.
                        core.hub.watches.end(conn.id);
                        tracing::warn!(%error, "a watch could not be read again");
                    }
                }
            }
        });
    }
}
