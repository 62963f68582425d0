//! The fold, kept as rows in the append's transaction. `protocol::fold` says what it must come to.

use crate::columns::{erased_data, ids, is_gone, is_sole, json, list, superseded_data};
use crate::error::Error;
use crate::files::{self, Use};
use crate::log::{by_target, erase_words};
use crate::rooms::RoomRow;
use crate::tx::Tx;
use crate::value::Value;
use crate::{reactions, threads};
use protocol::event::{Said, still_shown};
use protocol::fold::{REACTORS, Reaction, react, replied, unreact};
use protocol::{Body, Event, FileId, Preview, RoomId, Seq, UserId};

/// User 0 in `mentions`: everybody in the room.
const EVERYONE: UserId = UserId(0);

pub(crate) async fn apply(tx: &mut Tx, room: &mut RoomRow, event: &Event) -> Result<(), Error> {
    match &event.body {
        Body::Message { said, files, thread, also, .. } => {
            message(tx, event, said, *thread, *also).await?;
            if let Some(root) = thread {
                threads::replied(tx, event, *root, said).await?;
            }
            attach(tx, event, event.seq, files.iter().map(|file| file.id), false).await
        }
        Body::Edited { target, said, sole } => {
            let oldest = if *sole { Some(oldest(tx, event.room, *target).await?) } else { None };
            edited(tx, event, *target, said).await?;
            match oldest {
                Some(oldest) => {
                    let text = said.text.as_deref().unwrap_or_default();
                    superseded(tx, event.room, *target, oldest, event.seq, text).await
                }
                None => Ok(()),
            }
        }
        Body::Deleted { target, thread } => deleted(tx, event, *target, *thread).await,
        Body::Preview { target, previews, .. } => previewed(tx, event, *target, previews).await,
        Body::Reacted { target, emoji } => reacted(tx, event, *target, emoji).await,
        Body::Unreacted { target, emoji } => unreacted(tx, event, *target, emoji).await,
        Body::Pinned { target } => pinned(tx, event, *target, Some(event.seq)).await,
        Body::Unpinned { target } => pinned(tx, event, *target, None).await,
        Body::PreviewsOn | Body::PreviewsOff => {
            room.previews = event.body == Body::PreviewsOn;
            let on = room.previews;
            tx.execute("UPDATE rooms SET previews = $2 WHERE id = $1", &[room.id.into(), on.into()]).await?;
            Ok(())
        }
        Body::Joined { users } => {
            let sql = tx.either(
                "INSERT INTO members (room, user_id, role, read, joined, version)
                 SELECT $1, value, 'member', $2, $2, coalesce(d.version, 0) FROM json_each($3)
                 LEFT JOIN departed d ON d.room = $1 AND d.user_id = value
                 WHERE true ON CONFLICT (room, user_id) DO NOTHING",
                "INSERT INTO members (room, user_id, role, read, joined, version)
                 SELECT $1, value::bigint, 'member', $2, $2, coalesce(d.version, 0)
                 FROM jsonb_array_elements_text($3::text::jsonb)
                 LEFT JOIN departed d ON d.room = $1 AND d.user_id = value::bigint
                 ON CONFLICT (room, user_id) DO NOTHING",
            );
            let came = tx.execute(sql, &[room.id.into(), event.seq.into(), ids(users)]).await?;
            members(tx, room, i64::try_from(came).unwrap_or(0)).await?;
            line(tx, event).await
        }
        Body::Left { users, .. } => {
            departed(tx, room.id, users).await?;
            let sql = tx.either(
                "DELETE FROM members WHERE room = $1 AND user_id IN (SELECT value FROM json_each($2))",
                "DELETE FROM members WHERE room = $1
                 AND user_id IN (SELECT value::bigint FROM jsonb_array_elements_text($2::text::jsonb))",
            );
            let went = tx.execute(sql, &[room.id.into(), ids(users)]).await?;
            members(tx, room, -i64::try_from(went).unwrap_or(0)).await?;
            threads::left(tx, room.id, users).await?;
            line(tx, event).await
        }
        Body::Renamed { name } => {
            let folded = protocol::text::folded(name);
            let sql = "UPDATE rooms SET name = $2, folded = $3 WHERE id = $1";
            tx.execute(sql, &[room.id.into(), name.into(), folded.into()]).await?;
            room.name.clone_from(name);
            line(tx, event).await
        }
        Body::Topic { topic } => {
            tx.execute("UPDATE rooms SET topic = $2 WHERE id = $1", &[room.id.into(), topic.into()]).await?;
            room.topic.clone_from(topic);
            line(tx, event).await
        }
        Body::Archived | Body::Unarchived => {
            room.archived = event.body == Body::Archived;
            let archived = room.archived;
            tx.execute("UPDATE rooms SET archived = $2 WHERE id = $1", &[room.id.into(), archived.into()]).await?;
            if archived { line(tx, event).await } else { Ok(()) }
        }
        Body::Role { user, role } => {
            let sql = "UPDATE members SET role = $3 WHERE room = $1 AND user_id = $2";
            tx.execute(sql, &[room.id.into(), (*user).into(), role.as_str().into()]).await?;
            Ok(())
        }
    }
}

async fn members(tx: &mut Tx, room: &mut RoomRow, more: i64) -> Result<(), Error> {
    room.members += more;
    tx.execute("UPDATE rooms SET members = $2 WHERE id = $1", &[room.id.into(), room.members.into()]).await?;
    Ok(())
}

/// Notes how far the versions of these people's places have come: nothing older may be told where they come back.
async fn departed(tx: &mut Tx, room: RoomId, users: &[UserId]) -> Result<(), Error> {
    macro_rules! departed {
        ($these:literal, $lock:literal) => {
            concat!(
                "INSERT INTO departed (room, user_id, version)
                 SELECT $1, user_id, max(version) FROM (SELECT user_id, version FROM (
                     SELECT user_id, version FROM members WHERE room = $1 AND user_id IN ",
                $these,
                $lock,
                ") AS m UNION ALL SELECT user_id, version FROM threads WHERE room = $1 AND user_id IN ",
                $these,
                ") AS places GROUP BY user_id HAVING max(version) > 0
                 ON CONFLICT (room, user_id) DO UPDATE SET version = excluded.version"
            )
        };
    }
    let sql = tx.either(
        departed!("(SELECT value FROM json_each($2))", ""),
        // A "mark as unread" beside it holds no lock on the room: it waits here, and finds no place any more.
        departed!("(SELECT value::bigint FROM jsonb_array_elements_text($2::text::jsonb))", " FOR UPDATE"),
    );
    tx.execute(sql, &[room.into(), ids(users)]).await?;
    Ok(())
}

async fn line(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO entries (room, seq, author, shown, counts, text_at) VALUES ($1, $2, $3, 1, 0, $2)",
        &[event.room.into(), event.seq.into(), event.author.into()],
    )
    .await?;
    Ok(())
}

async fn message(tx: &mut Tx, event: &Event, said: &Said, thread: Option<Seq>, also: bool) -> Result<(), Error> {
    let shown = thread.is_none() || also;
    tx.execute(
        "INSERT INTO entries (room, seq, author, shown, counts, text_at, thread, also)
         VALUES ($1, $2, $3, $4, $4, $2, $5, $6)",
        &[event.room.into(), event.seq.into(), event.author.into(), shown.into(), thread.into(), also.into()],
    )
    .await?;
    if let Some(root) = thread {
        let sql = "SELECT repliers FROM entries WHERE room = $1 AND seq = $2";
        let row = tx.row(sql, &[event.room.into(), root.into()]).await?;
        let mut repliers = list(row.and_then(|mut row| row.opt_text(0)))?;
        replied(&mut repliers, event.author);
        tx.execute(
            "UPDATE entries SET replies = replies + 1, last_reply = $3, repliers = $4 WHERE room = $1 AND seq = $2",
            &[event.room.into(), root.into(), event.at.into(), json(&repliers)?.into()],
        )
        .await?;
    }
    call(tx, event, event.seq, said, thread.filter(|_| !also)).await
}

async fn edited(tx: &mut Tx, event: &Event, target: Seq, said: &Said) -> Result<(), Error> {
    let row = tx
        .returning(
            "UPDATE entries SET text_at = $3, edited_at = $4 WHERE room = $1 AND seq = $2 AND erased = 0
             RETURNING thread, also",
            &[event.room.into(), target.into(), event.seq.into(), event.at.into()],
        )
        .await?;
    tx.execute("DELETE FROM mentions WHERE room = $1 AND seq = $2", &[event.room.into(), target.into()]).await?;
    let Some(row) = row else { return Ok(()) };
    let thread = row.opt_int(0).map(Seq);
    call(tx, event, target, said, thread.filter(|_| !row.is(1))).await?;
    match thread {
        Some(root) => threads::named(tx, event, root, target, said).await,
        None => Ok(()),
    }
}

/// The oldest event of a message that still has a text: where no history is kept, the one that it reads by. So a
/// message that was edited ten thousand times costs no more to edit than one that never was.
async fn oldest(tx: &mut Tx, room: RoomId, target: Seq) -> Result<Seq, Error> {
    let sql = "SELECT n.text_at, e.data FROM entries n JOIN events e ON e.room = n.room AND e.seq = n.text_at
               WHERE n.room = $1 AND n.seq = $2";
    let Some(mut row) = tx.row(sql, &[room.into(), target.into()]).await? else { return Ok(target) };
    let at = row.seq(0);
    Ok(if is_sole(row.opt_text(1))? { at } else { target })
}

/// Takes out every text of a message from `oldest` on that came before the edit `by`, where no history is kept; and what
/// is shown of links that stand in `text` no more.
pub(crate) async fn superseded(
    tx: &mut Tx,
    room: RoomId,
    target: Seq,
    oldest: Seq,
    by: Seq,
    text: &str,
) -> Result<(), Error> {
    // One by its key, or all of them by their target.
    let sql = if oldest == target {
        by_target!(
            tx,
            "SELECT seq, words, html, data FROM events WHERE room = $1 AND seq = $2
             UNION ALL
             SELECT seq, words, html, data FROM events",
            "WHERE room = $1 AND target = $2 AND kind = 'edited' AND seq < $3"
        )
    } else {
        "SELECT seq, words, html, data FROM events WHERE room = $1 AND seq = $2 AND seq < $3"
    };
    for mut row in tx.rows(sql, &[room.into(), oldest.into(), by.into()]).await? {
        let data = row.opt_text(3);
        if is_gone(data.clone())? {
            continue;
        }
        for words in [row.opt_int(1), row.opt_int(2)].into_iter().flatten() {
            erase_words(tx, words).await?;
        }
        let sql = "UPDATE events SET data = $3 WHERE room = $1 AND seq = $2";
        tx.execute(sql, &[room.into(), row.seq(0).into(), superseded_data(data)?.into()]).await?;
    }
    let sql = "SELECT previews_at FROM entries WHERE room = $1 AND seq = $2 AND previews_at IS NOT NULL";
    match tx.row(sql, &[room.into(), target.into()]).await? {
        Some(row) => prune(tx, room, target, by, row.seq(0), text).await,
        None => Ok(()),
    }
}

/// Takes out of what the links of a message have shown before `by` that which belongs to no link of `text`: it tells of
/// an older one. `shown` is the event that says what they show now.
async fn prune(tx: &mut Tx, room: RoomId, target: Seq, by: Seq, shown: Seq, text: &str) -> Result<(), Error> {
    let sql = by_target!(
        tx,
        "SELECT e.seq, e.words, w.text FROM events e",
        "JOIN words w ON w.id = e.words
         WHERE e.room = $1 AND e.target = $2 AND e.kind = 'preview' AND e.seq < $3"
    );
    for mut row in tx.rows(sql, &[room.into(), target.into(), by.into()]).await? {
        let (seq, words, kept) = (row.seq(0), row.int(1), row.text(2));
        let before: Vec<Preview> = list(Some(kept.clone()))?;
        let mut left = before.clone();
        still_shown(&mut left, text);
        if left.len() == before.len() {
            continue;
        }
        // As long as it was, so that no page of the file is arranged anew.
        let mut fresh = json(&left)?;
        fresh.extend(std::iter::repeat_n(' ', kept.len().saturating_sub(fresh.len())));
        tx.execute("UPDATE words SET text = $2 WHERE id = $1", &[words.into(), fresh.into()]).await?;
        tx.erased();
        if seq == shown {
            let images = |previews: &[Preview]| -> Vec<FileId> {
                previews.iter().filter_map(|preview| preview.image.as_ref()).map(|image| image.id).collect()
            };
            let held = images(&left);
            for file in images(&before).into_iter().filter(|file| !held.contains(file)) {
                let sql = "DELETE FROM attachments WHERE room = $1 AND seq = $2 AND file = $3 AND preview = 1";
                tx.execute(sql, &[room.into(), target.into(), file.into()]).await?;
                files::let_go(tx, Some(file)).await?;
            }
        }
    }
    Ok(())
}

async fn reacted(tx: &mut Tx, event: &Event, target: Seq, emoji: &str) -> Result<(), Error> {
    let sql = "INSERT INTO reactions (room, seq, emoji, user_id, author, at, given)
               SELECT room, seq, $3, $4, author, $5, $6 FROM entries WHERE room = $1 AND seq = $2 AND erased = 0
               ON CONFLICT DO NOTHING";
    let params =
        [event.room.into(), target.into(), emoji.into(), event.author.into(), event.at.into(), event.seq.into()];
    tx.execute(sql, &params).await?;
    let mut all = shown(tx, event.room, target).await?;
    react(&mut all, emoji, event.author);
    show(tx, event.room, target, all).await
}

async fn unreacted(tx: &mut Tx, event: &Event, target: Seq, emoji: &str) -> Result<(), Error> {
    let sql = "DELETE FROM reactions WHERE room = $1 AND seq = $2 AND emoji = $3 AND user_id = $4";
    tx.execute(sql, &[event.room.into(), target.into(), emoji.into(), event.author.into()]).await?;
    let mut all = shown(tx, event.room, target).await?;
    unreact(&mut all, emoji, event.author);
    // Whoever stood behind those who are named moves up.
    let few = |one: &&mut Reaction| one.emoji == emoji && !one.is_whole() && one.users.len() < REACTORS;
    if let Some(one) = all.iter_mut().find(few) {
        one.users = reactions::first(tx, event.room, target, emoji).await?;
    }
    show(tx, event.room, target, all).await
}

/// The reactions of a message as a page shows them; of one that was deleted none.
async fn shown(tx: &mut Tx, room: RoomId, target: Seq) -> Result<Vec<Reaction>, Error> {
    let sql = "SELECT reactions FROM entries WHERE room = $1 AND seq = $2 AND erased = 0";
    tx.row(sql, &[room.into(), target.into()]).await?.map_or_else(|| Ok(Vec::new()), |mut row| list(row.opt_text(0)))
}

/// Keeps them so, so that a page is no more than its rows.
async fn show(tx: &mut Tx, room: RoomId, target: Seq, mut all: Vec<Reaction>) -> Result<(), Error> {
    for one in &mut all {
        one.users.truncate(REACTORS);
    }
    let all = if all.is_empty() { None } else { Some(json(&all)?) };
    let sql = "UPDATE entries SET reactions = $3 WHERE room = $1 AND seq = $2 AND erased = 0";
    tx.execute(sql, &[room.into(), target.into(), all.into()]).await?;
    Ok(())
}

async fn pinned(tx: &mut Tx, event: &Event, target: Seq, at: Option<Seq>) -> Result<(), Error> {
    let sql = "UPDATE entries SET pinned_at = $3 WHERE room = $1 AND seq = $2 AND erased = 0";
    tx.execute(sql, &[event.room.into(), target.into(), at.into()]).await?;
    Ok(())
}

async fn deleted(tx: &mut Tx, event: &Event, target: Seq, thread: Option<Seq>) -> Result<(), Error> {
    let row = tx
        .returning(
            "UPDATE entries SET erased = 1, counts = 0, edited_at = NULL, previews_at = NULL, reactions = NULL,
                pinned_at = NULL, text_at = seq
             WHERE room = $1 AND seq = $2 RETURNING also",
            &[event.room.into(), target.into()],
        )
        .await?;
    let also = row.is_some_and(|row| row.is(0));
    // The words go, with those of every edit; on SQLite in place, so that no page of the file is arranged anew.
    let sql = tx.either(
        "UPDATE words SET text = format('%*s', octet_length(text), '') WHERE id IN (
             SELECT words FROM events WHERE room = $1 AND seq = $2
             UNION ALL SELECT files FROM events WHERE room = $1 AND seq = $2
             UNION ALL SELECT html FROM events WHERE room = $1 AND seq = $2
             UNION ALL SELECT html FROM events INDEXED BY events_target WHERE room = $1 AND target = $2 AND kind = 'edited'
             UNION ALL SELECT words FROM events INDEXED BY events_target
                 WHERE room = $1 AND target = $2 AND kind IN ('edited', 'preview'))",
        "UPDATE words SET text = '' WHERE id IN (
             SELECT words FROM events WHERE room = $1 AND seq = $2
             UNION ALL SELECT files FROM events WHERE room = $1 AND seq = $2
             UNION ALL SELECT html FROM events WHERE room = $1 AND seq = $2
             UNION ALL SELECT html FROM events WHERE room = $1 AND target = $2 AND kind = 'edited'
             UNION ALL SELECT words FROM events WHERE room = $1 AND target = $2 AND kind IN ('edited', 'preview'))",
    );
    tx.execute(sql, &[event.room.into(), target.into()]).await?;
    // What says where the message stood is kept.
    tx.execute(
        "UPDATE events SET data = $3 WHERE room = $1 AND seq = $2",
        &[event.room.into(), target.into(), erased_data(thread, also).into()],
    )
    .await?;
    let sql = by_target!(
        tx,
        "UPDATE events",
        "SET data = $3 WHERE room = $1 AND target = $2 AND kind IN ('edited', 'preview')"
    );
    tx.execute(sql, &[event.room.into(), target.into(), erased_data(None, false).into()]).await?;
    for table in
        ["DELETE FROM mentions WHERE room = $1 AND seq = $2", "DELETE FROM reactions WHERE room = $1 AND seq = $2"]
    {
        tx.execute(table, &[event.room.into(), target.into()]).await?;
    }
    detach(tx, event, target, None).await?;
    if let Some(root) = thread {
        tx.execute(
            "UPDATE entries SET replies = replies - 1, last_reply = CASE WHEN replies > 1 THEN last_reply END,
                repliers = CASE WHEN replies > 1 THEN repliers END
             WHERE room = $1 AND seq = $2 AND replies > 0",
            &[event.room.into(), root.into()],
        )
        .await?;
    }
    tx.erased();
    Ok(())
}

/// What the links of a message show from now on; pictures that they no longer show are let go.
async fn previewed(tx: &mut Tx, event: &Event, target: Seq, previews: &[Preview]) -> Result<(), Error> {
    tx.execute(
        "UPDATE entries SET previews_at = $3 WHERE room = $1 AND seq = $2 AND erased = 0",
        &[event.room.into(), target.into(), event.seq.into()],
    )
    .await?;
    detach(tx, event, target, Some(true)).await?;
    let images = previews.iter().filter_map(|preview| preview.image.as_ref()).map(|image| image.id);
    attach(tx, event, target, images, true).await
}

/// Notes which files a message holds.
async fn attach(
    tx: &mut Tx,
    event: &Event,
    seq: Seq,
    held: impl Iterator<Item = FileId>,
    preview: bool,
) -> Result<(), Error> {
    for (pos, file) in held.enumerate() {
        tx.execute(
            "INSERT INTO attachments (room, seq, file, pos, preview, author, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT DO NOTHING",
            &[
                event.room.into(),
                seq.into(),
                file.into(),
                i64::try_from(pos).unwrap_or(i64::MAX).into(),
                preview.into(),
                event.author.into(),
                event.at.into(),
            ],
        )
        .await?;
        files::hold(tx, Some(file), if preview { Use::Preview } else { Use::Sent }).await?;
    }
    Ok(())
}

/// A message holds its files no longer: all, or those of its previews alone.
async fn detach(tx: &mut Tx, event: &Event, seq: Seq, preview: Option<bool>) -> Result<(), Error> {
    let sql = "SELECT file FROM attachments WHERE room = $1 AND seq = $2 AND preview >= $3 ORDER BY file";
    let least: Value = preview.unwrap_or(false).into();
    let held = tx.rows(sql, &[event.room.into(), seq.into(), least.clone()]).await?;
    if held.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM attachments WHERE room = $1 AND seq = $2 AND preview >= $3";
    tx.execute(sql, &[event.room.into(), seq.into(), least]).await?;
    for row in held {
        files::let_go(tx, Some(FileId(row.int(0)))).await?;
    }
    Ok(())
}

/// Notes whom a message calls: in its room, or in the one thread in which it stands.
async fn call(tx: &mut Tx, event: &Event, seq: Seq, said: &Said, thread: Option<Seq>) -> Result<(), Error> {
    let everyone = said.everyone.then_some(EVERYONE);
    for user in said.mentions.iter().copied().chain(everyone) {
        tx.execute(
            "INSERT INTO mentions (room, user_id, seq, thread, at)
             SELECT room, $2, seq, $4, at FROM events WHERE room = $1 AND seq = $3 ON CONFLICT DO NOTHING",
            &[event.room.into(), user.into(), seq.into(), thread.unwrap_or_default().into()],
        )
        .await?;
    }
    Ok(())
}
