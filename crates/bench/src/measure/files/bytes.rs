//! Bytes of a file that is never held: made while they are sent, made again when they are checked.

use std::ops::Range;

/// Each differs from all others, so that the server finds no file that it has already.
const STEP: usize = 1 << 20;
/// Before it are zeroes, so that no file is taken for a picture or a text.
const MARK: usize = 16;

/// The bytes of one file, without end: noise that repeats but for a mark in each MiB.
pub struct Bytes {
    noise: Vec<u8>,
    file: u64,
}

impl Bytes {
    pub fn of(file: u64) -> Bytes {
        let mut noise = vec![0; STEP];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for word in noise[MARK..].chunks_exact_mut(8) {
            // xorshift64, Marsaglia 2003.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        Bytes { noise, file }
    }

    /// Becomes another file, without making the noise anew.
    pub fn renumber(&mut self, file: u64) {
        self.file = file;
    }

    /// The bytes of a range, cut where a MiB ends.
    pub fn pieces(&self, range: Range<u64>) -> impl Iterator<Item = Vec<u8>> {
        let mut at = range.start;
        std::iter::from_fn(move || {
            let (step, inside) = (at / STEP as u64, (at % STEP as u64) as usize);
            let length = (STEP - inside).min((range.end - at) as usize);
            at += length as u64;
            (length > 0).then(|| self.part(step, inside..inside + length))
        })
    }

    /// Whether these are the bytes from `at` on.
    pub fn are(&self, at: u64, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        self.pieces(at..at + bytes.len() as u64).all(|piece| {
            let (first, others) = rest.split_at(piece.len());
            rest = others;
            first == piece
        })
    }

    /// A part of the MiB with this number.
    fn part(&self, n: u64, range: Range<usize>) -> Vec<u8> {
        let mut part = self.noise[range.clone()].to_vec();
        let mark = [self.file.to_le_bytes(), n.to_le_bytes()].concat();
        for (place, byte) in (MARK..2 * MARK).zip(mark) {
            if range.contains(&place) {
                part[place - range.start] = byte;
            }
        }
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_part_of_the_whole_and_another_file_is_another() {
        let (bytes, end) = (Bytes::of(1), 3 * STEP as u64 + 5);
        let whole: Vec<u8> = bytes.pieces(0..end).flatten().collect();
        assert_eq!(whole.len() as u64, end);
        for range in [0..0, 0..1, 17..STEP + 18, STEP - 1..2 * STEP + 1, 3 * STEP..end as usize] {
            let part: Vec<u8> = bytes.pieces(range.start as u64..range.end as u64).flatten().collect();
            assert_eq!(part, whole[range.clone()], "{range:?}");
            assert!(bytes.are(range.start as u64, &part));
        }
        assert!(!bytes.are(STEP as u64, &whole[..STEP]));
        assert!(!Bytes::of(2).are(0, &whole));
    }
}
