//! SQLite: one writer thread that commits in groups, a few readers, a checkpointer beside them.

mod pool;

use crate::error::{Error, OpenError};
use crate::tx::Tx;
use crate::{Job, OnCommit, Outcome, planted, schema};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pool::Pool;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use std::fs::{File, TryLockError};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// In the data folder.
pub(crate) const FILE: &str = "parlour.db";
/// A group ends at this many closures …
const GROUP: usize = 256;
/// … or this many bytes.
const GROUP_BYTES: usize = 1 << 20;
/// A group waits for as many writes as the last one had, at most so long: less than the sync of a disk takes.
const GATHER: Duration = Duration::from_micros(500);
/// How often it looks for them.
const GATHER_LOOK: Duration = Duration::from_micros(50);
/// More writes waiting than this: [`Error::Busy`].
const WAITING: usize = 4096;
/// Erased words leave the write-ahead log within this time.
const ERASED_AFTER: Duration = Duration::from_secs(45);
/// The write-ahead log is copied back into the database when it has grown by so many frames (4 KiB each), or has rested.
const CHECKPOINT_FRAMES: u64 = 4096;
/// It rests when nothing was committed for so long.
const RESTS: Duration = Duration::from_secs(5);
/// A log of more frames, for which a reader is in the way of writing it anew, is cut off even while it is busy.
const LOG_FRAMES: u64 = 16_384;

/// What the writer and the checkpointer know of the write-ahead log.
#[derive(Default)]
struct WriteAhead {
    /// How many frames it holds.
    frames: AtomicU64,
    /// How many commits there were.
    commits: AtomicU64,
    /// The checkpointer has copied nearly all of it: the writer copies the rest, which is what came meanwhile, and then
    /// writes it anew from its beginning. A file that grows makes each frame and each sync dearer.
    copied: AtomicBool,
}

pub(crate) struct Sqlite {
    writer: Mutex<Option<mpsc::Sender<Job>>>,
    stopped: tokio::sync::Mutex<Option<oneshot::Receiver<()>>>,
    readers: Pool,
}

impl Sqlite {
    pub(crate) fn open(folder: &Path, on_commit: OnCommit) -> Result<Arc<Sqlite>, OpenError> {
        let failed =
            |what: &str, error: std::io::Error| OpenError::Failed(format!("{what} {}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(|e| failed("cannot make the data folder", e))?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(|e| failed("cannot write in the data folder", e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(folder.display().to_string())),
            Err(TryLockError::Error(e)) => return Err(failed("cannot lock the data folder", e)),
        }
        let path = folder.join(FILE);
        let log = Arc::<WriteAhead>::default();
        let mut writing = connect(&path, true)?;
        let counted = Arc::clone(&log);
        writing.wal_hook(Some(move |_: &mut Wal, frames| {
            counted.frames.store(u64::try_from(frames).unwrap_or(0), Relaxed);
            Ok(())
        }))?;
        let mut tx = Tx::sqlite(writing);
        migrate(&mut tx)?;

        let (jobs, queue) = mpsc::channel(WAITING);
        let (done, stopped) = oneshot::channel();
        let (poke, pokes) = std::sync::mpsc::channel();
        let checkpointer = connect(&path, true)?;
        // It holds the writer up while it waits for readers: it tries again later instead.
        checkpointer.busy_timeout(Duration::from_millis(50))?;
        let copied = Arc::clone(&log);
        std::thread::Builder::new()
            .name("checkpoint".into())
            .spawn(move || checkpoint(&checkpointer, &pokes, &copied))
            .map_err(|e| failed("cannot start a thread for", e))?;
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                write(tx, queue, &on_commit, &poke, &log);
                // Held as long as something may still be written: nobody else may serve the same folder.
                drop(lock);
                let _ = done.send(());
            })
            .map_err(|e| failed("cannot start a thread for", e))?;
        Ok(Arc::new(Sqlite {
            writer: Mutex::new(Some(jobs)),
            stopped: tokio::sync::Mutex::new(Some(stopped)),
            readers: Pool::new(path),
        }))
    }

    pub(crate) fn submit(&self, job: Job) -> Result<(), Error> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = writer.as_ref() else {
            return Err(Error::Unavailable("it is being closed".into()));
        };
        writer.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Error::Busy,
            mpsc::error::TrySendError::Closed(_) => Error::Unavailable("the writer stopped".into()),
        })
    }

    pub(crate) async fn read<R, E, F>(&self, f: F) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<R, E>> + Send + 'static,
    {
        self.readers.read(|tx| now(f(tx))).await
    }

    pub(crate) async fn close(&self) {
        drop(self.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(stopped) = self.stopped.lock().await.take() {
            let _ = stopped.await;
        }
    }
}

/// On SQLite no statement waits for another task, so a future is ready when it is first asked.
fn now<T, E: From<Error>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    future.now_or_never().unwrap_or_else(|| Err(Error::Other("a statement waited".into()).into()))
}

fn connect(path: &Path, writes: bool) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    // A plan is made once: else each new value of a parameter that a partial index could be about has it made again.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let synchronous = if planted::has("synchronous_normal") { "NORMAL" } else { "FULL" };
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = {synchronous};
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA cache_size = {};",
        if writes { -4096 } else { -1024 }
    ))?;
    Ok(conn)
}

fn migrate(tx: &mut Tx) -> Result<(), OpenError> {
    let mut run = || -> Result<(), OpenError> {
        now(tx.batch("BEGIN IMMEDIATE"))?;
        now(schema::migrate(tx))?;
        now(tx.batch("COMMIT"))?;
        Ok(())
    };
    run().inspect_err(|_| {
        let _ = tx.batch("ROLLBACK").now_or_never();
        tx.reset();
    })
}

/// What the writer tells the checkpointer. Not each commit: to wake a thread for it would cost as much as the commit's
/// statements.
enum Poke {
    /// Something was erased.
    Erased,
    /// The log has grown by many frames.
    Grown,
}

fn write(
    mut tx: Tx,
    mut queue: mpsc::Receiver<Job>,
    on_commit: &OnCommit,
    poke: &std::sync::mpsc::Sender<Poke>,
    log: &WriteAhead,
) {
    // A write or an fsync failed below SQLite: what the disk holds is not known any more, and asking again would
    // be told that all is well. Nothing more is written until somebody has looked and started anew.
    let mut broken: Option<Error> = None;
    let mut last = 1;
    // How long the log was when the checkpointer was last woken for its length.
    let mut told_at = 0;
    while let Some(first) = queue.blocking_recv() {
        if let Some(error) = &broken {
            let _ = first.outcome.send(Err(error.clone()));
            continue;
        }
        let mut waiting: Vec<Outcome> = Vec::with_capacity(1);
        let outcome = group(&mut tx, first, &mut queue, &mut waiting, last);
        last = waiting.len();
        match &outcome {
            Ok(()) => {
                let events = tx.take_appended();
                if !events.is_empty() {
                    on_commit(events);
                }
                log.commits.fetch_add(1, Relaxed);
                if tx.take_erased() {
                    let _ = poke.send(Poke::Erased);
                }
                let frames = log.frames.load(Relaxed);
                told_at = if frames < told_at { 0 } else { told_at };
                if frames >= told_at + CHECKPOINT_FRAMES {
                    told_at = frames;
                    let _ = poke.send(Poke::Grown);
                }
            }
            Err(error) => {
                let _ = tx.batch("ROLLBACK").now_or_never();
                tracing::error!(%error, waiting = waiting.len(), "a group of writes failed");
                if let Error::Unavailable(why) = error {
                    tracing::error!("the disk cannot be trusted: no more writes are taken until a restart");
                    broken = Some(Error::Unavailable(format!("writes stopped: {why}")));
                }
            }
        }
        tx.reset();
        for told in waiting {
            let _ = told.send(outcome.clone());
        }
        if broken.is_none() && log.copied.swap(false, Relaxed) {
            let _ = tx.batch("PRAGMA wal_checkpoint(PASSIVE)").now_or_never();
        }
    }
    let _ = tx.batch("PRAGMA wal_checkpoint(TRUNCATE)").now_or_never();
}

/// One transaction with the first write and all that wait behind it. Where several were written together just now, those
/// who were told so are about to write again: it waits for about as many, since a sync costs the same for all.
fn group(
    tx: &mut Tx,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    waiting: &mut Vec<Outcome>,
    last: usize,
) -> Result<(), Error> {
    let begun = Instant::now();
    let mut next = Some(first);
    if let Err(error) = now(tx.control("BEGIN IMMEDIATE")) {
        tx.fail(error);
    }
    while let Some(job) = next.take() {
        waiting.push(job.outcome);
        if !tx.failed() {
            tx.start_job();
            // A bug in one closure must not stop the one writer that everybody needs.
            match std::panic::catch_unwind(AssertUnwindSafe(|| (job.run)(tx).now_or_never())) {
                Ok(Some(())) => {}
                Ok(None) => tx.fail(Error::Other("a statement waited".into())),
                Err(_) => tx.fail(Error::Other("a write panicked".into())),
            }
        }
        if !tx.failed() && waiting.len() < GROUP && tx.bytes() < GROUP_BYTES {
            next = queue.try_recv().ok();
            while next.is_none() && waiting.len() < last && begun.elapsed() < GATHER {
                std::thread::sleep(GATHER_LOOK);
                next = queue.try_recv().ok();
            }
        }
    }
    match tx.take_failed() {
        Some(error) => Err(error),
        None => now(tx.control("COMMIT")),
    }
}

/// Copies the write-ahead log back into the database beside the writer, and cuts it off soon after an erasure.
fn checkpoint(conn: &Connection, pokes: &std::sync::mpsc::Receiver<Poke>, log: &WriteAhead) {
    // Answers whether nobody was in its way.
    let run = |mode: &str| {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        conn.query_row(&sql, [], |row| Ok(row.get::<_, i64>(0)? == 0)).unwrap_or_else(|error| {
            tracing::warn!(%error, "a checkpoint failed");
            false
        })
    };
    // When the log must be cut off at the latest.
    let mut due = None::<Instant>;
    // Commits that were there when it last looked, and those that are all in the database.
    let (mut seen, mut kept) = (0, 0);
    loop {
        let wait = due.map_or(RESTS, |due| due.saturating_duration_since(Instant::now()).min(RESTS));
        let poke = pokes.recv_timeout(wait);
        let there = log.commits.load(Relaxed);
        let rests = match poke {
            Ok(Poke::Erased) => {
                due.get_or_insert_with(|| Instant::now() + ERASED_AFTER);
                false
            }
            Ok(Poke::Grown) => {
                run("PASSIVE");
                if log.frames.load(Relaxed) > LOG_FRAMES {
                    due = Some(Instant::now());
                } else {
                    log.copied.store(true, Relaxed);
                }
                false
            }
            // It rests: whatever was erased can go at once.
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => there == seen && there > kept,
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
        };
        seen = there;
        // A log that keeps its length is written anew from its beginning: to let it grow again would cost each sync more.
        if rests && due.is_none() {
            if run("PASSIVE") {
                kept = there;
            }
        } else if rests || due.is_some_and(|due| due <= Instant::now()) {
            if run("TRUNCATE") {
                (kept, due) = (there, None);
            } else {
                // A reader is in the way; to try at every commit would hold the writer up each time.
                due = Some(Instant::now() + Duration::from_secs(1));
            }
        }
    }
}
