//! Blobs in a store that speaks S3: `bucket/prefix/key`, read and written in pieces.

mod failure;
mod settings;

pub use settings::open;

use crate::{Blobs, Error, PART, Pieces, checked};
use bytes::Bytes;
use failure::{beyond_the_end, error};
use futures_util::TryFutureExt;
use futures_util::future::{self, BoxFuture};
use futures_util::stream::{self, BoxStream, StreamExt};
use object_store::aws::AmazonS3;
use object_store::path::Path as Location;
use object_store::{GetOptions, GetRange, GetResult, MultipartUpload, ObjectStore, ObjectStoreExt};
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Bytes that one request reads. A request is resumed for some minutes after it began only, and a phone may
/// take an hour for a film.
const WINDOW: u64 = 8 * 1024 * 1024;

pub struct S3 {
    store: Arc<AmazonS3>,
    prefix: Location,
    place: String,
}

impl S3 {
    fn location(&self, key: &str) -> Result<Location, Error> {
        Ok(self.prefix.clone().join(checked(key)?))
    }
}

impl Blobs for S3 {
    fn put_file<'a>(&'a self, key: &'a str, path: &'a Path) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let put = put_file(Arc::clone(&self.store), self.location(key)?, path.to_owned());
            // A task of its own, so that an upload which nobody waits for any more is ended in order too: parts
            // that were sent are paid for until they are aborted.
            tokio::spawn(put).await.unwrap_or_else(|panic| Err(Error::Other(panic.to_string())))
        })
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            self.store.put(&self.location(key)?, bytes.into()).await.map_err(error)?;
            Ok(())
        })
    }

    fn len<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<u64>, Error>> {
        Box::pin(async move {
            match self.store.head(&self.location(key)?).await.map_err(error) {
                Ok(meta) => Ok(Some(meta.size)),
                Err(Error::NotFound) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Pieces, Error>> {
        Box::pin(async move {
            let location = self.location(key)?;
            // S3 has no empty range, refuses one that begins at the end, and stores count with a sign.
            let range = range.start..range.end.min(i64::MAX.unsigned_abs());
            if range.is_empty() {
                self.store.head(&location).await.map_err(error)?;
                return Ok(stream::empty().boxed());
            }
            let end = range.end.min(range.start.saturating_add(WINDOW));
            let first = match window(&self.store, &location, range.start..end, None).await {
                Err(refused) if beyond_the_end(&refused) => return Ok(stream::empty().boxed()),
                first => first.map_err(error)?,
            };
            let end = range.end.min(first.meta.size);
            let tag = first.meta.e_tag.clone();
            let store = Arc::clone(&self.store);
            Ok(Reading { store, location, tag, at: range.start, end, window: Some(first.into_stream()) }.pieces())
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            match self.store.delete(&self.location(key)?).await.map_err(error) {
                Err(Error::NotFound) => Ok(()),
                deleted => deleted,
            }
        })
    }

    fn list(&self, older_than: SystemTime) -> BoxStream<'static, Result<String, Error>> {
        let prefix = self.prefix.clone();
        let keys = self.store.list(Some(&self.prefix)).filter_map(move |found| {
            let key = match found {
                Ok(meta) if SystemTime::from(meta.last_modified) < older_than => {
                    let mut below = meta.location.prefix_match(&prefix).into_iter().flatten();
                    // What lies in deeper folders, or has no name of ours, is somebody else's.
                    let key = below.next().map(|part| part.as_ref().to_owned());
                    let key = key.filter(|key| below.next().is_none() && checked(key).is_ok());
                    key.map(Ok)
                }
                Ok(_) => None,
                Err(failed) => Some(Err(error(failed))),
            };
            future::ready(key)
        });
        keys.boxed()
    }

    fn local_path(&self, _key: &str) -> Option<PathBuf> {
        None
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}

async fn put_file(store: Arc<AmazonS3>, location: Location, path: PathBuf) -> Result<(), Error> {
    let file = File::open(&path)?;
    let (file, first) = read_part(file).await?;
    if first.len() < PART {
        store.put(&location, first.into()).await.map_err(error)?;
    } else {
        let mut upload = store.put_multipart(&location).await.map_err(error)?;
        let sent = match send_parts(&mut *upload, file, first).await {
            Ok(()) => upload.complete().await.map(|_| ()).map_err(error),
            failed => failed,
        };
        if sent.is_err() {
            // Where this fails too, the bucket's rule for unfinished uploads removes the parts.
            let _ = upload.abort().await;
            return sent;
        }
    }
    Ok(tokio::fs::remove_file(&path).await?)
}

/// Sends one part while the next is read: two of them lie in memory, never more.
async fn send_parts(upload: &mut dyn MultipartUpload, mut file: File, mut part: Bytes) -> Result<(), Error> {
    while !part.is_empty() {
        let sending = upload.put_part(part.into()).map_err(error);
        ((), (file, part)) = future::try_join(sending, read_part(file)).await?;
    }
    Ok(())
}

/// The next [`PART`] bytes of the file; fewer at its end.
async fn read_part(file: File) -> Result<(File, Bytes), Error> {
    let reading = move || {
        let mut part = Vec::new();
        let length = file.metadata()?.len().min(PART as u64);
        part.reserve_exact(usize::try_from(length).unwrap_or_default());
        (&file).take(PART as u64).read_to_end(&mut part)?;
        Ok((file, Bytes::from(part)))
    };
    tokio::task::spawn_blocking(reading).await.unwrap_or_else(|panic| Err(Error::Other(panic.to_string())))
}

async fn window(
    store: &AmazonS3,
    location: &Location,
    range: Range<u64>,
    tag: Option<String>,
) -> object_store::Result<GetResult> {
    // The tag keeps a blob that is replaced meanwhile from being read half and half.
    let options = GetOptions { range: Some(GetRange::Bounded(range)), if_match: tag, ..GetOptions::default() };
    store.get_opts(location, options).await
}

/// Where a reader of a blob stands.
struct Reading {
    store: Arc<AmazonS3>,
    location: Location,
    tag: Option<String>,
    at: u64,
    end: u64,
    window: Option<BoxStream<'static, object_store::Result<Bytes>>>,
}

impl Reading {
    fn pieces(self) -> Pieces {
        let pieces = stream::try_unfold(self, |mut reading| async move {
            let piece = reading.next().await?;
            Ok(piece.map(|piece| (piece, reading)))
        });
        pieces.boxed()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while self.at < self.end {
            let window = match &mut self.window {
                Some(window) => window,
                None => {
                    let range = self.at..self.end.min(self.at + WINDOW);
                    let next = window(&self.store, &self.location, range, self.tag.clone()).await.map_err(error)?;
                    self.window.insert(next.into_stream())
                }
            };
            match window.next().await {
                Some(piece) => {
                    let piece = piece.map_err(error)?;
                    self.at += piece.len() as u64;
                    if self.at > self.end {
                        return Err(Error::Other("the store sent more than it was asked for".into()));
                    }
                    if !piece.is_empty() {
                        return Ok(Some(piece));
                    }
                }
                None => self.window = None,
            }
        }
        Ok(None)
    }
}
