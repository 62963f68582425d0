//! Files a second and megabytes a second, beside the bare disk in the same minute: the same bytes written, synced,
//! renamed, the folder synced; no network, no hash, no database.

use super::{Bytes, SETTINGS, send};
use crate::http::Http;
use crate::measure::Plan;
use crate::program::Person;
use crate::table::Table;
use crate::{Result, failed, floor};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

const SMALL: u64 = 100_000;
const LARGE: u64 = 64 << 20;
const AIM: &str = "≥ 0.5 ×";

/// The number of the next file: the server keeps the same bytes only once.
static SENT: AtomicU64 = AtomicU64::new(0);

/// # Errors
/// The server broke off, or the disk failed.
pub async fn rates(plan: &Plan, table: &mut Table) -> Result<()> {
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let people = plan.program.people(&data, "person", 8, "Files")?;
    let running = plan.program.serve_with(&data, SETTINGS).await?;
    let seconds = if plan.quick { 0.5 } else { 2.0 };
    for (size, senders, during) in [(SMALL, 1, seconds), (SMALL, 8, seconds), (LARGE, 1, seconds * 2.0)] {
        let (mut bare, mut ours) = (0.0, 0.0);
        // In turns: where others use the disk too, both meet them.
        let rounds = if plan.quick { 2 } else { 4 };
        let work = Work { size, during: Duration::from_secs_f64(during) };
        for _ in 0..rounds {
            bare += work.bare(folder.path(), senders).await?;
            ours += work.ours(running.address, &people[..senders]).await?;
        }
        let times = f64::from(rounds);
        let (bare, ours) = (bare / times, ours / times);
        let ratio = ours / bare;
        if size == SMALL {
            let what = format!("files of 100 KB, taken and kept, senders: {senders}");
            table.row(what, format!("{ours:.0}/s · {ratio:.2} × bare disk ({bare:.0}/s)"), AIM);
        } else {
            let rate = |files: f64| files * size as f64 / 1e6;
            let value = format!("{:.0} MB/s · {ratio:.2} × bare disk ({:.0} MB/s)", rate(ours), rate(bare));
            table.row("files of 64 MiB, taken and kept, one after the other", value, AIM);
        }
    }
    table.row("  bare disk: the same bytes, fsync, rename, fsync of the folder", "no hash, no row", "");
    Ok(())
}

#[derive(Clone, Copy)]
struct Work {
    size: u64,
    during: Duration,
}

impl Work {
    /// Files a second by as many threads.
    async fn bare(self, folder: &Path, writers: usize) -> Result<f64> {
        let folder = tempfile::tempdir_in(folder).map_err(failed("a folder for the floor"))?;
        let mut tasks = Vec::new();
        for writer in 0..writers {
            let folder = folder.path().to_owned();
            tasks.push(tokio::task::spawn_blocking(move || self.write(folder, writer)));
        }
        let mut rate = 0.0;
        for task in tasks {
            rate += task.await.map_err(failed("a bare writer"))??;
        }
        Ok(rate)
    }

    fn write(self, folder: PathBuf, writer: usize) -> Result<f64> {
        let bytes = Bytes::of(writer as u64);
        let pieces: Vec<Vec<u8>> = bytes.pieces(0..self.size).collect();
        let (start, mut files) = (Instant::now(), 0_u32);
        while start.elapsed() < self.during {
            floor::keep(&folder, &format!("{writer}-{files}"), pieces.iter())?;
            files += 1;
        }
        Ok(f64::from(files) / start.elapsed().as_secs_f64())
    }

    /// Files a second through the server, by as many people.
    async fn ours(self, address: SocketAddr, people: &[Person]) -> Result<f64> {
        let mut tasks = Vec::new();
        for person in people {
            tasks.push(tokio::spawn(self.send(address, person.clone())));
        }
        let mut rate = 0.0;
        for task in tasks {
            rate += task.await.map_err(failed("a sender"))??;
        }
        Ok(rate)
    }

    async fn send(self, address: SocketAddr, person: Person) -> Result<f64> {
        let mut http = Http::open(address, &person.token).await?;
        let mut bytes = Bytes::of(0);
        let (start, mut files) = (Instant::now(), 0_u32);
        while start.elapsed() < self.during {
            bytes.renumber(SENT.fetch_add(1, Relaxed));
            send(&mut http, "bench", bytes.pieces(0..self.size), self.size).await?;
            files += 1;
        }
        Ok(f64::from(files) / start.elapsed().as_secs_f64())
    }
}
