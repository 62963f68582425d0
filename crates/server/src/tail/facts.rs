//! The reader of log 0: what changed about the server as a whole, applied on every node in the same order.

use super::hub::Hub;
use crate::core::Core;
use crate::quiet;
use protocol::Seq;
use protocol::frame::ServerFrame;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use store::facts::{self, Fact};
use store::users;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

/// Facts read at once.
const STEP: u32 = 500;

type OnFact = Box<dyn Fn(&Fact) + Send + Sync>;

/// Where this node stands in log 0.
pub struct Facts {
    wake: Notify,
    passed: watch::Sender<Seq>,
    listeners: Mutex<Vec<OnFact>>,
    runtime: OnceLock<Handle>,
}

impl Default for Facts {
    fn default() -> Self {
        Facts {
            wake: Notify::new(),
            passed: watch::channel(Seq(0)).0,
            listeners: Mutex::default(),
            runtime: OnceLock::new(),
        }
    }
}

impl Facts {
    pub(super) fn begin(&self, at: Seq) {
        self.passed.send_replace(at);
        if let Ok(handle) = Handle::try_current() {
            let _ = self.runtime.set(handle);
        }
    }

    pub(super) fn runtime(&self) -> Option<Handle> {
        self.runtime.get().cloned()
    }

    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }
}

impl Hub {
    /// Calls `listener` with each fact, before its effects are waited for by anybody.
    pub fn on_fact(&self, listener: OnFact) {
        self.facts.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Waits until this node has applied all facts up to here: what a logout does before it answers.
    pub async fn fact_passed(&self, seq: Seq) {
        self.facts.wake();
        let mut passed = self.facts.passed.subscribe();
        let _ = passed.wait_for(|at| *at >= seq).await;
    }

    /// Waits until this node has applied every fact that is committed now.
    pub async fn facts_passed(&self, core: &Core) {
        let head = core.store.read(|tx| Box::pin(async move { facts::head(tx).await })).await;
        if let Ok(head) = head {
            self.fact_passed(head).await;
        }
    }

    /// Reads log 0 for as long as the server runs.
    pub async fn follow_facts(core: Arc<Core>) {
        loop {
            core.hub.facts.wake.notified().await;
            while core.hub.take_facts(&core).await {}
        }
    }

    async fn take_facts(&self, core: &Arc<Core>) -> bool {
        let at = *self.facts.passed.borrow();
        let read = core.store.read(move |tx| Box::pin(async move { facts::after(tx, at, STEP).await }));
        let facts = match read.await {
            Ok(facts) => facts,
            Err(error) => {
                tracing::warn!(%error, "log 0 could not be read");
                return false;
            }
        };
        let more = !facts.is_empty();
        for (seq, fact) in facts {
            if let Some(fact) = fact {
                self.take_fact(core, &fact).await;
            }
            self.facts.passed.send_replace(seq);
        }
        more
    }

    async fn take_fact(&self, core: &Arc<Core>, fact: &Fact) {
        for listener in self.facts.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(fact);
        }
        match fact {
            Fact::SessionEnded { session, user } => self.end_session(*user, *session).await,
            Fact::UserBanned { user } => self.end_person(*user).await,
            Fact::UserChanged { user } => {
                let id = *user;
                let read = core.store.read(move |tx| Box::pin(async move { users::by_id(tx, id).await }));
                if let Ok(Some(account)) = read.await {
                    self.to_everybody(&ServerFrame::User(account.user));
                }
            }
            // For their own devices alone: others see whether they may be disturbed, as their presence.
            Fact::QuietChanged { user } if self.is_connected(*user) => {
                let id = *user;
                let read = core.store.read(move |tx| Box::pin(async move { store::quiet::of(tx, id).await }));
                if let Ok(quiet) = read.await {
                    self.presence.wishes(id, quiet, quiet::now(), |quiet, dnd| self.tell_quiet(id, quiet, dnd));
                }
            }
            Fact::ServerChanged => {
                let read = core.store.read(|tx| Box::pin(async move { facts::server(tx).await }));
                if let Ok(server) = read.await {
                    let facts::Server { name, join, previews, history, emoji, .. } = server;
                    self.keep_history(history);
                    core.erase.notify_one();
                    self.to_everybody(&ServerFrame::Server { name, join, previews, history, emoji });
                }
            }
            Fact::EmojiChanged => self.to_everybody(&ServerFrame::Emoji),
            Fact::GroupsChanged => self.to_everybody(&ServerFrame::Groups),
            Fact::UserAdded { .. } | Fact::QuietChanged { .. } => {}
        }
    }
}
