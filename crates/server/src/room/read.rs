//! What a person sees of rooms: the lists, one room, pages of its log. Membership is read in the same snapshot.

use super::cursor::{Cursors, standing};
use super::door::look;
use super::say;
use super::span::{self, Span};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use crate::quiet;
use protocol::fold::Entry;
use protocol::view::{Events, Mine, Page, Room, SentFile};
use protocol::{Refusal, RoomId, Seq, UserId};
use std::sync::Arc;
use store::files::{self, Filter};
use store::rooms::{self, After, MemberRow, RoomRow};
use store::{Tx, members, reactions};

/// A room as this person sees it.
///
/// # Errors
/// `not_found`, or the database failed.
pub async fn seen(core: &Core, user: UserId, room: RoomId) -> Result<Room, Fault> {
    let cursors = Arc::clone(&core.cursors);
    core.store.read(move |tx| Box::pin(async move { view(tx, &cursors, user, room).await })).await
}

/// A room as this person sees it, within a transaction.
///
/// # Errors
/// `not_found`, or the database failed.
pub(crate) async fn view(tx: &mut Tx, cursors: &Cursors, user: UserId, room: RoomId) -> Result<Room, Fault> {
    look(tx, room, user, Act::Browse).await?;
    let (row, mine) = rooms::seen_by(tx, room, user).await?.ok_or_else(Refusal::not_found)?;
    Ok(shown(tx, cursors, user, row, mine).await?)
}

async fn shown(
    tx: &mut Tx,
    cursors: &Cursors,
    user: UserId,
    row: RoomRow,
    mine: Option<MemberRow>,
) -> Result<Room, store::Error> {
    let people = if row.direct { Some(members::others(tx, row.id, user).await?) } else { None };
    let mine = match mine {
        Some(mine) => Some(Mine {
            role: mine.role,
            cursor: standing(tx, cursors, row.id, user, (mine.read, mine.version)).await?,
            level: mine.level,
            muted_until: mine.muted_until.filter(|until| *until > quiet::now()),
            draft: mine.draft,
        }),
        None => None,
    };
    Ok(Room {
        id: row.id,
        name: row.name,
        topic: row.topic,
        private: row.private,
        direct: row.direct,
        archived: row.archived,
        previews: row.previews,
        members: row.members,
        head: row.head,
        first: row.first,
        at: row.at,
        people,
        mine,
    })
}

/// My rooms, newest activity first; or, with `open`, all open ones whose name holds that text.
///
/// # Errors
/// The database failed.
pub async fn list(
    core: &Core,
    user: UserId,
    open: Option<String>,
    after: After,
    limit: u32,
) -> Result<Vec<Room>, Fault> {
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            super::door::account(tx, user).await?;
            let rows: Vec<(RoomRow, Option<MemberRow>)> = match open {
                Some(needle) => rooms::open(tx, user, &needle, after, limit).await?,
                None => {
                    let mine = rooms::of(tx, user, after, limit).await?;
                    mine.into_iter().map(|(row, member)| (row, Some(member))).collect()
                }
            };
            let mut list = Vec::with_capacity(rows.len());
            for (row, mine) in rows {
                list.push(shown(tx, &cursors, user, row, mine).await?);
            }
            Ok::<_, Fault>(list)
        })
    });
    answer.await
}

/// A page of what the room shows, oldest first, folded at its `head`.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn page(core: &Core, user: UserId, room: RoomId, span: Span, limit: u32) -> Result<Page, Fault> {
    let epoch = core.epoch;
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            let (row, _) = look(tx, room, user, Act::Read).await?;
            let messages = span.of(tx, &span::Shown(room), limit).await?;
            let reacted = reactions::untold(tx, room, user, &messages).await?;
            Ok::<_, Fault>(Page { epoch, head: row.head, messages, reacted, thread: None })
        })
    });
    answer.await
}

/// A page of the log itself, in order. Without a place: its newest part.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn events(core: &Core, user: UserId, room: RoomId, span: Span, limit: u32) -> Result<Events, Fault> {
    let epoch = core.epoch;
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            let (row, _) = look(tx, room, user, Act::Read).await?;
            let events = span.of(tx, &span::Whole(room), limit).await?;
            Ok::<_, Fault>(Events { epoch, head: row.head, first: row.first, events })
        })
    });
    answer.await
}

/// Files that were sent, newest first: in one room, or in all of this person's.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn files(
    core: &Core,
    user: UserId,
    filter: Filter,
    after: Option<files::After>,
    limit: u32,
) -> Result<Vec<(SentFile, files::After)>, Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            match filter.room {
                Some(room) => drop(look(tx, room, user, Act::Read).await?),
                // Their own rooms, all of which they may read.
                None => drop(super::door::account(tx, user).await?),
            }
            Ok::<_, Fault>(files::list(tx, user, &filter, after, limit).await?)
        })
    });
    answer.await
}

/// One message or line, as the room shows it now.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn message(core: &Core, user: UserId, room: RoomId, seq: Seq) -> Result<Entry, Fault> {
    core.store.read(move |tx| Box::pin(async move { say::read(tx, user, room, seq).await })).await
}
