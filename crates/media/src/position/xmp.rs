//! XMP: a packet of XML. One that speaks of a place is blanked as a whole, for its names are anybody's choice.

use super::patch::Patch;
use memchr::memmem::find;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

/// What the names of places have in them, in lower case: `exif:GPSLatitude`, `Iptc4xmpExt:LocationCreated`,
/// `geo:lat`, `photoshop:City` …
const WORDS: &[&[u8]] = &[b"gps", b"latitude", b"longitude", b"location", b"geo:", b":city", b"coordinates", b"geotag"];
const LONGEST: usize = 11;

/// Looks for a place in text that comes in pieces.
#[derive(Default)]
pub(super) struct Search {
    /// The end of what came before, for words that lie across.
    tail: Vec<u8>,
    pub(super) found: bool,
}

impl Search {
    pub(super) fn push(&mut self, piece: &[u8]) {
        if self.found {
            return;
        }
        // Without zeroes UTF-16 reads like ASCII.
        self.tail.extend(piece.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase));
        self.found = WORDS.iter().any(|word| find(&self.tail, word).is_some());
        let done = self.tail.len().saturating_sub(LONGEST);
        self.tail.drain(..done);
    }
}

/// Overwrites the packet with spaces if it speaks of a place; says whether it did.
pub(super) fn blank<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, packet: Range<u64>) -> io::Result<bool> {
    let mut search = Search::default();
    patch.pieces(packet.clone(), |piece| {
        search.push(piece);
        !search.found
    })?;
    if search.found { patch.fill(packet, b' ') } else { Ok(false) }
}
