//! From bytes of unknown origin to what the server may safely say and show of them.
//!
//! [`kind`] says what a file is, by its bytes. [`position`] takes the place where a picture was made out of it.
//! [`picture`] measures and scales, and is only ever called in a process of its own, which [`worker`] is and
//! [`Pool`] keeps: a decoder that is led astray takes nothing with it. No network and no database in here.

#[doc(hidden)]
pub mod fuzz;
pub mod kind;
pub mod picture;
mod pool;
pub mod position;
pub mod worker;

pub use pool::{Error, Pool};
