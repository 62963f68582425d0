//! Live delivery. One tail per busy room goes over the log by seq, encodes each event once and hands the same
//! bytes to everybody who follows; what a connection is too slow for waits in a queue of its own, bounded in bytes.
//!
//! Locks, in the order in which they may be taken: `Presence::people`, `Hub::tails`, `Hub::people`, `Tail::state`, `Conn::state`.
//! None is held while anything is awaited; writing to a socket never waits.

mod conn;
mod facts;
mod following;
mod hub;
mod pass;
mod presence;
mod ring;
mod room;
mod subs;
mod watch;

pub use conn::{Conn, Flushed, Sink};
pub use hub::Hub;
pub use room::{Attached, Tail};
