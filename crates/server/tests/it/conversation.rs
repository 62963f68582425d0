//! What people do with messages.

mod emoji_rights;
mod groups;
mod markup;
