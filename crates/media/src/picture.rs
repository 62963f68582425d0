//! Pictures: measured by their header, refused by it where they are too much, and only then decoded.
//!
//! Decoders see bytes that a stranger made. The server calls [`crate::Pool`], never these functions.

mod colour;
mod encode;
mod header;
mod scale;

pub use encode::{Format, encode};
pub use header::{Container, Header, header};
pub use scale::{HASHED, Square, Within, scale, shrink, thumbhash};

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{DynamicImage, ImageDecoder, ImageResult};
use serde::{Deserialize, Serialize};
use std::io::Cursor;

/// What a picture may cost. The sizes are those that its header states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Width times height, of the picture and of each frame.
    pub pixels: u64,
    /// Width, and height.
    pub side: u32,
    /// Frames of an animation.
    pub frames: u32,
    /// Seconds of processor time of the worker.
    pub seconds: u64,
    /// Bytes of address space of the worker.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::of(32_000_000)
    }
}

/// Why a file is not taken for a picture. It stays a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("not a picture that can be read")]
    Unknown,
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    #[error("the picture has more {0} than is allowed")]
    TooMuch(&'static str),
}

impl Limits {
    /// Limits for pictures of so many pixels, with as much memory as the worst of them takes, and some more: four colours of
    /// 16 bits, and of 8, what a decoder holds beside them, and rows on their way to a smaller size; beside them the file,
    /// twice, the program, its threads' stacks and arenas.
    pub fn of(pixels: u64) -> Self {
        let bytes = 64 << 20;
        let memory = pixels.saturating_mul(20).saturating_add(bytes * 2).saturating_add(320 << 20);
        Self { bytes, pixels, side: 32_768, frames: 5_000, seconds: 20, memory }
    }

    /// Refuses by the header alone: a few bytes can state a picture of many gigabytes.
    pub fn check(&self, header: &Header) -> Result<(), Refusal> {
        if header.width.max(header.height) > self.side {
            return Err(Refusal::TooMuch("width or height"));
        }
        if header.pixels > self.pixels {
            return Err(Refusal::TooMuch("pixels"));
        }
        if header.frames > self.frames {
            return Err(Refusal::TooMuch("frames"));
        }
        Ok(())
    }

    fn of_decoder(&self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_image_width = Some(self.side);
        limits.max_image_height = Some(self.side);
        // Four colours of 16 bits, and what a decoder holds beside them.
        limits.max_alloc = Some(self.pixels.saturating_mul(8).saturating_add(64 << 20));
        limits
    }
}

/// A picture as it is stored: not yet turned upright, and in its own colours, in 8 bits each.
pub struct Stored {
    pub pixels: DynamicImage,
    /// An ICC profile, if it came with one.
    profile: Option<Vec<u8>>,
}

/// Reads the pixels of a picture; of an animation its first frame.
pub fn decode(bytes: &[u8], header: &Header, limits: &Limits) -> Result<Stored, Refusal> {
    limits.check(header)?;
    let bound = limits.of_decoder();
    let from = Cursor::new(bytes);
    match header.container {
        Container::Jpeg => JpegDecoder::new(from).and_then(|decoder| pixels(decoder, bound)),
        Container::Png => PngDecoder::with_limits(from, bound.clone()).and_then(|decoder| pixels(decoder, bound)),
        Container::Gif => GifDecoder::new(from).and_then(|decoder| pixels(decoder, bound)),
        Container::WebP => WebPDecoder::new(from).and_then(|decoder| pixels(decoder, bound)),
        Container::Bmp => BmpDecoder::new(from).and_then(|decoder| pixels(decoder, bound)),
    }
    .map_err(|error| Refusal::Damaged(error.to_string()))
    .and_then(|stored| {
        // The header was what was checked; a decoder that reads another size was led astray.
        let (width, height) = (stored.pixels.width(), stored.pixels.height());
        let upright = if header.turned() { (height, width) } else { (width, height) };
        if upright == (header.width, header.height) {
            Ok(stored)
        } else {
            Err(Refusal::Damaged("it has two sizes".into()))
        }
    })
}

fn pixels(mut decoder: impl ImageDecoder, limits: image::Limits) -> ImageResult<Stored> {
    decoder.set_limits(limits)?;
    // A profile that cannot be read costs some colour, and not the picture.
    let profile = decoder.icc_profile().unwrap_or_default();
    Ok(Stored { pixels: in_8_bits(DynamicImage::from_decoder(decoder)?), profile })
}

/// Of three colours or of four with how clear it is, 8 bits each: what is finer than a thumbnail shows, or all grey, would
/// need scalers of its own, a third of a megabyte of code for each.
fn in_8_bits(pixels: DynamicImage) -> DynamicImage {
    if pixels.color().has_alpha() { pixels.into_rgba8().into() } else { pixels.into_rgb8().into() }
}
