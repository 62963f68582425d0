//! Pictures, films and other files as strangers send them. Most are built here, byte by byte.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod build;
mod corpus;
mod exif;
mod films;
mod hostile;
mod pictures;
mod pool;
mod position;
mod worker;
