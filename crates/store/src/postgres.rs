//! PostgreSQL: a pool; the writes that wait in one lane share a transaction that holds the lane's head row.

use crate::error::{Error, OpenError};
use crate::tx::{Conn, Tx};
use crate::{Finish, Job, Lane, OnCommit, schema};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use futures_util::future::BoxFuture;
use protocol::RoomId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_postgres::NoTls;

const GROUP: usize = 256;
const GROUP_BYTES: usize = 1 << 20;
/// More writes waiting in one lane than this: [`Error::Busy`].
const WAITING: usize = 4096;
const POOL: usize = 16;

pub(crate) struct Postgres {
    pool: Pool,
    lanes: Mutex<HashMap<Lane, VecDeque<Job>>>,
    on_commit: OnCommit,
}

impl Postgres {
    pub(crate) async fn open(url: &str, on_commit: OnCommit) -> Result<Arc<Postgres>, OpenError> {
        // The URL holds a password: errors speak of it without quoting it.
        let config: tokio_postgres::Config =
            url.parse().map_err(|_| OpenError::Failed("the database URL cannot be read".into()))?;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let wait = Some(Duration::from_secs(5));
        let pool = Pool::builder(manager)
            .max_size(POOL)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait, create: wait, recycle: wait })
            .build()
            .map_err(|error| OpenError::Failed(error.to_string()))?;
        let store = Postgres { pool, lanes: Mutex::default(), on_commit };
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
            let mut finishes = Vec::with_capacity(jobs.len());
            let outcome = self.group(lane, jobs, &mut finishes).await;
            if let Err(error) = &outcome {
                tracing::error!(%error, waiting = finishes.len(), "a group of writes failed");
            }
            for finish in finishes {
                finish(outcome.clone());
            }
        }
    }

    async fn group(&self, lane: Lane, jobs: Vec<Job>, finishes: &mut Vec<Finish>) -> Result<(), Error> {
        let mut jobs = jobs.into_iter();
        let mut tx = self.begin("BEGIN").await?;
        let head = match lane {
            Lane::Server => RoomId::SERVER,
            Lane::Room(room) => room,
        };
        tx.row("SELECT head FROM rooms WHERE id = $1 FOR UPDATE", &[head.into()]).await?;
        for job in jobs.by_ref() {
            tx.start_job();
            finishes.push(job(&mut tx).await);
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
        tx.batch("COMMIT").await?;
        tx.ended();
        let events = tx.take_appended();
        if !events.is_empty() {
            (self.on_commit)(events);
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        while !self.lanes.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.pool.close();
    }
}
