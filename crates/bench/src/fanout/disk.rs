//! F3, F3g and F4: what the disk can do, by a process that is started, bound and ended as the servers are.

use super::SERVER;
use super::contender::Contender;
use super::plan::{Plan, Shape};
use super::start::Setup;
use crate::load::spec::{Outcome, Report};
use crate::program::on_core;
use crate::{Result, failed, floor, proc};
use std::path::Path;
use std::time::Duration;

/// What the disk does, by a process on the server's core.
///
/// # Errors
/// It did not.
pub fn measure(plan: &Plan, setup: &Setup, contender: Contender, shape: Shape) -> Result<Report> {
    let here = std::env::current_exe().map_err(failed("our own program"))?;
    let folder = tempfile::tempdir_in(&setup.folder).map_err(failed("a folder"))?;
    let mut command = on_core(Some(SERVER), here);
    let posts = match (contender, shape) {
        (Contender::F3g, Shape::Alone(writers)) => writers,
        _ => 1,
    };
    command.args(["disk", contender.name(), &plan.seconds.to_string(), &posts.to_string()]).arg(folder.path());
    let output = command.output().map_err(failed(contender.name()))?;
    let outcome = serde_json::from_slice(&output.stdout).map_err(failed(contender.name()))?;
    Ok(Report { outcomes: vec![outcome], one_order: true, ..Report::default() })
}

/// The other end of it: times one of them, so many posts a commit, and writes the [`Outcome`] to the standard output.
///
/// # Errors
/// The disk failed.
pub fn time(name: &str, folder: &Path, seconds: f64, posts: usize) -> Result<()> {
    let during = Duration::from_secs_f64(seconds);
    let times = if name == "f4" { floor::fdatasync(folder, during)? } else { floor::sqlite(folder, during, posts)? };
    let ms = |percent| times.at(percent).as_secs_f64() * 1e3;
    let acks = (times.len() * posts) as u64;
    let server_cpu = proc::cpu(std::process::id())?.as_secs_f64();
    let (ack_p50, ack_p99) = (ms(50), ms(99));
    let outcome = Outcome { seconds, acks, ack_p50, ack_p99, server_cpu, ..Outcome::default() };
    serde_json::to_writer(std::io::stdout().lock(), &outcome).map_err(failed("the outcome"))
}
