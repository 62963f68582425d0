//! Messages: send, edit, delete.

use super::door::{admit, enter, look};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::{Act, decide};
use crate::render::{Rendered, render};
use protocol::event::Said as Words;
use protocol::fold::{Entry, Message, What};
use protocol::{Body, Code, Event, FileId, FileInfo, FileWith, Limits, Preview, Refusal, RoomId, Seq, UserId, text};
use std::collections::HashMap;
use store::files::{self, Use};
use store::{Lane, Tx, facts, groups, log, members, rooms};

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
    let checked = check(core, &said).and_then(|rendered| rate().map(|()| rendered));
    let rendered = match checked {
        Ok(rendered) => rendered,
        // A retry is answered before anything can be held against it.
        Err(refusal) => {
            let (room, id) = (said.room, said.client_id);
            let known = core
                .store
                .read(move |tx| Box::pin(async move { Ok::<_, Fault>(log::known(tx, room, user, &id).await?) }));
            return known.await?.map(|event| (event, false)).ok_or_else(|| refusal.into());
        }
    };
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
            let words = named(tx, said.room, said.text, rendered, &limits).await?;
            let body = Body::Message {
                client_id: said.client_id,
                said: words,
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

/// Gives a message of one's own another text. The same text changes nothing.
///
/// # Errors
/// As [`send`]; `forbidden` for a message of somebody else.
pub async fn edit(core: &Core, user: UserId, room: RoomId, seq: Seq, new: String) -> Result<Entry, Fault> {
    // Whether words must be left is known once the message is: one that holds files may have none.
    text::message(&new, false, &core.limits)?;
    let rendered = render(&new, core.limits.text);
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
            text::message(&new, message.files.is_empty(), &limits)?;
            if message.text != new {
                let said = named(tx, room, new, rendered, &limits).await?;
                log::append(tx, &mut row, user, Body::Edited { target: seq, said, sole: false }).await?;
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

/// One message or line, as the room shows it now.
///
/// # Errors
/// `not_found`, `not_member`.
pub(super) async fn read(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq) -> Result<Entry, Fault> {
    look(tx, room, user, Act::Read).await?;
    log::entry(tx, room, seq).await?.ok_or_else(|| Refusal::not_found().into())
}

fn check(core: &Core, said: &Said) -> Result<Rendered, Refusal> {
    let most = core.limits.files;
    if said.files.len() > most as usize {
        return Err(Refusal::invalid("files", format!("A message can hold {most} files.")));
    }
    text::message(&said.text, said.files.is_empty(), &core.limits)?;
    Ok(render(&said.text, core.limits.text))
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

/// The files of a message, each one of the sender's own, with what is said of it here. Each is locked, so that no
/// sweep takes it before the message holds it.
async fn sent(tx: &mut Tx, user: UserId, named: Vec<FileWith>, limits: &Limits) -> Result<Vec<FileInfo>, Fault> {
    let mut ids: Vec<FileId> = named.iter().map(|file| file.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < named.len() {
        return Err(Refusal::invalid("files", "A file can stand in a message once.").into());
    }
    let mut rows = HashMap::with_capacity(ids.len());
    for id in ids {
        // Somebody else's looks like none: whether there is such a file is nobody's business.
        let row = files::lock(tx, id).await?.filter(|row| row.owner == user);
        let row = row.filter(|row| matches!(row.r#use, Use::Nothing | Use::Sent));
        let row = row.ok_or_else(|| Refusal::invalid("files", format!("You have sent no file {id}.")))?;
        rows.insert(id, row.info);
    }
    let mut files = Vec::with_capacity(named.len());
    for FileWith { id, alt, spoiler } in named {
        let alt = text::alt(alt.as_deref().unwrap_or_default(), limits.alt)?;
        files.extend(rows.remove(&id).map(|info| FileInfo { alt, spoiler, ..info }));
    }
    Ok(files)
}

/// The words with the members whom they name.
async fn named(tx: &mut Tx, room: RoomId, text: String, rendered: Rendered, limits: &Limits) -> Result<Words, Fault> {
    let Rendered { html, calls } = rendered;
    let names: Vec<String> = calls.names.into_iter().collect();
    let mut mentions = members::named(tx, room, &names).await?;
    let (groups, called) = groups::called(tx, room, &names).await?;
    let most = limits.mentions;
    if mentions.len() + groups > most as usize {
        return Err(Refusal::invalid("text", format!("A message can name {most} people and groups.")).into());
    }
    // One message must not ring for thousands by naming group after group.
    let most = limits.group_members;
    if called.len() > most as usize {
        return Err(Refusal::invalid("text", format!("The groups that a message names can have {most} people.")).into());
    }
    mentions.extend(called);
    mentions.sort_unstable();
    mentions.dedup();
    Ok(Words { text: Some(text), html, mentions, everyone: calls.everyone, here: calls.here, ..Words::default() })
}
