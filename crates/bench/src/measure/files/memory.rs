//! Two GiB through the server, in and out, while the kernel notes the most memory that it ever has.

use super::{Bytes, FILES, SETTINGS, send, send_in_pieces};
use crate::Result;
use crate::http::Http;
use crate::measure::Plan;
use crate::program::Running;
use crate::table::{Table, mib};
use std::ops::Range;
use std::time::{Duration, Instant};

/// What a client sends of a large file in one request.
const PIECE: u64 = 64 << 20;
const AIM: &str = "< 30 MB more";

/// # Errors
/// The server broke off.
pub async fn memory(plan: &Plan, table: &mut Table) -> Result<()> {
    let size: u64 = if plan.quick { 256 << 20 } else { 2 << 30 };
    let shown = format!("{} MiB", size >> 20);
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let people = plan.program.people(&data, "person", 1, "Files")?;
    let running = plan.program.serve_with(&data, SETTINGS).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = running.rss()?;
    let mut http = Http::open(running.address, &people[0].token).await?;

    let mut row = |what: String, watch: Watch, bytes: u64| {
        let (more, rate) = watch.end(&running, idle, bytes)?;
        table.row(what, format!("{} over idle, {rate:.0} MB/s", mib(more)), AIM);
        Ok::<_, String>(())
    };
    let tus = Bytes::of(1);
    let watch = Watch::begin(&running)?;
    let first = send_in_pieces(&mut http, &tus, size, PIECE).await?;
    row(format!("memory, {shown} taken in pieces of {} MiB", PIECE >> 20), watch, size)?;

    let form = Bytes::of(2);
    let watch = Watch::begin(&running)?;
    let second = send(&mut http, "bench", form.pieces(0..size), size).await?;
    row(format!("memory, {shown} taken as one form"), watch, size)?;

    let mut wrong = 0;
    let watch = Watch::begin(&running)?;
    wrong += read(&mut http, first, &tus, 0..size, size).await?;
    row(format!("memory, {shown} given"), watch, size)?;

    let part = size / 2 + 1..size / 2 + (32 << 20);
    let watch = Watch::begin(&running)?;
    wrong += read(&mut http, second, &form, part.clone(), size).await?;
    row("memory, 32 MiB of its middle given".to_owned(), watch, part.end - part.start)?;
    wrong += read(&mut http, second, &form, 0..size, size).await?;
    table.row("  held against what was sent", format!("{wrong} wrong pieces in 2 files and a range"), "0 wrong");
    Ok(())
}

struct Watch(Instant);

impl Watch {
    fn begin(running: &Running) -> Result<Watch> {
        running.forget_peak()?;
        Ok(Watch(Instant::now()))
    }

    /// KiB over `idle` at the most, and MB a second.
    fn end(self, running: &Running, idle: u64, bytes: u64) -> Result<(u64, f64)> {
        let rate = bytes as f64 / 1e6 / self.0.elapsed().as_secs_f64();
        Ok((running.peak()?.saturating_sub(idle), rate))
    }
}

/// How many pieces are not what was sent; one more where the length is wrong.
async fn read(http: &mut Http, file: i64, bytes: &Bytes, range: Range<u64>, size: u64) -> Result<usize> {
    let path = format!("{FILES}/{file}");
    let whole = range == (0..size);
    let asked = if whole { String::new() } else { format!("range: bytes={}-{}\r\n", range.start, range.end - 1) };
    http.begin("GET", &path, &asked, 0).await?;
    let (mut at, mut wrong) = (range.start, 0);
    let heard = http.hear(&path, |piece| {
        wrong += usize::from(!bytes.are(at, piece));
        at += piece.len() as u64;
    });
    let (status, head) = heard.await?;
    if status != if whole { 200 } else { 206 } {
        return Err(format!("{path}: {head}"));
    }
    Ok(wrong + usize::from(at != range.end))
}
