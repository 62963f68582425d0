//! The process that decodes: one job on standard input, one answer on standard output, then it ends.

mod bounds;

use crate::picture::{self, Format, HASHED, Limits, Refusal, Square, Within};
use image::DynamicImage;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

/// What to do with one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub source: PathBuf,
    /// Whether the thumbhash is wanted too. Width, height and whether it moves are always told.
    pub measure: bool,
    pub thumbnails: Vec<Wish>,
    /// Thumbnails are of this square only.
    #[serde(default)]
    pub square: Option<Square>,
    #[serde(default)]
    pub limits: Limits,
}

/// A thumbnail: the same shape, made to fit in `width` × `height` pixels, never enlarged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub width: u32,
    pub height: u32,
    pub format: Format,
    /// A new file. It is taken away again where the job fails.
    pub out: PathBuf,
}

/// What was found, and made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// Whether there is more than one frame.
    pub animated: bool,
    /// In base64; where it was asked for.
    pub thumbhash: Option<String>,
    /// In the order of the wishes.
    pub made: Vec<Made>,
}

/// A thumbnail that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub out: PathBuf,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Of the written file.
    pub bytes: u64,
}

/// What the worker says on standard output.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Done(Done),
    /// The file is no picture that can be shown.
    Refused(String),
    /// The machine: a file cannot be read or written.
    Failed(String),
}

/// The most that a job may be, as JSON.
const JOB_BYTES: u64 = 1 << 20;

/// Reads a job, binds this process so that it can take little more than that, works, and says how it went.
pub fn main() -> ExitCode {
    let answer = read_job().map_or_else(|error| Answer::Failed(error.to_string()), |job| work(&job));
    let said = serde_json::to_vec(&answer).map_err(io::Error::from).and_then(|json| io::stdout().write_all(&json));
    if said.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read_job() -> io::Result<Job> {
    let mut json = Vec::new();
    io::stdin().lock().take(JOB_BYTES).read_to_end(&mut json)?;
    let job: Job = serde_json::from_slice(&json)?;
    bounds::set(&job.limits)?;
    Ok(job)
}

fn work(job: &Job) -> Answer {
    match perform(job) {
        Ok(done) => Answer::Done(done),
        Err(Trouble::Picture(refusal)) => Answer::Refused(refusal.to_string()),
        Err(Trouble::Machine(text)) => Answer::Failed(text),
    }
}

enum Trouble {
    Picture(Refusal),
    Machine(String),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Picture(refusal)
    }
}

fn perform(job: &Job) -> Result<Done, Trouble> {
    let bytes = read(&job.source, job.limits.bytes)?;
    let header = picture::header(&bytes)?;
    job.limits.check(&header)?;
    let mut done = Done {
        width: header.width,
        height: header.height,
        animated: header.animated(),
        thumbhash: None,
        made: Vec::new(),
    };
    if !job.measure && job.thumbnails.is_empty() {
        return Ok(done);
    }
    let stored = picture::decode(&bytes, &header, &job.limits)?;
    drop(bytes);
    // The largest first: the others are made out of it, for it has far fewer pixels than the source.
    let mut order: Vec<_> = job.thumbnails.iter().enumerate().collect();
    order.sort_by_key(|(_, wish)| Reverse(wish.width.min(wish.height)));
    thread::scope(|scope| {
        let mut making = Vec::new();
        let mut last: Option<(&Wish, Arc<DynamicImage>)> = None;
        for (n, wish) in order {
            let within = Within { width: wish.width, height: wish.height };
            let small = Arc::new(match &last {
                Some((larger, last)) if larger.width >= wish.width && larger.height >= wish.height => {
                    picture::shrink(last, within)?
                }
                _ => picture::scale(&stored, &header, job.square, within)?,
            });
            last = Some((wish, small.clone()));
            // Its encoder works while the next size is made.
            making.push((n, scope.spawn(move || make(&small, wish))));
        }
        if job.measure {
            done.thumbhash = Some(match &last {
                Some((_, last)) if job.square.is_none() => picture::thumbhash(last)?,
                _ => picture::thumbhash(&picture::scale(&stored, &header, None, HASHED)?)?,
            });
        }
        making.sort_by_key(|(n, _)| *n);
        for (_, thread) in making {
            done.made.push(thread.join().map_err(|_| Trouble::Machine("an encoder panicked".into()))??);
        }
        Ok(done)
    })
}

fn read(source: &Path, most: u64) -> Result<Vec<u8>, Trouble> {
    let wrong = |error: io::Error| Trouble::Machine(format!("the source: {error}"));
    let mut file = File::open(source).map_err(wrong)?;
    let size = file.metadata().map_err(wrong)?.len();
    if size > most {
        return Err(Refusal::TooMuch("bytes").into());
    }
    let mut bytes = Vec::with_capacity(size as usize);
    (&mut file).take(most).read_to_end(&mut bytes).map_err(wrong)?;
    Ok(bytes)
}

fn make(small: &DynamicImage, wish: &Wish) -> Result<Made, Trouble> {
    let bytes = picture::encode(small, wish.format).map_err(Trouble::Machine)?;
    std::fs::write(&wish.out, &bytes).map_err(|error| Trouble::Machine(format!("a thumbnail: {error}")))?;
    Ok(Made { out: wish.out.clone(), width: small.width(), height: small.height(), bytes: bytes.len() as u64 })
}
