//! What must hold for any bytes at all that a peer may send, as `fuzz/README.md` says. It panics where something does not hold.

use super::{Heard, Reader, Wrong};

/// The longest head of a frame.
const HEAD: usize = 14;
const LIMIT: usize = 1000;

/// The first byte says how the others are cut.
pub fn socket(bytes: &[u8]) {
    let Some((step, bytes)) = bytes.split_first() else { return };
    let whole = cut(bytes, bytes.len(), LIMIT);
    assert_eq!(cut(bytes, usize::from(*step), LIMIT), whole, "cut after each {step} bytes");
    for heard in &whole.0 {
        match heard {
            Heard::Text(text) => assert!(text.len() <= LIMIT, "{} bytes of text", text.len()),
            Heard::Ping(payload) => assert!(payload.len() <= super::CONTROL, "a ping of {} bytes", payload.len()),
            Heard::Close(code) => assert!(code.is_none_or(|code| (1000..5000).contains(&code)), "{code:?}"),
            Heard::Pong => {}
        }
    }
}

/// What is heard of bytes that come in steps, and how it ended.
///
/// # Panics
/// Where more is kept than one message and a head.
pub fn cut(bytes: &[u8], step: usize, limit: usize) -> (Vec<Heard>, Option<Wrong>) {
    let (mut reader, mut heard) = (Reader::new(limit), Vec::new());
    for piece in bytes.chunks(step.max(1)) {
        reader.feed(piece);
        loop {
            match reader.hear() {
                Ok(Some(one)) => heard.push(one),
                Ok(None) => break,
                Err(wrong) => return (heard, Some(wrong)),
            }
        }
        assert!(reader.kept() <= limit + HEAD, "{} bytes are kept", reader.kept());
    }
    (heard, None)
}
