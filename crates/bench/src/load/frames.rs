//! WebSocket frames (RFC 6455) and lines, taken from bytes as they come. Nothing is copied.

/// One whole frame, or one whole line.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    Text(&'a [u8]),
    Ping(&'a [u8]),
    Close(&'a [u8]),
    /// Nothing that one would answer.
    Other,
}

/// Longer ones come from a server that lost its way.
const MOST: usize = 1 << 24;

/// The first frame of what a server sent, and how many bytes it takes. `None`: there is more to come.
///
/// # Errors
/// It is no frame that a server may send, or one in pieces, which none of those measured sends.
pub fn from_server(bytes: &[u8]) -> Result<Option<(Frame<'_>, usize)>, &'static str> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    if first & 0xF0 != 0x80 || second & 0x80 != 0 {
        return Err("a frame in pieces, compressed or masked");
    }
    let (head, length) = match (second, bytes) {
        (126, [_, _, a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (127, [_, _, long @ ..]) if long.len() >= 8 => {
            let long = u64::from_be_bytes([long[0], long[1], long[2], long[3], long[4], long[5], long[6], long[7]]);
            (10, usize::try_from(long).unwrap_or(usize::MAX))
        }
        (126 | 127, _) => return Ok(None),
        (short, _) => (2, usize::from(short)),
    };
    if length > MOST {
        return Err("a frame without measure");
    }
    let Some(payload) = bytes.get(head..head + length) else { return Ok(None) };
    let frame = match first & 0xF {
        1 => Frame::Text(payload),
        8 => Frame::Close(payload),
        9 => Frame::Ping(payload),
        _ => Frame::Other,
    };
    Ok(Some((frame, head + length)))
}

/// The same of a client's frames, which are masked; the payload is unmasked into `into`. For the floors.
///
/// # Errors
/// It is no frame that a client may send.
pub fn from_client(bytes: &[u8], into: &mut Vec<u8>) -> Result<Option<(u8, usize)>, &'static str> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    if second & 0x80 == 0 {
        return Err("a frame that is not masked");
    }
    let (head, length) = match (second & 0x7F, bytes) {
        (126, [_, _, a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (126, _) => return Ok(None),
        (127, _) => return Err("a frame without measure"),
        (short, _) => (2, usize::from(short)),
    };
    let Some((mask, payload)) = bytes.get(head..head + 4 + length).map(|rest| rest.split_at(4)) else {
        return Ok(None);
    };
    into.clear();
    into.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    Ok(Some((first & 0xF, head + 4 + length)))
}

/// The first line without its end, and how many bytes it takes with it.
pub fn line(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let end = memchr::memchr(b'\n', bytes)?;
    let line = &bytes[..end];
    Some((line.strip_suffix(b"\r").unwrap_or(line), end + 1))
}

/// A client's frame. The mask is zero: it must be there, and this one costs the sender nothing.
pub fn write_client(opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    write_head(opcode, 0x80, payload.len(), out);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

/// A server's frame.
pub fn write_server(opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    write_head(opcode, 0, payload.len(), out);
    out.extend_from_slice(payload);
}

fn write_head(opcode: u8, masked: u8, length: usize, out: &mut Vec<u8>) {
    out.push(0x80 | opcode);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..126), _) => out.push(masked | short),
        (_, Ok(middle)) => {
            out.push(masked | 126);
            out.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_lengths_are_read_as_they_were_written_however_they_come() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536] {
            let payload = vec![b'a'; length];
            let mut bytes = Vec::new();
            write_server(1, &payload, &mut bytes);
            let whole = bytes.len();
            for cut in [0, 1, 2, 3, 4, 9, 10, whole - 1].into_iter().filter(|cut| *cut < whole) {
                assert_eq!(from_server(&bytes[..cut]), Ok(None), "{length} bytes cut at {cut}");
            }
            bytes.extend_from_slice(b"the next");
            assert_eq!(from_server(&bytes), Ok(Some((Frame::Text(&payload), whole))));
        }
    }

    #[test]
    fn pings_closes_and_others_are_told_apart() {
        for (opcode, expected) in [(9, Frame::Ping(b"x")), (8, Frame::Close(b"x")), (10, Frame::Other)] {
            let mut bytes = Vec::new();
            write_server(opcode, b"x", &mut bytes);
            assert_eq!(from_server(&bytes), Ok(Some((expected, 3))));
        }
    }

    #[test]
    fn what_no_server_may_send_is_refused() {
        for bytes in [[0x01, 0x00], [0xC1, 0x00], [0x81, 0x80]] {
            assert!(from_server(&bytes).is_err(), "{bytes:?}");
        }
        assert!(from_server(&[0x81, 127, 0xFF, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }

    #[test]
    fn a_clients_frame_is_unmasked() {
        let mut into = Vec::new();
        // The example of RFC 6455, 5.7.
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!(from_client(&hello, &mut into), Ok(Some((1, 11))));
        assert_eq!(into, b"Hello");
        assert_eq!(from_client(&hello[..10], &mut into), Ok(None));
        assert!(from_client(&[0x81, 0x05], &mut into).is_err());
        let (mut bytes, long) = (Vec::new(), vec![b'z'; 300]);
        write_client(1, &long, &mut bytes);
        assert_eq!(from_client(&bytes, &mut into), Ok(Some((1, 308))));
        assert_eq!(into, long);
    }

    #[test]
    fn lines_end_by_either_end() {
        assert_eq!(line(b"PING :x\r\nrest"), Some((b"PING :x".as_slice(), 9)));
        assert_eq!(line(b"PING :x\n"), Some((b"PING :x".as_slice(), 8)));
        assert_eq!(line(b"PING :x"), None);
    }
}
