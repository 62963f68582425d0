//! Reactions: an emoji put to a message, and taken back.

use super::door::{enter, look};
use super::say::standing;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::fold::Message;
use protocol::text::{self, Emoji};
use protocol::view::Reacted;
use protocol::{Body, Limits, Refusal, RoomId, Seq, UserId};
use store::{Lane, Tx, emoji, log, reactions};

/// Puts an emoji to a message. One that is there already changes nothing.
///
/// # Errors
/// `invalid`, what the policy refuses, or the database failed.
pub async fn react(core: &Core, user: UserId, room: RoomId, seq: Seq, sign: String) -> Result<(), Fault> {
    let sign = text::emoji(&sign)?;
    let limits = core.limits.clone();
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::React).await?;
            let (_, message) = standing(tx, room, seq).await?;
            let emoji = match sign {
                Emoji::Sign(sign) => sign.to_owned(),
                Emoji::Own(name) => match emoji::canonical(tx, &name).await? {
                    Some(name) => format!(":{name}:"),
                    None => return Err(Refusal::invalid("emoji", format!("There is no emoji :{name}: here.")).into()),
                },
            };
            let mine = mine(tx, room, seq, user, &message).await?;
            if !mine.contains(&emoji) {
                fits(&message, &mine, &emoji, &limits)?;
                log::append(tx, &mut row, user, Body::Reacted { target: seq, emoji }).await?;
            }
            Ok::<_, Fault>(())
        })
    });
    answer.await
}

/// Takes one's emoji back from a message. One that is not there changes nothing.
///
/// # Errors
/// As [`react`].
pub async fn unreact(core: &Core, user: UserId, room: RoomId, seq: Seq, sign: String) -> Result<(), Fault> {
    let sign = text::emoji(&sign)?;
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::React).await?;
            let (_, message) = standing(tx, room, seq).await?;
            // Also one that is no emoji of this community any more; else by another name of it.
            let names = match sign {
                Emoji::Sign(sign) => vec![sign.to_owned()],
                Emoji::Own(name) => {
                    let kept = emoji::canonical(tx, &name).await?.map(|name| format!(":{name}:"));
                    [format!(":{name}:")].into_iter().chain(kept).collect()
                }
            };
            let mine = mine(tx, room, seq, user, &message).await?;
            if let Some(emoji) = names.into_iter().find(|name| mine.contains(name)) {
                log::append(tx, &mut row, user, Body::Unreacted { target: seq, emoji }).await?;
            }
            Ok::<_, Fault>(())
        })
    });
    answer.await
}

/// Everybody who put something to a message, by emoji, in the order in which they came.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn reacted(core: &Core, user: UserId, room: RoomId, seq: Seq) -> Result<Vec<Reacted>, Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            let (_, message) = standing(tx, room, seq).await?;
            let emoji = message.reactions.into_iter().map(|reaction| reaction.emoji).collect();
            Ok::<_, Fault>(reactions::all(tx, room, seq, emoji).await?)
        })
    });
    answer.await
}

/// What this person has put to a message.
async fn mine(tx: &mut Tx, room: RoomId, seq: Seq, user: UserId, message: &Message) -> Result<Vec<String>, Fault> {
    let pairs: Vec<_> = message.reactions.iter().map(|reaction| (seq, reaction.emoji.as_str())).collect();
    let given = reactions::given(tx, room, user, &pairs).await?;
    Ok(given.into_iter().map(|(_, emoji)| emoji).collect())
}

fn fits(message: &Message, mine: &[String], emoji: &str, limits: &Limits) -> Result<(), Refusal> {
    let known = message.reactions.iter().any(|reaction| reaction.emoji == emoji);
    if mine.len() >= limits.reactions as usize {
        let most = limits.reactions;
        return Err(Refusal::invalid("emoji", format!("You can put {most} different emoji to a message.")));
    }
    if !known && message.reactions.len() >= limits.reactions_message as usize {
        let most = limits.reactions_message;
        return Err(Refusal::invalid("emoji", format!("There can be {most} different emoji below a message.")));
    }
    Ok(())
}
