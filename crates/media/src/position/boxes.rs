//! ISO media files (ISO 14496-12): MP4, QuickTime, HEIC, AVIF. Boxes in boxes.

mod items;
mod meta;

use super::patch::Patch;
use super::xmp;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

/// The extended type of a box with an XMP packet.
const XMP: [u8; 16] = *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
/// Boxes within boxes; honest files have about eight levels.
const DEPTH: u32 = 16;

/// `range` of the file is a media file, which may be all of it.
pub(super) fn strip<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, range: Range<u64>) -> io::Result<()> {
    let origin = range.start;
    inside(patch, range, origin, DEPTH)
}

/// A box: its kind, where it begins, and what it holds.
struct Found {
    kind: [u8; 4],
    at: u64,
    body: Range<u64>,
}

/// The box at the start of `range`, which it may not leave.
fn next<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, range: &Range<u64>) -> io::Result<Option<Found>> {
    if range.start.saturating_add(8) > range.end || !patch.step(1) {
        return Ok(None);
    }
    let at = range.start;
    let Some([s0, s1, s2, s3, kind @ ..]) = patch.get::<8>(at)? else { return Ok(None) };
    let (head, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
        // To the end.
        0 => (8, range.end - at),
        // Too long for four bytes.
        1 => (16, patch.get(at + 8)?.map_or(0, u64::from_be_bytes)),
        size => (8, size.into()),
    };
    if size < head {
        return Ok(None);
    }
    let [k0, k1, k2, k3] = kind;
    let end = at.saturating_add(size).min(range.end);
    Ok(Some(Found { kind: [k0, k1, k2, k3], at, body: (at + head).min(end)..end }))
}

fn inside<F: Read + Write + Seek>(
    patch: &mut Patch<'_, F>,
    range: Range<u64>,
    origin: u64,
    depth: u32,
) -> io::Result<()> {
    if depth == 0 {
        return Ok(());
    }
    let mut range = patch.clamp(range);
    while let Some(found) = next(patch, &range)? {
        range.start = found.body.end;
        match &found.kind {
            b"moov" | b"trak" | b"mdia" | b"udta" | b"moof" | b"traf" => inside(patch, found.body, origin, depth - 1)?,
            // A film within a picture counts from its own start.
            b"mpvd" => inside(patch, found.body.clone(), found.body.start, depth - 1)?,
            b"meta" => meta::strip(patch, found.body, origin)?,
            b"\xa9xyz" | b"loci" => free(patch, &found)?,
            b"XMP_" => drop(xmp::blank(patch, found.body)?),
            b"uuid" if patch.get(found.body.start)? == Some(XMP) => {
                xmp::blank(patch, found.body.start + 16..found.body.end)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Turns a box into one that means nothing.
fn free<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, found: &Found) -> io::Result<()> {
    patch.fill(found.body.clone(), 0)?;
    patch.write(found.at + 4, b"free")
}
