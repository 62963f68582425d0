//! What every command begins with: the room, locked, and who acts.

use crate::fault::Fault;
use crate::policy::{Act, Actor, decide};
use protocol::{Code, Refusal, RoomId, UserId};
use store::rooms::{self, RoomRow};
use store::users::Account;
use store::{Tx, members, users};

/// The account of who acts, as it is now.
///
/// # Errors
/// `unauthenticated` where the account may do nothing any more.
pub async fn account(tx: &mut Tx, user: UserId) -> Result<Account, Fault> {
    match users::by_id(tx, user).await? {
        Some(account) if !account.banned => Ok(account),
        _ => Err(Refusal::new(Code::Unauthenticated, "This account may do nothing here any more.").into()),
    }
}

/// Locks the room and asks the policy.
///
/// # Errors
/// `not_found` where the room is not there or not for this person; what the policy refuses.
pub async fn enter(tx: &mut Tx, room: RoomId, user: UserId, act: Act) -> Result<(RoomRow, Actor), Fault> {
    let row = rooms::lock(tx, room).await?;
    admit(tx, row, user, act).await
}

/// Asks the policy about a room that is only read.
///
/// # Errors
/// As [`enter`].
pub async fn look(tx: &mut Tx, room: RoomId, user: UserId, act: Act) -> Result<(RoomRow, Actor), Fault> {
    let row = rooms::get(tx, room).await?;
    admit(tx, row, user, act).await
}

/// Asks the policy about a room that was read already.
///
/// # Errors
/// As [`enter`].
pub async fn admit(tx: &mut Tx, row: Option<RoomRow>, user: UserId, act: Act) -> Result<(RoomRow, Actor), Fault> {
    let server = account(tx, user).await?.role;
    // Looked up even where there is no room, so that "private" and "unknown" take the same time.
    let member = members::role(tx, row.as_ref().map_or(RoomId(0), |row| row.id), user).await?;
    let row = row.ok_or_else(Refusal::not_found)?;
    let actor = Actor { user, server, member };
    decide(act, &actor, &row)?;
    Ok((row, actor))
}
