//! What the machine itself can do, in the same run and on the same disk: a figure of ours means nothing alone.

pub mod broadcast;
pub mod epoll;

use crate::table::Times;
use crate::{Result, failed};
use rusqlite::Connection;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// SQLite as the server sets it, one commit for so many posts, one after the other: how long each took.
///
/// # Errors
/// The database failed.
pub fn sqlite(folder: &Path, during: Duration, posts: usize) -> Result<Times> {
    let run = || -> rusqlite::Result<Times> {
        let conn = Connection::open(folder.join("floor.db"))?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE posts (seq INTEGER PRIMARY KEY, author INTEGER, text TEXT)",
        )?;
        let text = "x".repeat(150);
        let mut insert = conn.prepare("INSERT INTO posts (author, text) VALUES (?1, ?2)")?;
        let (mut begin, mut commit) = (conn.prepare("BEGIN IMMEDIATE")?, conn.prepare("COMMIT")?);
        repeat(during, |_| {
            begin.execute([])?;
            (0..posts).try_for_each(|author| insert.execute((author as i64, &text)).map(drop))?;
            commit.execute([])
        })
    };
    run().map_err(failed("the floor's database"))
}

/// A page written and brought to disk, again and again: how long each took.
///
/// # Errors
/// The disk failed.
pub fn fdatasync(folder: &Path, during: Duration) -> Result<Times> {
    let run = || -> std::io::Result<Times> {
        let mut file = File::create(folder.join("floor.log"))?;
        let page = [7_u8; 4096];
        repeat(during, |_| file.write_all(&page).and_then(|()| file.sync_data()))
    };
    run().map_err(failed("the floor's file"))
}

fn repeat<T, E>(
    during: Duration,
    mut step: impl FnMut(usize) -> std::result::Result<T, E>,
) -> std::result::Result<Times, E> {
    let (start, mut times) = (Instant::now(), Times::default());
    while start.elapsed() < during {
        let begun = Instant::now();
        step(times.len())?;
        times.add(begun.elapsed());
    }
    Ok(times)
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
