//! Who is in a room: join, add, leave, remove, ban, roles.

use super::door::enter;
use super::read::view;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::{Act, decide};
use protocol::event::MemberRole;
use protocol::view::{Room, User};
use protocol::{Body, Code, Refusal, RoomId, Seq, UserId};
use std::collections::HashSet;
use std::sync::Arc;
use store::rooms::RoomRow;
use store::{Lane, Tx, facts, log, members, rooms, users};

/// People in one event, at most: it must fit well into what may wait for one socket.
const AT_ONCE: usize = 2_000;

/// Joins an open room. Whoever comes into an empty one is its owner: it would have none otherwise. The flag says whether
/// that changed anything.
///
/// # Errors
/// `not_found`, `forbidden` for who is banned, `read_only`.
pub async fn join(core: &Arc<Core>, user: UserId, room: RoomId) -> Result<(Room, bool), Fault> {
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, actor) = enter(tx, room, user, Act::Browse).await?;
            if actor.member.is_some() {
                return Ok::<_, Fault>((view(tx, &cursors, user, room).await?, false));
            }
            decide(Act::Join, &actor, &row)?;
            refuse_banned(tx, room, &[user]).await?;
            let empty = row.members == 0;
            log::append(tx, &mut row, user, Body::Joined { users: vec![user] }).await?;
            if empty {
                log::append(tx, &mut row, user, Body::Role { user, role: MemberRole::Owner }).await?;
            }
            Ok((view(tx, &cursors, user, room).await?, true))
        })
    });
    let (room, new) = answer.await?;
    core.hub.passed(room.id, room.head).await;
    Ok((room, new))
}

/// Brings a new account into the first room.
///
/// # Errors
/// The database failed.
pub async fn join_first(core: &Arc<Core>, user: UserId) -> Result<(), Fault> {
    let lobby = core.store.read(|tx| Box::pin(async move { Ok::<_, Fault>(facts::lobby(tx).await?) })).await?;
    let Some(lobby) = lobby else { return Ok(()) };
    match join(core, user, lobby).await {
        // An archived first room keeps nobody from having an account.
        Err(Fault::Refused(_)) | Ok(_) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Adds people, all of them or nobody; who is a member already stays one.
///
/// # Errors
/// `invalid` (field `users`) for who is not there, `forbidden` for who is banned, what the policy refuses.
pub async fn add(core: &Arc<Core>, user: UserId, room: RoomId, mut people: Vec<UserId>) -> Result<(Room, bool), Fault> {
    people.sort_unstable();
    people.dedup();
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::Add).await?;
            let there: HashSet<UserId> = members::among(tx, room, &people).await?.into_iter().collect();
            people.retain(|person| !there.contains(person));
            // Asked for all at once: the room waits while twenty thousand are looked at.
            if let Some(person) = users::absent(tx, &people).await? {
                return Err(Refusal::invalid("users", format!("There is no person {person}.")).into());
            }
            refuse_banned(tx, room, &people).await?;
            for some in people.chunks(AT_ONCE) {
                log::append(tx, &mut row, user, Body::Joined { users: some.to_vec() }).await?;
            }
            Ok::<_, Fault>((view(tx, &cursors, user, room).await?, !people.is_empty()))
        })
    });
    let (room, new) = answer.await?;
    core.hub.passed(room.id, room.head).await;
    Ok((room, new))
}

/// Leaves, or removes somebody. Who is not there changes nothing. The answer waits until this node's sockets of
/// that person have had their last event of the room.
///
/// # Errors
/// `last_owner`, `fixed_members`, what the policy refuses.
pub async fn remove(core: &Core, user: UserId, room: RoomId, person: UserId) -> Result<(), Fault> {
    let act = if person == user { Act::Leave } else { Act::Remove };
    let left = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            if act == Act::Leave {
                let (row, actor) = enter(tx, room, user, Act::Browse).await?;
                if actor.member.is_none() && !row.direct {
                    return Ok::<_, Fault>(None);
                }
            }
            let (mut row, _) = enter(tx, room, user, act).await?;
            let why = (act == Act::Remove).then_some("removed");
            go(tx, &mut row, user, person, why).await
        })
    });
    if let Some(seq) = left.await? {
        core.hub.passed(room, seq).await;
    }
    Ok(())
}

/// Bans a person from a room, removing them where they are in it.
///
/// # Errors
/// As [`remove`].
pub async fn ban(core: &Core, user: UserId, room: RoomId, person: UserId) -> Result<(), Fault> {
    let left = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::Ban).await?;
            if person == user {
                return Err(Refusal::invalid("user", "You cannot ban yourself; leave instead.").into());
            }
            if users::by_id(tx, person).await?.is_none() {
                return Err(Refusal::not_found().into());
            }
            refuse_last_owner(tx, room, person, row.members - 1).await?;
            members::set_ban(tx, room, person, Some(user)).await?;
            go(tx, &mut row, user, person, Some("banned")).await
        })
    });
    if let Some(seq) = left.await? {
        core.hub.passed(room, seq).await;
    }
    Ok(())
}

/// Lets a person in again. It does not bring them back.
///
/// # Errors
/// What the policy refuses.
pub async fn unban(core: &Core, user: UserId, room: RoomId, person: UserId) -> Result<(), Fault> {
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            enter(tx, room, user, Act::Ban).await?;
            Ok::<_, Fault>(members::set_ban(tx, room, person, None).await?)
        })
    });
    answer.await
}

/// Who is banned from a room.
///
/// # Errors
/// What the policy refuses.
pub async fn bans(core: &Core, user: UserId, room: RoomId) -> Result<Vec<User>, Fault> {
    let answer = core.store.read(move |tx| {
        Box::pin(async move {
            super::door::look(tx, room, user, Act::Ban).await?;
            Ok::<_, Fault>(members::bans(tx, room).await?)
        })
    });
    answer.await
}

/// Makes a member an owner, or an owner a member again.
///
/// # Errors
/// `not_found` for who is not a member, `last_owner`, what the policy refuses.
pub async fn set_role(core: &Core, user: UserId, room: RoomId, person: UserId, role: MemberRole) -> Result<(), Fault> {
    let answer = core.store.write(Lane::Room(room), move |tx| {
        Box::pin(async move {
            let (mut row, _) = enter(tx, room, user, Act::SetRole).await?;
            let has = members::role(tx, room, person).await?.ok_or_else(Refusal::not_found)?;
            if has == role {
                return Ok::<_, Fault>(());
            }
            if role == MemberRole::Member {
                refuse_last_owner(tx, room, person, row.members).await?;
            }
            log::append(tx, &mut row, user, Body::Role { user: person, role }).await?;
            Ok(())
        })
    });
    answer.await
}

/// Takes a banned account out of every room, room by room. Where it was the last owner, the member with the oldest
/// account becomes one.
///
/// # Errors
/// The database failed; it can be asked again.
pub async fn leave_all(core: &Core, by: UserId, person: UserId) -> Result<(), Fault> {
    let rooms =
        core.store.read(move |tx| Box::pin(async move { Ok::<_, Fault>(rooms::heads(tx, person, u32::MAX).await?) }));
    for (room, ..) in rooms.await? {
        let left = core.store.write(Lane::Room(room), move |tx| {
            Box::pin(async move {
                let Some(mut row) = rooms::lock(tx, room).await? else { return Ok::<_, Fault>(None) };
                // A direct room keeps its people: their history stays readable to the others.
                if row.direct {
                    return Ok(None);
                }
                let last = members::role(tx, room, person).await? == Some(MemberRole::Owner)
                    && members::owners(tx, room).await? == 1;
                let heir = members::all(tx, room).await?.into_iter().find(|other| *other != person);
                if let (true, Some(heir)) = (last, heir) {
                    log::append(tx, &mut row, by, Body::Role { user: heir, role: MemberRole::Owner }).await?;
                }
                if members::role(tx, room, person).await?.is_none() {
                    return Ok(None);
                }
                let body = Body::Left { users: vec![person], by: Some(by), why: Some("account".into()) };
                Ok(Some(log::append(tx, &mut row, by, body).await?.seq))
            })
        });
        if let Some(seq) = left.await? {
            core.hub.passed(room, seq).await;
        }
    }
    Ok(())
}

async fn refuse_banned(tx: &mut Tx, room: RoomId, people: &[UserId]) -> Result<(), Fault> {
    if members::any_banned(tx, room, people).await? {
        return Err(Refusal::new(Code::Forbidden, "This person was banned from the room.").into());
    }
    Ok(())
}

/// Refuses to take the last owner from a room in which so many members stay. One who is alone may leave, but not stay as
/// somebody whom nobody could make an owner again.
async fn refuse_last_owner(tx: &mut Tx, room: RoomId, person: UserId, stay: i64) -> Result<(), Fault> {
    let owner = members::role(tx, room, person).await? == Some(MemberRole::Owner);
    if owner && stay > 0 && members::owners(tx, room).await? == 1 {
        return Err(Refusal::new(Code::LastOwner, "Make somebody else an owner of this room first.").into());
    }
    Ok(())
}

/// Appends the `left` of a member; every check is done before.
async fn go(
    tx: &mut Tx,
    row: &mut RoomRow,
    by: UserId,
    person: UserId,
    why: Option<&str>,
) -> Result<Option<Seq>, Fault> {
    if members::role(tx, row.id, person).await?.is_none() {
        return Ok(None);
    }
    if why != Some("banned") {
        refuse_last_owner(tx, row.id, person, row.members - 1).await?;
    }
    let by_other = (by != person).then_some(by);
    let body = Body::Left { users: vec![person], by: by_other, why: why.map(str::to_owned) };
    Ok(Some(log::append(tx, row, by, body).await?.seq))
}
