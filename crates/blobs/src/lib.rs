//! Where the bytes of files lie: on a local disk or in an S3-compatible store, behind [`Blobs`].
//!
//! A blob is written once, as a whole, under a key that the server makes up, and is never changed. Who may read
//! it, and what it is, stands in the database; here are only bytes. [`scan`] asks a virus scanner about them first.

mod disk;
mod error;
mod s3;
pub mod scan;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::Error;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::io::AsyncWriteExt;

/// Bytes of one part of an upload, the fewest that S3 allows: two of them lie in memory while a file is put.
pub const PART: usize = 5 * 1024 * 1024;

/// The bytes of one blob, in pieces of at most some hundred KiB.
pub type Pieces = BoxStream<'static, Result<Bytes, Error>>;

/// A place for blobs. One suite, `tests/it`, holds every kind of place to what is said here.
///
/// Keys are `[0-9a-z][0-9a-z.-]{0,119}`; anything else is refused with [`Error::Other`] before it comes near a path.
pub trait Blobs: Send + Sync {
    /// Takes over the finished local file at `path`, which is gone afterwards. When this answers, the blob survives
    /// a loss of power; until then nobody sees any of it. A blob that has this key already is replaced as a whole.
    /// On an error the file at `path` is still there. What was begun goes on where the caller stops waiting.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such file; [`Error::Full`]; a place that fails.
    fn put_file<'a>(&'a self, key: &'a str, path: &'a Path) -> BoxFuture<'a, Result<(), Error>>;

    /// As [`Blobs::put_file`], for what is small enough to lie in memory.
    ///
    /// # Errors
    /// [`Error::Full`]; a place that fails.
    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<(), Error>>;

    /// The length in bytes; `None` where there is no such blob.
    ///
    /// # Errors
    /// A place that fails.
    fn len<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<u64>, Error>>;

    /// The bytes of `range`, as far as the blob has them: a range that begins at its end or later has none.
    /// It holds little in memory, reads no faster than it is asked, and ends with the stream. The stream gives all
    /// of these bytes or ends with an error; it never ends early as if that were all.
    ///
    /// # Errors
    /// [`Error::NotFound`]; a place that fails, at once or midway.
    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Pieces, Error>>;

    /// Removes the blob. One that is not there is removed already.
    ///
    /// # Errors
    /// A place that fails.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>>;

    /// The keys of all blobs that were put before `older_than` by the place's own clock, in no order. For the sweep
    /// of orphans, which must leave alone what is being put just now.
    fn list(&self, older_than: SystemTime) -> BoxStream<'static, Result<String, Error>>;

    /// Where the blob is, or would be, as a local file. `None` where blobs are not local files.
    fn local_path(&self, key: &str) -> Option<PathBuf>;

    /// The place in words, for people who run the server.
    fn place(&self) -> String;

    /// The whole blob.
    ///
    /// # Errors
    /// Those of [`Blobs::read`]; [`Error::Other`] where it has more than `most` bytes.
    fn get<'a>(&'a self, key: &'a str, most: usize) -> BoxFuture<'a, Result<Bytes, Error>> {
        Box::pin(async move {
            let mut pieces = self.read(key, 0..(most as u64).saturating_add(1)).await?;
            let mut whole = BytesMut::new();
            while let Some(piece) = pieces.next().await {
                whole.extend_from_slice(&piece?);
                if whole.len() > most {
                    return Err(Error::Other(format!("the file has more than {most} bytes")));
                }
            }
            Ok(whole.freeze())
        })
    }

    /// Copies the blob into a local file at `path`, readable by this user only, for programs that want a path. On an
    /// error nothing is left there.
    ///
    /// # Errors
    /// Those of [`Blobs::read`]; a disk that is full.
    fn fetch_to<'a>(&'a self, key: &'a str, path: &'a Path) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut pieces = self.read(key, 0..u64::MAX).await?;
            let copied = async {
                let mut open = tokio::fs::OpenOptions::new();
                let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(path).await?;
                while let Some(piece) = pieces.next().await {
                    file.write_all(&piece?).await?;
                }
                file.flush().await?;
                Ok(())
            };
            let copied = copied.await;
            if copied.is_err() {
                // It may not be there: what failed may have been its making.
                let _ = tokio::fs::remove_file(path).await;
            }
            copied
        })
    }

    /// Whether the place takes, gives and removes blobs, asked once at the start.
    ///
    /// # Errors
    /// What to put right, in words for people.
    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            // Nodes that start together must not remove each other's.
            let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
            let key = format!("check-{}-{now}", std::process::id());
            let cannot = |what: &str, error: &Error| format!("cannot {what} files in {}: {error}", self.place());
            let bytes = Bytes::from_static(b"Parlour looks whether it can write here.");
            self.put(&key, bytes.clone()).await.map_err(|error| cannot("write", &error))?;
            let read = self.get(&key, bytes.len()).await;
            self.delete(&key).await.map_err(|error| cannot("delete", &error))?;
            if read.map_err(|error| cannot("read", &error))? != bytes {
                return Err(format!("{} gives other bytes than it was given", self.place()));
            }
            Ok(())
        })
    }
}

/// Opens the place that `setting` names: `""` is the folder `files` in the data folder, `s3://bucket/prefix` a store
/// that speaks S3. `env` gives the variables for it: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT`. Does not ask the store anything yet: that is [`Blobs::check`].
///
/// # Errors
/// What to put right, in words for people. It never repeats a secret.
pub fn open(setting: &str, data: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Arc<dyn Blobs>, String> {
    match setting.split_once("://") {
        None if setting.is_empty() => Ok(Arc::new(disk::Disk::open(&data.join("files"))?)),
        Some(("s3", place)) => Ok(Arc::new(s3::open(place, env)?)),
        _ => Err("files can lie in the data folder, which is the default, or in s3://bucket/prefix".into()),
    }
}

/// Refuses what is no key, before a path is made of it: no separator, no `..`, nothing hidden.
fn checked(key: &str) -> Result<&str, Error> {
    let fit = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase() || byte == b'.' || byte == b'-';
    let starts = key.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    match starts && key.len() <= 120 && key.bytes().all(fit) {
        true => Ok(key),
        false => Err(Error::Other("that is not a key of a file".into())),
    }
}
