//! JPEG: Exif and XMP lie in APP1 segments. The whole file is searched for them, instead of walking from marker to
//! marker: cameras append further pictures and short films, which have positions of their own.

use super::patch::Patch;
use super::{boxes, tiff, xmp};
use memchr::memmem::Finder;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

const EXIF: &[u8] = b"Exif\0\0";
const PACKET: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// A packet too long for a segment: 32 letters that name it, its whole length and this part's offset follow.
const EXTENDED: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// The first box of an appended film begins four bytes before it.
const FILM: &[u8] = b"ftyp";

/// How many finds are looked at; honest files have a few.
const FINDS: usize = 4096;
/// Exif outside of JPEG has no length here.
const LOOSE_EXIF: u64 = 1 << 20;

pub(super) fn strip<F: Read + Write + Seek>(patch: &mut Patch<'_, F>) -> io::Result<()> {
    let mut extended = Extended::default();
    let mut films = 0;
    for (at, what) in find(patch, &[EXIF, PACKET, EXTENDED, FILM])? {
        let inside = at + what.len() as u64;
        if what == FILM {
            // Four letters may stand there by chance, in front of a length hardly.
            let size = patch.get(at.saturating_sub(4))?.map_or(0, u32::from_be_bytes);
            if at >= 4 && (16..=1024).contains(&size) && films < 4 {
                films += 1;
                boxes::strip(patch, at - 4..patch.len())?;
            }
            continue;
        }
        let Some([0xff, 0xe1, high, low]) = patch.get(at.saturating_sub(4))? else { continue };
        let segment = inside..at - 2 + u64::from(u16::from_be_bytes([high, low]));
        match what {
            EXIF => tiff::strip(patch, segment)?,
            PACKET => drop(xmp::blank(patch, segment)?),
            _ => extended.add(patch, segment)?,
        }
    }
    extended.finish(patch)
}

/// For containers whose tables may be wrong.
pub(super) fn strip_loose_exif<F: Read + Write + Seek>(patch: &mut Patch<'_, F>) -> io::Result<()> {
    for (at, _) in find(patch, &[EXIF])? {
        let inside = at + EXIF.len() as u64;
        tiff::strip(patch, inside..inside + LOOSE_EXIF)?;
    }
    Ok(())
}

/// Where in the file each of `what` stands, in order.
fn find<F: Read + Write + Seek>(
    patch: &mut Patch<'_, F>,
    what: &[&'static [u8]],
) -> io::Result<Vec<(u64, &'static [u8])>> {
    let finders: Vec<_> = what.iter().map(|what| (*what, Finder::new(*what))).collect();
    let overlap = what.iter().map(|what| what.len()).max().unwrap_or(1) - 1;
    let mut found = Vec::new();
    let mut window = Vec::new();
    // Where the window begins in the file.
    let mut start = 0_u64;
    patch.pieces(0..patch.len(), |piece| {
        let old = window.len();
        window.extend_from_slice(piece);
        for (what, finder) in &finders {
            // What lies in the old part alone was found before.
            let from = (old + 1).saturating_sub(what.len());
            found.extend(finder.find_iter(&window[from..]).map(|at| (start + (from + at) as u64, *what)));
        }
        let done = window.len().saturating_sub(overlap);
        window.drain(..done);
        start += done as u64;
        found.len() < FINDS
    })?;
    found.truncate(FINDS);
    found.sort_unstable_by_key(|(at, _)| *at);
    Ok(found)
}

/// The parts of a long packet. A word may lie across two of them, so they go all together.
#[derive(Default)]
struct Extended {
    parts: Vec<Range<u64>>,
    search: xmp::Search,
    /// Where the next part has to begin, if the parts come in order.
    expected: u32,
    disordered: bool,
}

impl Extended {
    fn add<F: Read + Write + Seek>(&mut self, patch: &mut Patch<'_, F>, segment: Range<u64>) -> io::Result<()> {
        let Some(offset) = patch.get(segment.start + 36)?.map(u32::from_be_bytes) else { return Ok(()) };
        let text = segment.start + 40..segment.end.max(segment.start + 40);
        let length = (text.end - text.start) as u32;
        self.disordered |= offset != self.expected && offset != 0;
        self.expected = offset.wrapping_add(length);
        let bytes = patch.bytes(text.clone(), usize::from(u16::MAX))?;
        // Blanked before: says nothing any more, in whatever order.
        if bytes.iter().all(|byte| *byte == b' ') {
            return Ok(());
        }
        self.search.push(&bytes);
        self.parts.push(text);
        Ok(())
    }

    fn finish<F: Read + Write + Seek>(self, patch: &mut Patch<'_, F>) -> io::Result<()> {
        if self.search.found || self.disordered {
            for part in self.parts {
                patch.fill(part, b' ')?;
            }
        }
        Ok(())
    }
}
