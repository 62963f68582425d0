//! From a part that is all here to a file: looked at by the scanner, told what it is by its bytes, freed of where it
//! was made, measured in a process of its own, put into the file store, and only then written down.

use super::staging::Piece;
use super::thumbnails::{EAGER, Variant};
use super::{Files, quota};
use crate::app::App;
use crate::fault::Fault;
use blobs::scan::{ScanError, Verdict};
use futures_util::future::join_all;
use media::picture::Limits;
use media::worker::{Done, Job, Wish};
use media::{kind, position};
use protocol::file::Hints;
use protocol::{Code, FileInfo, Refusal, UserId, text};
use std::fs::OpenOptions;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use store::files::{self, FileRow, New};
use store::{Lane, Tx, planted};

/// A part that is all here.
pub struct Finished {
    pub part: PathBuf,
    pub owner: UserId,
    pub name: String,
    pub size: u64,
    pub hash: [u8; 32],
    pub hints: Hints,
}

/// Longest side that a sender's word is believed for.
const SIDE: u32 = 32_768;
/// Of what is shown of a sound.
const WAVES: usize = 100;

impl Finished {
    /// What a piece became with its last byte.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn of(piece: &mut Piece) -> Result<Finished, Fault> {
        let hash = piece.hash().await?;
        let super::Upload { owner, name, size, hints, .. } = piece.upload.clone();
        Ok(Finished { part: piece.part.clone(), owner, name, size, hash, hints })
    }
}

/// Makes a file of it. The part stays until its owner has noted what became of it: should we die in between, its
/// sender goes on where it was.
///
/// # Errors
/// `invalid` where the scanner found something, `storage_full`, `unavailable`; or the database failed.
pub async fn finish(app: &App, mut done: Finished) -> Result<FileRow, Fault> {
    let files = &app.files;
    scan(files, &done.part).await?;
    let (mime, stripped) = look(&done.part, &done.name, app.config.keep_position).await?;
    if stripped {
        done.hash = rehash(&done.part).await?;
    }
    let name = text::file_name(&done.name, app.config.limits.file_name);
    let size = i64::try_from(done.size).unwrap_or(i64::MAX);
    let mut info = FileInfo { name, r#type: mime.to_owned(), size, ..FileInfo::default() };
    let key = format!("{}-{:016x}", hex(&done.hash), getrandom::u64().unwrap_or_default());
    // What was shown before need not be decoded once more. What was not may have come at a bad moment.
    let known = twin(app, done.hash).await?.filter(|twin| twin.thumbhash.is_some());
    let made = match known {
        Some(twin) => {
            info.width = twin.width;
            info.height = twin.height;
            info.thumbhash = twin.thumbhash;
            info.animated = twin.animated;
            Vec::new()
        }
        None => measure(app, &done.part, mime, &mut info).await?,
    };
    believe(&mut info, &done.hints);

    let kept = keep(app, &done, &key, &info, &made).await;
    let others = match &kept {
        Ok(row) => row.key != key,
        Err(_) => true,
    };
    if others {
        // The same bytes were there, or it was refused at the last moment: ours are nobody's.
        files.discard(&key).await;
    }
    for (_, path) in &made {
        let _ = tokio::fs::remove_file(path).await;
    }
    kept
}

/// Bytes first, then the row: what is written down is there.
async fn keep(
    app: &App,
    done: &Finished,
    key: &str,
    info: &FileInfo,
    made: &[(Variant, PathBuf)],
) -> Result<FileRow, Fault> {
    // By another name, so that the part stays. Both are the same bytes on the disk: nothing is written to what is whole.
    let link = app.files.staging.scratch();
    let linked = tokio::fs::hard_link(&done.part, &link).await.is_ok() && !planted::has("part_moved");
    let whole = if linked { &link } else { &done.part };
    // At once: the disk syncs them together. All are waited for, so that nothing comes after it was discarded.
    let small = made.iter().map(|(variant, path)| (variant.key(key), path));
    let all: Vec<_> = std::iter::once((key.to_owned(), whole)).chain(small).collect();
    let puts = all.iter().map(|(key, path)| app.files.blobs.put_file(key, path));
    let put: Result<Vec<()>, blobs::Error> = join_all(puts).await.into_iter().collect();
    if put.is_err() {
        let _ = tokio::fs::remove_file(&link).await;
    }
    put?;
    let new = New { owner: done.owner, hash: done.hash, key: key.to_owned(), info: info.clone() };
    let limits = app.config.limits.clone();
    let making = app.store.write(Lane::Server, move |tx: &mut Tx| {
        Box::pin(async move {
            quota::within(tx, &limits, new.owner, new.info.size.unsigned_abs()).await?;
            Ok::<_, Fault>(files::create(tx, &new).await?)
        })
    });
    making.await
}

async fn scan(files: &Files, part: &Path) -> Result<(), Fault> {
    let Some(scanner) = &files.scanner else { return Ok(()) };
    match scanner.scan(part).await {
        Ok(Verdict::Clean) => Ok(()),
        Ok(Verdict::Found(what)) => {
            tracing::warn!(what, "the virus scanner refused a file");
            Err(Refusal::invalid("file", format!("The virus scanner of this server found {what} in it.")).into())
        }
        Err(ScanError::TooLarge) => {
            Err(Refusal::invalid("file", "This file is too large for the virus scanner of this server.").into())
        }
        // Closed rather than open: what was not looked at does not come in.
        Err(error) => {
            tracing::error!(%error, "the virus scanner does not answer");
            Err(Refusal {
                retry_after_ms: Some(5_000),
                ..Refusal::new(Code::Unavailable, "The virus scanner of this server does not answer. Try again later.")
            }
            .into())
        }
    }
}

/// What it is, and whether a place was taken out of it. One trip to another thread: small files wait for little else.
async fn look(part: &Path, name: &str, keep_position: bool) -> Result<(&'static str, bool), Fault> {
    let (part, name) = (part.to_owned(), name.to_owned());
    super::staging::blocking(move || {
        let mut file = OpenOptions::new().read(true).write(!keep_position).open(&part)?;
        let mut head = Vec::with_capacity(kind::HEAD);
        (&mut file).take(kind::HEAD as u64).read_to_end(&mut head)?;
        file.rewind()?;
        let text = kind::is_text(&mut file)?;
        let mime = kind::sniff(&head, text, &name);
        Ok((mime, !keep_position && position::strip(&mut file, mime)?))
    })
    .await
}

async fn rehash(part: &Path) -> Result<[u8; 32], Fault> {
    let size = tokio::fs::metadata(part).await.map(|meta| meta.len());
    let size = size.map_err(|error: io::Error| Fault::from(blobs::Error::from(error)))?;
    super::staging::sum(part, size).await
}

/// Another file of the same bytes.
async fn twin(app: &App, hash: [u8; 32]) -> Result<Option<FileInfo>, Fault> {
    app.store.read(move |tx| Box::pin(async move { Ok(files::twin(tx, &hash).await?) })).await
}

/// Measures a picture and makes the thumbnails that are wanted at once. One that cannot be decoded is a file like
/// any other.
async fn measure(app: &App, part: &Path, mime: &str, info: &mut FileInfo) -> Result<Vec<(Variant, PathBuf)>, Fault> {
    if !kind::can_be_measured(mime) {
        return Ok(Vec::new());
    }
    let wishes: Vec<(Variant, PathBuf)> = EAGER.iter().map(|variant| (*variant, app.files.staging.scratch())).collect();
    let thumbnails = wishes.iter().map(|(variant, out)| variant.wish(out.clone())).collect();
    match app.files.work(app, part, thumbnails).await {
        Ok(Done { width, height, animated, thumbhash, .. }) => {
            *info = FileInfo { width: Some(width), height: Some(height), animated, thumbhash, ..info.clone() };
            Ok(wishes)
        }
        Err(media::Error::Busy) => Err(super::busy()),
        Err(media::Error::Failed(why)) => Err(Fault::Store(store::Error::Other(why))),
        Err(error) => {
            tracing::debug!(%error, "a picture stays a file");
            Ok(Vec::new())
        }
    }
}

/// What the sender says, within bounds, where the server does not know better.
fn believe(info: &mut FileInfo, hints: &Hints) {
    let moves = info.r#type.starts_with("video/");
    if moves {
        info.width = hints.width.filter(|side| (1..=SIDE).contains(side));
        info.height = hints.height.filter(|side| (1..=SIDE).contains(side));
    }
    if moves || info.r#type.starts_with("audio/") {
        info.duration_ms = hints.duration_ms;
        info.voice = hints.voice.unwrap_or_default();
        info.waveform = hints.waveform.clone().unwrap_or_default().into_iter().take(WAVES).map(|v| v.min(31)).collect();
    }
}

impl Files {
    /// Has a worker look at a picture on this node's disk.
    pub(super) async fn work(&self, app: &App, source: &Path, thumbnails: Vec<Wish>) -> Result<Done, media::Error> {
        let most = &app.config.limits;
        let limits = Limits { seconds: most.picture_ms.div_ceil(1_000), ..Limits::of(u64::from(most.pixels)) };
        let job = Job { source: source.to_owned(), measure: true, thumbnails, square: None, limits };
        self.pool.run(job).await
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
