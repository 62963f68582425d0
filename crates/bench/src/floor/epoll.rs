//! F1, F1c and F1h: the least that a server can do. One thread, one epoll; a WebSocket's path is its room; what one says,
//! all in the room hear. Nobody is asked who they are, nothing is kept.
//!
//! F1 makes one send for each delivery. F1c joins all that came in one turn of the poll, and all that waits for a
//! socket, into one write. F1h is F1, and is asked once more before one is in, as Parlour is: `hello`, `welcome`.

use crate::load::frames::{from_client, write_server};
use crate::{Result, failed};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Which of them it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    F1,
    F1c,
    F1h,
}

const LISTENER: Token = Token(usize::MAX);
const BUFFER: usize = 64 << 10;
/// Who has so much waiting is cut off.
const QUEUE: usize = 16 << 20;

struct Peer {
    stream: TcpStream,
    /// What has begun and is not whole.
    rest: Vec<u8>,
    /// What the kernel did not take yet.
    queue: Vec<u8>,
    room: Option<usize>,
}

#[derive(Default)]
struct Room {
    peers: Vec<usize>,
    /// What was said in this turn.
    said: Vec<u8>,
}

struct Server {
    poll: Poll,
    peers: Vec<Option<Peer>>,
    free: Vec<usize>,
    rooms: Vec<Room>,
    names: HashMap<String, usize>,
    floor: Floor,
    /// What F1h says to who has come, framed: about as long as what Parlour says.
    welcome: Vec<u8>,
    frame: Vec<u8>,
}

/// Serves until it is killed.
///
/// # Errors
/// The address is taken, or the poll failed.
pub fn serve(address: SocketAddr, floor: Floor) -> Result<()> {
    run(address, floor).map_err(failed("the floor"))
}

fn run(address: SocketAddr, floor: Floor) -> std::io::Result<()> {
    let mut listener = TcpListener::bind(address)?;
    let poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let (peers, free, rooms, names) = Default::default();
    let mut welcome = Vec::new();
    write_server(1, format!("{{\"t\":\"welcome\",\"me\":\"{:290}\"}}", "").as_bytes(), &mut welcome);
    let mut server = Server { poll, peers, free, rooms, names, floor, welcome, frame: Vec::new() };
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; BUFFER];
    loop {
        server.poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                server.accept(&listener)?;
                continue;
            }
            let peer = event.token().0;
            if event.is_writable() {
                server.write(peer, None);
            }
            if event.is_readable() {
                server.read(peer, &mut buffer);
            }
        }
        if floor == Floor::F1c {
            (0..server.rooms.len()).for_each(|room| server.tell(room));
        }
    }
}

impl Server {
    fn accept(&mut self, listener: &TcpListener) -> std::io::Result<()> {
        loop {
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            stream.set_nodelay(true)?;
            let at = self.free.pop().unwrap_or(self.peers.len());
            self.poll.registry().register(&mut stream, Token(at), Interest::READABLE | Interest::WRITABLE)?;
            let peer = Peer { stream, rest: Vec::new(), queue: Vec::new(), room: None };
            if at == self.peers.len() { self.peers.push(Some(peer)) } else { self.peers[at] = Some(peer) }
        }
    }

    fn read(&mut self, at: usize, buffer: &mut [u8]) {
        while let Some(peer) = &mut self.peers[at] {
            match peer.stream.read(buffer) {
                Ok(0) => return self.close(at),
                Ok(bytes) => {
                    let mut came = std::mem::take(&mut peer.rest);
                    came.extend_from_slice(&buffer[..bytes]);
                    let Ok(used) = self.take(at, &came) else { return self.close(at) };
                    came.drain(..used);
                    if let Some(peer) = &mut self.peers[at] {
                        peer.rest = if came.is_empty() { Vec::new() } else { came };
                    }
                    if bytes < buffer.len() {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => return self.close(at),
            }
        }
    }

    fn take(&mut self, at: usize, bytes: &[u8]) -> std::result::Result<usize, &'static str> {
        let mut used = 0;
        let Some(peer) = &self.peers[at] else { return Ok(bytes.len()) };
        let room = match peer.room {
            Some(room) => room,
            None => {
                let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else { return Ok(0) };
                used = end + 4;
                self.upgrade(at, &bytes[..end])?
            }
        };
        let mut said = std::mem::take(&mut self.frame);
        while let Some((opcode, length)) = from_client(&bytes[used..], &mut said)? {
            used += length;
            match opcode {
                1 if self.floor == Floor::F1h => {
                    let welcome = std::mem::take(&mut self.welcome);
                    self.write(at, Some(&welcome));
                    self.welcome = welcome;
                }
                1 => {
                    write_server(1, &said, &mut self.rooms[room].said);
                    if self.floor == Floor::F1 {
                        self.tell(room);
                    }
                }
                8 => return Err("a farewell"),
                _ => {}
            }
        }
        self.frame = said;
        Ok(used)
    }

    fn upgrade(&mut self, at: usize, head: &[u8]) -> std::result::Result<usize, &'static str> {
        let head = std::str::from_utf8(head).map_err(|_| "no request")?;
        let mut lines = head.lines();
        let name = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no request")?;
        let mut fields = lines.filter_map(|line| line.split_once(':'));
        let key = fields.find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key")).ok_or("no WebSocket")?;
        let accept = derive_accept_key(key.1.trim().as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-accept: {accept}\r\n\r\n"
        );
        let rooms = self.names.len();
        let room = *self.names.entry(name.to_owned()).or_insert(rooms);
        self.rooms.resize_with(self.names.len(), Room::default);
        // What was said before one came is not for one.
        self.tell(room);
        self.rooms[room].peers.push(at);
        if let Some(peer) = &mut self.peers[at] {
            peer.room = Some(room);
        }
        self.write(at, Some(answer.as_bytes()));
        Ok(room)
    }

    /// Everybody in the room is given what was said.
    fn tell(&mut self, room: usize) {
        let said = std::mem::take(&mut self.rooms[room].said);
        if !said.is_empty() {
            // From the end: whoever is cut off meanwhile makes place for one that had it.
            for place in (0..self.rooms[room].peers.len()).rev() {
                let at = self.rooms[room].peers[place];
                self.write(at, Some(&said));
            }
        }
        self.rooms[room].said = said;
        self.rooms[room].said.clear();
    }

    /// Sends what waits, then `more`.
    fn write(&mut self, at: usize, more: Option<&[u8]>) {
        let Some(peer) = &mut self.peers[at] else { return };
        let more = more.unwrap_or_default();
        let sent = if peer.queue.is_empty() {
            let sent = send(&mut peer.stream, more);
            sent.map(|sent| peer.queue.extend_from_slice(&more[sent..]))
        } else {
            peer.queue.extend_from_slice(more);
            send(&mut peer.stream, &peer.queue).map(|sent| _ = peer.queue.drain(..sent))
        };
        if sent.is_err() || peer.queue.len() > QUEUE {
            self.close(at);
        }
    }

    fn close(&mut self, at: usize) {
        if let Some(Peer { room: Some(room), .. }) = self.peers[at].take() {
            let peers = &mut self.rooms[room].peers;
            if let Some(place) = peers.iter().position(|peer| *peer == at) {
                peers.swap_remove(place);
            }
        }
        self.free.push(at);
    }
}

/// How much of it the kernel took.
fn send(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<usize> {
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(more) => sent += more,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
