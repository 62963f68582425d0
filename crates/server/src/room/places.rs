//! A person's places in all rooms and threads together: what a client begins with, "mark all read", and its undo.

use super::cursor::{Move, mark_unread};
use super::door::{account, enter};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use protocol::frame::ServerFrame;
use protocol::view::{Places, Read, Thread};
use protocol::{Refusal, RoomId, Seq, UserId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Lane, rooms, threads, unread};

/// Rooms that are read or put back at once.
pub const MOST_ROOMS: u32 = 5_000;
/// Threads, likewise.
pub const MOST_THREADS: u32 = 2_000;
/// Rooms whose threads are written side by side.
const AT_ONCE: usize = 8;

/// The places in all threads that a person follows, with the heads of their rooms in the same snapshot.
///
/// # Errors
/// The database failed.
pub async fn thread_places(core: &Core, user: UserId) -> Result<(Vec<(RoomId, Seq)>, Vec<Thread>), Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            let heads = rooms::heads(tx, user, MOST_ROOMS).await?;
            let heads = heads.into_iter().map(|(room, head, ..)| (room, head)).collect();
            Ok::<_, Fault>((heads, threads::places(tx, user, MOST_THREADS).await?))
        })
    });
    answer.await
}

/// Moves to the end of every room and thread in which something counts. Answers the places of before.
///
/// # Errors
/// The database failed.
pub async fn read_all(core: &Core, user: UserId) -> Result<Places, Fault> {
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            let mine = rooms::heads(tx, user, MOST_ROOMS).await?;
            let heads: HashMap<RoomId, Seq> = mine.iter().map(|(room, head, ..)| (*room, *head)).collect();
            let places = mine
                .into_iter()
                .map(|(room, head, read, version)| (room, (head, cursors.newest(room, user, (read, version)))));
            let mut places: HashMap<RoomId, (Seq, (Seq, i64))> = places.collect();
            places.retain(|_, (head, (read, _))| read < head);
            let behind: Vec<(RoomId, Seq)> = places.iter().map(|(room, (_, (read, _)))| (*room, *read)).collect();
            let mut moved = Vec::new();
            for room in unread::rooms(tx, user, &behind).await? {
                let Some((head, kept)) = places.get(&room).copied() else { continue };
                // Up to what this snapshot shows: what came since stays unread.
                let wish = Move { seq: head, version: None, unread: false };
                if let ((read, version), true) = cursors.shift(room, user, kept, wish, head) {
                    let (unread, mentions) = unread::count(tx, room, user, read).await?;
                    moved.push((room, kept.0, Read { read, version, unread, mentions }));
                }
            }
            let mut to: BTreeMap<RoomId, Vec<(Seq, Move)>> = BTreeMap::new();
            for (room, root) in threads::unread(tx, user, MOST_THREADS).await? {
                let Some(head) = heads.get(&room).copied() else { continue };
                to.entry(room).or_default().push((root, Move { seq: head, version: None, unread: false }));
            }
            Ok::<_, Fault>((moved, to))
        })
    });
    let (moved, to) = answer.await?;
    let mut rooms: Vec<(RoomId, Seq)> = moved.iter().map(|(room, before, _)| (*room, *before)).collect();
    rooms.sort_unstable();
    let frames: Vec<ServerFrame> = moved.into_iter().map(|(room, _, read)| ServerFrame::read(room, read)).collect();
    core.hub.to_person_gently(user, frames.into_iter());
    Ok(Places { rooms, threads: move_threads(core, user, to).await? })
}

/// Puts a person back to places that they had. Rooms that they are not in and threads that they do not follow are
/// passed over.
///
/// # Errors
/// `invalid` for too many, or the database failed.
pub async fn put_back(core: &Core, user: UserId, places: Places) -> Result<(), Fault> {
    for (field, is, most) in
        [("rooms", places.rooms.len(), MOST_ROOMS), ("threads", places.threads.len(), MOST_THREADS)]
    {
        if is > most as usize {
            return Err(Refusal::invalid(field, format!("At most {most}.")).into());
        }
    }
    let mut to: BTreeMap<RoomId, Vec<(Seq, Move)>> = BTreeMap::new();
    let back: BTreeMap<(RoomId, Seq), Seq> =
        places.threads.into_iter().map(|(room, root, seq)| ((room, root), seq)).collect();
    for ((room, root), seq) in back {
        to.entry(room).or_default().push((root, Move { seq, version: None, unread: true }));
    }
    let back: BTreeMap<RoomId, Seq> = places.rooms.into_iter().collect();
    let moved = mark_unread(core, user, back.into_iter().collect()).await?;
    let frames = moved.into_iter().map(|(room, read)| ServerFrame::read(room, read));
    core.hub.to_person_gently(user, frames);
    move_threads(core, user, to).await?;
    Ok(())
}

/// Moves a person's places in threads, room by room. Answers those of before that moved; their devices are told.
async fn move_threads(
    core: &Core,
    user: UserId,
    to: BTreeMap<RoomId, Vec<(Seq, Move)>>,
) -> Result<Vec<(RoomId, Seq, Seq)>, Fault> {
    let rooms = stream::iter(to).map(|(room, wishes)| move_in_room(core, user, room, wishes)).buffered(AT_ONCE);
    let moved: Vec<Vec<(RoomId, Seq, Seq)>> = rooms.try_collect().await?;
    let mut moved: Vec<(RoomId, Seq, Seq)> = moved.into_iter().flatten().collect();
    moved.sort_unstable();
    let concerned: Vec<(RoomId, Seq)> = moved.iter().map(|(room, root, _)| (*room, *root)).collect();
    let read =
        core.store.read(move |tx| Box::pin(async move { Ok::<_, Fault>(threads::some(tx, user, &concerned).await?) }));
    let frames = read.await?.into_iter();
    let frames = frames.map(|standing| ServerFrame::Thread { thread: standing.thread, head: standing.head });
    core.hub.to_person_gently(user, frames);
    Ok(moved)
}

async fn move_in_room(
    core: &Core,
    user: UserId,
    room: RoomId,
    wishes: Vec<(Seq, Move)>,
) -> Result<Vec<(RoomId, Seq, Seq)>, Fault> {
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (row, _) = match enter(tx, room, user, Act::Read).await {
                Ok(entered) => entered,
                // Somebody who is not in the room has no place in it.
                Err(Fault::Refused(_)) => return Ok::<_, Fault>(Vec::new()),
                Err(fault) => return Err(fault),
            };
            let mut moved = Vec::new();
            for (root, wish) in wishes {
                let Some(now) = threads::of(tx, room, root, user).await? else { continue };
                let now = now.thread;
                let next = wish.from((now.cursor.read, now.cursor.version), row.head);
                if let Some(next) = next.filter(|_| now.following) {
                    threads::set_place(tx, room, root, user, next).await?;
                    moved.push((room, root, now.cursor.read));
                }
            }
            Ok(moved)
        })
    });
    answer.await
}
