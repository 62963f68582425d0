//! Giving a message another text.

use super::message;
use super::words::Words;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use crate::room::door::enter;
use protocol::fold::Entry;
use protocol::{Body, Code, Refusal, RoomId, Seq, UserId, text};
use store::{Lane, facts, log};

/// Gives a message of one's own another text. The same text changes nothing.
///
/// # Errors
/// As [`send`]; `forbidden` for a message of somebody else.
pub async fn edit(core: &Core, user: UserId, room: RoomId, seq: Seq, new: String) -> Result<Entry, Fault> {
    // Whether words must be left is known once the message is: one that holds files may have none.
    text::message(&new, false, &core.limits)?;
    let words = Words::new(new, &core.limits);
    let limits = core.limits.clone();
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::Edit).await?;
            let (entry, message) = message(tx, room, seq).await?;
            if entry.author != user {
                return Err(Refusal::new(Code::Forbidden, "Only its author may change a message.").into());
            }
            if message.erased {
                return Err(Refusal::not_found().into());
            }
            // A copy that reads otherwise would put words into somebody's mouth.
            if message.forwarded.is_some() {
                return Err(Refusal::new(Code::Forbidden, "What somebody else wrote cannot be changed.").into());
            }
            text::message(&words.text, message.files.is_empty(), &limits)?;
            let mut erased = None;
            if message.text != words.text {
                let said = words.said(tx, room, limits.mentions).await?;
                let sole = !facts::keeps_history(tx).await?;
                let body = Body::Edited { target: seq, said, sole };
                erased = Some(log::append(tx, &mut row, user, body).await?.seq).filter(|_| sole);
            }
            let entry = log::entry(tx, room, seq).await?.ok_or_else(Refusal::not_found)?;
            Ok::<_, Fault>((entry, erased))
        })
    });
    let (entry, erased) = answer.await?;
    if let Some(seq) = erased {
        // Afterwards no tail holds the older words any more.
        core.hub.passed(room, seq).await;
    }
    Ok(entry)
}
