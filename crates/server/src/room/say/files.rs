//! The files that a message is sent with.

use crate::fault::Fault;
use protocol::{FileId, FileInfo, FileWith, Limits, Refusal, UserId, text};
use std::collections::HashMap;
use store::Tx;
use store::files::{self, Use};

/// The files of a message, each one of the sender's own, with what is said of it here. Each is locked, so that no
/// sweep takes it before the message holds it.
pub(super) async fn sent(
    tx: &mut Tx,
    user: UserId,
    named: Vec<FileWith>,
    limits: &Limits,
) -> Result<Vec<FileInfo>, Fault> {
    let mut ids: Vec<FileId> = named.iter().map(|file| file.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < named.len() {
        return Err(Refusal::invalid("files", "A file can stand in a message once.").into());
    }
    let mut rows = HashMap::with_capacity(ids.len());
    for id in ids {
        // Somebody else's looks like none: whether there is such a file is nobody's business.
        let row = files::lock(tx, id).await?.filter(|row| row.owner == user);
        let row = row.filter(|row| matches!(row.r#use, Use::Nothing | Use::Sent));
        let row = row.ok_or_else(|| Refusal::invalid("files", format!("You have sent no file {id}.")))?;
        rows.insert(id, row.info);
    }
    let mut files = Vec::with_capacity(named.len());
    for FileWith { id, alt, spoiler } in named {
        let alt = text::alt(alt.as_deref().unwrap_or_default(), limits.alt)?;
        files.extend(rows.remove(&id).map(|info| FileInfo { alt, spoiler, ..info }));
    }
    Ok(files)
}
