//! One connection: bytes in, bytes out, never waiting. It keeps nothing but what is begun and not whole.

use mio::event::Source;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::{Domain, SockRef, Type};
use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// So many connections come from one address. The kernel looks for a free port ever longer, the more are taken.
const PORTS: usize = 8_000;

fn connect_from(source: Ipv4Addr, address: SocketAddr) -> Result<std::net::TcpStream> {
    let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((source, 0)).into())?;
    match socket.connect(&address.into()) {
        // The poll says when it is there.
        Err(error) if error.raw_os_error() != Some(IN_PROGRESS) => Err(error),
        _ => Ok(socket.into()),
    }
}

/// EINPROGRESS, for which the library has no stable name.
const IN_PROGRESS: i32 = 115;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Until the kernel says that it is there.
    Connecting,
    /// Until the server has agreed to speak WebSocket.
    Upgrading,
    /// Until it is in its room.
    Greeting,
    In,
}

pub struct Socket {
    stream: TcpStream,
    pub state: State,
    /// A frame that has begun.
    pub rest: Vec<u8>,
    out: Vec<u8>,
}

impl Socket {
    pub fn connect(address: SocketAddr, registry: &Registry, token: Token) -> Result<Socket> {
        let mut stream = match token.0 / PORTS {
            0 => TcpStream::connect(address)?,
            many => TcpStream::from_std(connect_from(Ipv4Addr::new(127, 0, 0, 1 + many as u8), address)?),
        };
        stream.register(registry, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Socket { stream, state: State::Connecting, rest: Vec::new(), out: Vec::new() })
    }

    /// Once the kernel says that something happened: is it there?
    pub fn connected(&self) -> Result<bool> {
        if let Some(error) = self.stream.take_error()? {
            return Err(error);
        }
        match self.stream.peer_addr() {
            Ok(_) => self.stream.set_nodelay(true).map(|()| true),
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Nobody listens here any more: the kernel's buffers fill.
    pub fn forget(&mut self, registry: &Registry) -> Result<()> {
        self.stream.deregister(registry)
    }

    /// How many bytes came. `None`: none for now.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>> {
        loop {
            return match self.stream.read(buffer) {
                Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
        }
    }

    /// What the next [`Socket::flush`] sends.
    pub fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Sends what waits, as far as the kernel takes it; the rest goes when it is writable again.
    pub fn flush(&mut self) -> Result<()> {
        let mut sent = 0;
        while sent < self.out.len() {
            match self.stream.write(&self.out[sent..]) {
                Ok(bytes) => sent += bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.drain(..sent);
        Ok(())
    }
}

impl Drop for Socket {
    /// Cut off, not closed with grace: that would leave each port taken for a minute, and the next run without any.
    fn drop(&mut self) {
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }
}
