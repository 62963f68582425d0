//! Messages: send, edit, delete.

mod delete;
mod files;
mod previews;
mod words;

pub use delete::{LetGo, delete};
pub use previews::{close_preview, show_previews};

use super::door::{admit, enter, look};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use files::sent;
use protocol::fold::{Entry, Message, What};
use protocol::{Body, Code, Event, FileWith, Refusal, RoomId, Seq, UserId, text};
use store::{Lane, Tx, log, members, rooms};
use words::Words;

/// What a client wants to say.
#[derive(Clone, Debug)]
pub struct Said {
    pub room: RoomId,
    pub client_id: String,
    pub text: String,
    pub thread: Option<Seq>,
    pub also: bool,
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
            let row = rooms::lock(tx, said.room).await?;
            if let Some(event) = log::known(tx, said.room, user, &said.client_id).await? {
                return Ok::<_, Fault>((event, None));
            }
            let (mut room, _) = admit(tx, row, user, Act::Post).await?;
            if let Some(root) = said.thread {
                root_of(tx, said.room, root).await?;
            }
            let files = sent(tx, user, said.files, &limits).await?;
            let body = Body::Message {
                client_id: said.client_id,
                said: words.said(tx, said.room, limits.mentions).await?,
                files,
                thread: said.thread,
                also: said.also && said.thread.is_some(),
                quote: None,
                forwarded: None,
            };
            let version = members::version(tx, said.room, user).await?;
            Ok((log::append(tx, &mut room, user, body).await?, Some(version)))
        })
    });
    let (event, version) = answer.await?;
    if let Some(version) = version {
        core.cursors.sent(event.room, user, (event.seq, version));
    }
    Ok((event, version.is_some()))
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
                return Err(Fault::from(Refusal::not_found()));
            }
            text::message(&words.text, message.files.is_empty(), &limits)?;
            if message.text != words.text {
                let said = words.said(tx, room, limits.mentions).await?;
                log::append(tx, &mut row, user, Body::Edited { target: seq, said, sole: false }).await?;
            }
            log::entry(tx, room, seq).await?.ok_or_else(|| Refusal::not_found().into())
        })
    });
    answer.await
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

async fn message(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(Entry, Message), Fault> {
    let entry = log::entry(tx, room, seq).await?.ok_or_else(Refusal::not_found)?;
    match &entry.what {
        What::Message(message) => Ok((entry.clone(), message.clone())),
        _ => Err(Refusal::not_found().into()),
    }
}

async fn root_of(tx: &mut Tx, room: RoomId, root: Seq) -> Result<(), Fault> {
    let wrong = || Refusal::invalid("thread", "A thread begins at a message of this room that is no reply itself.");
    let (_, message) = message(tx, room, root).await.map_err(|fault| match fault {
        Fault::Refused(_) => wrong().into(),
        other => other,
    })?;
    if message.thread.is_some() || message.erased {
        return Err(wrong().into());
    }
    Ok(())
}
