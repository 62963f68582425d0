//! Takes the place where a picture or a film was made out of the file, in place: every other byte stays as it was
//! sent, and the length too.
//!
//! What is found: the GPS part of Exif and XMP packets that speak of a place, in JPEG (with the pictures and films
//! that cameras append to it), PNG, WebP, HEIC, AVIF and TIFF; the places that MP4 and QuickTime files state. A
//! file is read in pieces, and never as a whole. Not looked into: notes of a maker's own format, captions, and
//! tracks of measurements in films.

mod boxes;
mod jpeg;
mod patch;
mod png;
mod tiff;
mod webp;
mod xmp;

use patch::Patch;
use std::io::{self, Read, Seek, Write};

/// Blanks position data, and says whether there was any. Done again, it finds none.
///
/// `mime` is what [`crate::kind::sniff`] said; of other types nothing is changed. A file that is not whole, or
/// lies about itself, is cleaned as far as it can be understood. Errors are those of reading and writing; after
/// one the file may be half cleaned.
pub fn strip(file: &mut (impl Read + Write + Seek), mime: &str) -> io::Result<bool> {
    let mut patch = Patch::new(file)?;
    let whole = 0..patch.len();
    match mime {
        "image/jpeg" => jpeg::strip(&mut patch)?,
        "image/png" | "image/apng" => png::strip(&mut patch)?,
        "image/webp" => webp::strip(&mut patch)?,
        "image/tiff" => tiff::strip(&mut patch, whole)?,
        "image/heic" | "image/avif" => {
            boxes::strip(&mut patch, whole)?;
            // Files whose tables are wrong still have it somewhere.
            jpeg::strip_loose_exif(&mut patch)?;
        }
        "video/mp4" | "video/quicktime" | "video/3gpp" | "audio/mp4" => boxes::strip(&mut patch, whole)?,
        _ => {}
    }
    Ok(patch.changed())
}
