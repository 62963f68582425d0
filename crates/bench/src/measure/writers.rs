//! Acknowledged sends a second, each on the disk before it is acknowledged, beside what the machine can do.

use super::{Plan, log, room};
use crate::checker::{self, Ack};
use crate::client::Client;
use crate::http::Http;
use crate::program::Person;
use crate::table::{Table, Times};
use crate::{Result, failed, floor};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const WRITERS: &[usize] = &[1, 16, 64];

/// # Errors
/// The server broke off.
pub async fn writers(plan: &Plan, table: &mut Table) -> Result<()> {
    let during = Duration::from_secs(if plan.quick { 1 } else { 5 });
    let folder = plan.fresh()?;
    let floors = folder.path().to_owned();
    let (posts, syncs) = tokio::task::spawn_blocking(move || {
        Ok::<_, String>((floor::sqlite(&floors, during, 1)?, floor::fdatasync(&floors, during)?))
    })
    .await
    .map_err(failed("the floors"))??;
    let (posts, syncs) = (posts.len() as f64 / during.as_secs_f64(), syncs.len() as f64 / during.as_secs_f64());
    table.row("floor: SQLite WAL FULL, one commit a post", format!("{posts:.0}/s"), "");
    table.row("floor: fdatasync of a page, in a loop", format!("{syncs:.0}/s"), "");

    let data = folder.path().join("data");
    // A room each: what is measured is the way to the disk, not who else hears it.
    let mut people = Vec::new();
    for n in 0..WRITERS.iter().copied().max().unwrap_or(0) {
        people.extend(plan.program.people(&data, &format!("writer{n}-"), 1, &format!("Room {n}"))?);
    }
    let running = plan.program.serve(&data).await?;
    for many in WRITERS {
        let mut tasks = Vec::new();
        for (n, person) in people[..*many].iter().enumerate() {
            tasks.push(tokio::spawn(write(running.address, person.clone(), format!("Room {n}"), *many, during)));
        }
        let (mut sends, mut wrong, mut times) = (0, 0, Times::default());
        for task in tasks {
            let (each, lost) = task.await.map_err(failed("a writer"))??;
            sends += each.len();
            wrong += lost;
            each.each(|time| times.add(time));
        }
        let rate = sends as f64 / during.as_secs_f64();
        let value = format!("{rate:.0}/s · {:.2} × SQLite floor · {}", rate / posts, times.shown());
        let aim = if wrong == 0 { String::new() } else { format!("{wrong} WRONG") };
        table.row(format!("acknowledged sends, writers with a room each: {many}"), value, &aim);
    }
    Ok(())
}

/// One at a time, as fast as they are acknowledged. Answers the times and how many are not in the log as they should.
async fn write(
    address: SocketAddr,
    person: Person,
    name: String,
    round: usize,
    during: Duration,
) -> Result<(Times, usize)> {
    let mut http = Http::open(address, &person.token).await?;
    let room = room(&mut http, &name).await?;
    let mut client = Client::connect(address, &person.token, &[]).await?;
    let (mut times, mut acks) = (Times::default(), Vec::new());
    let text = "x".repeat(150);
    let start = Instant::now();
    while start.elapsed() < during {
        let client_id = format!("{round}-{}", acks.len());
        let sent = Instant::now();
        client.send(room, &client_id, &text).await?;
        let seq = client.acked(&client_id, drop).await?;
        times.add(sent.elapsed());
        acks.push(Ack { author: person.id, client_id, seq });
    }
    let wrong = checker::acknowledged(&log(&mut http, room).await?, &acks);
    wrong.iter().take(3).for_each(|line| eprintln!("  WRONG: {line}"));
    Ok((times, wrong.len()))
}
