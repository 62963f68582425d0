//! GIF: the blocks. How many frames there are is known only at the end.

use super::{Found, bytes_at};

pub(super) fn read(bytes: &[u8]) -> Option<Found<'static>> {
    let short = |at: usize| Some(u32::from(u16::from_le_bytes(bytes_at(bytes, at)?)));
    let mut found = Found { width: short(6)?, height: short(8)?, ..Found::default() };
    let mut at = 13 + colours(*bytes.get(10)?);
    // A file that ends early may still show what came.
    while let Some(block) = bytes.get(at) {
        match block {
            0x21 => at = after_blocks(bytes, at + 2),
            0x2c => {
                let (Some(width), Some(height), Some(flags)) = (short(at + 5), short(at + 7), bytes.get(at + 9)) else {
                    break;
                };
                found.frame(width, height);
                found.frames = found.frames.saturating_add(1);
                at = after_blocks(bytes, at + 11 + colours(*flags));
            }
            _ => break,
        }
    }
    Some(found)
}

/// The bytes of the colour table that `flags` announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Where the data blocks that begin at `at` are over: each says its length, an empty one is the last.
fn after_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(length) = bytes.get(at) {
        at += 1 + usize::from(*length);
        if *length == 0 {
            break;
        }
    }
    at
}
