//! PNG: Exif in `eXIf`, XMP and profiles as text. Each chunk ends with a checksum, which is made anew.

use super::patch::Patch;
use super::{tiff, xmp};
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

/// What a text chunk becomes that cannot be understood in place: ancillary, private, safe to copy, and of zeroes.
const NOTHING: &[u8; 4] = b"blNk";
const XMP: &[u8] = b"XML:com.adobe.xmp";

pub(super) fn strip<F: Read + Write + Seek>(patch: &mut Patch<'_, F>) -> io::Result<()> {
    let mut at = 8;
    while let Some([l0, l1, l2, l3, kind @ ..]) = patch.get::<8>(at)? {
        let body = at + 8..at + 8 + u64::from(u32::from_be_bytes([l0, l1, l2, l3]));
        let [k0, k1, k2, k3] = kind;
        let changed = match &[k0, k1, k2, k3] {
            b"eXIf" => exif(patch, body.clone())?,
            b"iTXt" | b"tEXt" | b"zTXt" => text(patch, at, &kind, body.clone())?,
            _ => false,
        };
        if changed {
            checksum(patch, at + 4, body.end)?;
        }
        if kind == *b"IEND" || !patch.step(1) {
            break;
        }
        at = body.end + 4;
    }
    Ok(())
}

fn exif<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, body: Range<u64>) -> io::Result<bool> {
    let before = sum(patch, body.clone())?;
    let start = if patch.get(body.start)? == Some(*b"Exif\0\0") { body.start + 6 } else { body.start };
    tiff::strip(patch, start..body.end)?;
    Ok(sum(patch, body)? != before)
}

fn text<F: Read + Write + Seek>(
    patch: &mut Patch<'_, F>,
    at: u64,
    kind: &[u8; 4],
    body: Range<u64>,
) -> io::Result<bool> {
    let start = patch.bytes(body.clone(), 512)?;
    let key = start.split(|byte| *byte == 0).next().unwrap_or_default();
    if key == XMP && kind == b"iTXt" && start.get(key.len() + 1) == Some(&0) {
        // Not compressed. A method, a language and the key in that language come before the packet.
        let mut zeroes = start.iter().enumerate().skip(key.len() + 3).filter(|(_, byte)| **byte == 0);
        if let Some((end, _)) = zeroes.nth(1) {
            return xmp::blank(patch, body.start + end as u64 + 1..body.end);
        }
    }
    if key == XMP || says_place(key) || profile(key) {
        patch.fill(body, 0)?;
        patch.write(at + 4, NOTHING)?;
        return Ok(true);
    }
    Ok(false)
}

/// `Raw profile type exif`, `APP1`, `xmp` …: digits, mostly compressed. A colour profile is no secret.
fn profile(key: &[u8]) -> bool {
    key.strip_prefix(b"Raw profile type ").is_some_and(|what| !matches!(what, b"icc" | b"icm"))
}

fn says_place(key: &[u8]) -> bool {
    let mut search = xmp::Search::default();
    search.push(key);
    search.found
}

fn sum<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, range: Range<u64>) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    patch.pieces(range, |piece| {
        hasher.update(piece);
        true
    })?;
    Ok(hasher.finalize())
}

/// Over the kind and the body.
fn checksum<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, kind: u64, end: u64) -> io::Result<()> {
    let sum = sum(patch, kind..end)?;
    if end + 4 <= patch.len() { patch.write(end, &sum.to_be_bytes()) } else { Ok(()) }
}
