//! What people do with messages.

mod emoji_rights;
mod forwards;
mod groups;
mod history;
mod kit;
mod markup;
mod pins;
mod quotes;
mod reactions;
