//! One contender, one crowd, once: started, loaded by a generator of its own, ended.

use super::GENERATOR;
use super::contender::Contender;
use super::disk;
use super::plan::{Plan, Shape};
use super::results::{Results, Work};
use super::start::{Homes, Server, Setup};
use crate::load::spec::{Posts, Report, Spec, Task};
use crate::program::on_core;
use crate::{Result, failed};
use std::io::Write;
use std::process::Stdio;

pub async fn round(
    plan: &Plan,
    setup: &Setup,
    homes: &mut Homes,
    contender: Contender,
    shape: &Shape,
    results: &mut Results,
) {
    let (works, steps): (Vec<Work>, Vec<_>) = plan.steps(contender, *shape).into_iter().unzip();
    let report = if contender.is_disk() {
        disk::measure(plan, setup, contender, *shape)
    } else {
        let (server, rooms) = match setup.start(contender, *shape, homes).await {
            Ok(started) => started,
            Err(error) if contender.is_optional() => return results.skip(contender, &error),
            Err(error) => return results.fail(contender, *shape, &error),
        };
        let Server { address, pid, .. } = server;
        generate(&match contender.dialect() {
            Some(dialect) => Task::Crowd(Spec { dialect, opening: contender.opening(), address, pid, rooms, steps }),
            None => Task::Matrix(Posts { address, pid, rooms, seconds: plan.seconds }),
        })
    };
    match report {
        Ok(report) => results.add(contender, *shape, &works, &report),
        Err(error) => results.fail(contender, *shape, &error),
    }
}

/// Runs a generator to its end.
fn generate(task: &Task) -> Result<Report> {
    let here = std::env::current_exe().map_err(failed("our own program"))?;
    let mut command = on_core(Some(GENERATOR), here);
    command.arg("load").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(failed("the generator"))?;
    let told = serde_json::to_vec(task).map_err(failed("the task"))?;
    child.stdin.take().ok_or("no pipe")?.write_all(&told).map_err(failed("the generator"))?;
    let output = child.wait_with_output().map_err(failed("the generator"))?;
    if !output.status.success() {
        return Err(format!("the generator ended with {}", output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(failed("the generator's report"))
}
