//! How often one person or address may do things. A refusal says how long to wait.

use super::address::AddressKey;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use protocol::{Limits, Refusal, UserId};
use std::hash::Hash;
use std::num::NonZeroU32;

pub struct Rates {
    messages: Rate<UserId>,
    commands: Rate<UserId>,
    rooms: Rate<UserId>,
    accounts: Rate<AddressKey>,
}

/// `None` where rates are lifted.
struct Rate<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl Rates {
    pub fn new(limits: &Limits, on: bool) -> Rates {
        let second = |rate, burst| Quota::per_second(at_least_one(rate)).allow_burst(at_least_one(burst));
        Rates {
            messages: Rate::new(on, second(limits.messages_per_second, limits.messages_burst)),
            commands: Rate::new(on, second(limits.commands_per_second, limits.commands_burst)),
            rooms: Rate::new(on, Quota::per_hour(at_least_one(limits.rooms_per_hour))),
            accounts: Rate::new(on, Quota::per_hour(at_least_one(limits.accounts_per_hour))),
        }
    }

    /// # Errors
    /// How long to wait.
    pub fn message(&self, user: UserId) -> Result<(), Refusal> {
        self.messages.check(&user)
    }

    /// # Errors
    /// How long to wait.
    pub fn command(&self, user: UserId) -> Result<(), Refusal> {
        self.commands.check(&user)
    }

    /// # Errors
    /// How long to wait.
    pub fn room(&self, user: UserId) -> Result<(), Refusal> {
        self.rooms.check(&user)
    }

    /// # Errors
    /// How long to wait.
    pub fn account(&self, from: AddressKey) -> Result<(), Refusal> {
        self.accounts.check(&from)
    }

    /// Forgets whom nothing holds back any more. Called each minute.
    pub fn sweep(&self) {
        self.messages.sweep();
        self.commands.sweep();
        self.rooms.sweep();
        self.accounts.sweep();
    }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(on: bool, quota: Quota) -> Rate<K> {
        Rate(on.then(|| DefaultKeyedRateLimiter::keyed(quota)))
    }

    fn check(&self, key: &K) -> Result<(), Refusal> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Refusal::rate_limited(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1))
        })
    }

    fn sweep(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}
