//! What comes over a socket: taken whole, understood, checked, answered.

use super::{Client, Crowd};
use crate::Result;
use crate::load::dialect::{Heard, Place};
use crate::load::frames::{self, Frame};
use crate::load::socket::{Socket, State};
use std::time::Instant;

impl Crowd {
    pub(super) fn happened(&mut self, client: usize, readable: bool, writable: bool) {
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
