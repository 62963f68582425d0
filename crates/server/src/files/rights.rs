//! Who may read a file: who may read a message that holds it. One function, asked for the bytes, for ranges of them
//! and for thumbnails.

use crate::fault::Fault;
use crate::policy::{Act, Actor, decide};
use crate::room::account;
use protocol::{FileId, Refusal, UserId};
use store::files::{self, FileRow, Use};
use store::{Tx, members};

/// The file, where this person may read it.
///
/// # Errors
/// `not_found`, also for what is there and not for them; `unauthenticated`; or the database failed.
pub async fn readable(tx: &mut Tx, user: UserId, file: FileId) -> Result<FileRow, Fault> {
    let server = account(tx, user).await?.role;
    let row = files::get(tx, file).await?;
    // Asked also where there is no file, so that "private" and "unknown" take the same time.
    let rooms = files::rooms_with(tx, file, user).await?;
    let row = row.ok_or_else(Refusal::not_found)?;
    let may = match row.r#use {
        Use::Nothing => row.owner == user,
        Use::Picture | Use::Emoji => true,
        Use::Sent | Use::Preview => {
            let mut may = false;
            for room in &rooms {
                let actor = Actor { user, server, member: members::role(tx, room.id, user).await? };
                may |= decide(Act::Read, &actor, room).is_ok();
            }
            may
        }
    };
    if may { Ok(row) } else { Err(Refusal::not_found().into()) }
}

/// A picture that this person sent and used for nothing yet, locked: to become their face, or an emoji.
///
/// # Errors
/// `invalid`, with that field; or the database failed.
pub async fn picture_of_mine(tx: &mut Tx, user: UserId, file: FileId, field: &'static str) -> Result<FileRow, Fault> {
    let row = files::lock(tx, file).await?.filter(|row| row.owner == user && row.r#use == Use::Nothing);
    let row =
        row.ok_or_else(|| Refusal::invalid(field, "Send the picture first; one that is used cannot be used again."))?;
    if row.info.thumbhash.is_none() {
        return Err(Refusal::invalid(field, "This is not a picture that can be shown.").into());
    }
    Ok(row)
}
