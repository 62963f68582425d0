//! How each contender is spoken to: what a client says first, how it sends, and what a frame means.

mod xmpp;

use super::frames::{Frame, write_client};
use super::text::{self, Mark};
use serde::{Deserialize, Serialize};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// Our own.
    Parlour,
    /// A WebSocket whose path is the room; what one says, all in it hear. The floors and `ws`.
    Plain,
    /// Socket.IO 5 over Engine.IO 4, by WebSocket from the start.
    SocketIo,
    Irc,
    /// XMPP over WebSocket, a chat room each.
    Xmpp,
}

/// What a frame was.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// The client is in, and follows its room.
    Ready,
    /// This is to be answered, framed as it stands.
    Answer(Vec<u8>),
    /// A message, and the number that the server gave it, where it gives any.
    Message(Mark, u64),
    /// The writer's own message is kept under this number.
    Acked(usize, u64),
    /// A message that is not as it was sent, or a refusal.
    Wrong,
    Nothing,
}

/// Who connects.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Member {
    pub token: String,
}

/// Where a client is, seen from the server.
pub struct Place<'a> {
    /// As the server knows it.
    pub room: &'a str,
    /// Of all clients: names are made of it.
    pub client: usize,
    pub member: &'a Member,
    /// The newest seq that is held of the room; 0: none.
    pub seq: u64,
}

impl Dialect {
    /// Whether a writer hears its own messages.
    pub fn echoes(self) -> bool {
        self != Dialect::Irc
    }

    /// Whether lines are spoken, not frames.
    pub fn lines(self) -> bool {
        self == Dialect::Irc
    }

    /// What a client sends as soon as it is connected.
    pub fn open(self, place: &Place<'_>) -> Vec<u8> {
        let path = match self {
            Dialect::Irc => {
                return format!("NICK n{}\r\nUSER u 0 * :u\r\n", place.client).into_bytes();
            }
            Dialect::Parlour => "/api/v1/live",
            Dialect::Plain => &format!("/{}", place.room),
            Dialect::SocketIo => "/socket.io/?EIO=4&transport=websocket",
            Dialect::Xmpp => xmpp::PATH,
        };
        let protocol = if self == Dialect::Xmpp { xmpp::PROTOCOL } else { "" };
        // A fixed key: the server's proof that it understood is not what is measured.
        format!(
            "GET {path} HTTP/1.1\r\nhost: bench\r\nupgrade: websocket\r\nconnection: upgrade\r\n{protocol}\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .into_bytes()
    }

    /// What it sends once the socket is there. `None`: it is in already.
    pub fn greet(self, place: &Place<'_>) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Dialect::Parlour => {
                let Place { room, seq, member, .. } = place;
                let cursors = if *seq == 0 { String::new() } else { format!("[{room},{seq}]") };
                let hello =
                    format!("{{\"t\":\"hello\",\"v\":1,\"token\":\"{}\",\"cursors\":[{cursors}]}}", member.token);
                write_client(1, hello.as_bytes(), &mut out);
                Some(out)
            }
            Dialect::Plain => None,
            Dialect::Xmpp => {
                write_client(1, xmpp::OPEN.as_bytes(), &mut out);
                Some(out)
            }
            // The server speaks first: see `hear`.
            Dialect::SocketIo | Dialect::Irc => Some(out),
        }
    }

    /// A message, framed.
    pub fn send(self, room: &str, mark: Mark, out: &mut Vec<u8>) {
        let text = text::write(mark);
        match self {
            Dialect::Parlour => {
                let id = client_id(mark);
                let frame = format!("{{\"t\":\"send\",\"room\":{room},\"client_id\":\"{id}\",\"text\":\"{text}\"}}");
                write_client(1, frame.as_bytes(), out);
            }
            Dialect::Plain => write_client(1, text.as_bytes(), out),
            Dialect::SocketIo => write_client(1, format!("42[\"say\",\"{text}\"]").as_bytes(), out),
            Dialect::Xmpp => write_client(1, xmpp::say(room, &text).as_bytes(), out),
            Dialect::Irc => out.extend_from_slice(format!("PRIVMSG #{room} :{text}\r\n").as_bytes()),
        }
    }

    /// What a frame means. Lines come as `Frame::Text`.
    pub fn hear(self, frame: &Frame<'_>, place: &Place<'_>) -> Heard {
        let text = match frame {
            Frame::Text(text) => *text,
            Frame::Ping(payload) => {
                let mut pong = Vec::new();
                write_client(10, payload, &mut pong);
                return Heard::Answer(pong);
            }
            Frame::Close(_) => return Heard::Wrong,
            Frame::Other => return Heard::Nothing,
        };
        match self {
            Dialect::Parlour => parlour(text),
            Dialect::Plain => message(text, 0),
            Dialect::SocketIo => socket_io(text, place),
            Dialect::Irc => irc(text, place),
            Dialect::Xmpp => xmpp::hear(text, place),
        }
    }
}

/// A frame to be answered by this one.
fn answer(payload: &str) -> Heard {
    let mut out = Vec::new();
    write_client(1, payload.as_bytes(), &mut out);
    Heard::Answer(out)
}

fn message(text: &[u8], seq: u64) -> Heard {
    text::read(text).map_or(Heard::Wrong, |mark| Heard::Message(mark, seq))
}

fn parlour(text: &[u8]) -> Heard {
    let kind = text.strip_prefix(b"{\"t\":\"").unwrap_or_default();
    if kind.starts_with(b"event\"") {
        // Joins and the like are numbered too, and no message of ours.
        return match field(text, b"\"seq\":") {
            Some(seq) if memchr::memmem::find(text, b"\"kind\":\"message\"").is_some() => message(text, seq),
            _ => Heard::Wrong,
        };
    }
    if kind.starts_with(b"ack\"") {
        let acked = || Some(Heard::Acked(acked_number(text)?, field(text, b"\"seq\":")?));
        return acked().unwrap_or(Heard::Wrong);
    }
    if kind.starts_with(b"welcome\"") {
        return Heard::Ready;
    }
    if kind.starts_with(b"refused\"") || kind.starts_with(b"reset\"") || kind.starts_with(b"gone\"") {
        return Heard::Wrong;
    }
    Heard::Nothing
}

fn socket_io(text: &[u8], place: &Place<'_>) -> Heard {
    match text {
        [b'0', ..] => answer("40"),
        [b'2', ..] => answer("3"),
        [b'4', b'0', ..] => answer(&format!("42[\"enter\",\"{}\"]", place.room)),
        [b'4', b'2', rest @ ..] if rest.starts_with(b"[\"said\"") => message(rest, 0),
        [b'4', b'2', rest @ ..] if rest.starts_with(b"[\"entered\"") => Heard::Ready,
        [b'1', ..] | [b'4', b'1' | b'4', ..] => Heard::Wrong,
        _ => Heard::Nothing,
    }
}

fn irc(line: &[u8], place: &Place<'_>) -> Heard {
    if let Some(token) = line.strip_prefix(b"PING ") {
        return Heard::Answer([b"PONG ", token, b"\r\n"].concat());
    }
    let command = line.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    match command {
        b"PRIVMSG" => message(line, 0),
        b"001" => Heard::Answer(format!("JOIN #{}\r\n", place.room).into_bytes()),
        // The end of the list of names: one is in the channel.
        b"366" => Heard::Ready,
        // Refusals; that there is no greeting of the day is none.
        [b'4', ..] if command != b"422" => Heard::Wrong,
        _ if line.starts_with(b"ERROR") => Heard::Wrong,
        _ => Heard::Nothing,
    }
}

/// As our own clients make them: UUIDs of version 7. The end of it says which message of its writer it is.
fn client_id(mark: Mark) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() & 0xFFFF_FFFF_FFFF;
    let Mark { room, writer, n } = mark;
    format!("{:08x}-{:04x}-7{:03x}-8{:03x}-{n:012x}", now >> 16, now & 0xFFFF, room & 0xFFF, writer & 0xFFF)
}

/// The message that an `ack` speaks of.
fn acked_number(text: &[u8]) -> Option<usize> {
    let key = b"\"client_id\":\"";
    let at = memchr::memmem::find(text, key)? + key.len();
    let digits = std::str::from_utf8(text.get(at..at + 36)?.get(24..)?).ok()?;
    usize::from_str_radix(digits, 16).ok()
}

/// The number that follows this key.
fn field(text: &[u8], key: &[u8]) -> Option<u64> {
    let rest = &text[memchr::memmem::find(text, key)? + key.len()..];
    let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    text::number(&rest[..end]).map(|number| number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { room: 3, writer: 2, n: 71 };

    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: Heard) {
        let place = Place { room: "7", client: 1, member: &Member::default(), seq: 0 };
        assert_eq!(dialect.hear(&Frame::Text(text.as_bytes()), &place), expected);
    }

    #[test]
    fn parlours_frames() {
        let id = client_id(MARK);
        let text = text::write(MARK);
        let event = format!(
            "{{\"t\":\"event\",\"room\":7,\"seq\":41,\"kind\":\"message\",\"client_id\":\"{id}\",\"text\":\"{text}\"}}"
        );
        check(Dialect::Parlour, &event, Heard::Message(MARK, 41));
        check(Dialect::Parlour, &event.replace("soup", "soap"), Heard::Wrong);
        let ack = format!("{{\"t\":\"ack\",\"client_id\":\"{id}\",\"room\":7,\"seq\":41}}");
        check(Dialect::Parlour, &ack, Heard::Acked(71, 41));
        check(Dialect::Parlour, "{\"t\":\"refused\",\"code\":\"busy\"}", Heard::Wrong);
        check(Dialect::Parlour, "{\"t\":\"welcome\",\"me\":{}}", Heard::Ready);
        check(Dialect::Parlour, "{\"t\":\"presence\",\"users\":[]}", Heard::Nothing);
    }

    #[test]
    fn the_others_messages() {
        let text = text::write(MARK);
        check(Dialect::Plain, &text, Heard::Message(MARK, 0));
        check(Dialect::SocketIo, &format!("42[\"said\",\"{text}\"]"), Heard::Message(MARK, 0));
        check(Dialect::Irc, &format!(":n1!~u@127.0.0.1 PRIVMSG #3 :{text}"), Heard::Message(MARK, 0));
    }

    #[test]
    fn irc_is_answered_and_refusals_are_seen() {
        check(Dialect::Irc, ":irc.bench 001 n1 :Welcome", Heard::Answer(b"JOIN #7\r\n".to_vec()));
        check(Dialect::Irc, "PING :irc.bench", Heard::Answer(b"PONG :irc.bench\r\n".to_vec()));
        check(Dialect::Irc, ":irc.bench 366 n1 #7 :End of NAMES list", Heard::Ready);
        check(Dialect::Irc, ":irc.bench 422 n1 :MOTD file is missing", Heard::Nothing);
        check(Dialect::Irc, ":irc.bench 404 n1 #7 :Cannot send to channel", Heard::Wrong);
        check(Dialect::Irc, "ERROR :Closing Link", Heard::Wrong);
    }
}
