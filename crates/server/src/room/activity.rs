//! What concerns a person, in the rooms that they are in now.

use super::door::account;
use crate::core::Core;
use crate::fault::Fault;
use protocol::frame::ServerFrame;
use protocol::view::{Activity, Cause};
use protocol::{Time, UserId};
use store::activity::{self as found, Place};
use store::{Lane, log};

/// A part of the list, the newest first, and where it goes on.
///
/// # Errors
/// The database failed.
pub async fn activity(
    core: &Core,
    user: UserId,
    causes: Vec<Cause>,
    after: Option<Place>,
    limit: u32,
) -> Result<(Vec<Activity>, Option<Place>), Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            let limit = limit as usize;
            // One more than asked for tells whether there is more.
            let mut list = found::list(tx, user, &causes, after, limit + 1).await?;
            let more = list.len() > limit;
            list.truncate(limit);
            let next = list.last().filter(|_| more).map(|(_, place)| place.clone());
            let mut places: Vec<_> = list.iter().map(|(_, place)| (place.room, place.seq)).collect();
            places.sort_unstable();
            places.dedup();
            let entries = log::entries(tx, &places).await?;
            let shown = list.into_iter().filter_map(|(cause, place)| {
                let Place { at, room, seq, by, emoji } = place;
                let message = entries.get(&(room, seq))?.clone();
                Some(Activity { cause, at, by, room, seq, emoji: Some(emoji).filter(|e| !e.is_empty()), message })
            });
            Ok::<_, Fault>((shown.collect(), next))
        })
    });
    answer.await
}

/// The person has looked at what came until then. Their devices are told.
///
/// # Errors
/// The database failed.
pub async fn see_activity(core: &Core, user: UserId, at: Time) -> Result<Time, Fault> {
    let answer = core.store.write(Lane::Personal, move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            Ok::<_, Fault>(found::see(tx, user, at).await?)
        })
    });
    let (seen, moved) = answer.await?;
    if moved {
        core.hub.to_person(user, &ServerFrame::Activity { seen }, None);
    }
    Ok(seen)
}
