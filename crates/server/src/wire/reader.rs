//! What comes in: a client's frames are masked, may be cut anywhere, and may be anything at all.

use super::{CONTROL, FIN, opcode};

/// Extensions would set these; none is spoken.
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;

/// Puts bytes together to what was said.
#[derive(Default)]
pub struct Reader {
    /// The longest message, in bytes.
    limit: usize,
    /// What came and was not read yet. Empty and without memory of its own while a connection rests.
    bytes: Vec<u8>,
    /// What stands before `at` was read.
    at: usize,
    /// The pieces of a message that has begun.
    begun: Option<Vec<u8>>,
}

/// What was said.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
}

/// How the peer broke the protocol: nothing that follows can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Protocol,
    NotText,
    TooLarge,
}

struct Head {
    fin: bool,
    opcode: u8,
    mask: [u8; 4],
    /// Where the payload begins, counted from the head.
    from: usize,
    length: usize,
}

impl Reader {
    pub fn new(limit: usize) -> Reader {
        Reader { limit, ..Reader::default() }
    }

    /// More bytes from the peer. [`Reader::hear`] is to be asked until it has nothing more: then what is kept is bounded by the
    /// longest message and one frame's head.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes that it keeps: those that came and are not whole, and the pieces of a message that has begun.
    pub(super) fn kept(&self) -> usize {
        self.bytes.len() + self.begun.as_ref().map_or(0, Vec::len)
    }

    /// The next that is whole; `None` where more bytes have to come first.
    ///
    /// # Errors
    /// The peer broke the protocol.
    pub fn hear(&mut self) -> Result<Option<Heard>, Wrong> {
        loop {
            let rest = &self.bytes[self.at..];
            let Some(head) = head(rest)? else { break };
            let data = head.opcode < opcode::CLOSE;
            // Known before a byte of it is kept.
            if data && self.begun.as_ref().map_or(0, Vec::len).saturating_add(head.length) > self.limit {
                return Err(Wrong::TooLarge);
            }
            let Some(masked) = rest.get(head.from..head.from + head.length) else { break };
            let mut payload = masked.to_vec();
            unmask(&mut payload, head.mask);
            self.at += head.from + head.length;
            if let Some(heard) = if data { self.piece(&head, payload)? } else { Some(control(head.opcode, payload)?) } {
                return Ok(Some(heard));
            }
        }
        self.bytes.drain(..self.at);
        self.at = 0;
        if self.bytes.is_empty() {
            self.bytes = Vec::new();
        }
        Ok(None)
    }

    fn piece(&mut self, head: &Head, payload: Vec<u8>) -> Result<Option<Heard>, Wrong> {
        let whole = match (head.opcode, self.begun.take()) {
            (opcode::TEXT, None) => payload,
            (opcode::CONTINUATION, Some(mut begun)) => {
                begun.extend_from_slice(&payload);
                begun
            }
            // Frames are text; anything else is a client that speaks another protocol.
            (opcode::BINARY, None) => return Err(Wrong::NotText),
            _ => return Err(Wrong::Protocol),
        };
        if !head.fin {
            self.begun = Some(whole);
            return Ok(None);
        }
        String::from_utf8(whole).map(|text| Some(Heard::Text(text))).map_err(|_| Wrong::NotText)
    }
}

/// Reads the head of a frame; `None` where it is not whole yet.
fn head(bytes: &[u8]) -> Result<Option<Head>, Wrong> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let (fin, opcode) = (first & FIN != 0, first & 0xF);
    let known = matches!(
        opcode,
        opcode::CONTINUATION | opcode::TEXT | opcode::BINARY | opcode::CLOSE | opcode::PING | opcode::PONG
    );
    if first & RESERVED != 0 || second & MASKED == 0 || !known {
        return Err(Wrong::Protocol);
    }
    let (length, mask_at) = match second & !MASKED {
        126 => {
            let Some(&[high, low]) = bytes.get(2..4) else { return Ok(None) };
            (u64::from(u16::from_be_bytes([high, low])), 4)
        }
        127 => {
            let Some(length) = bytes.get(2..10).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()) else {
                return Ok(None);
            };
            (u64::from_be_bytes(length), 10)
        }
        short => (u64::from(short), 2),
    };
    if opcode >= opcode::CLOSE && (!fin || length > CONTROL as u64) {
        return Err(Wrong::Protocol);
    }
    // Nobody has as much memory: refused as too large by whoever asks for the limit.
    let length = usize::try_from(length).unwrap_or(usize::MAX / 2).min(usize::MAX / 2);
    let Some(&[a, b, c, d]) = bytes.get(mask_at..mask_at + 4) else { return Ok(None) };
    Ok(Some(Head { fin, opcode, mask: [a, b, c, d], from: mask_at + 4, length }))
}

fn control(opcode: u8, payload: Vec<u8>) -> Result<Heard, Wrong> {
    match (opcode, &payload[..]) {
        (opcode::PING, _) => Ok(Heard::Ping(payload)),
        (opcode::PONG, _) => Ok(Heard::Pong),
        (_, []) => Ok(Heard::Close(None)),
        (_, [high, low, reason @ ..]) => {
            let code = u16::from_be_bytes([*high, *low]);
            let known = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            match std::str::from_utf8(reason) {
                _ if !known => Err(Wrong::Protocol),
                Ok(_) => Ok(Heard::Close(Some(code))),
                Err(_) => Err(Wrong::NotText),
            }
        }
        _ => Err(Wrong::Protocol),
    }
}

fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let (words, rest) = payload.as_chunks_mut::<4>();
    for word in words {
        *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::super::fuzz;
    use super::*;
    use proptest::prelude::*;
    use tungstenite::protocol::frame::coding::{Control, Data, OpCode};
    use tungstenite::protocol::frame::{Frame, FrameHeader};

    /// As a client of other people writes it.
    fn masked(opcode: OpCode, fin: bool, payload: &[u8]) -> Vec<u8> {
        let mut frame = Frame::from_payload(
            FrameHeader { is_final: fin, opcode, mask: Some([7, 99, 200, 3]), ..FrameHeader::default() },
            payload.to_vec().into(),
        );
        frame.header_mut().is_final = fin;
        let mut out = Vec::new();
        frame.format(&mut out).expect("written");
        out
    }
    fn text(text: &str) -> Vec<u8> {
        masked(OpCode::Data(Data::Text), true, text.as_bytes())
    }
    fn all(bytes: &[u8], step: usize) -> (Vec<Heard>, Option<Wrong>) {
        fuzz::cut(bytes, step, 1000)
    }

    #[test]
    fn a_message_in_pieces_with_a_ping_between_them() {
        let mut bytes = masked(OpCode::Data(Data::Text), false, "hé".as_bytes());
        bytes.extend(masked(OpCode::Control(Control::Ping), true, b"there?"));
        bytes.extend(masked(OpCode::Data(Data::Continue), false, b"l"));
        bytes.extend(masked(OpCode::Data(Data::Continue), true, b"lo"));
        bytes.extend(masked(OpCode::Control(Control::Close), true, &[0x03, 0xE8, b'x']));
        for step in [1, 2, 3, 7, 1000] {
            let heard = [Heard::Ping(b"there?".to_vec()), Heard::Text("héllo".into()), Heard::Close(Some(1000))];
            assert_eq!(all(&bytes, step), (heard.into(), None));
        }
    }

    #[test]
    fn every_rule_is_kept() {
        let data = |opcode, fin, payload: &[u8]| masked(OpCode::Data(opcode), fin, payload);
        let long = [text(&"x".repeat(600))[..].to_vec(), data(Data::Text, false, &[b'x'; 600])].concat();
        for (what, bytes, wrong) in [
            ("not masked", vec![0x81, 1, b'x'], Wrong::Protocol),
            ("a reserved bit", vec![0xC1, 0x81, 0, 0, 0, 0, b'x'], Wrong::Protocol),
            ("an unknown opcode", vec![0x83, 0x80, 0, 0, 0, 0], Wrong::Protocol),
            ("a ping in pieces", vec![0x09, 0x80, 0, 0, 0, 0], Wrong::Protocol),
            ("a long ping", vec![0x89, 0xFE, 0, 126, 0, 0, 0, 0], Wrong::Protocol),
            ("a piece of nothing", data(Data::Continue, true, b"x"), Wrong::Protocol),
            ("a message within a message", [data(Data::Text, false, b"x"), text("y")].concat(), Wrong::Protocol),
            ("half a close code", vec![0x88, 0x81, 0, 0, 0, 0, 3], Wrong::Protocol),
            ("a close code that is none", vec![0x88, 0x82, 0, 0, 0, 0, 3, 0xED], Wrong::Protocol),
            ("a close reason that is no text", vec![0x88, 0x83, 0, 0, 0, 0, 3, 0xE8, 0xFF], Wrong::NotText),
            ("bytes", data(Data::Binary, true, b"x"), Wrong::NotText),
            ("no text", data(Data::Text, true, &[0xFF, 0xFE]), Wrong::NotText),
            ("too long", text(&"x".repeat(1001)), Wrong::TooLarge),
            ("too long altogether", [long, data(Data::Continue, true, &[b'x'; 401])].concat(), Wrong::TooLarge),
            (
                "said to be endless",
                vec![0x81, 0xFF, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0],
                Wrong::TooLarge,
            ),
        ] {
            for step in [1, 5, 2000] {
                assert_eq!(all(&bytes, step).1, Some(wrong), "{what}, {step} bytes at once");
            }
        }
    }

    #[test]
    fn one_that_rests_holds_no_memory() {
        let mut reader = Reader::new(1000);
        reader.feed(&text("hello"));
        assert_eq!(reader.hear(), Ok(Some(Heard::Text("hello".into()))));
        assert_eq!(reader.hear(), Ok(None));
        assert_eq!(reader.bytes.capacity(), 0);
    }

    proptest! {
        #[test]
        fn how_the_bytes_are_cut_changes_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            fuzz::socket(&bytes);
        }

        #[test]
        fn what_is_written_is_read(texts in proptest::collection::vec(".{0,300}", 0..6), step in 1_usize..40) {
            let bytes: Vec<u8> = texts.iter().flat_map(|one| text(one)).collect();
            let heard: Vec<Heard> = texts.into_iter().filter(|text| text.len() <= 1000).map(Heard::Text).collect();
            let (read, wrong) = all(&bytes, step);
            if wrong.is_none() {
                prop_assert_eq!(read, heard);
            }
        }
    }
}
