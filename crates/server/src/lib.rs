//! The product: one program that serves a community.
//!
//! `config` `auth` `policy` · `lineage` whether the database is still the same · `room` the write door · `tail` live delivery · `http` and `ws` the doors to the
//! outside, which never see each other · `files` what people send · `readers` what follows the logs · `admin` the command line's door to a running server · `demo` and `verify`
//! what it asks for.

#![forbid(unsafe_code)]

pub mod admin;
pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod core;
pub mod demo;
pub mod fault;
pub mod files;
pub mod follow;
pub mod http;
mod lineage;
mod listen;
pub mod logging;
mod metrics;
pub mod policy;
mod quiet;
pub mod readers;
pub mod render;
pub mod room;
pub mod tail;
pub mod verify;
pub mod wire;
pub mod ws;

pub use app::App;
pub use config::Config;
pub use listen::{run, serve};
