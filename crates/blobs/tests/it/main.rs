//! One suite for every place: what [`blobs::Blobs`] promises, held against a disk and a real store that speaks S3.

// A test says what it expects; an error that it does not expect should stop it where it stands.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[macro_use]
mod support;

mod disk;
mod keys;
mod memory;
mod read;
mod s3;
mod scan;
mod write;
