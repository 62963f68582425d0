//! What the links of a message show.

use super::delete::LetGo;
use super::message;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use crate::room::door::enter;
use protocol::fold::What;
use protocol::{Body, Code, Preview, Refusal, RoomId, Seq, UserId};
use store::{Lane, facts, files, log, rooms};

/// Takes away what one link of a message of one's own shows. One that shows nothing changes nothing.
///
/// # Errors
/// As [`edit`].
pub async fn close_preview(core: &Core, user: UserId, room: RoomId, seq: Seq, url: String) -> Result<LetGo, Fault> {
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::Edit).await?;
            let (entry, message) = message(tx, room, seq).await?;
            if entry.author != user {
                return Err(Refusal::new(Code::Forbidden, "Only its author may change a message.").into());
            }
            let (closed, previews): (Vec<_>, Vec<_>) =
                message.previews.into_iter().partition(|preview| preview.url == url);
            if !closed.is_empty() {
                log::append(tx, &mut row, user, Body::Preview { target: seq, previews, erased: false }).await?;
            }
            Ok::<_, Fault>(LetGo(closed.iter().any(|preview| preview.image.is_some())))
        })
    });
    answer.await
}

/// Says what the links of a message show, where it still reads as it did when they were looked at, and its room
/// still wants to know. Answers whether it was said.
///
/// # Errors
/// The database failed.
pub async fn show_previews(
    core: &Core,
    room: RoomId,
    seq: Seq,
    text: String,
    previews: Vec<Preview>,
) -> Result<bool, Fault> {
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let Some(mut row) = rooms::lock(tx, room).await? else { return Ok::<_, Fault>(false) };
            let Some(entry) = log::entry(tx, room, seq).await? else { return Ok(false) };
            let What::Message(message) = &entry.what else { return Ok(false) };
            let wanted = row.previews && facts::server(tx).await?.previews;
            if !wanted || message.erased || message.text != text || message.previews == previews {
                return Ok(false);
            }
            for image in previews.iter().filter_map(|preview| preview.image.as_ref()) {
                if files::lock(tx, image.id).await?.is_none() {
                    return Ok(false);
                }
            }
            log::append(tx, &mut row, entry.author, Body::Preview { target: seq, previews, erased: false }).await?;
            Ok(true)
        })
    });
    answer.await
}
