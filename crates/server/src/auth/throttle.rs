//! What slows down those who guess passwords, without locking anybody out.
//!
//! After a few failures an account's logins wait, longer each time, up to a quarter of an hour and never for
//! ever. A device that the person logged in from before is counted apart: a stranger's ten thousand guesses do
//! not keep the owner out. An address has a window of its own. Time is the monotonic clock: setting the wall
//! clock changes nothing.

use super::address::AddressKey;
use protocol::{Code, Limits, Refusal};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(10 * 60);
/// More entries than this: those that no longer matter are swept out.
const SWEEP_AT: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Account(String),
    /// That account, from a device that its owner used before.
    Device(String, [u8; 32]),
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    free_at: Instant,
}

#[derive(Default)]
struct State {
    accounts: HashMap<Key, Failures>,
    addresses: HashMap<AddressKey, VecDeque<Instant>>,
}

pub struct Throttle {
    on: bool,
    failures: u32,
    longest: Duration,
    per_address: usize,
    state: Mutex<State>,
}

/// A login that was let through to the password. It counts as failed until it is told otherwise, so that a
/// hundred guesses at once are a hundred.
#[must_use]
pub struct Attempt {
    key: Key,
    address: Option<(AddressKey, Instant)>,
}

impl Throttle {
    pub fn new(limits: &Limits, on: bool) -> Throttle {
        Throttle {
            on,
            failures: limits.login_failures.max(1),
            longest: Duration::from_millis(limits.login_delay_ms),
            per_address: (limits.login_failures_address as usize).max(1),
            state: Mutex::default(),
        }
    }

    /// Lets a login through to the password, or says how long to wait. `account` is the name that was typed,
    /// whether anybody has it or not.
    pub fn begin(&self, account: &str, device: Option<[u8; 32]>, from: AddressKey) -> Result<Attempt, Refusal> {
        self.begin_at(account, device, from, Instant::now())
    }

    fn begin_at(
        &self,
        account: &str,
        device: Option<[u8; 32]>,
        from: AddressKey,
        now: Instant,
    ) -> Result<Attempt, Refusal> {
        let account = account.chars().take(64).collect::<String>();
        let key = device.map_or_else(|| Key::Account(account.clone()), |hash| Key::Device(account.clone(), hash));
        // A known device is not held to its address either: the guesser may sit in the same house.
        let address = device.is_none().then_some((from, now));
        if !self.on {
            return Ok(Attempt { key, address: None });
        }
        let mut state = self.state();
        let mut wait = state.accounts.get(&key).map(|failures| failures.free_at.saturating_duration_since(now));
        if let Some((from, _)) = address
            && let Some(times) = state.addresses.get_mut(&from)
        {
            while times.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
                times.pop_front();
            }
            if times.len() >= self.per_address {
                wait = wait.max(times.front().map(|at| WINDOW.saturating_sub(now.duration_since(*at))));
            }
        }
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            return Err(Refusal {
                retry_after_ms: Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1)),
                ..Refusal::new(Code::RateLimited, "Too many failed logins. Wait a moment before the next try.")
            });
        }
        if state.accounts.len() + state.addresses.len() > SWEEP_AT {
            state.sweep(now, self.longest);
        }
        let entry = state.accounts.entry(key.clone()).or_insert(Failures { count: 0, last: now, free_at: now });
        // Whoever stays away as long as the longest delay starts anew.
        if now.duration_since(entry.last) > self.longest.max(WINDOW) {
            entry.count = 0;
        }
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
        if entry.count >= self.failures {
            entry.free_at = now + self.delay(entry.count - self.failures);
        }
        if let Some((from, at)) = address {
            state.addresses.entry(from).or_default().push_back(at);
        }
        Ok(Attempt { key, address })
    }

    fn delay(&self, beyond: u32) -> Duration {
        Duration::from_secs(1).saturating_mul(1_u32.checked_shl(beyond).unwrap_or(u32::MAX)).min(self.longest)
    }

    /// The password was right: what was counted against this account here is forgotten.
    pub fn succeeded(&self, attempt: Attempt) {
        let mut state = self.state();
        state.accounts.remove(&attempt.key);
        state.uncount(&attempt);
    }

    /// The password was never looked at: the attempt is not counted.
    pub fn given_up(&self, attempt: Attempt) {
        let mut state = self.state();
        let floor = self.failures;
        if let Some(failures) = state.accounts.get_mut(&attempt.key) {
            failures.count = failures.count.saturating_sub(1);
            if failures.count < floor {
                failures.free_at = failures.last;
            }
        }
        state.uncount(&attempt);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn uncount(&mut self, attempt: &Attempt) {
        if let Some((from, at)) = attempt.address
            && let Some(times) = self.addresses.get_mut(&from)
            && let Some(i) = times.iter().position(|t| *t == at)
        {
            times.remove(i);
        }
    }

    fn sweep(&mut self, now: Instant, longest: Duration) {
        self.accounts.retain(|_, failures| now.duration_since(failures.last) <= longest.max(WINDOW));
        self.addresses.retain(|_, times| times.back().is_some_and(|at| now.duration_since(*at) < WINDOW));
        // Names made up by the million, each tried once: forgetting them frees nobody who guesses one name.
        if self.accounts.len() > SWEEP_AT {
            self.accounts.retain(|_, failures| failures.free_at > now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn address(n: u8) -> AddressKey {
        AddressKey::of(IpAddr::V4(Ipv4Addr::new(10, 0, 0, n)))
    }

    fn wait(result: Result<Attempt, Refusal>) -> Option<u64> {
        result.err().and_then(|refusal| refusal.retry_after_ms)
    }

    #[test]
    fn an_account_waits_longer_each_time_but_never_for_ever() {
        let throttle = Throttle::new(&Limits::default(), true);
        let mut now = Instant::now();
        for n in 0..5 {
            assert_eq!(wait(throttle.begin_at("ana", None, address(n), now)), None, "try {n}");
        }
        let mut last = 0;
        for n in 5..100 {
            let refused = wait(throttle.begin_at("ana", None, address(n), now)).expect("too early");
            assert!(refused >= last && refused <= 15 * 60_000, "{refused}");
            last = refused;
            now += Duration::from_millis(refused);
            assert_eq!(wait(throttle.begin_at("ana", None, address(n), now)), None);
        }
        assert_eq!(last, 15 * 60_000);
    }

    #[test]
    fn the_owners_own_device_is_counted_apart() {
        let throttle = Throttle::new(&Limits::default(), true);
        let now = Instant::now();
        for n in 0..6 {
            let _ = throttle.begin_at("ana", None, address(n), now);
        }
        let own =
            throttle.begin_at("ana", Some([1; 32]), address(1), now).unwrap_or_else(|_| panic!("the owner gets in"));
        throttle.succeeded(own);
        assert!(wait(throttle.begin_at("ana", None, address(99), now)).is_some(), "a stranger still waits");
    }

    #[test]
    fn an_address_has_a_window_and_a_success_is_not_counted() {
        let throttle = Throttle::new(&Limits::default(), true);
        let now = Instant::now();
        for n in 0..20 {
            let right = throttle.begin_at("bo", None, address(1), now).unwrap_or_else(|_| panic!("right password"));
            throttle.succeeded(right);
            assert_eq!(wait(throttle.begin_at(&format!("user{n}"), None, address(1), now)), None);
        }
        assert_eq!(wait(throttle.begin_at("another", None, address(1), now)), Some(600_000));
        assert_eq!(wait(throttle.begin_at("another", None, address(2), now)), None);
        assert_eq!(wait(throttle.begin_at("one-more", None, address(1), now + WINDOW)), None);
    }
}
