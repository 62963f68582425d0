//! The socket: greeting, catching up, sending, what other devices hear, how it ends.

mod catching_up;
mod devices;
mod greeting;
mod presence;
mod sending;
mod stopping;
