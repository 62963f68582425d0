//! What the worker's process may take of the machine, whatever a decoder is led to do.

use crate::picture::Limits;
use rustix::process::{Resource, Rlimit, nice, setrlimit};
use std::io;

/// The largest thumbnail, generously.
const FILE: u64 = 64 << 20;
/// Standard input, output and error, the source, a thumbnail for each thread.
const FILES: u64 = 64;

pub(super) fn set(limits: &Limits) -> io::Result<()> {
    let bounds = [
        (Resource::As, limits.memory),
        (Resource::Cpu, limits.seconds.max(1)),
        (Resource::Fsize, FILE),
        (Resource::Nofile, FILES),
        // A core dump would be a copy of somebody's picture on the disk.
        (Resource::Core, 0),
    ];
    for (resource, most) in bounds {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    // Talk goes before pictures. Where the priority cannot be lowered the work is done all the same.
    let _ = nice(5);
    Ok(())
}
