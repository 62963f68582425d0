//! The text of a message: 150 bytes that say which message it is, so that whoever gets it can be checked.

use memchr::memchr;

/// All texts are as long as this.
pub const LENGTH: usize = 150;
/// Stands in no other part of a frame, and means nothing to JSON, Markdown or IRC.
const SIGN: u8 = b'^';
const HEAD: usize = 20;
const REST: &[u8] =
    b" The kettle is on, and whoever is near the house this evening is asked in: there is bread, soup, \
a fire, and a long tale to be heard.";

/// Which message: the `n`th of this writer in this room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    pub room: usize,
    pub writer: usize,
    pub n: usize,
}

/// The text of this message.
pub fn write(mark: Mark) -> String {
    let rest = std::str::from_utf8(&REST[..LENGTH - HEAD]).unwrap_or_default();
    format!("^{:05}.{:02}.{:09}^{rest}", mark.room, mark.writer, mark.n)
}

/// Finds the text in a frame. `None` where there is none, or where any byte of it is not as it was written.
pub fn read(frame: &[u8]) -> Option<Mark> {
    let at = memchr(SIGN, frame)?;
    let text = frame.get(at..at + LENGTH)?;
    let (head, rest) = text.split_at(HEAD);
    if rest != &REST[..LENGTH - HEAD] || head[6] != b'.' || head[9] != b'.' || head[HEAD - 1] != SIGN {
        return None;
    }
    Some(Mark { room: number(&head[1..6])?, writer: number(&head[7..9])?, n: number(&head[10..19])? })
}

/// Digits, and nothing else.
pub fn number(digits: &[u8]) -> Option<usize> {
    let step = |sum: usize, digit: &u8| digit.is_ascii_digit().then(|| sum * 10 + usize::from(digit - b'0'));
    if digits.is_empty() { None } else { digits.iter().try_fold(0, step) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_wherever_it_stands() {
        let mark = Mark { room: 199, writer: 3, n: 123_456 };
        let text = write(mark);
        assert_eq!(text.len(), LENGTH);
        assert_eq!(read(format!("{{\"t\":\"event\",\"text\":\"{text}\"}}").as_bytes()), Some(mark));
        assert_eq!(read(text.as_bytes()), Some(mark));
    }

    #[test]
    fn a_text_that_was_cut_or_changed_is_none() {
        let text = write(Mark { room: 0, writer: 0, n: 7 });
        assert_eq!(read(&text.as_bytes()[..LENGTH - 1]), None);
        assert_eq!(read(text.replace("bread", "BREAD").as_bytes()), None);
        assert_eq!(read(text.replace("000000007", "00000000x").as_bytes()), None);
        assert_eq!(read(b"nothing"), None);
    }
}
