//! What a connected person costs: all of them in one room, greeted, following it.

use super::Plan;
use crate::client::Client;
use crate::program::{Person, files_of};
use crate::table::{Table, mib, ms};
use crate::{Result, failed};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// # Errors
/// Somebody could not connect.
pub async fn connected(plan: &Plan, table: &mut Table) -> Result<()> {
    let steps: &[usize] = if plan.quick { &[100, 1_000] } else { &[1_000, 10_000] };
    let most = steps.iter().copied().max().unwrap_or(0);
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let people = plan.program.people(&data, "person", most, "Everybody")?;
    let running = plan.program.serve(&data).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = running.rss()?;
    table.row(format!("memory, {most} people known, nobody connected"), mib(idle), "");
    let mut held: JoinSet<()> = JoinSet::new();
    for step in steps {
        let room = running.files().min(files_of("/proc/self/limits"));
        if (*step as u64) + 200 > room {
            table.row(format!("memory, {step} people connected"), format!("skipped: {room} files a process"), "");
            continue;
        }
        let (before, start) = (held.len(), Instant::now());
        connect(&people[before..*step], running.address, &mut held).await?;
        let took = start.elapsed();
        // What greeting them took is given back, what they cost is not.
        tokio::time::sleep(Duration::from_secs(3)).await;
        if let Some(ended) = held.try_join_next() {
            return Err(format!("somebody was cut off: {ended:?}"));
        }
        let rss = running.rss()?;
        let each = rss.saturating_sub(idle) as f64 / *step as f64;
        table.row(format!("memory, {step} people connected"), mib(rss), "");
        table.row(format!("  a person, of {step}"), format!("{each:.1} KiB"), "≤ 8 KiB");
        let rate = (*step - before) as f64 / took.as_secs_f64();
        table.row(format!("  connected, greeted: {} more", step - before), format!("{} ({rate:.0}/s)", ms(took)), "");
    }
    Ok(())
}

async fn connect(people: &[Person], address: SocketAddr, held: &mut JoinSet<()>) -> Result<()> {
    let connects = people.iter().map(|person| Client::connect(address, &person.token, &[]));
    let clients: Vec<Client> =
        stream::iter(connects).buffer_unordered(64).try_collect().await.map_err(failed("connecting everybody"))?;
    for mut client in clients {
        // Reads, so that pings are answered.
        held.spawn(async move { while client.hear().await.is_ok() {} });
    }
    Ok(())
}
