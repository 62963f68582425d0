//! Readers: whoever wants to know what happens in the rooms, after it happened. Each has a cursor in every room and
//! goes on where it was; it may see an event twice, and what it does twice changes nothing.
//!
//! This is the one list of them: a new reader is a file and a line in [`run`].

mod keywords;
mod previews;

use crate::app::App;
use crate::fault::Fault;
use futures_util::future::BoxFuture;
use protocol::{Event, RoomId, Seq};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Lane, log, readers, rooms};
use tokio::sync::{Notify, watch};

/// Events read at once.
const STEP: i64 = 100;
/// How often places are kept, and rooms looked for whose hint was lost.
const EVERY: Duration = Duration::from_secs(1);
/// The place in log 0, which no reader reads, says that a reader has begun.
const BEGUN: (RoomId, Seq) = (RoomId::SERVER, Seq(1));

/// What a reader does with an event.
pub trait Reader: Send + Sync + 'static {
    /// Under which its places are kept.
    fn name(&self) -> &'static str;

    /// Whether no event can concern it now: then none is read for it.
    fn rests(&self) -> bool {
        false
    }

    /// Whether this event can: asked of each as it is committed, and so not read again where it cannot.
    fn concerns(&self, event: &Event) -> bool;

    /// Takes one event. What fails is told once and not tried again: a reader must not stand still.
    fn take<'a>(&'a self, app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<(), Fault>>;
}

/// Runs every reader until the server stops; then its places are kept once more, so that nothing is taken twice.
pub async fn run(app: App, stopped: watch::Receiver<bool>) {
    let (previews, keywords) = (previews::Previews::default(), keywords::Keywords::new(&app));
    tokio::join!(follow(app.clone(), Arc::new(previews), stopped.clone()), follow(app, Arc::new(keywords), stopped),);
}

/// One reader, its places, and the rooms in which it is at work.
struct Following<R> {
    app: App,
    reader: Arc<R>,
    state: Mutex<State>,
    /// Something was committed that has to be read.
    wake: Notify,
}

#[derive(Default)]
struct State {
    places: HashMap<RoomId, Seq>,
    /// The newest that is known of.
    heads: HashMap<RoomId, Seq>,
    /// Not kept yet.
    moved: HashSet<RoomId>,
    working: HashSet<RoomId>,
}

impl State {
    /// The place in a room, and how far it goes as far as is known.
    fn span(&self, room: RoomId) -> (Seq, Seq) {
        let of = |seqs: &HashMap<RoomId, Seq>| seqs.get(&room).copied().unwrap_or_default();
        (of(&self.places), of(&self.heads))
    }

    /// Nothing is left to do there.
    fn is_there(&self, room: RoomId) -> bool {
        let (place, head) = self.span(room);
        place >= head
    }
}

async fn follow<R: Reader>(app: App, reader: Arc<R>, mut stopped: watch::Receiver<bool>) {
    let following = Arc::new(Following { app, reader, state: Mutex::default(), wake: Notify::new() });
    let hears = Arc::downgrade(&following);
    following.app.core.hub.on_event(Box::new(move |event| {
        if let Some(following) = hears.upgrade() {
            following.hear(event);
        }
    }));
    let mut mark = loop {
        match following.begin().await {
            Ok(mark) => break mark,
            Err(fault) => tracing::warn!(%fault, reader = following.reader.name(), "a reader cannot begin yet"),
        }
        tokio::time::sleep(EVERY).await;
    };
    let mut keep = tokio::time::interval(EVERY);
    let stop = async { drop(stopped.wait_for(|stopped| *stopped).await) };
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return following.keep().await,
            () = following.wake.notified() => {}
            _ = keep.tick() => following.keep().await,
        }
        match following.look(mark).await {
            Ok(next) => mark = next,
            Err(fault) => tracing::debug!(%fault, "a reader looks again in a moment"),
        }
    }
}

impl<R: Reader> Following<R> {
    /// Finds the places of the last run. Where there was none, what happened before today is no news.
    async fn begin(self: &Arc<Self>) -> Result<i64, Fault> {
        let name = self.reader.name();
        let read = self.app.store.read(move |tx| {
            Box::pin(async move { Ok::<_, Fault>((readers::all(tx, name).await?, rooms::moved(tx, 0).await?)) })
        });
        let (mut places, (heads, mark)) = read.await?;
        if !places.contains_key(&BEGUN.0) {
            places.extend(heads.iter().copied());
            let first: Vec<_> = heads.iter().copied().chain([BEGUN]).collect();
            let keeping = self.app.store.write(Lane::Personal, move |tx| {
                Box::pin(async move { Ok::<_, Fault>(readers::keep(tx, name, &first).await?) })
            });
            keeping.await?;
        }
        self.state().places = places;
        for (room, head) in heads {
            self.start(room, head);
        }
        Ok(mark)
    }

    /// Told of each event at its commit. One that follows the place in its room and concerns nobody is gone over here;
    /// anything else is read in its turn.
    fn hear(&self, event: &Event) {
        let mut state = self.state();
        let (place, _) = state.span(event.room);
        if event.seq == place.next() && !state.working.contains(&event.room) && !self.reader.concerns(event) {
            state.places.insert(event.room, event.seq);
            state.heads.insert(event.room, event.seq);
            state.moved.insert(event.room);
        } else {
            drop(state);
            self.wake.notify_one();
        }
    }

    async fn look(self: &Arc<Self>, mark: i64) -> Result<i64, Fault> {
        let read =
            self.app.store.read(move |tx| Box::pin(async move { Ok::<_, Fault>(rooms::moved(tx, mark).await?) }));
        let (heads, next) = read.await?;
        for (room, head) in heads {
            self.start(room, head);
        }
        Ok(next)
    }

    /// Goes to work in a room that is ahead of its place; whoever is at work there learns how far the room is now.
    fn start(self: &Arc<Self>, room: RoomId, head: Seq) {
        let mut state = self.state();
        let known = state.heads.entry(room).or_default();
        *known = head.max(*known);
        if room == RoomId::SERVER || state.is_there(room) || !state.working.insert(room) {
            return;
        }
        drop(state);
        let this = Arc::clone(self);
        tokio::spawn(async move {
            while !this.app.stopping.load(Relaxed) {
                if let Err(fault) = this.work(room).await {
                    tracing::warn!(%fault, reader = this.reader.name(), "a reader stopped in a room, and goes on later");
                    tokio::time::sleep(EVERY).await;
                }
                let mut state = this.state();
                // Looked at and left under one lock: who comes later finds nobody at work, and begins.
                if state.is_there(room) {
                    state.working.remove(&room);
                    return;
                }
            }
        });
    }

    /// Takes what there is beyond the room's place.
    async fn work(&self, room: RoomId) -> Result<(), Fault> {
        let (place, head) = self.state().span(room);
        if self.reader.rests() {
            let mut state = self.state();
            state.places.insert(room, head);
            state.moved.insert(room);
            return Ok(());
        }
        let read = self
            .app
            .store
            .read(move |tx| Box::pin(async move { Ok::<_, Fault>(log::after(tx, room, place, STEP).await?) }));
        let events = read.await?;
        if events.is_empty() {
            // The log does not reach back so far any more.
            self.state().places.insert(room, head);
        }
        for event in &events {
            if let Err(fault) = self.reader.take(&self.app, event).await {
                tracing::warn!(%fault, reader = self.reader.name(), "a reader passed over an event");
            }
            let mut state = self.state();
            state.places.insert(room, event.seq);
            state.moved.insert(room);
        }
        Ok(())
    }

    async fn keep(&self) {
        let name = self.reader.name();
        let places: Vec<(RoomId, Seq)> = {
            let mut state = self.state();
            let moved = std::mem::take(&mut state.moved);
            moved.into_iter().filter_map(|room| Some((room, *state.places.get(&room)?))).collect()
        };
        if places.is_empty() {
            return;
        }
        let rooms: Vec<RoomId> = places.iter().map(|(room, _)| *room).collect();
        let keeping = self.app.store.write(Lane::Personal, move |tx| {
            Box::pin(async move { Ok::<_, Fault>(readers::keep(tx, name, &places).await?) })
        });
        if let Err(fault) = keeping.await {
            tracing::debug!(%fault, "a reader's places are kept a moment later");
            self.state().moved.extend(rooms);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
