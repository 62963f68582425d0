//! What people do with messages: reactions, pins, history, quotes, copies, threads, markup, groups.

mod emoji_rights;
mod forwards;
mod groups;
mod history;
mod kit;
mod markup;
mod pins;
mod quotes;
mod reactions;
