//! Who is here: by real connections and what each says of its own idleness; and who of them is not to be disturbed.
//! Never stored.

use crate::quiet;
use protocol::view::{Quiet, State};
use protocol::{Time, UserId};
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
    /// When the clock next begins or ends a quiet time of anybody here.
    due: Option<Time>,
}

struct Person {
    /// Each connection, and whether nobody sits before it.
    conns: Vec<(u64, bool)>,
    /// When the last one ended.
    left: Option<Instant>,
    told: State,
    /// Not known before their first device was greeted.
    rest: Option<Rest>,
}

/// Whether somebody is not to be disturbed, and when the clock changes that.
struct Rest {
    dnd: bool,
    due: Option<Time>,
    /// Kept where it will be needed again.
    quiet: Option<Box<Quiet>>,
}

impl Rest {
    fn of(quiet: &Quiet, dnd: bool, now: Time) -> Rest {
        let due = quiet::next_change(quiet, now);
        Rest { dnd, due, quiet: due.map(|_| Box::new(quiet.clone())) }
    }
}

impl Person {
    fn state(&self) -> State {
        match (self.conns.is_empty(), self.left) {
            (true, Some(left)) if left.elapsed() >= GRACE => State::Offline,
            // Until then they are what they were.
            (true, _) => self.told,
            (false, _) if self.rest.is_none() => self.told,
            (false, _) if self.rest.as_ref().is_some_and(|rest| rest.dnd) => State::Dnd,
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
        let unseen = || Person { conns: Vec::new(), left: None, told: State::Offline, rest: None };
        let person = people.here.entry(user).or_insert_with(unseen);
        if person.conns.is_empty() {
            // What was known of them may have changed while nobody listened for them.
            person.rest = None;
        }
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

    /// What the greeting of a device read: older than whatever was heard meanwhile.
    pub fn greeted(&self, user: UserId, quiet: &Quiet, now: Time) {
        let mut people = self.people();
        if people.here.get(&user).is_some_and(|person| person.rest.is_none()) {
            people.rest(user, quiet, quiet::is_quiet(quiet, now), now);
        }
    }

    /// What somebody who is here wishes now. `tell` is called in the order of the changes.
    pub fn wishes(&self, user: UserId, quiet: Quiet, now: Time, tell: impl FnOnce(Quiet, bool)) {
        let mut people = self.people();
        let (quiet, dnd) = quiet::seen(quiet, now);
        people.rest(user, &quiet, dnd, now);
        tell(quiet, dnd);
    }

    /// Tells whose quiet times the clock began or ended. Nobody is looked at before the next one is due.
    pub fn turned(&self, now: Time, mut tell: impl FnMut(UserId, Quiet, bool)) {
        let mut people = self.people();
        if people.due.is_none_or(|due| now < due) {
            return;
        }
        people.due = None;
        let is_due = |person: &Person| person.rest.as_ref().and_then(|rest| rest.due).is_some_and(|due| due <= now);
        let asked: Vec<UserId> =
            people.here.iter().filter(|(_, person)| is_due(person)).map(|(user, _)| *user).collect();
        for user in asked {
            let rest = people.here.get_mut(&user).and_then(|person| person.rest.take());
            let Some(Rest { dnd: was, quiet: Some(quiet), .. }) = rest else { continue };
            let (quiet, dnd) = quiet::seen(*quiet, now);
            people.rest(user, &quiet, dnd, now);
            if dnd != was {
                tell(user, quiet, dnd);
            }
        }
        let dues = people.here.values().filter_map(|person| person.rest.as_ref()?.due);
        people.due = dues.min();
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
            if person.conns.is_empty() && state == State::Offline {
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

impl People {
    fn rest(&mut self, user: UserId, quiet: &Quiet, dnd: bool, now: Time) {
        let Some(person) = self.here.get_mut(&user) else { return };
        let rest = Rest::of(quiet, dnd, now);
        self.due = self.due.into_iter().chain(rest.due).min();
        person.rest = Some(rest);
        self.changed.insert(user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);

    fn came(presence: &Presence, conn: u64) {
        presence.came(ANA, conn);
        presence.greeted(ANA, &Quiet::default(), Time(0));
    }

    #[test]
    fn a_person_is_as_present_as_their_most_present_device() {
        let presence = Presence::default();
        came(&presence, 1);
        assert_eq!(presence.changed(), [(ANA, State::Online)]);
        came(&presence, 2);
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
        came(&presence, 1);
        assert_eq!(presence.changed(), [(ANA, State::Online)]);
        presence.went(ANA, 1);
        assert_eq!(presence.changed(), []);
        came(&presence, 2);
        assert_eq!(presence.changed(), []);
        assert_eq!(presence.here(), [ANA]);
    }
    #[test]
    fn nobody_is_told_of_one_who_was_not_greeted_yet() {
        let presence = Presence::default();
        presence.came(ANA, 1);
        assert_eq!(presence.changed(), []);
        presence.greeted(ANA, &until(10), Time(0));
        assert_eq!(presence.changed(), [(ANA, State::Dnd)]);
        // A greeting that was on its way knows less than what was heard.
        presence.wishes(ANA, Quiet::default(), Time(0), |_, dnd| assert!(!dnd));
        presence.greeted(ANA, &until(10), Time(0));
        assert_eq!(presence.changed(), [(ANA, State::Online)]);
        // Who comes back is asked anew, and is until then what they were.
        presence.went(ANA, 1);
        presence.came(ANA, 2);
        assert_eq!(presence.changed(), []);
        presence.greeted(ANA, &until(10), Time(0));
        assert_eq!(presence.changed(), [(ANA, State::Dnd)]);
    }

    fn until(at: i64) -> Quiet {
        Quiet { until: Some(Time(at)), ..Quiet::default() }
    }

    #[test]
    fn the_clock_ends_a_quiet_time_and_says_so_once() {
        let presence = Presence::default();
        came(&presence, 1);
        presence.wishes(ANA, until(10), Time(0), |_, dnd| assert!(dnd));
        presence.away(ANA, 1, true);
        assert_eq!(presence.changed(), [(ANA, State::Dnd)], "away or not");
        let turned = |now| {
            let mut told = Vec::new();
            presence.turned(Time(now), |user, quiet, dnd| told.push((user, quiet, dnd)));
            told
        };
        assert_eq!(turned(9), []);
        assert_eq!(turned(10), [(ANA, Quiet::default(), false)]);
        assert_eq!(turned(11), []);
        assert_eq!(presence.changed(), [(ANA, State::Away)]);
        assert_eq!(presence.people().due, None, "nobody is looked at again");
    }
}
