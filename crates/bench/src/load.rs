//! The load generator: a process of its own, one thread, far cheaper than any server that it loads.
//!
//! `spec` is what it is told and what it answers; `steps` does it. `crowd` holds everybody's `socket`, reads their
//! `frames` as their `dialect` means them, and checks what each was given: `text` says which message it is, `room`
//! who has yet to get it, `tally` what came wrong. `kept` reads again what was acknowledged.
//!
//! One process is enough: a server, which is one process too, can hold no more files open than it does.

pub mod crowd;
pub mod dialect;
pub mod frames;
mod kept;
mod room;
mod socket;
pub mod spec;
mod steps;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod text;

use crate::{Result, failed};
use spec::Spec;

/// Reads a [`Spec`] from the standard input, does it, and writes the [`spec::Report`] to the standard output.
///
/// # Errors
/// The spec is none, or the server is gone.
pub fn main() -> Result<()> {
    let spec: Spec = serde_json::from_reader(std::io::stdin().lock()).map_err(failed("the spec"))?;
    let report = steps::run(&spec)?;
    serde_json::to_writer(std::io::stdout().lock(), &report).map_err(failed("the report"))
}
