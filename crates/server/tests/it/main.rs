//! The server, as its users meet it: over HTTP and sockets, on both databases.

// A test says what it expects; an error that it does not expect should stop it where it stands.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[macro_use]
mod support;

mod accounts;
mod around;
mod conversation;
mod corpus;
mod crowds;
mod files;
mod follow;
mod hearing;
mod hostile_http;
mod invites;
mod limits;
mod limits_live;
mod live;
mod logins;
mod people;
mod personal;
mod policy;
mod program;
mod revocation;
mod routes;
mod setup;
mod talk;
mod threads;
mod unread_model;
