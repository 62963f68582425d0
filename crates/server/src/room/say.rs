//! Messages: send, edit, delete.

use super::door::{admit, enter, look};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::{Act, decide};
use protocol::event::Said as Words;
use protocol::fold::{Entry, Message, What};
use protocol::mention::{Calls, calls};
use protocol::{Body, Code, Event, Refusal, RoomId, Seq, UserId, text};
use store::{Lane, Tx, log, members, rooms};

/// What a client wants to say.
#[derive(Clone, Debug)]
pub struct Said {
    pub room: RoomId,
    pub client_id: String,
    pub text: String,
    pub thread: Option<Seq>,
    pub also: bool,
    /// How many files the client named.
    pub files: usize,
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
    let checked = check(core, &said).and_then(|calls| rate().map(|()| calls));
    let calls = match checked {
        Ok(calls) => calls,
        // A retry is answered before anything can be held against it.
        Err(refusal) => {
            let (room, id) = (said.room, said.client_id);
            let known = core
                .store
                .read(move |tx| Box::pin(async move { Ok::<_, Fault>(log::known(tx, room, user, &id).await?) }));
            return known.await?.map(|event| (event, false)).ok_or_else(|| refusal.into());
        }
    };
    let most = core.limits.mentions;
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
            let words = named(tx, said.room, said.text, &calls, most).await?;
            let body = Body::Message {
                client_id: said.client_id,
                said: words,
                thread: said.thread,
                also: said.also && said.thread.is_some(),
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

/// Gives a message of one's own another text. The same text changes nothing.
///
/// # Errors
/// As [`send`]; `forbidden` for a message of somebody else.
pub async fn edit(core: &Core, user: UserId, room: RoomId, seq: Seq, new: String) -> Result<Entry, Fault> {
    text::message(&new, &core.limits)?;
    let calls = calls(&new);
    let most = core.limits.mentions;
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
            if message.text != new {
                let said = named(tx, room, new, &calls, most).await?;
                log::append(tx, &mut row, user, Body::Edited { target: seq, said }).await?;
            }
            log::entry(tx, room, seq).await?.ok_or_else(|| Refusal::not_found().into())
        })
    });
    answer.await
}

/// Deletes a message; its words are erased in the same transaction. One that is gone already changes nothing.
///
/// # Errors
/// As [`send`]; `forbidden` for a message of somebody else by who does not own the room.
pub async fn delete(core: &Core, user: UserId, room: RoomId, seq: Seq) -> Result<(), Fault> {
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
            let body = Body::Deleted { target: seq, thread: message.thread };
            Ok(Some(log::append(tx, &mut row, user, body).await?.seq))
        })
    });
    if let Some(seq) = deleted.await? {
        // Afterwards no tail holds the words any more.
        core.hub.passed(room, seq).await;
    }
    Ok(())
}

/// One message or line, as the room shows it now.
///
/// # Errors
/// `not_found`, `not_member`.
pub(super) async fn read(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq) -> Result<Entry, Fault> {
    look(tx, room, user, Act::Read).await?;
    log::entry(tx, room, seq).await?.ok_or_else(|| Refusal::not_found().into())
}

fn check(core: &Core, said: &Said) -> Result<Calls, Refusal> {
    if said.files > 0 {
        return Err(Refusal::invalid("files", "This server does not take files yet."));
    }
    text::message(&said.text, &core.limits)?;
    Ok(calls(&said.text))
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

/// The words with the members whom they name.
async fn named(tx: &mut Tx, room: RoomId, text: String, calls: &Calls, most: u32) -> Result<Words, Fault> {
    let names: Vec<String> = calls.names.iter().cloned().collect();
    let mentions = members::named(tx, room, &names).await?;
    if mentions.len() > most as usize {
        return Err(Refusal::invalid("text", format!("A message can name {most} people.")).into());
    }
    Ok(Words { text: Some(text), mentions, everyone: calls.everyone, erased: false })
}
