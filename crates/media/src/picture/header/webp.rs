//! WebP: the RIFF chunks, and the bitstreams' own headers.

use super::{Found, bytes_at, tiff};

pub(super) fn read(bytes: &[u8]) -> Option<Found<'_>> {
    let mut found = Found::default();
    let mut frames = 0_u32;
    let mut animated = false;
    for (kind, body) in chunks(bytes.get(12..)?) {
        match kind {
            b"VP8X" => {
                animated = *body.first()? & 2 != 0;
                found.width = u24(body, 4)? + 1;
                found.height = u24(body, 7)? + 1;
            }
            b"ANMF" => {
                frames = frames.saturating_add(1);
                found.frame(u24(body, 6)? + 1, u24(body, 9)? + 1);
                // What the frame really holds may be larger than it says.
                for (kind, body) in chunks(body.get(16..).unwrap_or_default()) {
                    if let Some((width, height)) = bitstream(kind, body) {
                        found.frame(width, height);
                    }
                }
            }
            b"EXIF" => found.exif = Some(tiff(body)),
            _ => {
                if let Some((width, height)) = bitstream(kind, body) {
                    found.frame(width, height);
                    if found.width == 0 {
                        (found.width, found.height) = (width, height);
                    }
                }
            }
        }
    }
    found.frames = if animated { frames } else { 1 };
    (found.width > 0).then_some(found)
}

/// Width and height in the bitstream: RFC 6386, section 9.1, and RFC 9649, section 3.4.
fn bitstream(kind: &[u8; 4], body: &[u8]) -> Option<(u32, u32)> {
    match kind {
        b"VP8 " => {
            let side = |at| Some(u32::from(u16::from_le_bytes(bytes_at(body, at)?) & 0x3fff));
            Some((side(6)?, side(8)?))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes_at(body, 1)?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

fn u24(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = bytes_at(bytes, at)?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

/// Chunks with what they hold; the last one may be cut off.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_first_chunk::<4>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let body = &after[..length.min(after.len())];
        // Chunks begin at even bytes.
        rest = after.get(length.saturating_add(length & 1)..).unwrap_or_default();
        Some((kind, body))
    })
}
