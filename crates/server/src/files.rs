//! Files: taken in pieces, looked at, kept, shown small, and swept when nothing holds them.
//!
//! `staging` holds what is still on its way, on this node's disk; `finish` makes a file of what is all there;
//! `thumbnails` makes small pictures when they are first asked for; `rights` decides who may read; `sweep` takes away.

mod finish;
mod quota;
mod rights;
mod staging;
pub mod sweep;
mod thumbnails;

pub use finish::{Finished, finish};
pub use quota::check as check_quota;
pub use rights::{picture_of_mine, readable};
pub use staging::{Begin, Ended, Piece, Staging, Upload, whole};
pub use thumbnails::{Thumbnail, Variant, WIDTHS, thumbnail};

use crate::config::Config;
use crate::fault::Fault;
use blobs::Blobs;
use blobs::scan::Scanner;
use media::Pool;
use protocol::{Code, Refusal};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Mutex as Turn;

/// Jobs that may wait for a worker; one more is told `busy`.
const WAITING: usize = 64;

/// What the server needs to deal with files.
pub struct Files {
    pub blobs: Arc<dyn Blobs>,
    pub staging: Staging,
    pool: Pool,
    scanner: Option<Scanner>,
    /// Thumbnails that are being made: who asks for one meanwhile waits for it.
    making: Mutex<HashMap<String, Weak<Turn<()>>>>,
}

impl Files {
    /// Opens the file store and looks whether it can be used.
    ///
    /// # Errors
    /// A text for people.
    pub async fn open(config: &Config) -> Result<Files, String> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let blobs = blobs::open(&config.files, &config.data, &env).map_err(|error| format!("files: {error}"))?;
        blobs.check().await.map_err(|error| format!("files: {error}"))?;
        let staging = Staging::open(config.data.join("uploads"))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let time = Duration::from_millis(config.limits.picture_ms);
        let pool = Pool::new(config.program.clone(), vec![WORKER.into()], cores / 2, WAITING, time);
        let scanner = config.clamav.clone();
        Ok(Files { blobs, staging, pool, scanner, making: Mutex::default() })
    }

    /// The turn to make what bears this name.
    fn turn(&self, name: &str) -> Arc<Turn<()>> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = making.get(name).and_then(Weak::upgrade) {
            return turn;
        }
        making.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(Turn::new(()));
        making.insert(name.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

/// The hidden command that decodes pictures in a process of its own.
pub const WORKER: &str = "media-worker";

/// What the file store could not do.
impl From<blobs::Error> for Fault {
    fn from(error: blobs::Error) -> Fault {
        match error {
            blobs::Error::NotFound => Refusal::not_found().into(),
            blobs::Error::Full => Fault::Store(store::Error::Full),
            blobs::Error::Unavailable(why) => {
                tracing::warn!(error = %why, "the file store does not answer");
                Refusal {
                    retry_after_ms: Some(1_000),
                    ..Refusal::new(Code::Unavailable, "The file store does not answer. Try again in a moment.")
                }
                .into()
            }
            blobs::Error::Other(why) => Fault::Store(store::Error::Other(why)),
        }
    }
}

/// Many pictures wait already.
fn busy() -> Fault {
    let detail = "Many pictures are being looked at just now. Try again in a moment.";
    Refusal { retry_after_ms: Some(1_000), ..Refusal::new(Code::Busy, detail) }.into()
}
