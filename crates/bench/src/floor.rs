//! What the machine itself can do, in the same run and on the same disk: a figure of ours means nothing alone.

pub mod broadcast;
pub mod epoll;

use crate::{Result, failed};
use rusqlite::Connection;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// SQLite as the server sets it, one commit a post: posts per second.
///
/// # Errors
/// The database failed.
pub fn sqlite(folder: &Path, during: Duration) -> Result<f64> {
    let run = || -> rusqlite::Result<f64> {
        let conn = Connection::open(folder.join("floor.db"))?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE posts (seq INTEGER PRIMARY KEY, author INTEGER, text TEXT)",
        )?;
        let text = "x".repeat(150);
        let (start, mut posts) = (Instant::now(), 0_u32);
        while start.elapsed() < during {
            conn.execute("INSERT INTO posts (author, text) VALUES (?1, ?2)", (posts % 64, &text))?;
            posts += 1;
        }
        Ok(f64::from(posts) / start.elapsed().as_secs_f64())
    };
    run().map_err(failed("the floor's database"))
}

/// A page written and brought to disk, again and again: times per second.
///
/// # Errors
/// The disk failed.
pub fn fdatasync(folder: &Path, during: Duration) -> Result<f64> {
    let run = || -> std::io::Result<f64> {
        let mut file = File::create(folder.join("floor.log"))?;
        let page = [7_u8; 4096];
        let (start, mut times) = (Instant::now(), 0_u32);
        while start.elapsed() < during {
            file.write_all(&page)?;
            file.sync_data()?;
            times += 1;
        }
        Ok(f64::from(times) / start.elapsed().as_secs_f64())
    };
    run().map_err(failed("the floor's file"))
}

/// A file kept so that it survives a loss of power, and nothing more: written, synced, renamed to its place, the
/// folder synced.
///
/// # Errors
/// The disk failed.
pub fn keep(folder: &Path, name: &str, pieces: impl Iterator<Item = impl AsRef<[u8]>>) -> Result<()> {
    let run = || -> std::io::Result<()> {
        let new = folder.join(format!("{name}.new"));
        let mut file = File::create(&new)?;
        for piece in pieces {
            file.write_all(piece.as_ref())?;
        }
        file.sync_all()?;
        std::fs::rename(new, folder.join(name))?;
        File::open(folder)?.sync_all()
    };
    run().map_err(failed("the floor's file"))
}
