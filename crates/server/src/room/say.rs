//! Messages: send, edit, forward, delete.

mod delete;
mod edit;
mod files;
mod forward;
mod previews;
mod words;

pub use delete::{LetGo, delete};
pub use edit::edit;
pub use forward::{Forward, forward};
pub use previews::{close_preview, show_previews};

use super::door::{admit, look};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use files::sent;
use protocol::fold::{Entry, Message, What};
use protocol::{Body, Event, FileWith, Refusal, RoomId, Seq, UserId, text};
use store::{Lane, Tx, log, rooms};
use words::Words;

/// What a client wants to say.
#[derive(Clone, Debug)]
pub struct Said {
    pub room: RoomId,
    pub client_id: String,
    pub text: String,
    pub thread: Option<Seq>,
    pub also: bool,
    /// The message of this room that it answers.
    pub quote: Option<Seq>,
    /// What is sent with it, in the order to be shown.
    pub files: Vec<FileWith>,
}

/// Appends a message. The same `client_id` again gives the first event and appends nothing: the flag says
/// whether it is new. `rate` is asked only about a message that is not known yet.
///
/// # Errors
/// `invalid`, `too_large`, `not_found`, `not_member`, `read_only`, `rate_limited`, or the database failed.
pub async fn send(
    core: &Core,
    user: UserId,
    said: Said,
    rate: impl FnOnce() -> Result<(), Refusal>,
) -> Result<(Event, bool), Fault> {
    text::client_id(&said.client_id, &core.limits)?;
    if let Err(refusal) = check(core, &said).and_then(|()| rate()) {
        return known(core, user, said.room, said.client_id, refusal).await;
    }
    let words = Words::new(said.text, &core.limits);
    let limits = core.limits.clone();
    let answer = core.store.write(Lane::Room(said.room), move |tx| {
        Box::pin(async move {
            // Locked first: of a hundred retries at once, one appends and the others find it.
            rooms::hold(tx, said.room).await?;
            if let Some(event) = log::known(tx, said.room, user, &said.client_id).await? {
                return Ok::<_, Fault>((event, None));
            }
            let (mut room, _, version) = admit(tx, said.room, user, Act::Post).await?;
            if let Some(root) = said.thread {
                root_of(tx, said.room, root).await?;
            }
            if let Some(seq) = said.quote {
                quoted(tx, said.room, seq).await?;
            }
            let files = sent(tx, user, said.files, &limits).await?;
            let body = Body::Message {
                client_id: said.client_id,
                said: words.said(tx, said.room, limits.mentions).await?,
                files,
                thread: said.thread,
                also: said.also && said.thread.is_some(),
                quote: said.quote,
                forwarded: None,
            };
            Ok((log::append(tx, &mut room, user, body).await?, Some(version)))
        })
    });
    Ok(told(core, answer.await?))
}

/// What one says oneself one has read. `version` is that of one's cursor where the event is new.
fn told(core: &Core, (event, version): (Event, Option<i64>)) -> (Event, bool) {
    if let Some(version) = version {
        core.cursors.sent(&event, version);
    }
    (event, version.is_some())
}

/// The event of a retry: it is answered before anything can be held against it, such as `refusal`.
async fn known(
    core: &Core,
    user: UserId,
    room: RoomId,
    client_id: String,
    refusal: Refusal,
) -> Result<(Event, bool), Fault> {
    let known = core
        .store
        .read(move |tx| Box::pin(async move { Ok::<_, Fault>(log::known(tx, room, user, &client_id).await?) }));
    known.await?.map(|event| (event, false)).ok_or_else(|| refusal.into())
}

/// One message or line, as the room shows it now.
///
/// # Errors
/// `not_found`, `not_member`.
pub(super) async fn read(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq) -> Result<Entry, Fault> {
    look(tx, room, user, Act::Read).await?;
    log::entry(tx, room, seq).await?.ok_or_else(|| Refusal::not_found().into())
}

fn check(core: &Core, said: &Said) -> Result<(), Refusal> {
    let most = core.limits.files;
    if said.files.len() > most as usize {
        return Err(Refusal::invalid("files", format!("A message can hold {most} files.")));
    }
    text::message(&said.text, said.files.is_empty(), &core.limits)
}

/// A message that is there, erased or not.
pub(super) async fn message(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(Entry, Message), Fault> {
    let entry = log::entry(tx, room, seq).await?.ok_or_else(Refusal::not_found)?;
    match &entry.what {
        What::Message(message) => Ok((entry.clone(), message.clone())),
        _ => Err(Refusal::not_found().into()),
    }
}

/// A message that can be read: what is erased is not there.
pub(super) async fn standing(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(Entry, Message), Fault> {
    let (entry, found) = message(tx, room, seq).await?;
    if found.erased { Err(Refusal::not_found().into()) } else { Ok((entry, found)) }
}

async fn quoted(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Fault> {
    let there =
        matches!(log::entry(tx, room, seq).await?, Some(Entry { what: What::Message(message), .. }) if !message.erased);
    if there { Ok(()) } else { Err(Refusal::invalid("quote", "Only a message of this room can be quoted.").into()) }
}

async fn root_of(tx: &mut Tx, room: RoomId, root: Seq) -> Result<(), Fault> {
    let wrong = || Refusal::invalid("thread", "A thread begins at a message of this room that is no reply itself.");
    let (_, message) = message(tx, room, root).await.map_err(|fault| match fault {
        Fault::Refused(_) => wrong().into(),
        other => other,
    })?;
    // A thread goes on without its first message; where there is none yet, nobody begins one at what is gone.
    let begun = message.last_reply.is_some();
    if message.thread.is_some() || (message.erased && !begun) { Err(wrong().into()) } else { Ok(()) }
}
