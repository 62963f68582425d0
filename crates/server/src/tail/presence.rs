//! Who is here: by real connections and what each says of its own idleness. Never stored.

use protocol::UserId;
use protocol::view::State;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Somebody whose last connection ended is offline only after this: a reload is no departure.
const GRACE: Duration = Duration::from_secs(3);

#[derive(Default)]
pub struct Presence {
    people: Mutex<People>,
}

#[derive(Default)]
struct People {
    here: HashMap<UserId, Person>,
    changed: HashSet<UserId>,
}

struct Person {
    /// Each connection, and whether nobody sits before it.
    conns: Vec<(u64, bool)>,
    /// When the last one ended.
    left: Option<Instant>,
    told: State,
}

impl Person {
    fn state(&self) -> State {
        match (self.conns.is_empty(), self.left) {
            (true, Some(left)) if left.elapsed() >= GRACE => State::Offline,
            // Until then they are what they were.
            (true, _) => self.told,
            (false, _) if self.conns.iter().all(|(_, away)| *away) => State::Away,
            (false, _) => State::Online,
        }
    }
}

impl Presence {
    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn came(&self, user: UserId, conn: u64) {
        let mut people = self.people();
        let person = people.here.entry(user).or_insert(Person { conns: Vec::new(), left: None, told: State::Offline });
        person.conns.push((conn, false));
        person.left = None;
        people.changed.insert(user);
    }

    pub fn went(&self, user: UserId, conn: u64) {
        let mut people = self.people();
        if let Some(person) = people.here.get_mut(&user) {
            person.conns.retain(|(id, _)| *id != conn);
            if person.conns.is_empty() {
                person.left = Some(Instant::now());
            }
            people.changed.insert(user);
        }
    }

    /// Whether somebody sits before this connection.
    pub fn away(&self, user: UserId, conn: u64, away: bool) {
        let mut people = self.people();
        let Some(person) = people.here.get_mut(&user) else { return };
        let Some(conn) = person.conns.iter_mut().find(|(id, _)| *id == conn) else { return };
        if std::mem::replace(&mut conn.1, away) != away {
            people.changed.insert(user);
        }
    }

    /// Whose state is not what was told last, and what it is now.
    pub fn changed(&self) -> Vec<(UserId, State)> {
        let mut people = self.people();
        let asked = std::mem::take(&mut people.changed);
        let mut changed = Vec::new();
        for user in asked {
            let Some(person) = people.here.get_mut(&user) else { continue };
            let state = person.state();
            if state != person.told {
                person.told = state;
                changed.push((user, state));
            }
            let waits = person.conns.is_empty() && state != State::Offline;
            if state == State::Offline {
                people.here.remove(&user);
            } else if waits {
                people.changed.insert(user);
            }
        }
        changed
    }

    pub fn here(&self) -> Vec<UserId> {
        let people = self.people();
        people.here.iter().filter(|(_, person)| person.state() != State::Offline).map(|(user, _)| *user).collect()
    }

    pub fn states(&self, users: impl Iterator<Item = UserId>) -> Vec<State> {
        let people = self.people();
        users.map(|user| people.here.get(&user).map_or(State::Offline, Person::state)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);

    #[test]
    fn a_person_is_as_present_as_their_most_present_device() {
        let presence = Presence::default();
        presence.came(ANA, 1);
        assert_eq!(presence.changed(), [(ANA, State::Online)]);
        presence.came(ANA, 2);
        presence.away(ANA, 1, true);
        assert_eq!(presence.changed(), []);
        presence.away(ANA, 2, true);
        assert_eq!(presence.changed(), [(ANA, State::Away)]);
        presence.went(ANA, 1);
        presence.away(ANA, 2, false);
        assert_eq!(presence.changed(), [(ANA, State::Online)]);
        assert_eq!(presence.states([ANA, UserId(2)].into_iter()), [State::Online, State::Offline]);
    }

    #[test]
    fn a_reload_is_no_departure() {
        let presence = Presence::default();
        presence.came(ANA, 1);
        assert_eq!(presence.changed(), [(ANA, State::Online)]);
        presence.went(ANA, 1);
        assert_eq!(presence.changed(), []);
        presence.came(ANA, 2);
        assert_eq!(presence.changed(), []);
        assert_eq!(presence.here(), [ANA]);
    }
}
