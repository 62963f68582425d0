//! The one read path: a connection follows each of its rooms from a cursor. Connecting, coming back and being
//! brought into a room are the same, with an older or a newer cursor.

use crate::core::Core;
use crate::fault::Fault;
use crate::policy::{Act, decide};
use crate::quiet;
use crate::tail::{Attached, Conn};
use crate::wire::Frame;
use protocol::frame::{Hello, Reset, ServerFrame};
use protocol::{Body, Code, Event, Refusal, RoomId, Seq, UserId};
use std::collections::HashMap;
use std::sync::Arc;
use store::{log, planted, rooms, sessions};

/// Events read from the log at once, for one who is behind.
const STEP: i64 = 100;
/// Rooms that a connection follows, at most; the rest is reached by HTTP.
const MOST_ROOMS: u32 = 5_000;

/// Greets, follows every room of the person, and catches up where the client holds cursors. Ends when all of
/// it is in the queue, or the connection was closed.
///
/// # Errors
/// `unauthenticated` where the session is over; the database failed.
pub async fn greet(core: &Arc<Core>, conn: &Arc<Conn>, hello: Hello) -> Result<(), Fault> {
    let (user, session, last) = (conn.user, conn.session, hello.last);
    let read = core.store.read(move |tx| {
        Box::pin(async move {
            // What memory holds may be a moment old. From here on whoever ends the session knows of this connection.
            if !sessions::stands(tx, session, user).await? {
                return Err(Refusal::new(Code::Unauthenticated, "This session is over.").into());
            }
            let me = quiet::me(tx, user).await?;
            let mut list = rooms::heads(tx, user, MOST_ROOMS + 1).await?;
            let more = list.len() > MOST_ROOMS as usize;
            list.truncate(MOST_ROOMS as usize);
            // A data folder that was put back by hand holds another event there, or none.
            let same = match last {
                Some((room, seq, at)) if list.iter().any(|(id, ..)| *id == room) => {
                    log::event(tx, room, seq).await?.is_some_and(|event| event.at == at)
                }
                _ => true,
            };
            Ok::<_, Fault>((me, list, more, same))
        })
    });
    let (me, mut list, more, same) = read.await?;
    let Some(me) = me else { return Ok(()) };
    for (room, _, read, version) in &mut list {
        (*read, *version) = core.cursors.newest(*room, user, (*read, *version));
    }
    core.hub.greeted(user, &me.quiet);
    let now = quiet::now();
    let welcome = ServerFrame::Welcome { me: Box::new(me), epoch: core.epoch, now, rooms: list.clone(), more };
    conn.welcome(&welcome);

    let heads: HashMap<RoomId, Seq> = list.iter().map(|(room, head, ..)| (*room, *head)).collect();
    let epoch_holds = same && hello.epoch.is_none_or(|epoch| epoch == core.epoch);
    let cursors: HashMap<RoomId, Seq> = hello.cursors.iter().copied().collect();
    // Rooms without a cursor follow from their heads at once; the others in the order of the cursors.
    for (room, head, ..) in &list {
        if !cursors.contains_key(room) {
            follow(core, conn, *room, *head, *head).await?;
        }
    }
    let mut budget = core.limits.behind_all;
    let mut seen = std::collections::HashSet::new();
    for (room, cursor) in &hello.cursors {
        if !seen.insert(*room) {
            continue;
        }
        let reset = |reason, head| ServerFrame::Reset { room: *room, reason, head };
        let Some(head) = heads.get(room).copied() else {
            conn.tell(&reset(Reset::UnknownRoom, Seq(0)));
            continue;
        };
        let behind = head.0 - cursor.0;
        let reason = if !epoch_holds {
            Some(Reset::Epoch)
        } else if *cursor > head || cursor.0 < 0 {
            Some(Reset::Future)
        } else if behind > core.limits.behind_room || behind > budget {
            Some(Reset::TooFar)
        } else {
            None
        };
        if let Some(reason) = reason {
            conn.tell(&reset(reason, head));
            follow(core, conn, *room, head, head).await?;
            continue;
        }
        budget -= behind;
        if follow(core, conn, *room, *cursor, head).await? {
            // What was committed just now may be on its way through the tail still, and comes by that.
            core.hub.passed(*room, head).await;
            conn.tell(&ServerFrame::CaughtUp { room: *room, head });
        }
    }
    for (room, seq) in conn.greeted() {
        // The welcome, read after the join, said so already.
        if heads.get(&room).is_some_and(|head| *head >= seq) {
            continue;
        }
        join(core, conn, room, seq).await?;
    }
    Ok(())
}

/// Follows a room that was joined while the greeting was on its way.
async fn join(core: &Arc<Core>, conn: &Arc<Conn>, room: RoomId, joined: Seq) -> Result<(), Fault> {
    match crate::room::seen(core, conn.user, room).await {
        Ok(view) if view.mine.is_some() => {
            let head = view.head;
            conn.push(Frame::json(&ServerFrame::Room(Box::new(view))));
            follow(core, conn, room, Seq(joined.0 - 1), head).await.map(drop)
        }
        Ok(_) | Err(Fault::Refused(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Puts everything after `cursor` into the queue and leaves the connection following: true. Reads only as the
/// queue drains; membership is read in each snapshot, so that a removal in between ends it: false. This person was
/// a member at `head`, which the log has reached.
async fn follow(core: &Arc<Core>, conn: &Arc<Conn>, room: RoomId, mut cursor: Seq, head: Seq) -> Result<bool, Fault> {
    loop {
        conn.has_room().await;
        if conn.is_closed() {
            return Ok(false);
        }
        let tail = core.hub.tail(room, head);
        if planted::has("subscribing_after_asking") && cursor >= head {
            cursor = cursor.max(tail.newest());
        }
        match tail.attach(conn, cursor) {
            Attached::Live => return Ok(true),
            Attached::Gone => return Ok(false),
            Attached::Behind => {}
        }
        let (member, events) = read(core, conn.user, room, cursor).await?;
        let Some(last) = events.last() else {
            if member {
                // The tail is ahead of what the log shows: impossible, but not worth an endless loop.
                tracing::error!(%room, %cursor, "a tail ran ahead of its log");
            } else {
                conn.tell(&ServerFrame::Gone { room });
            }
            return Ok(false);
        };
        // The snapshot says that this person is a member: whoever left and came back sees all of it.
        cursor = last.seq;
        // Whoever was removed meanwhile has the log up to that, and nothing after it.
        let leaves = |event: &Event| {
            !member && event.seq > head && matches!(&event.body, Body::Left { users, .. } if users.contains(&conn.user))
        };
        let end = events.iter().position(leaves);
        let seen = end.map_or(events.len(), |at| at + 1);
        let frames = events.into_iter().take(seen).map(|event| Frame::json(&ServerFrame::Event(event)));
        for piece in Frame::pieces(&frames.collect::<Vec<_>>()) {
            // Each waits for its place: a hundred long ones are more than the queue holds.
            conn.has_room().await;
            conn.push(piece);
        }
        if end.is_some() {
            conn.tell(&ServerFrame::Gone { room });
            return Ok(false);
        }
    }
}

/// The next events, and whether this person is a member in the same snapshot.
async fn read(core: &Core, user: UserId, room: RoomId, after: Seq) -> Result<(bool, Vec<Event>), Fault> {
    let read = core.store.read(move |tx| {
        Box::pin(async move {
            let (row, actor, _) = crate::room::stand(tx, room, user).await?;
            let Some(row) = row else { return Ok::<_, Fault>((false, vec![])) };
            let member = decide(Act::Read, &actor, &row).is_ok();
            Ok((member, log::after(tx, room, after, STEP).await?))
        })
    });
    read.await
}
