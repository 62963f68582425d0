//! The client and what is read with it, against servers that mean no good.
//!
//! In these tests 127.0.0.9 stands for the public internet: it alone is allowed, and names of `.test` lead there. 127.0.0.1
//! is the inside, where a [`support::Site`] listens that must never hear anything.

// A test says what it expects; an error that it does not expect should stop it where it stands.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod client;
mod corpus;
mod guard;
mod inside;
mod limits;
mod links;
mod page;
mod preview;
mod proxy;
mod tls;
