//! Everybody who is connected: one thread, one poll, and what each was given is checked as it comes.

mod hear;

use super::dialect::{Dialect, Member};
use super::room::Room;
use super::socket::{Socket, State};
use super::spec::Spec;
use super::tally::Tally;
use crate::{Result, failed};
use mio::{Events, Poll, Token};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// So many others are heard before those who measure are looked at again: what they wait for shall not be us.
const OTHERS: usize = 4;
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
    /// Those who measure how long something takes while we are busy with others.
    pub probes: Vec<usize>,
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
            probes: Vec::new(),
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
        let probes = std::mem::take(&mut self.probes);
        for (n, event) in events.iter().enumerate() {
            if n % OTHERS == 0 {
                probes.iter().for_each(|probe| self.happened(*probe, true, false));
            }
            self.happened(event.token().0, event.is_readable(), event.is_writable());
        }
        self.probes = probes;
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
}
