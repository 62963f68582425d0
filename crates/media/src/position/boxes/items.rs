//! The items of a HEIF picture: `iinf` says which are Exif and XMP, `iloc` where they lie.

use super::next;
use crate::position::patch::Patch;
use crate::position::{tiff, xmp};
use memchr::memmem::find;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

/// How much of a table is read; a picture of many tiles has some kilobytes.
const TABLE: usize = 1 << 20;
/// Extents of one item: Exif has one, a tile as well.
const EXTENTS: usize = 4096;
/// Items that are Exif or XMP.
const ITEMS: usize = 64;

#[derive(Clone, Copy, PartialEq)]
enum What {
    Exif,
    Xmp,
}

#[derive(Default)]
pub(super) struct Table {
    items: Vec<(u32, What)>,
    places: Vec<Place>,
    /// Where `idat` is.
    pub(super) data: Option<Range<u64>>,
}

struct Place {
    item: u32,
    /// Counted from the start of `idat`, not of the file.
    in_data: bool,
    /// Offset and length. A length of 0 means all the rest.
    extents: Vec<(u64, u64)>,
}

impl Table {
    pub(super) fn names<F: Read + Write + Seek>(
        &mut self,
        patch: &mut Patch<'_, F>,
        body: Range<u64>,
    ) -> io::Result<()> {
        let Some([version, ..]) = patch.get::<4>(body.start)? else { return Ok(()) };
        let mut range = body.start + if version == 0 { 6 } else { 8 }..body.end;
        while let Some(found) = next(patch, &range)? {
            range.start = found.body.end;
            if found.kind == *b"infe" && self.items.len() < ITEMS {
                let entry = patch.bytes(found.body, 256)?;
                self.items.extend(name(&entry));
            }
        }
        Ok(())
    }

    pub(super) fn locations<F: Read + Write + Seek>(
        &mut self,
        patch: &mut Patch<'_, F>,
        body: Range<u64>,
    ) -> io::Result<()> {
        let bytes = patch.bytes(body, TABLE)?;
        let mut reader = Reader { rest: &bytes };
        // A table that is cut off counts as far as it goes.
        let _ = reader.locations(&mut self.places);
        Ok(())
    }

    pub(super) fn strip<F: Read + Write + Seek>(self, patch: &mut Patch<'_, F>, origin: u64) -> io::Result<()> {
        for place in &self.places {
            let Some((_, what)) = self.items.iter().find(|(item, _)| *item == place.item) else { continue };
            let within = match (&self.data, place.in_data) {
                (Some(data), true) => data.clone(),
                (None, true) => continue,
                (_, false) => origin..patch.len(),
            };
            let extents = place.extents.iter().map(|(offset, length)| {
                let start = within.start.saturating_add(*offset).min(within.end);
                let length = if *length == 0 { u64::MAX } else { *length };
                start..start.saturating_add(length).min(within.end)
            });
            match (what, extents.collect::<Vec<_>>().as_slice()) {
                (What::Exif, [extent]) => exif(patch, extent.clone())?,
                (What::Xmp, [extent]) => drop(xmp::blank(patch, extent.clone())?),
                // In pieces it cannot be read in place, so it goes.
                (What::Exif, extents) => extents.iter().try_for_each(|part| patch.fill(part.clone(), 0).map(drop))?,
                (What::Xmp, extents) => extents.iter().try_for_each(|part| patch.fill(part.clone(), b' ').map(drop))?,
            }
        }
        Ok(())
    }
}

/// Before the TIFF stands how far away it is.
fn exif<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, extent: Range<u64>) -> io::Result<()> {
    let Some(offset) = patch.get(extent.start)?.map(u32::from_be_bytes) else { return Ok(()) };
    let start = extent.start + 4 + u64::from(offset);
    tiff::strip(patch, start..extent.end)?;
    // Some writers count wrongly.
    let head = patch.bytes(extent.clone(), 64)?;
    for magic in [b"II*\0", b"MM\0*"] {
        if let Some(at) = find(&head, magic) {
            tiff::strip(patch, extent.start + at as u64..extent.end)?;
        }
    }
    Ok(())
}

fn name(entry: &[u8]) -> Option<(u32, What)> {
    let mut reader = Reader { rest: entry };
    let version = reader.number(1)?;
    reader.number(3)?;
    let item = reader.number(if version < 3 { 2 } else { 4 })?;
    reader.number(2)?;
    let what = match reader.number(4)?.to_be_bytes() {
        [.., b'E', b'x', b'i', b'f'] => What::Exif,
        [.., b'm', b'i', b'm', b'e'] if find(reader.rest, b"rdf+xml").is_some() => What::Xmp,
        _ => return None,
    };
    Some((item as u32, what))
}

/// Big-endian numbers, one after the other.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let (number, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// ISO 14496-12, section 8.11.3.
    fn locations(&mut self, into: &mut Vec<Place>) -> Option<()> {
        let version = self.number(1)?;
        self.number(3)?;
        let sizes = self.number(2)?;
        let size = |nibble: u64| (sizes >> (nibble * 4) & 15) as usize;
        let (offset_size, length_size, base_size) = (size(3), size(2), size(1));
        let index_size = if version == 0 { 0 } else { size(0) };
        let id_size = if version < 2 { 2 } else { 4 };
        for _ in 0..self.number(id_size)? {
            let item = self.number(id_size)? as u32;
            let method = if version == 0 { 0 } else { self.number(2)? & 15 };
            self.number(2)?;
            let base = self.number(base_size)?;
            let mut place = Place { item, in_data: method == 1, extents: Vec::new() };
            for n in 0..self.number(2)? as usize {
                self.number(index_size)?;
                let offset = base.saturating_add(self.number(offset_size)?);
                let length = self.number(length_size)?;
                // Fields of no bytes would make endless extents of nothing.
                if n == EXTENTS {
                    return None;
                }
                place.extents.push((offset, length));
            }
            into.push(place);
        }
        Some(())
    }
}
