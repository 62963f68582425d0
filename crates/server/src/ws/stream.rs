//! A connection's stream, of which we keep a handle while hyper owns it: hyper closes a connection whose request
//! head does not arrive in time without a word, and the client shall learn why. Of a WebSocket it is all that is left.

use crate::tail::Sink;
use socket2::SockRef;
use std::io::{self, ErrorKind, IoSlice};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

#[derive(Clone)]
pub struct Stream(Arc<Shared>);

struct Shared {
    tcp: TcpStream,
    /// Something came since we last wrote: a request has begun.
    begun: AtomicBool,
}

impl Stream {
    pub fn new(tcp: TcpStream) -> Stream {
        Stream(Arc::new(Shared { tcp, begun: AtomicBool::new(false) }))
    }

    /// Says 408 where a request had begun. Tried once: who does not read either need not know.
    pub fn too_slow(&self) {
        if self.0.begun.load(Relaxed) {
            let _ = self.0.tcp.try_write(TOO_SLOW);
        }
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
        let Shared { tcp, begun } = &*self.0;
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
        self.write(cx, |tcp| tcp.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(cx, |tcp| tcp.try_write_vectored(parts))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(SockRef::from(&self.0.tcp).shutdown(Shutdown::Write))
    }
}

impl Stream {
    fn write(
        &self,
        cx: &mut Context<'_>,
        attempt: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let Shared { tcp, begun } = &*self.0;
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
