//! Folds a room's log anew and compares it with what is kept.

use crate::error::Error;
use crate::rooms::RoomRow;
use crate::tx::Tx;
use crate::{log, members};
use protocol::event::MemberRole;
use protocol::fold::{Entry, Room, What};
use protocol::{Body, FileId, RoomId, Seq, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows are read at once.
const STEP: i64 = 1000;

/// Every room's number, ascending.
///
/// # Errors
/// The database failed.
pub async fn rooms(tx: &mut Tx) -> Result<Vec<RoomId>, Error> {
    let rows = tx.rows("SELECT id FROM rooms WHERE id > 0 ORDER BY id", &[]).await?;
    Ok(rows.iter().map(|row| row.room(0)).collect())
}

/// What is wrong with a room: holes in its log, rows that are not the fold of it. Empty where all is right.
///
/// # Errors
/// The database failed.
pub async fn room(tx: &mut Tx, row: &RoomRow) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    let mut folded = Room::default();
    let mut pins = BTreeMap::new();
    let mut last = Seq(row.first.0 - 1);
    loop {
        let events = log::after(tx, row.id, last, STEP).await?;
        let Some(end) = events.last().map(|event| event.seq) else { break };
        for event in &events {
            if event.seq != last.next() {
                wrong.push(format!("after seq {last} comes {}", event.seq));
            }
            last = event.seq;
            folded.apply(event);
            if let Body::Pinned { target } = event.body {
                pins.insert(target, event.seq);
            }
        }
        last = end;
    }
    if last != row.head {
        wrong.push(format!("the log ends at {last}, the head is {}", row.head));
    }
    compare(&mut wrong, "archived", &row.archived, &folded.archived);
    compare(&mut wrong, "previews", &row.previews, &!folded.previews_off);
    if let Some(name) = &folded.name {
        compare(&mut wrong, "name", &row.name, name);
    }
    if let Some(topic) = &folded.topic {
        compare(&mut wrong, "topic", &row.topic, topic);
    }
    let kept = roles(tx, row.id).await?;
    compare(&mut wrong, "members", &kept, &folded.members);
    compare(&mut wrong, "members' count", &row.members, &i64::try_from(kept.len()).unwrap_or(-1));
    entries(tx, row, &folded.entries, &mut wrong).await?;
    calls(tx, row.id, &folded.entries, &mut wrong).await?;
    reactions(tx, row.id, &folded.entries, &mut wrong).await?;
    pinned(tx, row.id, &folded.entries, pins, &mut wrong).await?;
    held(tx, row.id, &folded.entries, &mut wrong).await?;
    Ok(wrong)
}

async fn roles(tx: &mut Tx, room: RoomId) -> Result<BTreeMap<UserId, MemberRole>, Error> {
    let mut roles = BTreeMap::new();
    for user in members::all(tx, room).await? {
        if let Some(role) = members::role(tx, room, user).await? {
            roles.insert(user, role);
        }
    }
    Ok(roles)
}

async fn entries(tx: &mut Tx, row: &RoomRow, folded: &[Entry], wrong: &mut Vec<String>) -> Result<(), Error> {
    let mut shown = folded.iter().filter(|entry| entry.is_shown()).map(|entry| entry.clone().told());
    let mut last = Seq(0);
    loop {
        let page = log::page_after(tx, row.id, last, STEP).await?;
        let Some(end) = page.last().map(|entry| entry.seq) else { break };
        for entry in &page {
            compare(wrong, &format!("row {}", entry.seq), &Some(entry), &shown.next().as_ref());
        }
        last = end;
    }
    if let Some(missing) = shown.next() {
        wrong.push(format!("row {} is missing", missing.seq));
    }
    for entry in folded.iter().filter(|entry| !entry.is_shown()) {
        let kept = log::entry(tx, row.id, entry.seq).await?;
        compare(wrong, &format!("reply {}", entry.seq), &kept, &Some(entry.clone().told()));
    }
    Ok(())
}

/// What no page shows: which messages count as unread, and whom they call (0: everybody), in which thread (0: the room).
async fn calls(tx: &mut Tx, room: RoomId, folded: &[Entry], wrong: &mut Vec<String>) -> Result<(), Error> {
    let (mut counting, mut calling) = (BTreeSet::new(), BTreeSet::new());
    for entry in folded {
        if let What::Message(message) = &entry.what
            && !message.erased
        {
            if message.is_shown() {
                counting.insert(entry.seq);
            }
            let thread = message.thread.filter(|_| !message.also).unwrap_or_default();
            let everyone = message.everyone.then_some(UserId(0));
            let called = message.mentions.iter().copied().chain(everyone);
            calling.extend(called.map(|user| (entry.seq, user, thread, entry.at)));
        }
    }
    let kept = tx.rows("SELECT seq FROM entries WHERE room = $1 AND counts = 1", &[room.into()]).await?;
    let kept: BTreeSet<Seq> = kept.iter().map(|row| row.seq(0)).collect();
    wrong.extend(kept.symmetric_difference(&counting).map(|seq| format!("row {seq} counts wrongly as unread or not")));
    let kept = tx.rows("SELECT seq, user_id, thread, at FROM mentions WHERE room = $1", &[room.into()]).await?;
    let kept: BTreeSet<_> = kept.iter().map(|row| (row.seq(0), row.user(1), row.seq(2), row.time(3))).collect();
    let differ = kept.symmetric_difference(&calling);
    wrong.extend(differ.map(|(seq, user, ..)| format!("row {seq} calls {user} wrongly or not at all")));
    Ok(())
}

/// Who gave which emoji, in the order in which they did.
async fn reactions(tx: &mut Tx, room: RoomId, folded: &[Entry], wrong: &mut Vec<String>) -> Result<(), Error> {
    let sql = "SELECT seq, emoji, user_id, author FROM reactions WHERE room = $1 ORDER BY given";
    let mut rows: BTreeMap<(Seq, String, UserId), Vec<UserId>> = BTreeMap::new();
    for mut row in tx.rows(sql, &[room.into()]).await? {
        rows.entry((row.seq(0), row.text(1), row.user(3))).or_default().push(row.user(2));
    }
    for entry in folded {
        let What::Message(message) = &entry.what else { continue };
        for reaction in &message.reactions {
            let users = rows.remove(&(entry.seq, reaction.emoji.clone(), entry.author)).unwrap_or_default();
            if users != reaction.users {
                wrong.push(format!("row {}: {} was not given by {users:?}", entry.seq, reaction.emoji));
            }
        }
    }
    wrong.extend(rows.keys().map(|(seq, emoji, _)| format!("row {seq}: {emoji} was given by nobody")));
    Ok(())
}

/// By which event each message that is pinned was pinned: the order of the pins.
async fn pinned(
    tx: &mut Tx,
    room: RoomId,
    folded: &[Entry],
    mut pins: BTreeMap<Seq, Seq>,
    wrong: &mut Vec<String>,
) -> Result<(), Error> {
    let is = |seq: &Seq| {
        let at = folded.binary_search_by_key(seq, |entry| entry.seq).ok();
        at.is_some_and(|at| matches!(&folded[at].what, What::Message(message) if message.pinned))
    };
    pins.retain(|seq, _| is(seq));
    let sql = "SELECT seq, pinned_at FROM entries WHERE room = $1 AND pinned_at IS NOT NULL";
    let kept = tx.rows(sql, &[room.into()]).await?;
    let kept = kept.iter().map(|row| (row.seq(0), row.seq(1))).collect();
    compare(wrong, "pins", &kept, &pins);
    Ok(())
}

/// Which files the messages hold.
async fn held(tx: &mut Tx, room: RoomId, folded: &[Entry], wrong: &mut Vec<String>) -> Result<(), Error> {
    let mut holding = BTreeSet::new();
    for entry in folded {
        if let What::Message(message) = &entry.what {
            let shown = message.previews.iter().filter_map(|preview| preview.image.as_ref());
            holding.extend(message.files.iter().chain(shown).map(|file| (entry.seq, file.id)));
        }
    }
    let kept = tx.rows("SELECT seq, file FROM attachments WHERE room = $1", &[room.into()]).await?;
    let kept: BTreeSet<(Seq, FileId)> = kept.iter().map(|row| (row.seq(0), FileId(row.int(1)))).collect();
    let differ = kept.symmetric_difference(&holding);
    wrong.extend(differ.map(|(seq, file)| format!("row {seq} holds file {file} wrongly or not at all")));
    Ok(())
}

fn compare<T: PartialEq + std::fmt::Debug>(wrong: &mut Vec<String>, what: &str, kept: &T, folded: &T) {
    if kept != folded {
        wrong.push(format!("{what}: kept {kept:?}, folded {folded:?}"));
    }
}
