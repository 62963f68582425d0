//! One person speaks, a hundred hear: how long until it is acknowledged, and until they have it. What everybody
//! was given is held against the log afterwards.

use super::{Plan, log, room};
use crate::checker::{self, Ack, Copy};
use crate::client::Client;
use crate::http::Http;
use crate::table::{Table, Times};
use crate::{Result, failed};
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const READERS: usize = 100;

/// # Errors
/// The server broke off, or somebody was not given something within ten seconds.
pub async fn latency(plan: &Plan, table: &mut Table) -> Result<()> {
    let sends = if plan.quick { 200 } else { 2_000 };
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let people = plan.program.people(&data, "person", READERS + 1, "Talk")?;
    let running = plan.program.serve(&data).await?;
    let mut http = Http::open(running.address, &people[0].token).await?;
    let talk = room(&mut http, "Talk").await?;
    let head = log(&mut http, talk).await?.len() as i64;

    let (tell, mut seen) = mpsc::unbounded_channel::<Instant>();
    let mut readers = Vec::new();
    for (n, person) in people[1..].iter().enumerate() {
        let mut client = Client::connect(running.address, &person.token, &[]).await?;
        let tell = tell.clone();
        readers.push(tokio::spawn(async move {
            let mut copy = Copy { who: format!("reader {n}"), after: head, events: Vec::new() };
            while copy.events.len() < sends {
                let frame = client.hear().await?;
                if frame["t"] == "event" {
                    let _ = tell.send(Instant::now());
                    copy.events.push(frame);
                }
            }
            Ok::<Copy, String>(copy)
        }));
    }

    let mut sender = Client::connect(running.address, &people[0].token, &[]).await?;
    let mut own = Copy { who: "the sender".into(), after: head, events: Vec::new() };
    let (mut acks, mut acked, mut each, mut all) = (Vec::new(), Times::default(), Times::default(), Times::default());
    let text = "x".repeat(150);
    for n in 0..sends {
        let client_id = format!("latency-{n}");
        let start = Instant::now();
        sender.send(talk, &client_id, &text).await?;
        let seq = sender.acked(&client_id, |frame| keep(&mut own, frame)).await?;
        acked.add(start.elapsed());
        acks.push(Ack { author: people[0].id, client_id, seq });
        let mut last = start;
        for _ in 0..READERS {
            let waited = tokio::time::timeout(Duration::from_secs(10), seen.recv()).await;
            let when = waited.map_err(failed("not everybody was given it"))?.unwrap_or(start);
            each.add(when - start);
            last = last.max(when);
        }
        all.add(last - start);
    }
    table.row("send → acknowledged, 101 people in the room", acked.shown(), "");
    table.row("send → seen, each of 100 others", each.shown(), "");
    table.row("send → seen by the last of 100 others", all.shown(), "");

    let mut copies = Vec::new();
    for reader in readers {
        copies.push(reader.await.map_err(failed("a reader"))??);
    }
    while own.events.len() < sends {
        let frame = sender.hear().await?;
        keep(&mut own, frame);
    }
    copies.push(own);
    let log = log(&mut http, talk).await?;
    let mut wrong = checker::room(&log, &acks, &copies);
    let page = http.get(&format!("/api/v1/rooms/{talk}/messages")).await?;
    wrong.extend(checker::folded(&log, page["messages"].as_array().map_or(&[], Vec::as_slice)));
    wrong.iter().take(10).for_each(|line| eprintln!("  WRONG: {line}"));
    let held = format!("{} wrong in {} acknowledgements, {} copies", wrong.len(), acks.len(), copies.len());
    table.row("  held against the log", held, "0 wrong");
    Ok(())
}

fn keep(copy: &mut Copy, frame: Value) {
    if frame["t"] == "event" {
        copy.events.push(frame);
    }
}
