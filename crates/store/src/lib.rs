//! What is true: every room's log with its fold, accounts and their sessions.
//!
//! [`Store`] opens SQLite or PostgreSQL and runs closures in a transaction; [`Tx`] is what they see. The
//! modules `log`, `rooms`, `members`, `users` … are functions over a [`Tx`], written once for both databases.
//! Nothing here decides who may do what: that is the server's policy, asked inside the same transaction.

pub mod activity;
mod clients;
mod columns;
pub mod emoji;
mod error;
pub mod facts;
pub mod files;
mod fold;
pub mod groups;
pub mod history;
pub mod invites;
pub mod keywords;
pub mod log;
pub mod members;
pub mod planted;
mod postgres;
pub mod quiet;
pub mod reactions;
pub mod readers;
pub mod rooms;
pub mod saved;
pub mod schema;
pub mod sessions;
mod sqlite;
mod tell;
#[cfg(feature = "testing")]
pub mod testing;
pub mod threads;
mod tls;
mod tx;
pub mod unread;
pub mod users;
mod value;
pub mod verify;

pub use error::{Error, OpenError};
pub use tx::Tx;
pub use value::{Row, Value};

use futures_util::future::BoxFuture;
use protocol::{Event, RoomId, Seq, Time, UserId};
use std::path::PathBuf;
use std::sync::Arc;

/// Which writes must not run beside each other. On SQLite all of them share one writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Accounts, sessions, new rooms and room names: whatever must be unique on the server. The transaction
    /// holds the head row of log 0; it may lock a room's row after it (never the other way round).
    Server,
    /// One room's log. The transaction holds that room's head row, and no other.
    Room(RoomId),
    /// What is one person's own: cursors, drafts, levels, last seen. Holds no head row.
    Personal,
}

/// Where the truth is kept.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder: the SQLite database lies in it.
    pub data: PathBuf,
    /// A PostgreSQL URL, where SQLite is not enough.
    pub database: Option<String>,
}

impl Options {
    /// The SQLite database, where that is what is used.
    pub fn sqlite(&self) -> Option<PathBuf> {
        self.database.is_none().then(|| self.data.join(sqlite::FILE))
    }
}

/// What a commit brought: a hint for readers, who may as well look into the log.
#[derive(Clone, Debug)]
pub enum Committed {
    Event(Event),
    /// Log 0 has grown up to here.
    Fact(Seq),
    /// These people follow a thread that they did not follow before.
    Following {
        room: RoomId,
        root: Seq,
        users: Vec<UserId>,
    },
}

/// Told after each commit, in commit order within a room: never waits, never fails.
pub type OnCommit = Arc<dyn Fn(Vec<Committed>) + Send + Sync>;

/// The database, open.
#[derive(Clone)]
pub struct Store {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(Arc<postgres::Postgres>),
}

/// A write that waits for its group.
struct Job {
    run: Run,
    /// Whoever asked is told how the commit went, also where the write never ran.
    outcome: Outcome,
}
type Run = Box<dyn for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, ()> + Send>;
type Outcome = tokio::sync::oneshot::Sender<Result<(), Error>>;

tokio::task_local! {
    static THEN: Time;
}

/// Does `work` as if it were `then`: the writes that it asks for carry that time. For histories that are made or
/// imported; nothing that a client can reach uses it.
pub async fn as_of<R>(then: Time, work: impl Future<Output = R>) -> R {
    THEN.scope(then, work).await
}

impl Store {
    /// Opens the database, takes its lock and brings its schema up to date.
    ///
    /// # Errors
    /// Another process has it, its schema is newer than this program, or it cannot be reached.
    pub async fn open(options: &Options, on_commit: OnCommit) -> Result<Store, OpenError> {
        let kind = match &options.database {
            Some(url) => Kind::Postgres(postgres::Postgres::open(url, on_commit).await?),
            None => Kind::Sqlite(sqlite::Sqlite::open(&options.data, on_commit)?),
        };
        Ok(Store { kind })
    }

    /// Runs `f` in one read-only snapshot.
    ///
    /// # Errors
    /// Those of `f`, and of a database that cannot be reached.
    pub async fn read<R, E, F>(&self, f: F) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<R, E>> + Send + 'static,
    {
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.read(f).await,
            Kind::Postgres(postgres) => postgres.read(f).await,
        }
    }

    /// Runs `f` in a write transaction, together with others that wait in the same lane, and answers after the
    /// commit is on disk. Every check in `f` must precede its first write: a refusal has written nothing.
    ///
    /// # Errors
    /// Those of `f`; of a database that cannot be reached or is full; [`Error::Busy`] where too many wait.
    pub async fn write<R, E, F>(&self, lane: Lane, f: F) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<R, E>> + Send + 'static,
    {
        let then = THEN.try_with(|then| *then).ok();
        let (give, result) = tokio::sync::oneshot::channel();
        let (outcome, ended) = tokio::sync::oneshot::channel();
        let run: Run = Box::new(move |tx| {
            Box::pin(async move {
                if let Some(then) = then {
                    tx.set_now(then);
                }
                let result = f(tx).await;
                if result.is_err() && tx.wrote_since_mark() {
                    tx.fail(Error::Other("a refusal came after a write".into()));
                }
                // Who asked may have gone; the write stands all the same.
                let _ = give.send(result);
            })
        });
        let job = Job { run, outcome };
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.submit(job)?,
            Kind::Postgres(postgres) => postgres.submit(lane, job)?,
        }
        if !planted::has("ack_before_commit") {
            ended.await.unwrap_or_else(|_| Err(Error::Unavailable("the writer stopped".into())))?;
        }
        result.await.unwrap_or_else(|_| Err(Error::Unavailable("the writer stopped".into()).into()))
    }

    /// Whether the data survives only as long as a remote database does.
    pub fn is_postgres(&self) -> bool {
        matches!(self.kind, Kind::Postgres(_))
    }

    /// Finishes the writes that wait and closes the database.
    pub async fn close(&self) {
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.close().await,
            Kind::Postgres(postgres) => postgres.close().await,
        }
    }
}
