//! PNG and APNG: the chunks.

use super::{Found, bytes_at, tiff};

pub(super) fn read(bytes: &[u8]) -> Option<Found<'_>> {
    if bytes_at::<4>(bytes, 12)? != *b"IHDR" {
        return None;
    }
    let mut found = Found {
        width: u32::from_be_bytes(bytes_at(bytes, 16)?),
        height: u32::from_be_bytes(bytes_at(bytes, 20)?),
        frames: 1,
        ..Found::default()
    };
    let mut pixels_seen = false;
    let mut at = 8_usize;
    // A file that ends early may still show what came.
    while let (Some(length), Some(kind)) = (bytes_at(bytes, at), bytes_at::<4>(bytes, at + 4)) {
        let length = u32::from_be_bytes(length) as usize;
        let Some(body) = bytes.get(at + 8..).and_then(|rest| rest.get(..length)) else { break };
        match &kind {
            b"IDAT" => pixels_seen = true,
            // After the pixels it means nothing.
            b"acTL" if !pixels_seen => found.frames = bytes_at(body, 0).map_or(1, u32::from_be_bytes),
            b"fcTL" => {
                if let (Some(width), Some(height)) = (bytes_at(body, 4), bytes_at(body, 8)) {
                    found.frame(u32::from_be_bytes(width), u32::from_be_bytes(height));
                }
            }
            b"eXIf" => found.exif = Some(tiff(body)),
            b"IEND" => break,
            _ => {}
        }
        at += 12 + length;
    }
    Some(found)
}
