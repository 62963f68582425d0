//! Deleting a message.

use super::message;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::{Act, decide};
use crate::room::door::enter;
use protocol::{Body, RoomId, Seq, UserId};
use store::{Lane, log};

/// Deletes a message; its words are erased in the same transaction. One that is gone already changes nothing.
///
/// # Errors
/// As [`send`]; `forbidden` for a message of somebody else by who does not own the room.
pub async fn delete(core: &Core, user: UserId, room: RoomId, seq: Seq) -> Result<LetGo, Fault> {
    let deleted = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            // Where the message is one's own is known only after a look, which must not tell an outsider anything.
            let (mut row, actor) = enter(tx, room, user, Act::Browse).await?;
            let (entry, message) = match message(tx, room, seq).await {
                Ok(found) => found,
                Err(fault) => {
                    decide(Act::Read, &actor, &row)?;
                    return Err(fault);
                }
            };
            let act = if entry.author == user { Act::DeleteOwn } else { Act::DeleteOthers };
            decide(act, &actor, &row)?;
            if message.erased {
                return Ok::<_, Fault>(None);
            }
            let held = !message.files.is_empty() || message.previews.iter().any(|preview| preview.image.is_some());
            let body = Body::Deleted { target: seq, thread: message.thread };
            Ok(Some((log::append(tx, &mut row, user, body).await?.seq, held)))
        })
    });
    let Some((seq, held)) = deleted.await? else { return Ok(LetGo(false)) };
    // Afterwards no tail holds the words any more.
    core.hub.passed(room, seq).await;
    Ok(LetGo(held))
}

/// Whether files may be held by nothing now: somebody should sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetGo(pub bool);
