//! New rooms.

use super::door::account;
use super::read::view;
use crate::core::Core;
use crate::fault::Fault;
use protocol::event::MemberRole;
use protocol::view::Room;
use protocol::{Body, Code, Refusal, RoomId, UserId, text};
use std::sync::Arc;
use store::rooms::{self, RoomRow};
use store::{Lane, Tx, log, users};

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct NewRoom {
    pub name: String,
    pub topic: String,
    pub private: bool,
}

/// Makes a room; its maker is its owner.
///
/// # Errors
/// `invalid`, `taken` (field `name`), or the database failed.
pub async fn create(core: &Arc<Core>, user: UserId, new: NewRoom) -> Result<Room, Fault> {
    let name = text::line("name", &new.name, 1, core.limits.room_name)?;
    let topic = text::line("topic", &new.topic, 0, core.limits.topic)?;
    let private = new.private;
    let cursors = Arc::clone(&core.cursors);
    let room = core.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            free(tx, &name, private, RoomId(0)).await?;
            let new = rooms::NewRoom { name, topic, private, direct: None };
            let row = found(tx, user, &new).await?;
            view(tx, &cursors, user, row.id).await
        })
    });
    let room = room.await?;
    core.hub.passed(room.id, room.head).await;
    Ok(room)
}

/// Makes a room within a transaction that has checked everything: the room, its maker, the maker's role.
///
/// # Errors
/// The database failed.
async fn found(tx: &mut Tx, user: UserId, new: &rooms::NewRoom) -> Result<RoomRow, store::Error> {
    let mut row = rooms::create(tx, new).await?;
    log::append(tx, &mut row, user, Body::Joined { users: vec![user] }).await?;
    log::append(tx, &mut row, user, Body::Role { user, role: MemberRole::Owner }).await?;
    Ok(row)
}

/// Makes the first room, which everybody joins, within the transaction that makes the first account.
///
/// # Errors
/// The database failed.
pub async fn first(tx: &mut Tx, owner: UserId) -> Result<RoomId, store::Error> {
    let new = rooms::NewRoom { name: "Lobby".into(), topic: "Everybody is here".into(), private: false, direct: None };
    Ok(found(tx, owner, &new).await?.id)
}

/// Refuses a name that another open room has. Private rooms may share one: they are not to be found out by it.
pub(super) async fn free(tx: &mut Tx, name: &str, private: bool, but: RoomId) -> Result<(), Fault> {
    if !private && rooms::name_taken(tx, name, but).await? {
        let refusal = Refusal::invalid("name", "Another open room has this name.");
        return Err(Refusal { code: Code::Taken, ..refusal }.into());
    }
    Ok(())
}

/// The room of exactly these people and me: found, or made. The flag says whether it is new.
///
/// # Errors
/// `invalid` (field `users`), or the database failed.
pub async fn direct(core: &Arc<Core>, user: UserId, others: Vec<UserId>) -> Result<(Room, bool), Fault> {
    if others.is_empty() {
        return Err(Refusal::invalid("users", "Name at least one person.").into());
    }
    let mut people = others;
    people.push(user);
    people.sort_unstable();
    people.dedup();
    let most = core.limits.direct;
    if people.len() > most as usize + 1 {
        return Err(Refusal::invalid("users", format!("At most {most} people beside you.")).into());
    }
    let cursors = Arc::clone(&core.cursors);
    let answer = core.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            account(tx, user).await?;
            if let Some(row) = rooms::direct(tx, &people).await? {
                return Ok::<_, Fault>((view(tx, &cursors, user, row.id).await?, false));
            }
            for person in &people {
                if users::by_id(tx, *person).await?.is_none_or(|account| account.banned) {
                    return Err(Refusal::invalid("users", format!("There is no person {person}.")).into());
                }
            }
            let new = rooms::NewRoom {
                name: String::new(),
                topic: String::new(),
                private: true,
                direct: Some(people.clone()),
            };
            let mut row = rooms::create(tx, &new).await?;
            log::append(tx, &mut row, user, Body::Joined { users: people }).await?;
            Ok((view(tx, &cursors, user, row.id).await?, true))
        })
    });
    let (room, new) = answer.await?;
    core.hub.passed(room.id, room.head).await;
    Ok((room, new))
}
