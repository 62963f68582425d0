//! What every part of a running server shares.

use crate::auth::{Auth, setup};
use crate::config::Config;
use crate::core::Core;
use crate::files::Files;
use crate::metrics::Metrics;
use std::ops::Deref;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use store::Store;
use store::facts::Fact;

/// A handle on the running server; cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub core: Arc<Core>,
    pub store: Store,
    pub auth: Arc<Auth>,
    pub files: Files,
    /// For addresses that strangers name.
    pub outbound: outbound::Client,
    pub metrics: Metrics,
    pub stopping: AtomicBool,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the database and makes ready to serve.
    ///
    /// # Errors
    /// A text for people: the database cannot be opened.
    pub async fn open(config: Config) -> Result<App, String> {
        // Made here, not by the database: what lies in it is nobody else's.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&config.data)
            .map_err(|error| format!("the data folder {} cannot be made: {error}", config.data.display()))?;
        let outbound = config.outbound()?;
        let core = Core::open(&config.store(), config.limits.clone()).await.map_err(|error| error.to_string())?;
        // After the lock on the folder was taken: what another server has on its way stays its own.
        let files = Files::open(&config).await?;
        let store = core.store.clone();
        let secret = setup::secret(&store).await.map_err(|error| format!("the database cannot be used: {error}"))?;
        let auth = Arc::new(Auth::new(&config, &secret));
        let heard = Arc::clone(&auth);
        core.hub.on_fact(Box::new(move |fact| match fact {
            Fact::SessionEnded { session, .. } => heard.sessions.ended(*session),
            Fact::UserChanged { user } | Fact::UserBanned { user } => heard.sessions.user_changed(*user),
            Fact::UserAdded { .. }
            | Fact::QuietChanged { .. }
            | Fact::ServerChanged
            | Fact::EmojiChanged
            | Fact::GroupsChanged => {}
        }));
        let (metrics, stopping) = (Metrics::default(), AtomicBool::new(false));
        Ok(App(Arc::new(Parts { config, core, store, auth, files, outbound, metrics, stopping })))
    }

    /// Waits until this node has applied the facts that were just committed: a logout answers after that.
    pub async fn facts_passed(&self) {
        self.core.hub.facts_passed(&self.core).await;
    }
}
