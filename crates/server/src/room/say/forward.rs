//! Forwarding: a copy of a message, in another room or in the same, that outlives it.

use super::{known, standing, told};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use crate::room::door::{admit, look};
use protocol::event::{Forwarded, Said};
use protocol::{Body, Event, FileId, Refusal, RoomId, Seq, UserId, text};
use store::files;
use store::{Lane, Tx, log, rooms};

/// What a client wants to forward.
#[derive(Clone, Debug)]
pub struct Forward {
    /// Where the copy is to stand.
    pub room: RoomId,
    pub client_id: String,
    /// What it is a copy of.
    pub from: (RoomId, Seq),
}

/// Appends a copy of a message that this person may read. The same `client_id` again gives the first event and appends
/// nothing: the flag says whether it is new.
///
/// # Errors
/// As [`super::send`]; `not_found` and `not_member` of the source too.
pub async fn forward(
    core: &Core,
    user: UserId,
    wish: Forward,
    rate: impl FnOnce() -> Result<(), Refusal>,
) -> Result<(Event, bool), Fault> {
    text::client_id(&wish.client_id, &core.limits)?;
    if let Err(refusal) = rate() {
        return known(core, user, wish.room, wish.client_id, refusal).await;
    }
    let answer = core.store.write(Lane::Room(wish.room), move |tx| {
        Box::pin(async move {
            rooms::hold(tx, wish.room).await?;
            if let Some(event) = log::known(tx, wish.room, user, &wish.client_id).await? {
                return Ok::<_, Fault>((event, None));
            }
            let (mut room, _, version) = admit(tx, wish.room, user, Act::Post).await?;
            let body = copy(tx, user, wish.from, wish.client_id).await?;
            Ok((log::append(tx, &mut room, user, body).await?, Some(version)))
        })
    });
    Ok(told(core, answer.await?))
}

/// The copy: its words call nobody, and its files are the very same.
async fn copy(tx: &mut Tx, user: UserId, (room, seq): (RoomId, Seq), client_id: String) -> Result<Body, Fault> {
    // Read, not locked: whoever holds the lock of one room must not wait for that of another.
    look(tx, room, user, Act::Read).await?;
    let (entry, message) = standing(tx, room, seq).await?;
    let mut ids: Vec<FileId> = message.files.iter().map(|file| file.id).collect();
    ids.sort_unstable();
    for id in ids {
        // So that no sweep takes a file before the copy holds it, should the source let it go at this moment. One that
        // is gone went with its message.
        files::lock(tx, id).await?.ok_or_else(Refusal::not_found)?;
    }
    let here = Forwarded { room, seq, author: entry.author, at: entry.at };
    Ok(Body::Message {
        client_id,
        said: Said { text: Some(message.text), html: message.html, ..Said::default() },
        files: message.files,
        thread: None,
        also: false,
        quote: None,
        forwarded: Some(message.forwarded.unwrap_or(here)),
    })
}
