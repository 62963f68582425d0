//! Everybody who is connected: one thread, one poll, and what each was given is checked as it comes.

use super::dialect::{Dialect, Heard, Member, Place};
use super::frames::{self, Frame};
use super::room::Room;
use super::socket::{Socket, State};
use super::spec::Spec;
use super::tally::Tally;
use crate::{Result, failed};
use mio::{Events, Poll, Token};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// As many bytes are taken from a socket at once.
const BUFFER: usize = 128 << 10;

pub struct Client {
    room: usize,
    member: Member,
    socket: Option<Socket>,
    pub tally: Tally,
    /// It does not read any more, and nothing is expected of it.
    pub stalled: bool,
}

pub struct Crowd {
    dialect: Dialect,
    address: SocketAddr,
    poll: Poll,
    events: Events,
    buffer: Vec<u8>,
    pub rooms: Vec<Room>,
    pub clients: Vec<Client>,
    /// Who connects next, and how many are about to.
    waiting: VecDeque<usize>,
    opening: usize,
    at_most: usize,
    /// Writers that have something to send.
    unsent: Vec<usize>,
    /// Rooms in which a message has come to its end.
    pub freed: Vec<usize>,
    pub delivered: u64,
    /// How many came into their rooms.
    pub entered: u64,
    /// How long each message took until the last had it; until it was acknowledged.
    pub lasts: Vec<Duration>,
    pub acks: Vec<Duration>,
    /// The first thing that broke, in words.
    pub broken: Option<String>,
}

impl Crowd {
    /// Everybody, nobody connected yet.
    ///
    /// # Errors
    /// The kernel has no poll for us.
    pub fn new(spec: &Spec) -> Result<Crowd> {
        let (mut rooms, mut clients) = (Vec::new(), Vec::new());
        for (number, room) in spec.rooms.iter().enumerate() {
            rooms.push(Room::new(room, clients.len(), spec.dialect.echoes()));
            clients.extend(room.members.iter().map(|member| Client {
                room: number,
                member: member.clone(),
                socket: None,
                tally: Tally::default(),
                stalled: false,
            }));
        }
        Ok(Crowd {
            dialect: spec.dialect,
            address: spec.address,
            poll: Poll::new().map_err(failed("poll"))?,
            events: Events::with_capacity(1024),
            buffer: vec![0; BUFFER],
            rooms,
            clients,
            waiting: VecDeque::new(),
            opening: 0,
            at_most: spec.opening,
            unsent: Vec::new(),
            freed: Vec::new(),
            delivered: 0,
            entered: 0,
            lasts: Vec::new(),
            acks: Vec::new(),
            broken: None,
        })
    }

    /// Waits until something happens, at most so long, and takes all that came.
    ///
    /// # Errors
    /// The poll failed.
    pub fn turn(&mut self, most: Duration) -> Result<()> {
        let mut events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        match self.poll.poll(&mut events, Some(most)) {
            Err(error) if error.kind() != std::io::ErrorKind::Interrupted => return Err(format!("poll: {error}")),
            _ => {}
        }
        for event in &events {
            self.happened(event.token().0, event.is_readable(), event.is_writable());
        }
        self.events = events;
        self.open();
        Ok(())
    }

    /// These will connect, so many at a time, as the turns go on.
    pub fn connect(&mut self, clients: impl Iterator<Item = usize>) {
        self.waiting.extend(clients);
        self.open();
    }

    /// Whether somebody is still on the way in.
    pub fn is_opening(&self) -> bool {
        self.opening > 0 || !self.waiting.is_empty()
    }

    /// Cuts this one off, from our side.
    pub fn disconnect(&mut self, client: usize) {
        self.clients[client].socket = None;
    }

    /// This one does not read any more.
    pub fn stall(&mut self, client: usize) {
        let found = &mut self.clients[client];
        found.stalled = true;
        if let Some(socket) = &mut found.socket {
            let _ = socket.forget(self.poll.registry());
        }
        self.rooms[found.room].listeners -= 1;
    }

    /// The next writer of the room sends the next message, counted from `at`. It goes out with [`Crowd::flush`].
    pub fn send(&mut self, room: usize, at: Instant) {
        let (client, mark) = self.rooms[room].send(room, at);
        if let Some(socket) = &mut self.clients[client].socket {
            if socket.out().is_empty() {
                self.unsent.push(client);
            }
            self.dialect.send(&self.rooms[room].name, mark, socket.out());
        }
    }

    pub fn flush(&mut self) {
        while let Some(client) = self.unsent.pop() {
            if let Some(Err(error)) = self.clients[client].socket.as_mut().map(Socket::flush) {
                self.lose(client, &error.to_string());
            }
        }
    }

    fn open(&mut self) {
        while self.opening < self.at_most
            && let Some(client) = self.waiting.pop_front()
        {
            match Socket::connect(self.address, self.poll.registry(), Token(client)) {
                Ok(socket) => {
                    self.clients[client].socket = Some(socket);
                    self.opening += 1;
                }
                Err(error) => self.lose(client, &error.to_string()),
            }
        }
    }

    /// The connection ended without our doing.
    fn lose(&mut self, client: usize, why: &str) {
        let Client { socket, stalled, .. } = &mut self.clients[client];
        let was = socket.take().map(|socket| socket.state);
        if !matches!(was, Some(State::In)) {
            self.opening = self.opening.saturating_sub(1);
        }
        if !*stalled {
            self.broken.get_or_insert_with(|| format!("client {client} was cut off ({was:?}): {why}"));
        }
    }

    fn happened(&mut self, client: usize, readable: bool, writable: bool) {
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = self.serve(client, readable, writable, &mut buffer);
        self.buffer = buffer;
        if let Err(error) = result {
            self.lose(client, &error);
        }
    }

    fn serve(&mut self, client: usize, readable: bool, writable: bool, buffer: &mut [u8]) -> Result<()> {
        let Client { socket, room, member, tally, stalled } = &mut self.clients[client];
        // An event may be older than our own closing.
        let Some(mut socket) = socket.take_if(|_| !*stalled) else { return Ok(()) };
        let words = |error: std::io::Error| error.to_string();
        if socket.state == State::Connecting && socket.connected().map_err(words)? {
            let place = Place { room: &self.rooms[*room].name, client, member, seq: tally.seq };
            socket.state = if self.dialect.lines() { State::Greeting } else { State::Upgrading };
            socket.out().extend(self.dialect.open(&place));
            socket.flush().map_err(words)?;
        } else if writable && !socket.out().is_empty() {
            socket.flush().map_err(words)?;
        }
        let result = if readable { self.read(client, &mut socket, buffer) } else { Ok(()) };
        self.clients[client].socket = Some(socket);
        result
    }

    fn read(&mut self, client: usize, socket: &mut Socket, buffer: &mut [u8]) -> Result<()> {
        while let Some(bytes) = socket.read(buffer).map_err(|error| error.to_string())? {
            let came = &buffer[..bytes];
            if socket.rest.is_empty() {
                let used = self.take(client, socket, came)?;
                socket.rest.extend_from_slice(&came[used..]);
            } else {
                let mut rest = std::mem::take(&mut socket.rest);
                rest.extend_from_slice(came);
                let used = self.take(client, socket, &rest)?;
                rest.drain(..used);
                // Most have no rest: they keep no memory for it.
                socket.rest = if rest.is_empty() { Vec::new() } else { rest };
            }
            // The kernel tells of what comes later.
            if bytes < buffer.len() {
                break;
            }
        }
        Ok(())
    }

    /// Takes all that is whole, and answers how many bytes that was.
    fn take(&mut self, client: usize, socket: &mut Socket, bytes: &[u8]) -> Result<usize> {
        let mut used = 0;
        let now = Instant::now();
        if socket.state == State::Upgrading {
            let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else { return Ok(0) };
            if !bytes.starts_with(b"HTTP/1.1 101") {
                return Err(format!("no upgrade: {}", String::from_utf8_lossy(&bytes[..end])));
            }
            used = end + 4;
            socket.state = State::Greeting;
            let Client { room, member, tally, .. } = &self.clients[client];
            let place = Place { room: &self.rooms[*room].name, client, member, seq: tally.seq };
            match self.dialect.greet(&place) {
                Some(words) => socket.out().extend(words),
                None => self.enter(socket),
            }
            socket.flush().map_err(|error| error.to_string())?;
        }
        loop {
            let rest = &bytes[used..];
            let next = if self.dialect.lines() {
                frames::line(rest).map(|(line, length)| (Frame::Text(line), length))
            } else {
                frames::from_server(rest)?
            };
            let Some((frame, length)) = next else { return Ok(used) };
            used += length;
            self.heard(client, socket, &frame, now)?;
        }
    }

    fn enter(&mut self, socket: &mut Socket) {
        if socket.state != State::In {
            socket.state = State::In;
            self.opening -= 1;
            self.entered += 1;
        }
    }

    fn heard(&mut self, client: usize, socket: &mut Socket, frame: &Frame<'_>, now: Instant) -> Result<()> {
        let Client { room: number, member, tally, .. } = &mut self.clients[client];
        let room = &mut self.rooms[*number];
        let place = Place { room: &room.name, client, member, seq: tally.seq };
        match self.dialect.hear(frame, &place) {
            Heard::Message(mark, seq) if mark.room == *number && mark.writer < room.writers => {
                self.delivered += 1;
                if seq != 0 {
                    tally.numbered(seq);
                }
                if tally.heard(mark.writer, mark.n)
                    && let Some(took) = room.heard(mark, now)
                {
                    self.lasts.push(took);
                    self.freed.push(*number);
                }
            }
            Heard::Acked(n, seq) => {
                if let Some(took) = room.acked(client, n, seq, now) {
                    self.acks.push(took);
                    self.freed.push(*number);
                }
            }
            Heard::Ready => self.enter(socket),
            Heard::Answer(words) => {
                socket.out().extend(words);
                socket.flush().map_err(|error| error.to_string())?;
            }
            Heard::Message(..) | Heard::Wrong => {
                tally.wrong.strange += 1;
                let text = match frame {
                    Frame::Text(text) | Frame::Ping(text) | Frame::Close(text) => text,
                    Frame::Other => &b""[..],
                };
                let text = String::from_utf8_lossy(&text[..text.len().min(300)]);
                self.broken.get_or_insert_with(|| format!("client {client} was given {text:?}"));
            }
            Heard::Nothing => {}
        }
        Ok(())
    }
}
