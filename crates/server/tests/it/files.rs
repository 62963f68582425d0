//! Files, what links show, pictures of people and own emoji: sent, seen by those who may, and gone when nothing
//! holds them.

mod ends;
pub mod kit;
pub mod pieces;
pub mod previews;
mod resume;
mod rights;
mod serving;
pub mod site;
mod sweep;
mod whole;
