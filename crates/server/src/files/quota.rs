//! How much one person, and the whole server, may keep.

use crate::app::App;
use crate::fault::Fault;
use protocol::{Code, Limits, Refusal, UserId};
use store::{Tx, files};

/// Refuses `more` bytes where they do not fit beside what is there and what is on its way.
///
/// # Errors
/// `storage_full`, field `file`; or the database failed.
pub async fn check(app: &App, owner: UserId, more: u64) -> Result<(), Fault> {
    let (under_way, announced) = app.files.staging.under_way(owner);
    let limits = app.config.limits.clone();
    if app.config.rates && under_way >= limits.uploads {
        return Err(Refusal::rate_limited(1_000).into());
    }
    app.store.read(move |tx| Box::pin(async move { within(tx, &limits, owner, more + announced).await })).await
}

/// The same within the transaction that makes the file.
///
/// # Errors
/// As [`check`].
pub async fn within(tx: &mut Tx, limits: &Limits, owner: UserId, more: u64) -> Result<(), Fault> {
    let full = |detail: String| {
        let refusal = Refusal::invalid("file", detail);
        Err(Fault::from(Refusal { code: Code::StorageFull, ..refusal }))
    };
    if limits.files_person > 0 && files::size_of(tx, owner).await?.saturating_add(more) > limits.files_person {
        return full(format!("All your files together can have {} MB.", limits.files_person >> 20));
    }
    if limits.files_server > 0 && files::size_of_all(tx).await?.saturating_add(more) > limits.files_server {
        return full(format!("All files here together can have {} MB.", limits.files_server >> 20));
    }
    Ok(())
}
