//! PostgreSQL: a pool; the writes that wait in one lane share a transaction that holds the lane's head row.

use crate::error::{Error, OpenError};
use crate::tell::Teller;
use crate::tx::{Conn, Tx};
use crate::{Job, Lane, OnCommit, Outcome, schema, tls};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use protocol::RoomId;
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const GROUP: usize = 256;
const GROUP_BYTES: usize = 1 << 20;
/// More writes waiting in one lane than this: [`Error::Busy`].
const WAITING: usize = 4096;
const POOL: usize = 16;

pub(crate) struct Postgres {
    pool: Pool,
    lanes: Mutex<HashMap<Lane, VecDeque<Job>>>,
    teller: Teller,
}

impl Postgres {
    pub(crate) async fn open(url: &str, on_commit: OnCommit) -> Result<Arc<Postgres>, OpenError> {
        // The URL holds a password: errors speak of it without quoting it.
        let (url, verify) = tls::mode(url);
        let config: tokio_postgres::Config =
            url.parse().map_err(|_| OpenError::Failed("the database URL cannot be read".into()))?;
        let manager = Manager::from_config(
            config,
            tls::connector(verify)?,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let wait = Some(Duration::from_secs(5));
        let pool = Pool::builder(manager)
            .max_size(POOL)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait, create: wait, recycle: wait })
            .build()
            .map_err(|error| OpenError::Failed(error.to_string()))?;
        let store = Postgres { pool, lanes: Mutex::default(), teller: Teller::new(on_commit) };
        let mut tx = store.client().await?;
        // Two programs that start at once migrate one after the other.
        tx.batch("BEGIN; SELECT pg_advisory_xact_lock(8074206513)").await?;
        schema::migrate(&mut tx).await?;
        tx.batch("COMMIT").await?;
        tx.ended();
        drop(tx);
        Ok(Arc::new(store))
    }

    async fn client(&self) -> Result<Tx, Error> {
        let client = self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Timeout(_) => Error::Busy,
            other => Error::Unavailable(other.to_string()),
        })?;
        Ok(Tx::new(Conn::Postgres(Some(client))))
    }

    /// A transaction on a connection that answers: one that died in the pool is tried once more.
    async fn begin(&self, how: &str) -> Result<Tx, Error> {
        let mut tx = self.client().await?;
        if tx.batch(how).await.is_ok() {
            return Ok(tx);
        }
        drop(tx);
        let mut tx = self.client().await?;
        tx.batch(how).await?;
        Ok(tx)
    }

    pub(crate) async fn read<R, E, F>(self: &Arc<Self>, f: F) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<R, E>> + Send + 'static,
    {
        let store = Arc::clone(self);
        // A task of its own: whoever asked may go away, and the connection must not go back half-way.
        let work = async move {
            let mut tx = store.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
            let result = f(&mut tx).await;
            tx.batch("ROLLBACK").await?;
            tx.ended();
            result
        };
        tokio::spawn(work).await.unwrap_or_else(|_| Err(Error::Other("a read panicked".into()).into()))
    }

    pub(crate) fn submit(self: &Arc<Self>, lane: Lane, job: Job) -> Result<(), Error> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = lanes.get_mut(&lane) {
            if queue.len() >= WAITING {
                return Err(Error::Busy);
            }
            queue.push_back(job);
            return Ok(());
        }
        lanes.insert(lane, VecDeque::from([job]));
        drop(lanes);
        let store = Arc::clone(self);
        tokio::spawn(async move { store.drain(lane).await });
        Ok(())
    }

    /// Works a lane off, group after group, until nothing waits.
    async fn drain(&self, lane: Lane) {
        loop {
            let jobs: Vec<Job> = {
                let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(queue) = lanes.get_mut(&lane) else { return };
                if queue.is_empty() {
                    lanes.remove(&lane);
                    return;
                }
                let most = queue.len().min(GROUP);
                queue.drain(..most).collect()
            };
            let mut waiting = Vec::with_capacity(jobs.len());
            let outcome = self.group(lane, jobs, &mut waiting).await;
            if let Err(error) = &outcome {
                tracing::error!(%error, waiting = waiting.len(), "a group of writes failed");
            }
            for told in waiting {
                let _ = told.send(outcome.clone());
            }
        }
    }

    /// A write transaction that holds the lane's head row.
    async fn begin_in(&self, lane: Lane) -> Result<Tx, Error> {
        let mut tx = self.begin("BEGIN").await?;
        let head = match lane {
            Lane::Server => RoomId::SERVER,
            Lane::Room(room) => room,
            Lane::Personal => return Ok(tx),
        };
        tx.row("SELECT head FROM rooms WHERE id = $1 FOR UPDATE", &[head.into()]).await?;
        Ok(tx)
    }

    async fn group(&self, lane: Lane, jobs: Vec<Job>, waiting: &mut Vec<Outcome>) -> Result<(), Error> {
        let mut tx = match self.begin_in(lane).await {
            Ok(tx) => tx,
            Err(error) => {
                waiting.extend(jobs.into_iter().map(|job| job.outcome));
                return Err(error);
            }
        };
        let mut jobs = jobs.into_iter();
        for job in jobs.by_ref() {
            waiting.push(job.outcome);
            tx.start_job();
            // A bug in one closure must not stop the lane for the writes behind it.
            if AssertUnwindSafe(async { (job.run)(&mut tx).await }).catch_unwind().await.is_err() {
                tx.fail(Error::Other("a write panicked".into()));
            }
            if tx.failed() || tx.bytes() > GROUP_BYTES {
                break;
            }
        }
        // What did not fit goes first in the next group.
        let rest: Vec<Job> = jobs.collect();
        if !rest.is_empty() {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = lanes.entry(lane).or_default();
            for job in rest.into_iter().rev() {
                queue.push_front(job);
            }
        }
        if let Some(error) = tx.take_failed() {
            // The connection may be gone with the failure; then the server rolls back by itself.
            if tx.batch("ROLLBACK").await.is_ok() {
                tx.ended();
            }
            return Err(error);
        }
        // Noted while the rows are locked: another lane's commit in the same room comes after it.
        let telling = self.teller.note(tx.take_appended());
        tx.batch("COMMIT").await?;
        tx.ended();
        telling.tell();
        Ok(())
    }

    pub(crate) async fn close(&self) {
        while !self.lanes.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.pool.close();
    }
}
