//! What the worker's process may take of the machine, whatever a decoder is led to do.

use crate::picture::Limits;
use rustix::process::{Resource, Rlimit, nice, setrlimit};
use std::io;

/// The program, its threads' stacks and arenas, tables of decoders and encoders.
const BASE: u64 = 320 << 20;
/// The worst that is held of one pixel: four colours of 16 bits, and once more with alpha worked in.
const PER_PIXEL: u64 = 20;
/// The largest thumbnail, generously.
const FILE: u64 = 64 << 20;
/// Standard input, output and error, the source, a thumbnail for each thread.
const FILES: u64 = 64;

pub(super) fn set(limits: &Limits) -> io::Result<()> {
    let memory = limits.pixels.saturating_mul(PER_PIXEL).saturating_add(limits.bytes * 2).saturating_add(BASE);
    let bounds = [
        (Resource::As, memory),
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
