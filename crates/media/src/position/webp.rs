//! WebP: chunks `EXIF` and `XMP ` of the RIFF file.

use super::patch::Patch;
use super::{tiff, xmp};
use std::io::{self, Read, Seek, Write};

pub(super) fn strip<F: Read + Write + Seek>(patch: &mut Patch<'_, F>) -> io::Result<()> {
    let mut at = 12;
    while let Some([kind @ .., l0, l1, l2, l3]) = patch.get::<8>(at)? {
        let length = u64::from(u32::from_le_bytes([l0, l1, l2, l3]));
        let body = at + 8..at + 8 + length;
        let [k0, k1, k2, k3] = kind;
        match &[k0, k1, k2, k3] {
            b"EXIF" => {
                let start = if patch.get(body.start)? == Some(*b"Exif\0\0") { body.start + 6 } else { body.start };
                tiff::strip(patch, start..body.end)?;
            }
            b"XMP " => drop(xmp::blank(patch, body.clone())?),
            _ => {}
        }
        if !patch.step(1) {
            break;
        }
        // Chunks begin at even bytes.
        at = body.end + (length & 1);
    }
    Ok(())
}
