//! What goes out: a server's frames are not masked, so that the same bytes serve every connection.

use super::{CONTROL, FIN, opcode};
use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// The longest header of a frame that is not masked.
const HEADER: usize = 10;
/// Bytes of several frames in one piece, at most.
const PIECE: usize = 64 << 10;

/// One text frame, or several that follow each other, as they go over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// The frame of a text.
    pub fn text(text: &str) -> Frame {
        Frame::write(|out| out.extend_from_slice(text.as_bytes()))
    }

    /// The frame of a value's JSON.
    pub fn json(value: &impl Serialize) -> Frame {
        Frame::write(|out| {
            let start = out.len();
            if serde_json::to_writer(out.writer(), value).is_err() {
                // Nothing in a frame can fail to serialise; an empty object is a frame that clients ignore.
                out.truncate(start);
                out.extend_from_slice(b"{}");
            }
        })
    }

    /// All of these behind each other: one piece for one write.
    pub fn joined(frames: &[Frame]) -> Frame {
        if let [frame] = frames {
            return frame.clone();
        }
        let mut all = BytesMut::with_capacity(frames.iter().map(Frame::size).sum());
        for frame in frames {
            all.extend_from_slice(&frame.0);
        }
        Frame(all.freeze())
    }

    /// These, joined to pieces of a size that a connection takes well.
    pub fn pieces(frames: &[Frame]) -> Vec<Frame> {
        let mut size = frames.first().map_or(0, Frame::size);
        let several = frames.chunk_by(|_, next| {
            size += next.size();
            let fits = size <= PIECE;
            if !fits {
                size = next.size();
            }
            fits
        });
        several.map(Frame::joined).collect()
    }

    /// The payload is written behind room for the longest header, and the header that it needs put before it.
    fn write(payload: impl FnOnce(&mut BytesMut)) -> Frame {
        let mut out = BytesMut::with_capacity(512);
        out.put_bytes(0, HEADER);
        payload(&mut out);
        let length = out.len() - HEADER;
        let mut header = [0; HEADER];
        let from = HEADER - head(FIN | opcode::TEXT, length, &mut header);
        out[..HEADER].copy_from_slice(&header);
        Frame(out.freeze().slice(from..))
    }

    /// Bytes on the wire.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The texts that it carries.
    #[cfg(test)]
    pub fn texts(&self) -> Vec<String> {
        let (mut rest, mut texts) = (&self.0[..], Vec::new());
        while let [first, second, ..] = rest {
            assert_eq!((*first, second & 0x80), (FIN | opcode::TEXT, 0));
            let (at, length) = match second {
                126 => (4, usize::from(u16::from_be_bytes([rest[2], rest[3]]))),
                127 => (10, usize::try_from(u64::from_be_bytes(rest[2..10].try_into().expect("eight"))).expect("fits")),
                short => (2, usize::from(*short)),
            };
            texts.push(String::from_utf8(rest[at..at + length].to_vec()).expect("text"));
            rest = &rest[at + length..];
        }
        texts
    }
}

/// Puts a header at the end of `out`; answers its length.
fn head(first: u8, length: usize, out: &mut [u8; HEADER]) -> usize {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..=125), _) => {
            out[HEADER - 2..].copy_from_slice(&[first, short]);
            2
        }
        (_, Ok(length)) => {
            let [high, low] = length.to_be_bytes();
            out[HEADER - 4..].copy_from_slice(&[first, 126, high, low]);
            4
        }
        _ => {
            out[0] = first;
            out[1] = 127;
            out[2..].copy_from_slice(&(length as u64).to_be_bytes());
            HEADER
        }
    }
}

fn control(opcode: u8, payload: &[u8]) -> Frame {
    let payload = &payload[..payload.len().min(CONTROL)];
    let mut out = BytesMut::with_capacity(2 + payload.len());
    out.put_u8(FIN | opcode);
    out.put_u8(payload.len() as u8);
    out.extend_from_slice(payload);
    Frame(out.freeze())
}

/// Asks whether somebody is there.
pub fn ping() -> Frame {
    control(opcode::PING, &[])
}

/// Answers a ping with its own payload.
pub fn pong(payload: &[u8]) -> Frame {
    control(opcode::PONG, payload)
}

/// Says that this is the end, and why. What of the reason does not fit is left out.
pub fn closing(code: Option<u16>, reason: &str) -> Frame {
    let Some(code) = code else { return control(opcode::CLOSE, &[]) };
    let mut end = reason.len().min(CONTROL - 2);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(&reason.as_bytes()[..end]);
    control(opcode::CLOSE, &payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_fits_the_length() {
        for (length, header) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10), (70_000, 10)] {
            let text = "x".repeat(length);
            let frame = Frame::text(&text);
            assert_eq!(frame.size(), header + length);
            assert_eq!(frame.texts(), [text]);
        }
    }

    #[test]
    fn no_piece_of_several_is_too_large() {
        let frames: Vec<Frame> =
            [50, 1, 40, 30, 100, 1, 1].iter().map(|kib| Frame::text(&"x".repeat(kib << 10))).collect();
        let pieces = Frame::pieces(&frames);
        assert_eq!(pieces.iter().map(|piece| piece.texts().len()).collect::<Vec<_>>(), [2, 1, 1, 1, 2]);
        assert_eq!(Frame::joined(&pieces), Frame::joined(&frames));
        assert!(Frame::pieces(&[]).is_empty());
    }

    #[test]
    fn joined_frames_are_each_whole() {
        let frames = [Frame::json(&serde_json::json!({"t": "pong"})), Frame::text(&"é".repeat(100))];
        assert_eq!(Frame::joined(&frames).texts(), [r#"{"t":"pong"}"#.to_owned(), "é".repeat(100)]);
        assert_eq!(Frame::joined(&frames[..1]), frames[0]);
    }

    #[test]
    fn a_long_reason_is_cut_between_letters() {
        let frame = closing(Some(1012), &"é".repeat(100));
        assert_eq!(frame.bytes()[1], 124);
        assert!(std::str::from_utf8(&frame.bytes()[4..]).is_ok());
        assert_eq!(closing(None, "not said").bytes(), [0x88, 0]);
    }
}
