//! Exif is a TIFF file in a file (TIFF 6.0, section 2): directories of entries that point anywhere in it. The
//! directory that tag 0x8825 points to is the position; its entries and their values become zeroes.

use super::patch::Patch;
use super::xmp;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

const SUB_DIRECTORIES: u16 = 0x014a;
const XMP: u16 = 0x02bc;
const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;

/// How many directories are followed: they may point at each other in circles.
const DIRECTORIES: usize = 64;
/// How many entries of a directory are read.
const ENTRIES: u64 = 4096;
/// The most that a value of a position takes; in honest files some hundred bytes.
const VALUE: u64 = 64 * 1024;

/// Blanks the positions in the TIFF that `range` of the file is.
pub(super) fn strip<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, range: Range<u64>) -> io::Result<()> {
    let range = patch.clamp(range);
    let order = match patch.get::<4>(range.start)? {
        Some([b'I', b'I', 42, 0]) => Order::Little,
        Some([b'M', b'M', 0, 42]) => Order::Big,
        _ => return Ok(()),
    };
    let mut tiff = Tiff { patch, range, order, seen: Vec::new(), next: Vec::new() };
    let first = tiff.u32(4)?;
    tiff.later(first, false);
    while let Some((at, gps)) = tiff.next.pop() {
        tiff.directory(at, gps)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }
}

/// One entry of a directory: what its value is, and the value, or where it lies.
struct Entry {
    tag: u16,
    kind: u16,
    /// Of the value, in bytes.
    bytes: u64,
    value: u32,
}

impl Entry {
    fn read(order: Order, bytes: &[u8; 12]) -> Self {
        let [t0, t1, k0, k1, c0, c1, c2, c3, value @ ..] = *bytes;
        let kind = order.u16([k0, k1]);
        // BYTE ASCII SHORT LONG RATIONAL SBYTE UNDEFINED SSHORT SLONG SRATIONAL FLOAT DOUBLE IFD
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 0,
        };
        let value = if kind == 3 { order.u16([value[0], value[1]]).into() } else { order.u32(value) };
        Self { tag: order.u16([t0, t1]), kind, bytes: size * u64::from(order.u32([c0, c1, c2, c3])), value }
    }
}

struct Tiff<'p, 'f, F> {
    patch: &'p mut Patch<'f, F>,
    range: Range<u64>,
    order: Order,
    /// Where directories were found, and whether as positions: one may be pointed to as both.
    seen: Vec<(u32, bool)>,
    next: Vec<(u32, bool)>,
}

impl<F: Read + Write + Seek> Tiff<'_, '_, F> {
    fn later(&mut self, at: u32, gps: bool) {
        if at >= 8 && self.seen.len() < DIRECTORIES && !self.seen.contains(&(at, gps)) {
            self.seen.push((at, gps));
            self.next.push((at, gps));
        }
    }

    /// The place in the file of a place in the TIFF, as far as it reaches.
    fn part(&self, at: u64, bytes: u64) -> Range<u64> {
        let start = self.range.start.saturating_add(at).min(self.range.end);
        start..start.saturating_add(bytes).min(self.range.end)
    }

    /// Zero, which is no place for anything, where the TIFF ends before.
    fn u32(&mut self, at: u64) -> io::Result<u32> {
        let bytes = self.patch.bytes(self.part(at, 4), 4)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| self.order.u32(*bytes)))
    }

    fn directory(&mut self, at: u32, gps: bool) -> io::Result<()> {
        let at = u64::from(at);
        let count = self.patch.bytes(self.part(at, 2), 2)?;
        let Some(count) = count.first_chunk().map(|count| u64::from(self.order.u16(*count)).min(ENTRIES)) else {
            return Ok(());
        };
        if !self.patch.step(count as u32 + 1) {
            return Ok(());
        }
        let entries = self.part(at + 2, count * 12);
        let bytes = self.patch.bytes(entries.clone(), ENTRIES as usize * 12)?;
        let (bytes, _) = bytes.as_chunks::<12>();
        for bytes in bytes {
            let entry = Entry::read(self.order, bytes);
            if gps { self.blank_value(&entry)? } else { self.follow(&entry)? }
        }
        if gps {
            self.patch.fill(entries, 0)?;
        } else {
            let next = self.u32(at + 2 + count * 12)?;
            self.later(next, false);
        }
        Ok(())
    }

    fn blank_value(&mut self, entry: &Entry) -> io::Result<()> {
        // Four bytes or fewer stand in the entry itself; before byte 8 lies the header.
        if entry.bytes > 4 && entry.value >= 8 {
            self.patch.fill(self.part(entry.value.into(), entry.bytes.min(VALUE)), 0)?;
        }
        Ok(())
    }

    fn follow(&mut self, entry: &Entry) -> io::Result<()> {
        match entry.tag {
            GPS => self.later(entry.value, true),
            EXIF => self.later(entry.value, false),
            SUB_DIRECTORIES if entry.bytes <= 4 => self.later(entry.value, false),
            SUB_DIRECTORIES => {
                for n in 0..(entry.bytes / 4).min(DIRECTORIES as u64) {
                    let at = self.u32(u64::from(entry.value) + n * 4)?;
                    self.later(at, false);
                }
            }
            XMP if entry.bytes > 4 && matches!(entry.kind, 1 | 7) => {
                xmp::blank(self.patch, self.part(entry.value.into(), entry.bytes))?;
            }
            _ => {}
        }
        Ok(())
    }
}
