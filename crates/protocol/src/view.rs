//! The objects that HTTP answers with.

mod files;
mod people;
mod rooms;
mod server;

pub use files::{FileKind, SentFile, Upload};
pub use people::{Colour, Group, Hours, LoggedIn, Me, Member, Person, Quiet, ServerRole, Session, State, User};
pub use rooms::{
    Activity, Cause, Events, Level, Mine, Page, Places, Reacted, Read, Room, Saved, Thread, ThreadView, Version, Why,
};
pub use server::{Emoji, EmojiBy, Invite, Join, Problem, Server};
