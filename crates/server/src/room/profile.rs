//! The list of people in a room, with who is here.

use super::door::look;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::Act;
use protocol::view::{Member, State};
use protocol::{RoomId, UserId};
use store::members as rows;

/// A part of the list, by name, and where it goes on. `online` leaves out who is offline.
///
/// # Errors
/// `not_found`, `not_member`, or the database failed.
pub async fn members(
    core: &Core,
    user: UserId,
    room: RoomId,
    needle: String,
    online: bool,
    after: Option<(String, UserId)>,
    limit: u32,
) -> Result<(Vec<Member>, Option<(String, UserId)>), Fault> {
    let among = online.then(|| core.hub.here());
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            look(tx, room, user, Act::Read).await?;
            // One more than asked for tells whether there is more.
            Ok::<_, Fault>(rows::page(tx, room, &needle, among.as_deref(), after, limit + 1).await?)
        })
    });
    let mut found = answer.await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|(person, _, name)| (name.clone(), person.id));
    let states = core.hub.states(found.iter().map(|(person, ..)| person.id));
    let members = found.into_iter().zip(states);
    let members = members.map(|((user, role, _), state): (_, State)| Member { user, role, state });
    Ok((members.collect(), next))
}
