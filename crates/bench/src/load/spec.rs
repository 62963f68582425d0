//! What the generator is told to do, and what it answers: JSON on its standard input and output.

use super::dialect::{Dialect, Member};
use super::tally::Wrong;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Task {
    /// A crowd over sockets.
    Crowd(Spec),
    /// Who posts to Matrix.
    Matrix(Posts),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spec {
    pub dialect: Dialect,
    pub address: SocketAddr,
    /// The server: its time on the processor and its memory are measured.
    pub pid: u32,
    /// How many connect at a time.
    pub opening: usize,
    pub rooms: Vec<RoomSpec>,
    pub steps: Vec<Step>,
}

/// In each room its one member posts, the next as soon as one is acknowledged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Posts {
    pub address: SocketAddr,
    pub pid: u32,
    pub rooms: Vec<RoomSpec>,
    pub seconds: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoomSpec {
    /// As the server knows it.
    pub name: String,
    pub members: Vec<Member>,
    /// So many of them speak, the first ones.
    pub writers: usize,
    /// In it one person posts, the next as soon as one is acknowledged, whatever the others do.
    pub probe: bool,
}

/// In the order in which they are named; the first is `Connect`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// Everybody connects; then nothing happens for some seconds, and the memory is looked at.
    Connect { rest: f64 },
    /// As many messages as `outstanding` are on their way in each room, always: one is sent for each that everybody
    /// has. With a `probe` the rooms for that are busy as well.
    Saturate { seconds: f64, outstanding: usize, probe: bool },
    /// So many messages a second, over all rooms.
    Pace { seconds: f64, rate: f64 },
    /// Ever more messages a second, as long as the last has 99 of 100 within 100 ms. `seconds` for each rate.
    Highest { seconds: f64, from: f64 },
    /// In each room its writer posts, the next as soon as one is acknowledged.
    Posts { seconds: f64 },
    /// All but the writers are cut off, `behind` messages are sent, all come back with their cursors.
    Reconnect { behind: usize },
    /// This part of the first room stops to read. Nothing more is expected of them.
    Stall { part: f64 },
}

/// What one step came to. Times in milliseconds where nothing else is said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub seconds: f64,
    pub messages: u64,
    pub deliveries: u64,
    /// Seconds on the processor.
    pub server_cpu: f64,
    pub own_cpu: f64,
    /// From the send until the last has it.
    pub last_p50: f64,
    pub last_p99: f64,
    /// From the send until it is acknowledged, where a probe asks.
    pub acks: u64,
    pub ack_p50: f64,
    pub ack_p99: f64,
    /// KiB, before and after, and the most of it.
    pub rss_before: u64,
    pub rss_after: u64,
    pub rss_peak: u64,
    /// Who took part.
    pub clients: u64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// One for each step.
    pub outcomes: Vec<Outcome>,
    pub wrong: Wrong,
    /// Whether all receivers of a room had the same order of different writers.
    pub one_order: bool,
    /// Acknowledged messages that were read again at the end.
    pub kept: u64,
    /// Deliveries that were checked, those between the measurements too.
    pub checked: u64,
    /// The first thing that broke, in words.
    pub broken: Option<String>,
}
