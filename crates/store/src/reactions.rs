//! Who put which emoji to which message. What a page shows of it is kept with the fold; this is the rest.

use crate::columns::json;
use crate::error::Error;
use crate::tx::Tx;
use protocol::fold::{Entry, REACTORS, What};
use protocol::view::Reacted;
use protocol::{RoomId, Seq, UserId};
use std::collections::HashSet;

/// Which of these this person has given: a message and an emoji each. In no order.
///
/// # Errors
/// The database failed.
pub async fn given(
    tx: &mut Tx,
    room: RoomId,
    user: UserId,
    pairs: &[(Seq, &str)],
) -> Result<Vec<(Seq, String)>, Error> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    // Asked one by one by their key: how many others gave the same costs nothing.
    let sql = tx.either(
        "SELECT r.seq, r.emoji FROM json_each($3) CROSS JOIN reactions r
         WHERE r.room = $1 AND r.seq = json_each.value ->> 0 AND r.emoji = json_each.value ->> 1 AND r.user_id = $2",
        "SELECT r.seq, r.emoji FROM jsonb_array_elements($3::text::jsonb) AS j(value) JOIN reactions r
         ON r.room = $1 AND r.seq = (j.value ->> 0)::bigint AND r.emoji = j.value ->> 1 AND r.user_id = $2",
    );
    let rows = tx.rows(sql, &[room.into(), user.into(), json(&pairs)?.into()]).await?;
    Ok(rows.into_iter().map(|mut row| (row.seq(0), row.text(1))).collect())
}

/// A person's own reactions to these messages, where the few names that each tells do not say whether they are.
///
/// # Errors
/// The database failed.
pub async fn untold(
    tx: &mut Tx,
    room: RoomId,
    user: UserId,
    entries: &[Entry],
) -> Result<Vec<(Seq, Vec<String>)>, Error> {
    let mut open = Vec::new();
    for entry in entries {
        let What::Message(message) = &entry.what else { continue };
        let more = message.reactions.iter().filter(|one| !one.is_whole());
        open.extend(more.filter(|one| !one.users.contains(&user)).map(|one| (entry.seq, one.emoji.as_str())));
    }
    let mut mine: Vec<(Seq, Vec<String>)> = Vec::new();
    let given = given(tx, room, user, &open).await?;
    // A page may ask of a thousand.
    let given: HashSet<(Seq, &str)> = given.iter().map(|(seq, emoji)| (*seq, emoji.as_str())).collect();
    for (seq, emoji) in open {
        if given.contains(&(seq, emoji)) {
            match mine.last_mut() {
                Some((last, all)) if *last == seq => all.push(emoji.to_owned()),
                _ => mine.push((seq, vec![emoji.to_owned()])),
            }
        }
    }
    Ok(mine)
}

/// Whom a page names of those who gave this emoji to a message.
pub(crate) async fn first(tx: &mut Tx, room: RoomId, seq: Seq, emoji: &str) -> Result<Vec<UserId>, Error> {
    let sql = "SELECT user_id FROM reactions WHERE room = $1 AND seq = $2 AND emoji = $3 ORDER BY given LIMIT $4";
    let most = i64::try_from(REACTORS).unwrap_or(i64::MAX);
    let rows = tx.rows(sql, &[room.into(), seq.into(), emoji.into(), most.into()]).await?;
    Ok(rows.iter().map(|row| row.user(0)).collect())
}

/// Everybody who gave each of these emoji to a message, in the order in which they did.
///
/// # Errors
/// The database failed.
pub async fn all(tx: &mut Tx, room: RoomId, seq: Seq, emoji: Vec<String>) -> Result<Vec<Reacted>, Error> {
    let mut all: Vec<Reacted> = emoji.into_iter().map(|emoji| Reacted { emoji, users: Vec::new() }).collect();
    let sql = "SELECT emoji, user_id FROM reactions WHERE room = $1 AND seq = $2 ORDER BY given";
    for mut row in tx.rows(sql, &[room.into(), seq.into()]).await? {
        let (emoji, user) = (row.text(0), row.user(1));
        if let Some(one) = all.iter_mut().find(|one| one.emoji == emoji) {
            one.users.push(user);
        }
    }
    Ok(all)
}
