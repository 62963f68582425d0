//! The words of Parlour. Types and pure functions only: no I/O, no clock, no randomness.
//!
//! `ids` numbers and times · `event` what a log holds · `file` what is sent beside words · `fold` what a person sees of it · `view` the objects
//! that HTTP answers with · `frame` what goes over the socket · `code` refusals and close codes ·
//! `limits` · `text` what people may write · `mention` who a text calls · `keyword` by words of their own.

pub mod code;
pub mod event;
pub mod file;
pub mod fold;
pub mod frame;
pub mod ids;
pub mod keyword;
pub mod limits;
pub mod mention;
pub mod text;
pub mod view;

pub use code::{Close, Code, Refusal};
pub use event::{Body, Event, Kind, Said};
pub use file::{FileInfo, FileWith, Preview};
pub use ids::{FileId, RoomId, Seq, Time, UserId};
pub use limits::Limits;

#[cfg(test)]
mod typescript;
