//! The write door. Every event of a room is born in one of these functions: permission, validation and append
//! in one transaction, so that a removal cannot race a message. Reading what they wrote is here too.

mod activity;
mod create;
mod cursor;
mod door;
mod history;
mod people;
mod pin;
mod places;
mod profile;
mod react;
mod read;
mod saved;
mod say;
mod settle;
mod span;
mod threads;

pub use activity::{activity, see_activity};
pub use create::{NewRoom, create, direct, first};
pub use cursor::{Cursors, Move, move_cursor, set_draft, set_level, why};
pub use door::{account, stand};
pub use history::{erase_older, versions};
pub use people::{add, ban, bans, join, join_first, leave_all, remove, set_role, unban};
pub use pin::{pin, pins};
pub use places::{put_back, read_all, thread_places};
pub use profile::members;
pub use react::{react, reacted, unreact};
pub use read::{events, files, list, message, page, seen};
pub use saved::{save, saved, unsave};
pub use say::{Forward, LetGo, Said, close_preview, delete, edit, forward, send, show_previews};
pub use settle::{Settle, settle};
pub use span::Span;
pub use threads::{follow_thread, following, let_thread_go, move_in_thread, standings, thread, thread_why};
