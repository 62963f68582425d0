//! The newest page of 50 and a post, in a small room and in one of a million; and how such a folder starts.

use super::{Plan, room, start};
use crate::Result;
use crate::http::Http;
use crate::table::{Table, Times, ms};
use serde_json::json;
use std::time::Instant;

/// # Errors
/// The large room cannot be made, or the server does not answer.
pub async fn pages(plan: &Plan, table: &mut Table) -> Result<()> {
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let messages = plan.messages.to_string();
    let begun = Instant::now();
    plan.program.run(&data, &["demo", "--messages", &messages])?;
    let took = begun.elapsed();
    let rate = f64::from(plan.messages) / took.as_secs_f64();
    table.row(format!("demo with {messages} messages, made"), format!("{:.0} s ({rate:.0}/s)", took.as_secs_f64()), "");
    start::row(plan, &data, &format!("{messages} messages"), table).await?;

    let people = plan.program.people(&data, "reader", 1, "Small")?;
    let running = plan.program.serve(&data).await?;
    let mut http = Http::open(running.address, &people[0].token).await?;
    let (small, large) = (room(&mut http, "Small").await?, room(&mut http, "Lobby").await?);
    post(&mut http, small, "small", 60).await?;
    for (room, what) in [(small, "a room of 60"), (large, &format!("a room of {messages}"))] {
        let times = newest(plan, &mut http, room, what, table).await?;
        table.row(format!("newest page of 50 over HTTP, {what}"), times.shown(), "≤ 1 ms");
        let times = post(&mut http, room, "more", if plan.quick { 100 } else { 1_000 }).await?;
        table.row(format!("post over HTTP, on disk, {what}"), times.shown(), "");
    }
    Ok(())
}

/// How long each of so many posts takes, one after the other.
async fn post(http: &mut Http, room: i64, id: &str, many: usize) -> Result<Times> {
    let path = format!("/api/v1/rooms/{room}/messages");
    let mut times = Times::default();
    for n in 0..many {
        let body = json!({"text": format!("The kettle is on, number {n}."), "client_id": format!("{id}-{n}")});
        let begun = Instant::now();
        http.ask("POST", &path, Some(&body)).await?;
        times.add(begun.elapsed());
    }
    Ok(times)
}

/// How long the newest page of 50 takes; the very first, whose caches are cold, is a row by itself.
///
/// # Errors
/// The server does not answer.
pub(super) async fn newest(plan: &Plan, http: &mut Http, room: i64, what: &str, table: &mut Table) -> Result<Times> {
    let path = format!("/api/v1/rooms/{room}/messages?limit=50");
    let mut times = Times::default();
    for n in 0..if plan.quick { 300 } else { 3_000 } {
        let asked = Instant::now();
        let (status, _) = http.raw("GET", &path, None).await?;
        let took = asked.elapsed();
        if status != 200 {
            return Err(format!("{path}: {status}"));
        }
        // The first few fill the caches, as the first visitors do.
        if n >= 20 {
            times.add(took);
        } else if n == 0 {
            table.row(format!("newest page of 50 over HTTP, {what}, first"), ms(took), "");
        }
    }
    Ok(times)
}
