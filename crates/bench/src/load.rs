//! The load generator: a process of its own, one thread, far cheaper than any server that it loads.
//!
//! `spec` is what it is told and what it answers; `steps` does it. `crowd` holds everybody's `socket`, reads their
//! `frames` as their `dialect` means them, and checks what each was given: `text` says which message it is, `room`
//! who has yet to get it, `tally` what came wrong. `kept` reads again what was acknowledged. `matrix` is for the one
//! that is asked over HTTP, and for posts alone.
//!
//! One process is enough: a server, which is one process too, can hold no more files open than it does.

mod archive;
pub mod crowd;
pub mod dialect;
pub mod frames;
mod kept;
mod matrix;
mod room;
mod socket;
pub mod spec;
mod steps;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod text;

use crate::{Result, failed};
use spec::Task;

/// Reads a [`Task`] from the standard input, does it, and writes the [`spec::Report`] to the standard output.
///
/// # Errors
/// The task is none, or the server is gone.
pub fn main() -> Result<()> {
    let task: Task = serde_json::from_reader(std::io::stdin().lock()).map_err(failed("the task"))?;
    let report = match task {
        Task::Crowd(spec) => steps::run(&spec)?,
        Task::Matrix(posts) => matrix::run(&posts)?,
    };
    serde_json::to_writer(std::io::stdout().lock(), &report).map_err(failed("the report"))
}
