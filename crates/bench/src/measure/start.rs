//! From the start of the process to the first answered request, on an empty folder and on a large one; the memory
//! of a server that rests.

use super::Plan;
use crate::Result;
use crate::table::{Table, Times, mib, ms};
use std::path::Path;
use std::time::Duration;

/// # Errors
/// The program does not start.
pub async fn empty(plan: &Plan, table: &mut Table) -> Result<()> {
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let first = plan.program.serve(&data).await?;
    table.row("start, a folder that is not there yet", ms(first.took), "");
    drop(first);
    row(plan, &data, "empty", table).await?;
    let running = plan.program.serve(&data).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    table.row("memory (RSS), idle", mib(running.rss()?), "≤ 15 MiB");
    Ok(())
}

/// # Errors
/// The program does not start.
pub async fn row(plan: &Plan, data: &Path, what: &str, table: &mut Table) -> Result<()> {
    let mut times = Times::default();
    for _ in 0..if plan.quick { 3 } else { 11 } {
        times.add(plan.program.serve(data).await?.took);
    }
    let value = format!("median {} of {} (worst {})", ms(times.at(50)), times.len(), ms(times.at(100)));
    table.row(format!("start to the first answered request, {what}"), value, "≤ 100 ms");
    Ok(())
}
