//! A connection's stream, of which we keep a handle while hyper owns it: hyper refuses a request that it cannot read,
//! or whose head is late, in few words or none, and the client shall learn why. Of a WebSocket it is all that is left.

use crate::tail::Sink;
use socket2::SockRef;
use std::io::{self, ErrorKind, IoSlice};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Who is refused may still be sending: closed over what was not read, they would get a reset in place of the answer.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 256 << 10;

#[derive(Clone)]
pub struct Stream(Arc<Shared>);

struct Shared {
    tcp: TcpStream,
    /// Something came since we last wrote: a request has begun.
    begun: AtomicBool,
    /// A request was handed on. What hyper writes before the first one is a refusal of its own, for which ours stands.
    asked: AtomicBool,
}

impl Stream {
    pub fn new(tcp: TcpStream) -> Stream {
        Stream(Arc::new(Shared { tcp, begun: AtomicBool::new(false), asked: AtomicBool::new(false) }))
    }

    /// A request's head came whole: it is answered by us.
    pub fn asked(&self) {
        self.0.asked.store(true, Relaxed);
    }

    /// Nothing was written yet, whatever hyper thinks.
    pub fn is_silent(&self) -> bool {
        !self.0.asked.load(Relaxed)
    }

    /// A request has begun that nobody has answered.
    pub fn is_waiting(&self) -> bool {
        self.0.begun.load(Relaxed)
    }

    /// Says the last that is said here. Tried once: who does not read it need not know.
    pub async fn last(mut self, bytes: &[u8]) {
        let _ = self.0.tcp.try_write(bytes);
        let _ = SockRef::from(&self.0.tcp).shutdown(Shutdown::Write);
        let rest = &mut (&mut self).take(LINGER_BYTES);
        let _ = tokio::time::timeout(LINGER, tokio::io::copy(rest, &mut tokio::io::sink())).await;
    }
}

impl Stream {
    pub fn tcp(&self) -> &TcpStream {
        &self.0.tcp
    }

    /// Where whoever has something to say puts it.
    pub fn sink(&self) -> Arc<dyn Sink> {
        Arc::clone(&self.0) as Arc<dyn Sink>
    }
}

impl Sink for Shared {
    fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
        // Past what the runtime knows of the socket, which lies elsewhere in memory: where it would wait, the connection's
        // task asks again, and learns it there.
        SockRef::from(&self.tcp).send(bytes)
    }

    fn touch(&self) {
        std::hint::black_box(self.tcp.as_raw_fd());
    }

    fn try_write(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        match parts {
            // A single piece costs the kernel less than a list of one.
            [part] => self.tcp.try_write(part),
            parts => self.tcp.try_write_vectored(parts),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Shared { tcp, begun, .. } = &*self.0;
        loop {
            ready!(tcp.poll_read_ready(cx))?;
            match tcp.try_read_buf(buf) {
                Ok(read) => {
                    if read > 0 {
                        begun.store(true, Relaxed);
                    }
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(cx, bytes.len(), |tcp| tcp.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(cx, parts.iter().map(|part| part.len()).sum(), |tcp| tcp.try_write_vectored(parts))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The last word is still to be said; after it, or without it, the connection is closed.
        if !self.0.asked.load(Relaxed) {
            return Poll::Ready(Ok(()));
        }
        Poll::Ready(SockRef::from(&self.0.tcp).shutdown(Shutdown::Write))
    }
}

impl Stream {
    fn write(
        &self,
        cx: &mut Context<'_>,
        len: usize,
        attempt: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let Shared { tcp, begun, asked } = &*self.0;
        if !asked.load(Relaxed) {
            return Poll::Ready(Ok(len));
        }
        loop {
            ready!(tcp.poll_write_ready(cx))?;
            match attempt(tcp) {
                Ok(written) => {
                    begun.store(false, Relaxed);
                    return Poll::Ready(Ok(written));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}
