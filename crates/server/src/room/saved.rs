//! Messages that a person put aside: a mark of their own on what they may read.

use super::door::{account, look};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::fold::What;
use protocol::frame::ServerFrame;
use protocol::view::Saved;
use protocol::{Refusal, RoomId, Seq, UserId};
use std::collections::HashMap;
use store::saved::{self as marks, After};
use store::{Lane, Tx, log};

/// Puts a message aside, or says whether one is done with it. Their other devices are told.
///
/// # Errors
/// `not_found`, `not_member`, `invalid` where there are too many, or the database failed.
pub async fn save(core: &Core, user: UserId, room: RoomId, seq: Seq, done: bool) -> Result<Saved, Fault> {
    let most = core.limits.saved;
    let answer = core.store.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            // One's own mark stays one's own, also where the room is closed to them by now.
            if marks::get(tx, user, room, seq).await?.is_none() {
                readable(tx, user, room, seq).await?;
                if marks::count(tx, user).await? >= i64::from(most) {
                    return Err(Refusal::invalid("saved", format!("At most {most} messages can be saved.")).into());
                }
            }
            Ok::<_, Fault>(marks::put(tx, user, room, seq, done).await?)
        })
    });
    let saved = answer.await?;
    let frame = ServerFrame::Saved { room, seq, at: Some(saved.at), done_at: saved.done_at };
    core.hub.to_person(user, &frame, None);
    Ok(saved)
}

/// Takes a mark back. Their other devices are told.
///
/// # Errors
/// `not_found` and `not_member` where there is none, and the room is not theirs to read; or the database failed.
pub async fn unsave(core: &Core, user: UserId, room: RoomId, seq: Seq) -> Result<(), Fault> {
    let answer = core.store.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            let marked = marks::get(tx, user, room, seq).await?.is_some();
            if marked {
                marks::delete(tx, user, room, seq).await?;
            } else {
                look(tx, room, user, Act::Read).await?;
            }
            Ok::<_, Fault>(marked)
        })
    });
    if answer.await? {
        core.hub.to_person(user, &ServerFrame::Saved { room, seq, at: None, done_at: None }, None);
    }
    Ok(())
}

/// What a person put aside, newest first, each as it reads now where they may read it now.
///
/// # Errors
/// The database failed.
pub async fn saved(
    core: &Core,
    user: UserId,
    done: Option<bool>,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<Saved>, Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            let mut list = marks::list(tx, user, done, after, limit).await?;
            let mut open: HashMap<RoomId, bool> = HashMap::new();
            for mark in &mut list {
                let may = match open.get(&mark.room) {
                    Some(may) => *may,
                    None => may_read(tx, user, mark.room).await?,
                };
                open.insert(mark.room, may);
                if may {
                    mark.message = log::entry(tx, mark.room, mark.seq).await?;
                }
            }
            Ok::<_, Fault>(list)
        })
    });
    answer.await
}

/// Asked in the snapshot that the messages are read from: who was removed is shown nothing of them.
async fn may_read(tx: &mut Tx, user: UserId, room: RoomId) -> Result<bool, Fault> {
    match look(tx, room, user, Act::Read).await {
        Ok(_) => Ok(true),
        Err(Fault::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// A message, not a line, and one that is still there.
async fn readable(tx: &mut Tx, user: UserId, room: RoomId, seq: Seq) -> Result<(), Fault> {
    look(tx, room, user, Act::Read).await?;
    match log::entry(tx, room, seq).await?.map(|entry| entry.what) {
        Some(What::Message(message)) if !message.erased => Ok(()),
        _ => Err(Refusal::not_found().into()),
    }
}
