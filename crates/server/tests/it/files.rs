//! Files, what links show, pictures of people and own emoji: sent, seen by those who may, and gone when nothing
//! holds them.

mod crowded;
mod ends;
mod faces;
pub mod kit;
mod lists;
mod messages;
mod pictures;
pub mod pieces;
pub mod previews;
mod quotas;
mod resume;
mod rights;
mod s3;
mod scanner;
mod second;
mod serving;
pub mod site;
mod sweep;
mod whole;
