//! Bytes from a request's body onto the disk. One task reads, a thread writes and sums up; between them at most two
//! batches wait, so memory does not grow with the file, and a slow disk slows the sender.

use crate::fault::Fault;
use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use http_body_util::BodyExt;
use protocol::{Code, Refusal};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;

/// Written at once.
const BATCH: usize = 256 << 10;

/// How a piece ended; both say how many bytes came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The body came to its end.
    Whole(u64),
    /// The line broke, nothing came for too long, or the client took up the upload elsewhere.
    Broke(u64),
}

/// The hash of a part as it grows, so that it need not be read once more at the end.
#[derive(Clone, Default)]
pub struct Sum {
    hasher: Sha256,
    at: u64,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.at += bytes.len() as u64;
    }

    /// Of a part of that size. What is not in it yet (the program was started anew in between) is read.
    pub async fn of(&mut self, part: &Path, size: u64) -> Result<[u8; 32], Fault> {
        if self.at == size {
            return Ok(self.hasher.clone().finalize().into());
        }
        let path = part.to_owned();
        let (sum, hash) = blocking(move || read(&path)).await?;
        *self = sum;
        Ok(hash)
    }
}

fn read(path: &Path) -> io::Result<(Sum, [u8; 32])> {
    let mut file = File::open(path)?;
    let (mut sum, mut buffer) = (Sum::default(), vec![0; BATCH]);
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            let hash = sum.hasher.clone().finalize().into();
            return Ok((sum, hash));
        }
        sum.add(&buffer[..n]);
    }
}

/// Appends a body to the part at `path`, which has `offset` bytes; at most `most` more.
pub async fn receive(
    path: &Path,
    offset: u64,
    most: u64,
    sum: &mut Sum,
    body: Body,
    idle: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Ended, Fault> {
    let (give, take) = mpsc::channel(2);
    // Where a crash lost the sum, it is made anew at the end.
    let begun = if sum.at == offset { std::mem::take(sum) } else { Sum::default() };
    let writer = {
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || write(&path, offset, begun, take))
    };
    let outcome = feed(give, body, most, idle, stop).await;
    let written = writer.await.map_err(|error| Fault::Store(store::Error::Other(error.to_string())))?;
    *sum = written.map_err(|error| Fault::from(blobs::Error::from(error)))?;
    outcome
}

async fn feed(
    give: mpsc::Sender<Vec<Bytes>>,
    mut body: Body,
    most: u64,
    idle: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Ended, Fault> {
    tokio::pin!(stop);
    let (mut batch, mut size, mut taken) = (Vec::new(), 0, 0_u64);
    loop {
        // What is here already is written together; nothing waits for more.
        let next = match body.frame().now_or_never() {
            Some(next) => Some(next),
            None => {
                if size > 0 && !flush(&give, &mut batch, &mut size).await {
                    return Ok(Ended::Broke(taken));
                }
                tokio::select! {
                    next = tokio::time::timeout(idle, body.frame()) => next.ok(),
                    () = &mut stop => None,
                }
            }
        };
        let ended = match next {
            Some(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else { continue };
                taken += data.len() as u64;
                if taken > most {
                    let refusal = Refusal::invalid("file", "More comes than may come.");
                    return Err(Refusal { code: Code::TooLarge, ..refusal }.into());
                }
                size += data.len();
                batch.push(data);
                None
            }
            Some(None) => Some(Ended::Whole(taken)),
            Some(Some(Err(_))) | None => Some(Ended::Broke(taken)),
        };
        if size >= BATCH || ended.is_some() {
            // The writer is gone: it says why.
            let wrote = flush(&give, &mut batch, &mut size).await;
            if let Some(ended) = ended {
                return Ok(ended);
            }
            if !wrote {
                return Ok(Ended::Broke(taken));
            }
        }
    }
}

async fn flush(give: &mpsc::Sender<Vec<Bytes>>, batch: &mut Vec<Bytes>, size: &mut usize) -> bool {
    *size = 0;
    let full = std::mem::take(batch);
    full.is_empty() || give.send(full).await.is_ok()
}

fn write(path: &PathBuf, offset: u64, mut sum: Sum, mut take: mpsc::Receiver<Vec<Bytes>>) -> io::Result<Sum> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // What a crash left behind the last acknowledged byte is written over.
    file.set_len(offset)?;
    io::Seek::seek(&mut file, io::SeekFrom::Start(offset))?;
    while let Some(batch) = take.blocking_recv() {
        for bytes in batch {
            file.write_all(&bytes)?;
            sum.add(&bytes);
        }
    }
    Ok(sum)
}

/// Runs what blocks on a thread for it.
pub async fn blocking<R: Send + 'static>(work: impl FnOnce() -> io::Result<R> + Send + 'static) -> Result<R, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(|error| blobs::Error::from(error).into()),
        Err(error) => Err(Fault::Store(store::Error::Other(error.to_string()))),
    }
}
