//! What the write door, the tails and the doors to the outside share.

use crate::lineage::Lineage;
use crate::room::Cursors;
use crate::tail::Hub;
use protocol::{Limits, Time};
use std::sync::Arc;
use std::time::Duration;
use store::{OpenError, Options, Store, facts};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How often the log is asked which rooms moved, should a hint have been lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often presence is told, at most.
const PRESENCE_EVERY: Duration = Duration::from_secs(1);
/// How soon a typing is told; each room is told at most once a second.
const TYPING_EVERY: Duration = Duration::from_millis(200);
/// How long sockets may take to hear that the server stops.
const FAREWELL: Duration = Duration::from_secs(2);
/// How often cursors are kept.
const KEEP_EVERY: Duration = Duration::from_secs(1);

/// The truth, and who is listening to it.
pub struct Core {
    pub store: Store,
    pub limits: Limits,
    /// The time at which this history began.
    pub epoch: Time,
    pub hub: Arc<Hub>,
    pub cursors: Arc<Cursors>,
    lineage: Arc<Lineage>,
    /// Older texts may have to go.
    pub erase: Notify,
}

impl Core {
    /// Opens the database and wires commits to the tails.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub async fn open(options: &Options, limits: Limits) -> Result<Arc<Core>, OpenError> {
        let hub = Arc::new(Hub::new(limits.clone()));
        let cursors = Arc::new(Cursors::default());
        let told = (Arc::clone(&hub), Arc::clone(&cursors));
        let on_commit = move |committed: Vec<store::Committed>| told.0.on_commit(committed, &told.1);
        let store = Store::open(options, Arc::new(on_commit)).await?;
        let failed = |error: store::Error| OpenError::Failed(error.to_string());
        let lineage = Arc::new(Lineage::of(options, &store).await.map_err(failed)?);
        let seen = Arc::clone(&lineage);
        hub.on_event(Box::new(move |event| seen.saw(event)));
        let (epoch, fact, history) = store
            .read(|tx| {
                Box::pin(async move {
                    Ok((facts::epoch(tx).await?, facts::head(tx).await?, facts::keeps_history(tx).await?))
                })
            })
            .await
            .map_err(failed)?;
        let (_, mark) =
            store.read(|tx| Box::pin(async move { store::rooms::moved(tx, i64::MAX).await })).await.map_err(failed)?;
        let core = Arc::new(Core { store, limits, epoch, hub, cursors, lineage, erase: Notify::new() });
        core.hub.keep_history(history);
        core.hub.start(&core, fact, mark);
        Ok(core)
    }

    /// Starts what runs beside the requests. They end with the process, or when they are aborted.
    pub fn background(self: &Arc<Core>) -> Vec<JoinHandle<()>> {
        let (look, keep) = (Arc::clone(self), Arc::clone(self));
        let erase = Arc::clone(self);
        let (presence, typing) = (Arc::clone(self), Arc::clone(self));
        let beat = Arc::clone(self);
        vec![
            tokio::spawn(Hub::follow_facts(Arc::clone(self))),
            tokio::spawn(async move { crate::room::erase_older(&erase).await }),
            tokio::spawn(async move { beat.hub.beat().await }),
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(LOOK_EVERY).await;
                    look.hub.look(&look).await;
                }
            }),
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(PRESENCE_EVERY).await;
                    presence.hub.tell_presence();
                }
            }),
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(TYPING_EVERY).await;
                    typing.hub.tell_typing();
                }
            }),
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(KEEP_EVERY).await;
                    keep.cursors.keep(&keep.store).await;
                    // A file of a hundred bytes.
                    let lineage = Arc::clone(&keep.lineage);
                    let _ = tokio::task::spawn_blocking(move || lineage.keep()).await;
                }
            }),
        ]
    }

    /// Keeps what is only in memory, and closes the database. Sockets that were told to come back are given a
    /// moment to hear it.
    pub async fn close(&self) {
        self.hub.emptied(FAREWELL).await;
        self.cursors.keep(&self.store).await;
        self.store.close().await;
        self.lineage.keep();
    }
}
