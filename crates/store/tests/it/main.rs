//! One suite for both databases: what the store promises, held against SQLite and a real PostgreSQL.

// A test says what it expects; an error that it does not expect should stop it where it stands.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[macro_use]
mod support;

mod ahead;
mod append;
mod cost;
mod down;
mod erase;
mod files;
mod fold;
mod full;
mod groups;
mod history;
mod members;
mod moved;
mod open;
mod pages;
mod personal;
mod threads;
mod user_groups;
