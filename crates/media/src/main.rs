//! The worker by itself: a job on standard input, its answer on standard output.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    media::worker::main()
}
