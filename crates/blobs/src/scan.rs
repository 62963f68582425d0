//! The hook for a virus scanner: a file is sent to ClamAV's daemon (`clamd`) before anybody may have it.
//!
//! It speaks `INSTREAM`, as clamd(8) describes it: `zINSTREAM\0`, then pieces of a length in four bytes, big-endian,
//! and that many bytes, ended by a length of zero. The answer is one text that ends with a zero byte. The daemon
//! needs no access to our files, and may run on another machine; the line is not encrypted.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

const PIECE: usize = 64 * 1024;
/// Bytes of an answer that are read. The names of viruses are shorter by far.
const LONGEST: usize = 4096;

/// What the scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found as far as its own limits let it look: a daemon without `AlertExceedsMax yes` calls an
    /// archive that is too deep or too large for it clean.
    Clean,
    /// The name of what it holds, such as `Win.Test.EICAR_HDB-1`: printable ASCII.
    Found(String),
}

/// Why there is no verdict. The file is neither clean nor not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanError {
    /// Nobody answers there, or not in time: the same may go well later.
    Unavailable(String),
    /// The file is longer than the daemon's `StreamMaxLength`.
    TooLarge,
    /// What answers is no clamd, or clamd says that it failed.
    Protocol(String),
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScanError::Unavailable(why) => write!(f, "the virus scanner is unavailable: {why}"),
            ScanError::TooLarge => f.write_str("the file is too large for the virus scanner (StreamMaxLength)"),
            ScanError::Protocol(why) => write!(f, "the virus scanner failed: {why}"),
        }
    }
}

impl std::error::Error for ScanError {}

/// Where the daemon listens, and how long it may take.
#[derive(Clone, Debug)]
pub struct Scanner {
    place: Place,
    /// How long it may take to connect: 5 s.
    pub connect: Duration,
    /// How long the daemon may neither take bytes nor answer: 150 s, since it looks at the file after its last byte,
    /// for at most two minutes (`MaxScanTime`).
    pub idle: Duration,
    /// How long it may take together: 5 min.
    pub whole: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Tcp(String),
    Unix(PathBuf),
}

impl Scanner {
    /// Reads `tcp://host:port`, `host:port` (`[::1]:3310` for IPv6) or `unix:/path`.
    ///
    /// # Errors
    /// What to write instead, in words for people.
    pub fn parse(setting: &str) -> Result<Scanner, String> {
        let place = match setting.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => {
                Some(Place::Unix(format!("/{}", path.trim_start_matches('/')).into()))
            }
            Some(_) => None,
            None => {
                let address = setting.strip_prefix("tcp://").unwrap_or(setting);
                let host_port = address.rsplit_once(':').filter(|(host, port)| {
                    let colons = host.contains(':') && !(host.starts_with('[') && host.ends_with(']'));
                    let named = !host.is_empty() && !host.contains(['/', '@', ' ']) && !colons;
                    named && port.parse::<u16>().is_ok_and(|port| port > 0)
                });
                host_port.map(|_| Place::Tcp(address.to_owned()))
            }
        };
        let place = place.ok_or("a virus scanner is named as tcp://host:port or unix:/path/to/clamd.sock")?;
        let seconds = Duration::from_secs;
        Ok(Scanner { place, connect: seconds(5), idle: seconds(150), whole: seconds(300) })
    }

    /// Asks about the file at `path`.
    ///
    /// # Errors
    /// No verdict: [`ScanError`] says why. A file that cannot be read is [`ScanError::Unavailable`] too.
    pub async fn scan(&self, path: &Path) -> Result<Verdict, ScanError> {
        let scan = async {
            let file = File::open(path).await.map_err(unreadable)?;
            let (mut from, mut to) = tokio::io::split(self.line().await?);
            let answer = answer(&mut from);
            tokio::pin!(answer);
            // Heard while the file is sent: the daemon says why it wants no more and hangs up, and a line that
            // breaks while one writes loses what it brought.
            let sent = tokio::select! {
                biased;
                sent = self.send(&mut to, file) => sent,
                early = &mut answer => return early.and_then(|early| refusal(&early)),
            };
            let answer = self.patiently(answer).await;
            match (answer, sent) {
                (Ok(answer), Ok(())) => verdict(&answer),
                (Ok(answer), Err(_)) => refusal(&answer),
                (Err(_), Err(error)) | (Err(error), Ok(())) => Err(error),
            }
        };
        self.in_time(scan).await
    }

    /// Whether the daemon is there and answers.
    ///
    /// # Errors
    /// [`ScanError::Unavailable`] or [`ScanError::Protocol`].
    pub async fn ping(&self) -> Result<(), ScanError> {
        let ping = async {
            let mut line = self.line().await?;
            self.patiently(async { line.write_all(b"zPING\0").await.map_err(broken) }).await?;
            match self.patiently(answer(&mut line)).await?.as_str() {
                "PONG" => Ok(()),
                answer => Err(odd(answer)),
            }
        };
        self.in_time(ping).await
    }

    async fn line(&self) -> Result<Box<dyn Line>, ScanError> {
        let opening = async {
            Ok(match &self.place {
                Place::Tcp(address) => Box::new(TcpStream::connect(address).await?) as Box<dyn Line>,
                Place::Unix(path) => Box::new(UnixStream::connect(path).await?),
            })
        };
        let opened: Result<io::Result<_>, _> = timeout(self.connect, opening).await;
        opened.map_err(|_| silent())?.map_err(broken)
    }

    async fn send(&self, to: &mut (impl AsyncWrite + Unpin), mut file: File) -> Result<(), ScanError> {
        let mut write = async |bytes: &[u8]| self.patiently(async { to.write_all(bytes).await.map_err(broken) }).await;
        write(b"zINSTREAM\0").await?;
        // Length and bytes go out together, so that a small file is one packet.
        let mut piece = vec![0; 4 + PIECE];
        loop {
            let n = file.read(&mut piece[4..]).await.map_err(unreadable)?;
            // At most 65536, and zero at the end, which is the end of the stream.
            let length = u32::try_from(n).unwrap_or_default();
            piece[..4].copy_from_slice(&length.to_be_bytes());
            write(&piece[..4 + n]).await?;
            if n == 0 {
                return Ok(());
            }
        }
    }

    /// As long as the daemon may be silent.
    async fn patiently<R>(&self, doing: impl Future<Output = Result<R, ScanError>>) -> Result<R, ScanError> {
        timeout(self.idle, doing).await.unwrap_or_else(|_| Err(silent()))
    }

    async fn in_time<R>(&self, doing: impl Future<Output = Result<R, ScanError>>) -> Result<R, ScanError> {
        timeout(self.whole, doing).await.unwrap_or_else(|_| Err(silent()))
    }
}

/// The answer, without the zero byte that ends it.
async fn answer(from: &mut (impl AsyncRead + Unpin)) -> Result<String, ScanError> {
    let mut answer = Vec::new();
    let mut part = [0; 512];
    while answer.last() != Some(&0) {
        let n = from.read(&mut part).await.map_err(broken)?;
        answer.extend_from_slice(&part[..n]);
        if n == 0 {
            return Err(ScanError::Unavailable("it hung up before the end of its answer".into()));
        }
        if answer.len() > LONGEST {
            return Err(ScanError::Protocol("its answer has no end".into()));
        }
    }
    answer.pop();
    // It goes into logs: nothing that moves a terminal's cursor.
    let text =
        answer.trim_ascii_end().iter().map(|&byte| if (b' '..=b'~').contains(&byte) { char::from(byte) } else { '?' });
    Ok(text.collect())
}

/// `stream: OK`, `stream: NAME FOUND`, or a text that ends with `ERROR`.
fn verdict(answer: &str) -> Result<Verdict, ScanError> {
    if answer.starts_with("INSTREAM size limit exceeded") {
        return Err(ScanError::TooLarge);
    }
    match answer.strip_prefix("stream: ") {
        Some("OK") => Ok(Verdict::Clean),
        Some(rest) => match rest.strip_suffix(" FOUND") {
            Some(name) if !name.is_empty() => Ok(Verdict::Found(name.to_owned())),
            _ => Err(odd(answer)),
        },
        None => Err(odd(answer)),
    }
}

/// The verdict of a daemon that has not seen the whole file: it may have found something, but not nothing.
fn refusal(answer: &str) -> Result<Verdict, ScanError> {
    match verdict(answer) {
        Ok(Verdict::Clean) => Err(ScanError::Protocol("it answers before it has the whole file".into())),
        verdict => verdict,
    }
}

trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<L: AsyncRead + AsyncWrite + Send + Unpin> Line for L {}

fn odd(answer: &str) -> ScanError {
    ScanError::Protocol(format!("it says {:?}", answer.chars().take(200).collect::<String>()))
}

fn silent() -> ScanError {
    ScanError::Unavailable("it does not answer in time".into())
}

fn broken(error: io::Error) -> ScanError {
    ScanError::Unavailable(error.to_string())
}

fn unreadable(error: io::Error) -> ScanError {
    ScanError::Unavailable(format!("the file to scan cannot be read: {error}"))
}
