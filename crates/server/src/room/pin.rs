//! Pins: messages that are kept at hand for everybody in a room.

use super::door::{enter, look};
use super::say::standing;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::fold::Entry;
use protocol::{Body, Refusal, RoomId, Seq, UserId};
use store::{Lane, log};

/// Pins a message, or unpins it. What is so already changes nothing.
///
/// # Errors
/// `invalid`, what the policy refuses, or the database failed.
pub async fn pin(core: &Core, user: UserId, room: RoomId, seq: Seq, on: bool) -> Result<(), Fault> {
    let most = core.limits.pins;
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::Pin).await?;
            let (_, message) = standing(tx, room, seq).await?;
            if message.pinned == on {
                return Ok::<_, Fault>(());
            }
            if on && log::pinned(tx, room).await? >= most {
                return Err(Refusal::invalid("seq", format!("A room can have {most} pinned messages.")).into());
            }
            let body = if on { Body::Pinned { target: seq } } else { Body::Unpinned { target: seq } };
            log::append(tx, &mut row, user, body).await?;
            Ok(())
        })
    });
    answer.await
}

/// The pinned messages of a room, the newest pin first.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn pins(core: &Core, user: UserId, room: RoomId) -> Result<Vec<Entry>, Fault> {
    let most = core.limits.pins;
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            Ok::<_, Fault>(log::pins(tx, room, most).await?)
        })
    });
    answer.await
}
