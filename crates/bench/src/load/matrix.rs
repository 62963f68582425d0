//! Posts over Matrix's client API (Synapse): each writer in a room of its own, over one kept connection, the next as
//! soon as one is acknowledged. At the end each is looked for in the room's history.

use super::spec::{Outcome, Posts, Report, RoomSpec};
use super::steps::WARM;
use super::text::{self, Mark};
use crate::http::Http;
use crate::table::Times;
use crate::{Result, failed, proc};
use futures_util::future::try_join_all;
use serde_json::json;
use std::collections::HashMap;
use std::time::{Duration, Instant};

struct Writer<'a> {
    number: usize,
    room: &'a RoomSpec,
    http: Http,
    /// Under which name the server keeps the `n`th message.
    kept: Vec<String>,
}

/// # Errors
/// The server is gone.
pub fn run(posts: &Posts) -> Result<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed("the runtime"))?;
    runtime.block_on(async {
        let mut writers = Vec::new();
        for (number, room) in posts.rooms.iter().enumerate() {
            let http = Http::open(posts.address, &room.members[0].token).await?;
            writers.push(Writer { number, room, http, kept: Vec::new() });
        }
        let mut report = Report { one_order: true, ..Report::default() };
        match post(posts, &mut writers).await {
            Ok(outcome) => report.outcomes.push(outcome),
            Err(error) => report.broken = Some(error),
        }
        for writer in &mut writers {
            report.kept += writer.kept.len() as u64;
            report.wrong.unkept += writer.missing().await?;
        }
        Ok(report)
    })
}

async fn post(posts: &Posts, writers: &mut [Writer<'_>]) -> Result<Outcome> {
    let Posts { pid, seconds, .. } = *posts;
    all(writers, WARM.min(seconds / 4.0)).await?;
    let own = std::process::id();
    let (rss_before, server, me, start) = (proc::rss(pid)?, proc::cpu(pid)?, proc::cpu(own)?, Instant::now());
    let times = Times::from(all(writers, seconds).await?);
    let used = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64();
    let ms = |percent| times.at(percent).as_secs_f64() * 1e3;
    Ok(Outcome {
        seconds: start.elapsed().as_secs_f64(),
        messages: times.len() as u64,
        server_cpu: used(proc::cpu(pid)?, server),
        own_cpu: used(proc::cpu(own)?, me),
        acks: times.len() as u64,
        ack_p50: ms(50),
        ack_p99: ms(99),
        rss_before,
        rss_after: proc::rss(pid)?,
        clients: writers.len() as u64,
        ..Outcome::default()
    })
}

/// All post for so long: how long each acknowledgement took.
async fn all(writers: &mut [Writer<'_>], seconds: f64) -> Result<Vec<Duration>> {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let times = try_join_all(writers.iter_mut().map(|writer| writer.post(end))).await?;
    Ok(times.concat())
}

impl Writer<'_> {
    async fn post(&mut self, end: Instant) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        while Instant::now() < end {
            let n = self.kept.len();
            let path = format!("/_matrix/client/v3/rooms/{}/send/m.room.message/{n}", self.room.name);
            let body = json!({ "msgtype": "m.text", "body": text::write(self.mark(n)) });
            let start = Instant::now();
            let answer = self.http.ask("PUT", &path, Some(&body)).await?;
            times.push(start.elapsed());
            self.kept.push(answer["event_id"].as_str().ok_or("an acknowledgement of nothing")?.to_owned());
        }
        Ok(times)
    }

    /// How many of the acknowledged messages do not stand in the history once, under their name and as they were sent.
    async fn missing(&mut self) -> Result<u64> {
        let mut found: HashMap<Mark, Vec<String>> = HashMap::new();
        let mut from = String::new();
        loop {
            let path = format!("/_matrix/client/v3/rooms/{}/messages?dir=b&limit=1000{from}", self.room.name);
            let page = self.http.get(&path).await?;
            for event in page["chunk"].as_array().map_or(&[][..], Vec::as_slice) {
                let mark = event["content"]["body"].as_str().and_then(|text| text::read(text.as_bytes()));
                if let (Some(mark), Some(id)) = (mark, event["event_id"].as_str()) {
                    found.entry(mark).or_default().push(id.to_owned());
                }
            }
            let Some(end) = page["end"].as_str() else { break };
            from = format!("&from={end}");
        }
        let right = |(n, id): &(usize, &String)| found.get(&self.mark(*n)).map(Vec::as_slice) == Some(&[(*id).clone()]);
        Ok(self.kept.iter().enumerate().filter(|kept| !right(kept)).count() as u64)
    }

    fn mark(&self, n: usize) -> Mark {
        Mark { room: self.number, writer: 0, n }
    }
}
