//! Worker processes: how many, how long, and what becomes of them.

use crate::worker::{Answer, Done, Job};
use std::convert::Infallible;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// The most that a worker may answer, as JSON.
const ANSWER_BYTES: u64 = 256 * 1024;

/// Why there is no answer. After `Refused`, `Crashed` and `TooSlow` the file is not shown as a picture; trying
/// again would end the same. After `Busy` and `Failed` it may be tried again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// As many wait as may wait.
    #[error("too many pictures are waiting")]
    Busy,
    /// It was killed when its time was over.
    #[error("the picture took too long")]
    TooSlow,
    /// It died, by what it is bound to or by a fault of a decoder.
    #[error("the picture's worker died: {0}")]
    Crashed(String),
    /// No picture, a damaged one, or one beyond the limits.
    #[error("{0}")]
    Refused(String),
    /// The machine's fault: no process, no file, no space.
    #[error("the picture's worker failed: {0}")]
    Failed(String),
}

/// Runs jobs in processes of their own.
#[derive(Clone, Debug)]
pub struct Pool {
    program: Arc<Program>,
    /// Those that work or wait.
    places: Arc<Semaphore>,
    /// Those that work.
    working: Arc<Semaphore>,
    time: Duration,
}

#[derive(Debug)]
struct Program {
    path: PathBuf,
    args: Vec<OsString>,
}

impl Pool {
    /// `program` with `args` has to call [`crate::worker::main`]. At most `at_once` of them run, at most `waiting`
    /// jobs wait for one to end, and each may run for `time`.
    pub fn new(program: PathBuf, args: Vec<OsString>, at_once: usize, waiting: usize, time: Duration) -> Self {
        let at_once = at_once.max(1);
        Self {
            program: Arc::new(Program { path: program, args }),
            places: Arc::new(Semaphore::new(at_once + waiting)),
            working: Arc::new(Semaphore::new(at_once)),
            time,
        }
    }

    /// Runs a job; must be called within a Tokio runtime. Where it fails, or this future is dropped, the process is
    /// killed and what it wrote is removed.
    pub async fn run(&self, job: Job) -> Result<Done, Error> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let working = self.working.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        // A task of its own outlives this future: it sees the process die before it removes its files, and before
        // it lets another one start.
        let (caller, gone) = oneshot::channel();
        let mut unclaimed = Unclaimed(job.thumbnails.iter().map(|wish| wish.out.clone()).collect());
        let task = Task { program: self.program.clone(), job, time: self.time, gone, _permits: [place, working] };
        let answer = tokio::spawn(task.run()).await;
        drop(caller);
        if matches!(answer, Ok(Ok(_))) {
            unclaimed.0.clear();
        }
        answer.unwrap_or_else(|error| Err(Error::Failed(error.to_string())))
    }
}

/// Files that nobody will ask for: the answer is no good, or the caller goes away before it takes it.
struct Unclaimed(Vec<PathBuf>);

impl Drop for Unclaimed {
    fn drop(&mut self) {
        for path in &self.0 {
            // Most often it is not there.
            let _ = std::fs::remove_file(path);
        }
    }
}

struct Task {
    program: Arc<Program>,
    job: Job,
    time: Duration,
    /// Resolves when nobody waits for the answer any more.
    gone: oneshot::Receiver<Infallible>,
    _permits: [OwnedSemaphorePermit; 2],
}

impl Task {
    async fn run(mut self) -> Result<Done, Error> {
        let answer = self.answer().await;
        // The caller went away while something was still being written.
        if self.gone.try_recv() == Err(oneshot::error::TryRecvError::Closed) {
            drop(Unclaimed(self.job.thumbnails.into_iter().map(|wish| wish.out).collect()));
        }
        answer
    }

    async fn answer(&mut self) -> Result<Done, Error> {
        let failed = |error: &dyn ToString| Error::Failed(error.to_string());
        let json = serde_json::to_vec(&self.job).map_err(|error| failed(&error))?;
        let mut child = Command::new(&self.program.path)
            .args(&self.program.args)
            // Nothing of what the server was told in secret.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(&error))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let talk = async {
            if let Some(mut stdin) = stdin {
                // A worker that died does not read; its end says why.
                let _ = stdin.write_all(&json).await;
            }
            let mut said = Vec::new();
            if let Some(stdout) = stdout {
                stdout.take(ANSWER_BYTES).read_to_end(&mut said).await.map_err(|error| failed(&error))?;
            }
            let status = child.wait().await.map_err(|error| failed(&error))?;
            understand(status, &said)
        };
        let answer = tokio::select! {
            answer = talk => answer,
            () = tokio::time::sleep(self.time) => Err(Error::TooSlow),
            _ = &mut self.gone => Err(Error::Failed("nobody waits for it".into())),
        };
        if answer.is_err() {
            // Sends the signal and waits for the end; harmless where it has ended by itself.
            let _ = child.kill().await;
        }
        answer
    }
}

fn understand(status: ExitStatus, said: &[u8]) -> Result<Done, Error> {
    if !status.success() {
        return Err(Error::Crashed(status.to_string()));
    }
    match serde_json::from_slice(said) {
        Ok(Answer::Done(done)) => Ok(done),
        Ok(Answer::Refused(why)) => Err(Error::Refused(why)),
        Ok(Answer::Failed(why)) => Err(Error::Failed(why)),
        Err(error) => Err(Error::Crashed(error.to_string())),
    }
}
