//! Files, what links show, pictures of people and own emoji: sent, seen by those who may, and gone when nothing
//! holds them.

pub mod kit;
pub mod pieces;
mod resume;
mod serving;
mod whole;
