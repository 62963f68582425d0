//! A WebSocket as the rest of the program sees it.

use super::stream::Stream;
use crate::tail::Sink;
use crate::wire::{self, Heard, Reader, Wrong};
use protocol::Close;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::Interest;

/// Read at once, in bytes: most of what people say is far shorter.
const READ: usize = 4 << 10;
/// What the kernel holds of what a peer did not take yet, in bytes; the rest waits with us, where all share the same.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 16 << 10;
/// A peer that takes its last frame so slowly is not waited for any longer.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// A peer that does not answer a close frame within this is not waited for.
const CLOSING: Duration = Duration::from_secs(1);

pub struct Socket {
    stream: Stream,
    reader: Reader,
    /// What the peer sent cannot be read on.
    broken: bool,
}

/// What a wait for the peer ended with.
pub struct Turn {
    /// Bytes came.
    pub came: bool,
    /// The peer takes more.
    pub takes: bool,
}

impl Socket {
    /// `early`: what the peer sent behind its request.
    pub fn new(stream: Stream, early: &[u8], largest: usize) -> Socket {
        // Of what a peer does not take, the kernel would hold megabytes, for each of them. Other systems know no such bound.
        #[cfg(target_os = "linux")]
        let _ = socket2::SockRef::from(stream.tcp()).set_tcp_notsent_lowat(UNSENT);
        let mut reader = Reader::new(largest);
        reader.feed(early);
        Socket { stream, reader, broken: false }
    }

    /// Where others may write.
    pub fn sink(&self) -> Arc<dyn Sink> {
        self.stream.sink()
    }

    /// The next of what the peer has sent already; `None` where more has to come.
    ///
    /// # Errors
    /// How the peer is to be told that it broke a rule.
    pub fn hear(&mut self) -> Result<Option<Heard>, Close> {
        self.reader.hear().map_err(|wrong| {
            self.broken = true;
            match wrong {
                Wrong::Protocol => Close::Protocol,
                Wrong::NotText => Close::NotText,
                Wrong::TooLarge => Close::TooLarge,
            }
        })
    }

    /// Waits until the peer has sent more, and takes it.
    ///
    /// # Errors
    /// The peer is gone.
    pub async fn more(&mut self) -> io::Result<()> {
        while !self.turn(true, false).await?.came {}
        Ok(())
    }

    /// Waits until the peer has sent more, which is taken, or takes more itself; each only where it is asked for.
    ///
    /// # Errors
    /// The peer is gone.
    pub async fn turn(&mut self, reads: bool, writes: bool) -> io::Result<Turn> {
        let interest = match (reads, writes) {
            (true, true) => Interest::READABLE | Interest::WRITABLE,
            (true, false) => Interest::READABLE,
            (false, true) => Interest::WRITABLE,
            (false, false) => return std::future::pending().await,
        };
        let ready = self.stream.tcp().ready(interest).await?;
        let came = ready.is_readable() && self.read()?;
        Ok(Turn { came, takes: ready.is_writable() })
    }

    /// On the stack, and in a function of its own: a connection that rests holds no buffer.
    fn read(&mut self) -> io::Result<bool> {
        let mut bytes = [0; READ];
        match self.stream.tcp().try_read(&mut bytes) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(many) => {
                self.reader.feed(&bytes[..many]);
                Ok(true)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes all of it: for what is said before and after a connection has its queue.
    ///
    /// # Errors
    /// The peer is gone.
    pub async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.tcp().writable().await?;
            match self.stream.tcp().try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The peer said that this is the end: answered with its own code.
    pub async fn answer_close(self, remainder: Vec<u8>, code: Option<u16>) {
        let bytes = [&remainder, wire::closing(code, "").bytes()].concat();
        let _ = tokio::time::timeout(CLOSING, self.write(&bytes)).await;
    }

    /// Says why, and ends it. `last` goes before it: the rest of a frame, a word of its own.
    pub async fn close(mut self, mut last: Vec<u8>, why: Close, reason: &str) {
        last.extend_from_slice(wire::closing(Some(why.code()), reason).bytes());
        if !matches!(tokio::time::timeout(LAST_WORDS, self.write(&last)).await, Ok(Ok(()))) {
            return;
        }
        if self.broken {
            // Bytes that nobody reads would make the kernel reset the connection, and the frame be lost.
            let _ = tokio::time::timeout(CLOSING, self.swallow()).await;
            return;
        }
        let answer = async {
            // Until the peer has answered: cutting at once could lose the frame on its way.
            loop {
                match self.hear() {
                    Ok(Some(Heard::Close(_))) | Err(_) => return,
                    Ok(Some(_)) => {}
                    Ok(None) if self.more().await.is_err() => return,
                    Ok(None) => {}
                }
            }
        };
        let _ = tokio::time::timeout(CLOSING, answer).await;
    }

    /// Reads and forgets, until the peer is gone.
    async fn swallow(&mut self) {
        while self.more().await.is_ok() {
            self.reader = Reader::default();
        }
    }
}
