//! What people do with messages: reactions, pins, history, quotes, copies.

mod forwards;
mod history;
mod kit;
mod pins;
mod quotes;
mod reactions;
