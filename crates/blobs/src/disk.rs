//! Blobs as files: `ab/abcd…` below one folder, so that a million of them are four thousand in a directory.
//!
//! Not deeper: a directory that is new has to be brought to the disk before what is in it, and with 65536 of them every
//! blob would find its own not made yet.

use crate::{Blobs, Error, Pieces, checked};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt, FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tempfile::NamedTempFile;

/// Bytes of one read: few enough for a thousand readers, enough that the way to another thread does not count.
const PIECE: u64 = 128 * 1024;
/// No put takes a day; what is older was left by a crash.
const LEFT_OVER: Duration = Duration::from_secs(24 * 60 * 60);

pub struct Disk {
    inner: Arc<Inner>,
}

struct Inner {
    root: PathBuf,
    /// Where blobs that come as bytes grow. Shards have two letters, so none has this name.
    new: PathBuf,
    /// The shards whose own entries are known to be on the disk: a file in them needs one sync of a directory,
    /// not two.
    durable: Mutex<HashSet<Shard>>,
}

type Shard = [u8; 2];

impl Disk {
    /// Opens the folder `root`, makes it where it is missing, and removes what a crash left half written.
    pub fn open(root: &Path) -> Result<Disk, String> {
        let new = root.join("new");
        let opened = make(root).and_then(|()| make(&new)).and_then(|()| remove_left_over(&new));
        opened.map_err(|error| format!("cannot use {} for files: {error}", root.display()))?;
        Ok(Disk { inner: Arc::new(Inner { root: root.to_owned(), new, durable: Mutex::default() }) })
    }

    /// Runs `work` where it may block. It is finished also when nobody waits for it any more.
    fn run<'a, R: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<R, Error> + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Error>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(blocking(move || work(&inner)))
    }
}

impl Blobs for Disk {
    fn put_file<'a>(&'a self, key: &'a str, path: &'a Path) -> BoxFuture<'a, Result<(), Error>> {
        let (key, path) = (key.to_owned(), path.to_owned());
        self.run(move |inner| inner.take(checked(&key)?, &path))
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<(), Error>> {
        let key = key.to_owned();
        self.run(move |inner| {
            let key = checked(&key)?;
            let mut file = NamedTempFile::new_in(&inner.new)?;
            file.write_all(&bytes)?;
            inner.persist(key, file)
        })
    }

    fn len<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<u64>, Error>> {
        let key = key.to_owned();
        self.run(move |inner| match fs::metadata(inner.path(checked(&key)?)) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        })
    }

    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Pieces, Error>> {
        let key = key.to_owned();
        self.run(move |inner| {
            let file = File::open(inner.path(checked(&key)?))?;
            let end = range.end.min(file.metadata()?.len());
            Ok(pieces(file, range.start, end))
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        let key = key.to_owned();
        // Not synced: a blob that comes back after a crash is an orphan, and the sweep finds it.
        self.run(move |inner| match fs::remove_file(inner.path(checked(&key)?)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        })
    }

    fn list(&self, older_than: SystemTime) -> BoxStream<'static, Result<String, Error>> {
        let inner = Arc::clone(&self.inner);
        // One of the 256 folders at a time: a bounded part of even a million keys.
        let all = stream::once(blocking(move || folders(&inner.root)));
        let keys = all.flat_map(move |all| match all {
            Ok(all) => stream::iter(all)
                .then(move |folder| blocking(move || keys_in(&folder, older_than)))
                .flat_map(|keys| {
                    stream::iter(keys.map_or_else(|error| vec![Err(error)], |keys| keys.into_iter().map(Ok).collect()))
                })
                .boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        });
        keys.boxed()
    }

    fn local_path(&self, key: &str) -> Option<PathBuf> {
        checked(key).ok().map(|key| self.inner.path(key))
    }

    fn place(&self) -> String {
        self.inner.root.display().to_string()
    }

    fn fetch_to<'a>(&'a self, key: &'a str, path: &'a Path) -> BoxFuture<'a, Result<(), Error>> {
        let (key, path) = (key.to_owned(), path.to_owned());
        self.run(move |inner| {
            // The kernel copies by itself, or only notes that both are the same. The mode is that of the blob.
            let copied = fs::copy(inner.path(checked(&key)?), &path);
            if copied.is_err() {
                let _ = fs::remove_file(&path);
            }
            Ok(copied.map(|_| ())?)
        })
    }
}

impl Inner {
    fn path(&self, key: &str) -> PathBuf {
        self.folder(shard(key)).join(key)
    }

    fn folder(&self, shard: Shard) -> PathBuf {
        self.root.join(shard.map(char::from).iter().collect::<String>())
    }

    /// Moves the file at `from` to its place, on the disk when this returns.
    fn take(&self, key: &str, from: &Path) -> Result<(), Error> {
        let mut file = File::open(from)?;
        // The age that the sweep goes by begins now, not when the last byte was written.
        settle(&file)?;
        let folder = self.shard(shard(key))?;
        match fs::rename(from, folder.join(key)) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                let mut copy = NamedTempFile::new_in(&self.new)?;
                io::copy(&mut file, &mut copy)?;
                self.persist(key, copy)?;
                Ok(fs::remove_file(from)?)
            }
            renamed => {
                renamed?;
                Ok(sync(&folder)?)
            }
        }
    }

    fn persist(&self, key: &str, file: NamedTempFile) -> Result<(), Error> {
        settle(file.as_file())?;
        let folder = self.shard(shard(key))?;
        file.persist(folder.join(key)).map_err(|error| error.error)?;
        Ok(sync(&folder)?)
    }

    /// The folder of a shard, there and on the disk.
    fn shard(&self, shard: Shard) -> io::Result<PathBuf> {
        let folder = self.folder(shard);
        // Not held while the disk works: two that come at once both sync, which is right, only not frugal.
        if !self.durable.lock().unwrap_or_else(PoisonError::into_inner).contains(&shard) {
            make(&folder)?;
            self.durable.lock().unwrap_or_else(PoisonError::into_inner).insert(shard);
        }
        Ok(folder)
    }
}

/// The first two letters of the key, with 0 for what is missing and for dots: a shard named `..` would be outside.
fn shard(key: &str) -> Shard {
    let mut shard = [b'0'; 2];
    for (place, letter) in shard.iter_mut().zip(key.bytes()) {
        if letter.is_ascii_alphanumeric() {
            *place = letter;
        }
    }
    shard
}

/// Makes the folder where it is missing, and its entry durable, also where another thread has just made it.
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    folder.parent().map_or(Ok(()), sync)
}

fn sync(folder: &Path) -> io::Result<()> {
    // The parent of a relative path of one part is written as nothing at all.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

fn settle(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.set_modified(SystemTime::now())?;
    file.sync_all()
}

fn remove_left_over(new: &Path) -> io::Result<()> {
    for entry in fs::read_dir(new)? {
        let entry = entry?;
        // Another node on the same folder may be writing, so age decides; what it has just moved is gone.
        let Ok(written) = entry.metadata().and_then(|metadata| metadata.modified()) else { continue };
        if written.elapsed().is_ok_and(|age| age > LEFT_OVER) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The file from `at` to `end`. It is open: who removes the blob meanwhile takes nothing from who reads it.
fn pieces(file: File, at: u64, end: u64) -> Pieces {
    let file = Arc::new(file);
    let pieces = stream::try_unfold(at, move |at| {
        let file = Arc::clone(&file);
        async move {
            if at >= end {
                return Ok(None);
            }
            let piece = blocking(move || {
                let mut piece = vec![0; usize::try_from(PIECE.min(end - at)).unwrap_or_default()];
                // A file that has become shorter is an error here.
                file.read_exact_at(&mut piece, at)?;
                Ok(Bytes::from(piece))
            });
            let piece = piece.await?;
            let next = at + piece.len() as u64;
            Ok(Some((piece, next)))
        }
    });
    pieces.boxed()
}

/// The folders in `folder`, but for the one of unfinished blobs.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "new" {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn keys_in(folder: &Path, older_than: SystemTime) -> Result<Vec<String>, Error> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(key) = entry.file_name().into_string() else { continue };
        // It may have been removed since it was listed.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() && checked(&key).is_ok() && metadata.modified()? < older_than {
            keys.push(key);
        }
    }
    Ok(keys)
}

async fn blocking<R: Send + 'static>(work: impl FnOnce() -> Result<R, Error> + Send + 'static) -> Result<R, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Error::Other(error.to_string())),
    }
}
