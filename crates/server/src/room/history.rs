//! The texts that a message has had; and their end, where the server is told to keep none.

use super::door::look;
use super::say::standing;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::view::Version;
use protocol::{RoomId, Seq, UserId};
use std::time::Duration;
use store::history::{self, Erasing};
use store::{Lane, facts, rooms};

/// Messages that are looked at in one transaction: others write in between.
const STEP: u32 = 100;
/// How often one looks whether there is something to erase, should nobody have said so.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Every text that a message has had, oldest first, the present one last.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn versions(core: &Core, user: UserId, room: RoomId, seq: Seq) -> Result<Vec<Version>, Fault> {
    let most = core.limits.page_messages;
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            standing(tx, room, seq).await?;
            // Where none is kept there is none from that moment on, whatever is still to be erased.
            let most = if facts::keeps_history(tx).await? { most } else { 1 };
            Ok::<_, Fault>(history::versions(tx, room, seq, most).await?)
        })
    });
    answer.await
}

/// Erases the older texts of a server that keeps none, room by room, for as long as the server runs. It goes on where the last run
/// stopped, and stops where older texts are to be kept after all.
pub async fn erase_older(core: &Core) {
    loop {
        match step(core).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => tracing::warn!(%fault, "older texts could not be erased; it is tried again"),
        }
        tokio::select! {
            () = core.erase.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Erases the older texts of one room. Answers whether there may be more to do.
async fn step(core: &Core) -> Result<bool, Fault> {
    let read = core.store.read(|tx| {
        Box::pin(async move {
            let Some(erasing) = history::erasing(tx).await? else { return Ok::<_, Fault>(None) };
            Ok(Some((erasing, history::next_room(tx, erasing.room).await?)))
        })
    });
    let Some((erasing, room)) = read.await? else { return Ok(false) };
    if let Some(room) = room
        && !of_room(core, erasing, room).await?
    {
        return Ok(true);
    }
    let noting = core.store.write(Lane::Server, move |tx| {
        Box::pin(async move { Ok::<_, Fault>(history::erased(tx, erasing, room).await?) })
    });
    noting.await?;
    Ok(room.is_some())
}

/// All of one room. Answers whether nothing came between.
async fn of_room(core: &Core, erasing: Erasing, room: RoomId) -> Result<bool, Fault> {
    // Whoever edits there after this keeps no history; whoever did before is seen below.
    let passing = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move { Ok::<_, Fault>(rooms::lock(tx, room).await?.is_some()) })
    });
    if !passing.await? {
        return Ok(true);
    }
    let mut last = Seq(0);
    loop {
        let read = core
            .store
            .read(move |tx| Box::pin(async move { Ok::<_, Fault>(history::edited(tx, room, last, STEP).await?) }));
        let edited = read.await?;
        let Some(end) = edited.last() else { return Ok(true) };
        last = *end;
        let erase = core.store.write(Lane::Room(room), move |tx| {
            Box::pin(async move {
                if history::erasing(tx).await? != Some(erasing) {
                    return Ok::<_, Fault>(false);
                }
                rooms::lock(tx, room).await?;
                history::erase_older(tx, room, &edited).await?;
                Ok(true)
            })
        });
        if !erase.await? {
            return Ok(false);
        }
    }
}
