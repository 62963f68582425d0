//! One file a question. Each starts the program on a folder of its own, asks, and adds rows to the table.

pub mod conversation;
pub mod files;
pub mod latency;
pub mod pages;
pub mod people;
pub mod sizes;
pub mod start;
pub mod writers;

use crate::http::Http;
use crate::program::Program;
use crate::{Result, failed};
use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;

/// What is measured, and how thoroughly.
pub struct Plan {
    pub program: Program,
    /// Folders are made here: the disk that is measured.
    pub folder: PathBuf,
    /// The built web client.
    pub web: PathBuf,
    /// Less of everything: to see that it works.
    pub quick: bool,
    /// Messages in the large room.
    pub messages: u32,
}

impl Plan {
    /// A fresh folder, gone with the handle.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn fresh(&self) -> Result<TempDir> {
        tempfile::tempdir_in(&self.folder).map_err(failed("a folder for the data"))
    }
}

/// The number of my room of this name.
///
/// # Errors
/// It is not there.
pub async fn room(http: &mut Http, name: &str) -> Result<i64> {
    let mine = http.get("/api/v1/rooms").await?;
    let rooms = mine["rooms"].as_array().cloned().unwrap_or_default();
    let found = rooms.iter().find(|room| room["name"] == name);
    found.and_then(|room| room["id"].as_i64()).ok_or_else(|| format!("there is no room {name}"))
}

/// A room's whole log.
///
/// # Errors
/// The server does not give it.
pub async fn log(http: &mut Http, room: i64) -> Result<Vec<Value>> {
    let mut log: Vec<Value> = Vec::new();
    loop {
        let after = log.last().map_or(0, |event| event["seq"].as_i64().unwrap_or(0));
        let page = http.get(&format!("/api/v1/rooms/{room}/events?after={after}&limit=1000")).await?;
        let events = page["events"].as_array().cloned().unwrap_or_default();
        if events.is_empty() {
            return Ok(log);
        }
        log.extend(events);
    }
}
