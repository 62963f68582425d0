//! What a picture's header says, read without any decoder.

mod gif;
mod jpeg;
mod png;
mod webp;

use super::Refusal;
use image::metadata::Orientation;

/// The formats whose pixels are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub container: Container,
    /// In pixels, upright: as it is seen once turned as its Exif asks.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// How the stored pixels are turned to be upright.
    pub orientation: Orientation,
    /// How many frames there are; 1 for a still picture.
    pub frames: u32,
    /// The most pixels that it, or one of its frames, states to have.
    pub pixels: u64,
}

impl Header {
    pub fn animated(&self) -> bool {
        self.frames > 1
    }

    /// Whether width and height change places between the stored and the upright picture.
    pub fn turned(&self) -> bool {
        swaps(self.orientation)
    }
}

fn swaps(orientation: Orientation) -> bool {
    use Orientation::*;
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

/// Reads a picture's header out of the whole file. Costs a walk over its blocks; no pixel is decoded.
pub fn header(bytes: &[u8]) -> Result<Header, Refusal> {
    let (container, found) = match bytes {
        [0xff, 0xd8, 0xff, ..] => (Container::Jpeg, jpeg::read(bytes)),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => (Container::Png, png::read(bytes)),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => (Container::Gif, gif::read(bytes)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => (Container::WebP, webp::read(bytes)),
        [b'B', b'M', ..] => (Container::Bmp, bmp(bytes)),
        _ => return Err(Refusal::Unknown),
    };
    let found = found.ok_or_else(|| Refusal::Damaged("its header is not whole".into()))?;
    if found.width == 0 || found.height == 0 {
        return Err(Refusal::Damaged("it has no size".into()));
    }
    let orientation = found.exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let (width, height) = if swaps(orientation) { (found.height, found.width) } else { (found.width, found.height) };
    let pixels = found.largest.max(u64::from(width) * u64::from(height));
    Ok(Header { container, width, height, orientation, frames: found.frames.max(1), pixels })
}

/// What a format's own reader finds: sizes as they are stored.
#[derive(Default)]
struct Found<'a> {
    width: u32,
    height: u32,
    frames: u32,
    /// Pixels of the largest frame that states its own size.
    largest: u64,
    /// A TIFF structure.
    exif: Option<&'a [u8]>,
}

impl Found<'_> {
    fn frame(&mut self, width: u32, height: u32) {
        self.largest = self.largest.max(u64::from(width) * u64::from(height));
    }
}

/// Exif with or without the six bytes that JPEG puts before it.
fn tiff(exif: &[u8]) -> &[u8] {
    exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)
}

fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn bmp(bytes: &[u8]) -> Option<Found<'static>> {
    let (width, height) = match u32::from_le_bytes(bytes_at(bytes, 14)?) {
        12 => {
            let side = |at| Some(u32::from(u16::from_le_bytes(bytes_at(bytes, at)?)));
            (side(18)?, side(20)?)
        }
        // A negative height says that rows go downwards.
        _ => {
            let side = |at| Some(i32::from_le_bytes(bytes_at(bytes, at)?).unsigned_abs());
            (side(18)?, side(22)?)
        }
    };
    Some(Found { width, height, frames: 1, ..Found::default() })
}
