//! Who is asking: passwords, tokens, sessions, cookies, and what slows down those who guess.

pub mod address;
mod cookies;
mod passwords;
mod rates;
mod sessions;
pub mod setup;
pub mod site;
mod throttle;
mod ticket;
mod token;
mod who;

pub use address::Visitor;
pub use cookies::{DEVICE, SESSION, clear, give, tokens};
pub use passwords::Passwords;
pub use rates::Rates;
pub use sessions::Sessions;
pub use throttle::{Attempt, Throttle};
pub use ticket::{Tickets, Viewer, is_second};
pub use token::Token;
pub use who::{Acting, Maybe, Via, Who};

use crate::config::Config;

/// All that this node holds in memory to know who asks.
pub struct Auth {
    pub passwords: Passwords,
    pub sessions: Sessions,
    pub throttle: Throttle,
    pub rates: Rates,
    /// What the first account must send where the visitor is not on this machine.
    pub setup_code: String,
    pub tickets: Tickets,
}

impl Auth {
    pub fn new(config: &Config, secret: &str) -> Auth {
        Auth {
            passwords: Passwords::new(config.limits.hashes_waiting),
            sessions: Sessions::default(),
            throttle: Throttle::new(&config.limits, config.rates),
            rates: Rates::new(&config.limits, config.rates),
            setup_code: setup::code(secret),
            tickets: Tickets::new(secret),
        }
    }
}
