//! What is one person's own in a room: how far they have read, their level, their draft.

use super::door::{account, look};
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::frame::ServerFrame;
use protocol::view::{Level, Read, Why};
use protocol::{Body, Code, Event, Refusal, RoomId, Seq, Time, UserId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::members::Loudness;
use store::{Lane, Store, Tx, members, rooms, unread};

/// The newest cursor of each person and room that moved forward within the last second. Kept in one statement a
/// second: a crash may lose that second of reading, never of writing. What raises a version is written before it is told.
#[derive(Default)]
pub struct Cursors {
    moved: Mutex<HashMap<(RoomId, UserId), Moved>>,
}

struct Moved {
    place: (Seq, i64),
    /// It is in the database. Here it stays for one more second: whoever read that before it was there asks here after it.
    kept: bool,
}

/// A wish to move.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    pub seq: Seq,
    /// The version that the device knows.
    pub version: Option<i64>,
    /// May go back: "mark as unread".
    pub unread: bool,
}

impl Move {
    /// Where it leads from a place, seq and version; `None` where it moves nothing. In a thread as in a room.
    pub(super) fn from(self, now: (Seq, i64), head: Seq) -> Option<(Seq, i64)> {
        let seq = Seq(self.seq.0.clamp(0, head.0));
        if self.unread {
            return Some((seq, now.1 + 1));
        }
        let newer = seq > now.0 && self.version.is_none_or(|version| version >= now.1);
        newer.then_some((seq, now.1))
    }
}

impl Cursors {
    /// The newest of what is in memory and what is kept.
    pub fn newest(&self, room: RoomId, user: UserId, kept: (Seq, i64)) -> (Seq, i64) {
        let moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        moved.get(&(room, user)).map_or(kept, |moved| newer(moved.place, kept))
    }

    /// Sending moves the sender's cursor to what they sent, within the version that they have. A reply that stands in
    /// its thread alone moves the place there, and says nothing of what was read in the room.
    pub fn sent(&self, event: &Event, version: i64) {
        if matches!(event.body, Body::Message { thread: Some(_), also: false, .. }) {
            return;
        }
        let place = (event.seq, version);
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let now = moved.entry((event.room, event.author)).or_insert(Moved { place, kept: false });
        *now = Moved { place: newer(now.place, place), kept: false };
    }

    /// A membership ended: so did its cursor.
    pub fn forget(&self, room: RoomId, users: &[UserId]) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        for user in users {
            moved.remove(&(room, *user));
        }
    }

    pub(super) fn shift(
        &self,
        room: RoomId,
        user: UserId,
        kept: (Seq, i64),
        wish: Move,
        head: Seq,
    ) -> ((Seq, i64), bool) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let now = moved.get(&(room, user)).map_or(kept, |moved| newer(moved.place, kept));
        let Some(next) = wish.from(now, head) else { return (now, false) };
        moved.insert((room, user), Moved { place: next, kept: false });
        (next, true)
    }

    /// Keeps what moved.
    pub async fn keep(&self, store: &Store) {
        let taken: Vec<_> = {
            let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
            moved.retain(|_, moved| !moved.kept);
            moved.iter().map(|((room, user), Moved { place, .. })| (*room, *user, place.0, place.1)).collect()
        };
        if taken.is_empty() {
            return;
        }
        let rows = taken.clone();
        let kept =
            store.write(Lane::Personal, move |tx| Box::pin(async move { members::keep_cursors(tx, &rows).await }));
        match kept.await {
            Ok(()) => {
                let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
                for (room, user, seq, version) in taken {
                    if let Some(moved) = moved.get_mut(&(room, user))
                        && moved.place == (seq, version)
                    {
                        moved.kept = true;
                    }
                }
            }
            // They stay in memory and are tried again in a second.
            Err(error) => tracing::warn!(%error, "cursors could not be kept"),
        }
    }
}

fn newer(a: (Seq, i64), b: (Seq, i64)) -> (Seq, i64) {
    match a.1.cmp(&b.1) {
        std::cmp::Ordering::Greater => a,
        std::cmp::Ordering::Less => b,
        std::cmp::Ordering::Equal => (a.0.max(b.0), a.1),
    }
}

/// Moves a cursor and answers what follows from its new place. My other devices are told.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn move_cursor(core: &Core, user: UserId, room: RoomId, wish: Move, but: Option<u64>) -> Result<Read, Fault> {
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            let (row, _) = look(tx, room, user, Act::Read).await?;
            if wish.unread {
                return Ok(None);
            }
            let (_, mine) = rooms::seen_by(tx, room, user).await?.ok_or_else(Refusal::not_found)?;
            let mine = mine.ok_or_else(not_member)?;
            let ((read, version), moved) = cursors.shift(room, user, (mine.read, mine.version), wish, row.head);
            let (unread, mentions) = unread::count(tx, room, user, read).await?;
            Ok::<_, Fault>(Some((Read { read, version, unread, mentions }, moved)))
        })
    });
    let (read, moved) = match answer.await? {
        Some(forward) => forward,
        None => {
            let back = mark_unread(core, user, vec![(room, wish.seq)]).await?.pop();
            (back.ok_or_else(not_member)?.1, true)
        }
    };
    if moved {
        core.hub.to_person(user, &ServerFrame::read(room, read), but);
    }
    Ok(read)
}

/// Puts a person back to these places, in rooms that they are in, and answers what follows from them. On the disk before it
/// is told: a device goes by the greatest version that it heard, so no crash may take one back.
pub(super) async fn mark_unread(
    core: &Core,
    user: UserId,
    places: Vec<(RoomId, Seq)>,
) -> Result<Vec<(RoomId, Read)>, Fault> {
    let write = core.store.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            let mut back = Vec::with_capacity(places.len());
            for (room, seq) in places {
                back.extend(members::put_back(tx, room, user, seq).await?.map(|place| (room, place)));
            }
            Ok::<_, Fault>(back)
        })
    });
    let back = write.await?;
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            let mut rooms = Vec::with_capacity(back.len());
            for (room, (read, version)) in back {
                let (unread, mentions) = unread::count(tx, room, user, read).await?;
                rooms.push((room, Read { read, version, unread, mentions }));
            }
            Ok(rooms)
        })
    });
    answer.await
}

fn not_member() -> Refusal {
    Refusal::new(Code::NotMember, "Join this room first.")
}

/// Why a room is unread for this person.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn why(core: &Core, user: UserId, room: RoomId) -> Result<Why, Fault> {
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            let (_, mine) = rooms::seen_by(tx, room, user).await?.ok_or_else(Refusal::not_found)?;
            let mine = mine.ok_or_else(not_member)?;
            let (read, _) = cursors.newest(room, user, (mine.read, mine.version));
            Ok::<_, Fault>(unread::why(tx, room, user, read).await?)
        })
    });
    answer.await
}

/// Where a person stands in a room, with what follows from it.
pub(super) async fn standing(
    tx: &mut Tx,
    cursors: &Cursors,
    room: RoomId,
    user: UserId,
    kept: (Seq, i64),
) -> Result<Read, store::Error> {
    let (read, version) = cursors.newest(room, user, kept);
    let (unread, mentions) = unread::count(tx, room, user, read).await?;
    Ok(Read { read, version, unread, mentions })
}

/// Sets what a room may disturb this person with, and until when with nothing at all: the parts that are given. A time
/// that is over is none. Their other devices are told.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn set_level(
    core: &Core,
    user: UserId,
    room: RoomId,
    level: Option<Level>,
    muted_until: Option<Option<Time>>,
) -> Result<Loudness, Fault> {
    let answer = core.store.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            let now = tx.now();
            let muted_until = muted_until.map(|until| until.filter(|until| *until > now));
            let (level, until) = members::set_level(tx, room, user, level, muted_until).await?;
            Ok::<_, Fault>((level, until.filter(|until| *until > now)))
        })
    });
    let (level, muted_until) = answer.await?;
    core.hub.to_person(user, &ServerFrame::Level { room, level, muted_until }, None);
    Ok((level, muted_until))
}

/// Keeps what this person has begun to write. Their other devices are told.
///
/// # Errors
/// `too_large`, `not_found`, `not_member`, or the database failed.
pub async fn set_draft(core: &Core, user: UserId, room: RoomId, text: String) -> Result<(), Fault> {
    if text.len() > core.limits.text {
        let refusal = Refusal::invalid("text", format!("A draft can have {} bytes.", core.limits.text));
        return Err(Refusal { code: Code::TooLarge, ..refusal }.into());
    }
    if text.contains('\0') {
        return Err(Refusal::invalid("text", "The character U+0000 cannot stand in a draft.").into());
    }
    let kept = text.clone();
    let answer = core.store.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            Ok::<_, Fault>(members::set_draft(tx, room, user, &kept).await?)
        })
    });
    answer.await?;
    core.hub.to_person(user, &ServerFrame::Draft { room, text }, None);
    Ok(())
}
