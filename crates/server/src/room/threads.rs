//! Threads: what was replied, who follows, how far they have read.

use super::cursor::Move;
use super::door::{enter, look};
use super::span::{self, Span};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::fold::What;
use protocol::frame::ServerFrame;
use protocol::view::{Level, Page, Read, Thread, ThreadView, Why};
use protocol::{Refusal, RoomId, Seq, UserId};
use std::collections::HashMap;
use store::threads::{self, After, Standing};
use store::{Lane, Tx, log, reactions};

/// Replies that the list of threads shows of each.
const SHOWN: i64 = 3;

/// Refuses what no thread hangs below. A deleted message keeps its thread.
async fn root_of(tx: &mut Tx, room: RoomId, root: Seq) -> Result<(), Fault> {
    match log::entry(tx, room, root).await?.map(|entry| entry.what) {
        Some(What::Message(message)) if message.thread.is_none() => Ok(()),
        _ => Err(Refusal::not_found().into()),
    }
}

/// What is this person's in a thread, in the snapshot that is read.
async fn mine(tx: &mut Tx, room: RoomId, root: Seq, user: UserId, head: Seq) -> Result<Thread, store::Error> {
    match threads::of(tx, room, root, user).await? {
        Some(standing) => Ok(standing.thread),
        None => threads::none(tx, room, root, user, head).await,
    }
}

/// A part of a thread, oldest first, and what is this person's in it.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn thread(core: &Core, user: UserId, room: RoomId, root: Seq, span: Span, limit: u32) -> Result<Page, Fault> {
    let epoch = core.epoch;
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            let (row, _) = look(tx, room, user, Act::Read).await?;
            root_of(tx, room, root).await?;
            let messages = span.of(tx, &span::Replies(room, root), limit).await?;
            let reacted = reactions::untold(tx, room, user, &messages).await?;
            let thread = Some(mine(tx, room, root, user, row.head).await?);
            Ok::<_, Fault>(Page { epoch, head: row.head, messages, reacted, thread })
        })
    });
    answer.await
}

/// Moves a person's place in a thread. Who does not follow it has none; "mark as unread" makes them follow.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn move_in_thread(core: &Core, user: UserId, room: RoomId, root: Seq, wish: Move) -> Result<Read, Fault> {
    let (thread, ..) = change(core, user, room, root, move |tx, head| {
        Box::pin(async move {
            let now = mine(tx, room, root, user, head).await?;
            let Some(mut next) = wish.from((now.cursor.read, now.cursor.version), head) else { return Ok(false) };
            if !now.following {
                threads::follow(tx, room, root, user, None, head).await?;
                // Coming back raises it too, by no more than one together.
                next.1 = next.1.max(mine(tx, room, root, user, head).await?.cursor.version);
            }
            threads::set_place(tx, room, root, user, next).await?;
            Ok(true)
        })
    })
    .await?;
    Ok(thread.cursor)
}

/// Follows a thread from here on, or says what one that is followed may disturb with.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn follow_thread(
    core: &Core,
    user: UserId,
    room: RoomId,
    root: Seq,
    level: Option<Level>,
) -> Result<Thread, Fault> {
    let (thread, ..) = change(core, user, room, root, move |tx, head| {
        Box::pin(async move {
            let now = mine(tx, room, root, user, head).await?;
            if now.following && level.is_none_or(|level| level == now.level) {
                return Ok(false);
            }
            threads::follow(tx, room, root, user, level, head).await?;
            Ok(true)
        })
    })
    .await?;
    Ok(thread)
}

/// Lets a thread go.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn let_thread_go(core: &Core, user: UserId, room: RoomId, root: Seq) -> Result<Thread, Fault> {
    let (thread, ..) = change(core, user, room, root, move |tx, head| {
        Box::pin(async move {
            let now = threads::of(tx, room, root, user).await?;
            if now.is_some_and(|now| !now.thread.following) {
                return Ok(false);
            }
            threads::let_go(tx, room, root, user, head).await?;
            // Who did not follow it anyway will not be brought to it; nothing changed for their devices.
            Ok(now.is_some())
        })
    })
    .await?;
    Ok(thread)
}

type Changing<'t> = futures_util::future::BoxFuture<'t, Result<bool, store::Error>>;

/// Changes what is a person's own in a thread, while its room is locked, and tells their devices where it did.
async fn change<F>(core: &Core, user: UserId, room: RoomId, root: Seq, doing: F) -> Result<(Thread, Seq), Fault>
where
    F: for<'t> FnOnce(&'t mut Tx, Seq) -> Changing<'t> + Send + 'static,
{
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (row, _) = enter(tx, room, user, Act::Read).await?;
            root_of(tx, room, root).await?;
            let changed = doing(tx, row.head).await?;
            Ok::<_, Fault>((mine(tx, room, root, user, row.head).await?, row.head, changed))
        })
    });
    let (thread, head, changed) = answer.await?;
    if changed {
        core.hub.to_person(user, &ServerFrame::Thread { thread, head }, None);
    }
    Ok((thread, head))
}

/// Why a thread is unread for this person.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn thread_why(core: &Core, user: UserId, room: RoomId, root: Seq) -> Result<Why, Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            let (row, _) = look(tx, room, user, Act::Read).await?;
            root_of(tx, room, root).await?;
            let thread = mine(tx, room, root, user, row.head).await?;
            Ok::<_, Fault>(threads::why(tx, room, root, user, thread.cursor.read).await?)
        })
    });
    answer.await
}

/// Threads that a person follows, the newest reply first, and where the list goes on.
///
/// # Errors
/// The database failed.
pub async fn following(
    core: &Core,
    user: UserId,
    unread: bool,
    after: After,
    limit: u32,
) -> Result<(Vec<ThreadView>, After), Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            super::door::account(tx, user).await?;
            // One more than asked for tells whether there is more.
            let mut found = threads::list(tx, user, unread, after, limit + 1).await?;
            let more = found.len() > limit as usize;
            found.truncate(limit as usize);
            let next = found.last().filter(|_| more).map(|(thread, at)| (*at, thread.room, thread.root));
            let roots: Vec<(RoomId, Seq)> = found.iter().map(|(thread, _)| (thread.room, thread.root)).collect();
            let replies = threads::newest(tx, &roots, SHOWN).await?;
            let places: Vec<_> = roots.into_iter().chain(replies.iter().map(|(room, _, seq)| (*room, *seq))).collect();
            let mut entries = log::entries(tx, &places).await?;
            let mut shown: HashMap<(RoomId, Seq), Vec<_>> = HashMap::new();
            for (room, root, seq) in replies {
                shown.entry((room, root)).or_default().extend(entries.remove(&(room, seq)));
            }
            let views = found.into_iter().filter_map(|(thread, at)| {
                let place = (thread.room, thread.root);
                let replies = shown.remove(&place).unwrap_or_default();
                Some(ThreadView { thread, message: entries.remove(&place)?, replies, at })
            });
            Ok::<_, Fault>((views.collect(), next))
        })
    });
    answer.await
}

/// What is theirs in a thread, of those of these people who may read it.
///
/// # Errors
/// The database failed.
pub async fn standings(core: &Core, room: RoomId, root: Seq, users: Vec<UserId>) -> Result<Vec<Standing>, Fault> {
    let answer = core
        .store
        .read(move |tx| Box::pin(async move { Ok::<_, Fault>(threads::among(tx, room, root, &users).await?) }));
    answer.await
}
