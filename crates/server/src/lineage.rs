//! Whether the database is still the one that this folder knew, and not an older copy that was put back: that is another
//! history (docs/STORAGE.md, "Epoch"). What was known lies in a file beside it, which a copy of the database lacks, and
//! which names the database's file, so that a copy of the whole folder is told apart too.

use protocol::{Event, RoomId, Seq, Time};
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;
use store::{Lane, Options, Store, facts, log, rooms};

/// What was known of the database when something was last written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    epoch: Time,
    /// Of the SQLite database: which file it is, and when that was made (nanoseconds), where the file system tells.
    #[serde(default)]
    file: Option<(u64, u64)>,
    /// The newest event that was seen.
    #[serde(default)]
    last: Option<(RoomId, Seq, Time)>,
}

/// Keeps what is known of the database.
pub struct Lineage {
    path: PathBuf,
    known: Mutex<(Known, bool)>,
}

impl Lineage {
    /// Compares the database with what was known of it, and lets a new history begin where it is an older one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(options: &Options, store: &Store) -> Result<Lineage, store::Error> {
        let path = options.data.join("history.json");
        let known: Option<Known> = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let file = options.sqlite().and_then(|path| identity(&path));
        let last = known.as_ref().and_then(|known| known.last);
        let (epoch, empty, holds) = store
            .read(move |tx| {
                Box::pin(async move {
                    let holds = match last {
                        Some((room, seq, at)) => log::event(tx, room, seq).await?.is_some_and(|event| event.at == at),
                        None => true,
                    };
                    Ok::<_, store::Error>((facts::epoch(tx).await?, rooms::silent(tx).await?, holds))
                })
            })
            .await?;
        let same = match &known {
            _ if empty => true,
            // On a database server another node may have found it out before.
            Some(known) if options.database.is_some() => holds || epoch > known.epoch,
            Some(known) => holds && epoch == known.epoch && file == known.file,
            // A node without a folder of its own knows nothing; a database file does not come alone.
            None => options.database.is_some(),
        };
        let epoch = if same { epoch } else { begin(store).await? };
        let last = last.filter(|_| same);
        let lineage = Lineage { path, known: Mutex::new((Known { epoch, file, last }, true)) };
        lineage.keep();
        Ok(lineage)
    }

    /// An event was committed.
    pub fn saw(&self, event: &Event) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.0.last = Some((event.room, event.seq, event.at));
        known.1 = true;
    }

    /// Writes down what is known, where that has changed. After the commit: the file never knows more than the database.
    pub fn keep(&self) {
        let known = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if !std::mem::take(&mut known.1) {
                return;
            }
            known.0.clone()
        };
        if let Err(error) = write(&self.path, &known) {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
            tracing::debug!(%error, path = %self.path.display(), "what is known of the database could not be kept");
        }
    }
}

async fn begin(store: &Store) -> Result<Time, store::Error> {
    let epoch = store.write(Lane::Personal, |tx| Box::pin(facts::begin_epoch(tx))).await?;
    tracing::warn!("this database is a copy, or older than what was here: a new history begins, and clients read anew");
    Ok(epoch)
}

/// A copy of a file is another one, even where it is given the number of the one that was deleted.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    let made = meta.created().ok().and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    Some((meta.ino(), made.map_or(0, |made| u64::try_from(made.as_nanos()).unwrap_or(0))))
}

/// At once or not at all.
fn write(path: &Path, known: &Known) -> io::Result<()> {
    let beside = path.with_extension("json.new");
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    io::Write::write_all(&mut file, &serde_json::to_vec(known)?)?;
    std::fs::rename(&beside, path)
}
