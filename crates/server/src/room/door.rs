//! What every command begins with: the room, locked, and who acts.

use crate::fault::Fault;
use crate::policy::{Act, Actor, decide};
use protocol::{Code, Refusal, RoomId, UserId};
use store::rooms::{self, Entrance, RoomRow};
use store::users::Account;
use store::{Tx, users};

/// The account of who acts, as it is now.
///
/// # Errors
/// `unauthenticated` where the account may do nothing any more.
pub async fn account(tx: &mut Tx, user: UserId) -> Result<Account, Fault> {
    match users::by_id(tx, user).await? {
        Some(account) if !account.banned => Ok(account),
        _ => Err(gone().into()),
    }
}

/// Locks the room and asks the policy.
///
/// # Errors
/// `not_found` where the room is not there or not for this person; what the policy refuses.
pub async fn enter(tx: &mut Tx, room: RoomId, user: UserId, act: Act) -> Result<(RoomRow, Actor), Fault> {
    rooms::hold(tx, room).await?;
    look(tx, room, user, act).await
}

/// Asks the policy about a room that is only read.
///
/// # Errors
/// As [`enter`].
pub async fn look(tx: &mut Tx, room: RoomId, user: UserId, act: Act) -> Result<(RoomRow, Actor), Fault> {
    let (row, actor, _) = admit(tx, room, user, act).await?;
    Ok((row, actor))
}

/// Asks the policy about a room that was locked already. Answers the version of the person's cursor too.
///
/// # Errors
/// As [`enter`].
pub async fn admit(tx: &mut Tx, room: RoomId, user: UserId, act: Act) -> Result<(RoomRow, Actor, i64), Fault> {
    let (row, actor, version) = stand(tx, room, user).await?;
    let row = row.ok_or_else(Refusal::not_found)?;
    decide(act, &actor, &row)?;
    Ok((row, actor, version))
}

/// The room, where there is one, who the person is in it, and the version of their cursor: 0 where they have none.
///
/// # Errors
/// `unauthenticated` where the account may do nothing any more.
pub async fn stand(tx: &mut Tx, room: RoomId, user: UserId) -> Result<(Option<RoomRow>, Actor, i64), Fault> {
    let Entrance { room, server, member } = rooms::entrance(tx, room, user).await?.ok_or_else(gone)?;
    let (member, version) = member.unzip();
    Ok((room, Actor { user, server, member }, version.unwrap_or_default()))
}

fn gone() -> Refusal {
    Refusal::new(Code::Unauthenticated, "This account may do nothing here any more.")
}
