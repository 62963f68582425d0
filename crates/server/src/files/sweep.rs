//! Takes away what nothing holds: files whose last message was deleted, files that were never sent, bytes that a
//! crash left without a row, uploads that were given up.

use super::{Files, Variant};
use crate::app::App;
use crate::fault::Fault;
use futures_util::StreamExt;
use protocol::Time;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};
use store::{Lane, files};

/// Files looked at in one transaction.
const STEP: u32 = 200;
/// What is younger may still be at work, however short a time files are kept that nobody sends: bytes are put before
/// their row is written, and a part rests while it is scanned.
const AT_WORK: Duration = Duration::from_secs(60 * 60);

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    pub files: usize,
    pub orphans: usize,
}

/// Takes away files that nothing holds. Done each minute, and when a message was deleted.
///
/// # Errors
/// The database failed; the next sweep goes on.
pub async fn loose(app: &App) -> Result<usize, Fault> {
    let mut gone = 0;
    loop {
        let now = jiff::Timestamp::now().as_millisecond();
        let unsent = Time(now.saturating_sub_unsigned(app.config.limits.unsent_ms));
        let (seen, freed) = app
            .store
            .write(Lane::Server, move |tx| {
                Box::pin(async move { Ok::<_, Fault>(files::sweep(tx, unsent, STEP).await?) })
            })
            .await?;
        gone += freed.len();
        for key in freed {
            app.files.discard(&key).await;
        }
        if seen < STEP as usize {
            return Ok(gone);
        }
    }
}

/// As [`loose`], for who has just let a file go. What fails is done by the next sweep.
pub async fn tidy(app: &App) {
    if let Err(fault) = loose(app).await {
        tracing::warn!(%fault, "files that nothing holds could not be swept yet");
    }
}

/// The whole sweep, orphans and all. Done at the start and each hour.
///
/// # Errors
/// The database or the file store failed; the next sweep goes on.
pub async fn all(app: &App) -> Result<Swept, Fault> {
    let rest = Duration::from_millis(app.config.limits.unsent_ms).max(AT_WORK);
    app.files.staging.sweep(rest).await;
    let swept = Swept { files: loose(app).await?, orphans: 0 };
    let Some(before) = SystemTime::now().checked_sub(rest) else { return Ok(swept) };
    let mut orphans = 0;
    let mut keys = app.files.blobs.list(before);
    while let Some(key) = keys.next().await {
        let key = key?;
        let original = key.split('.').next().unwrap_or_default();
        if !belongs(app, original).await? {
            app.files.blobs.delete(&key).await?;
            orphans += 1;
        }
    }
    Ok(Swept { orphans, ..swept })
}

/// Whether the bytes under this key are those of a file.
pub async fn belongs(app: &App, original: &str) -> Result<bool, Fault> {
    let original = original.to_owned();
    let Some(hash) = original.split('-').next().and_then(unhex) else { return Ok(false) };
    app.store.read(move |tx| Box::pin(async move { Ok::<_, Fault>(files::has_key(tx, &hash, &original).await?) })).await
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then(|| (0..64).step_by(2).filter_map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect())
}

impl Files {
    /// Takes bytes away that no row names any more, with every thumbnail of them. What fails is left to [`all`].
    pub async fn discard(&self, key: &str) {
        let thumbnails = Variant::all().map(|variant| variant.key(key));
        for key in std::iter::once(key.to_owned()).chain(thumbnails) {
            if let Err(error) = self.blobs.delete(&key).await {
                tracing::warn!(%error, key, "bytes that nobody needs could not be deleted yet");
            }
        }
    }
}
