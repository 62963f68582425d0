//! Words of one's own: whoever has any is called by a message that has one of them. All words are held in memory, read
//! anew when their person changes them; where nobody has any, nothing is read for this.

mod index;

use super::Reader;
use crate::app::App;
use crate::fault::Fault;
use futures_util::future::BoxFuture;
use index::Index;
use protocol::{Body, Event, UserId, keyword};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::facts::Fact;
use store::keywords::{self, Said};
use store::{Lane, quiet};

pub struct Keywords {
    index: tokio::sync::Mutex<Index>,
    heard: Arc<Mutex<Heard>>,
}

/// What is not in the index yet.
#[derive(Default)]
struct Heard {
    /// It was never read.
    begun: bool,
    changed: HashSet<UserId>,
    /// No event can concern anybody.
    rests: bool,
}

impl Keywords {
    pub fn new(app: &App) -> Keywords {
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let told = Arc::clone(&heard);
        app.core.hub.on_fact(Box::new(move |fact| {
            if let Fact::QuietChanged { user } = fact {
                let mut heard = lock(&told);
                heard.changed.insert(*user);
                heard.rests = false;
            }
        }));
        Keywords { index: tokio::sync::Mutex::default(), heard }
    }

    /// Brings the index up to what was heard.
    async fn refresh(&self, app: &App, index: &mut Index) -> Result<(), Fault> {
        let (all, changed) = {
            let mut heard = lock(&self.heard);
            (!heard.begun, std::mem::take(&mut heard.changed))
        };
        if !all && changed.is_empty() {
            return Ok(());
        }
        let asked: Vec<UserId> = changed.iter().copied().collect();
        let read = app.store.read(move |tx| {
            Box::pin(async move {
                let words = if all {
                    quiet::words(tx).await?
                } else {
                    let mut words = Vec::with_capacity(asked.len());
                    for user in asked {
                        words.push((user, quiet::of(tx, user).await?.keywords));
                    }
                    words
                };
                // Where there are none, an edit or a deletion has none to take away.
                Ok::<_, Fault>((words, keywords::any(tx).await?))
            })
        });
        let (words, any) = match read.await {
            Ok(read) => read,
            Err(fault) => {
                lock(&self.heard).changed.extend(changed);
                return Err(fault);
            }
        };
        for (user, words) in words {
            index.set(user, words);
        }
        let mut heard = lock(&self.heard);
        heard.begun = true;
        heard.rests = heard.changed.is_empty() && index.is_empty() && !any;
        Ok(())
    }

    /// Whom a text calls.
    async fn called(&self, app: &App, text: &str) -> Result<HashSet<UserId>, Fault> {
        let mut index = self.index.lock().await;
        self.refresh(app, &mut index).await?;
        if index.is_empty() {
            return Ok(HashSet::new());
        }
        Ok(index.find(&keyword::folded(text)))
    }
}

impl Reader for Keywords {
    fn name(&self) -> &'static str {
        "keywords"
    }

    fn concerns(&self, _: &Event) -> bool {
        !self.rests()
    }

    fn rests(&self) -> bool {
        lock(&self.heard).rests
    }

    fn take<'a>(&'a self, app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let (target, said) = match &event.body {
                // A copy calls nobody.
                Body::Message { said, forwarded: None, .. } => (event.seq, said),
                Body::Edited { target, said, .. } => (*target, said),
                Body::Deleted { target, .. } => {
                    let (room, seq) = (event.room, *target);
                    let forgetting = app.store.write(Lane::Personal, move |tx| {
                        Box::pin(async move { Ok::<_, Fault>(keywords::forget(tx, room, seq).await?) })
                    });
                    return forgetting.await;
                }
                _ => return Ok(()),
            };
            // What was erased or replaced meanwhile is dealt with by the event that did it.
            let Some(text) = &said.text else { return Ok(()) };
            let mut called = self.called(app, text).await?;
            called.remove(&event.author);
            if called.is_empty() && target == event.seq {
                return Ok(());
            }
            let people: Vec<UserId> = called.into_iter().collect();
            let said = Said { room: event.room, seq: target, by: event.seq };
            let setting = app.store.write(Lane::Personal, move |tx| {
                Box::pin(async move { Ok::<_, Fault>(keywords::set(tx, said, &people).await?) })
            });
            setting.await
        })
    }
}

fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}
