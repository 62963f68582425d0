//! Pictures: measured by their header, refused by it where they are too much, and only then decoded.
//!
//! Decoders see bytes that a stranger made. The server calls [`crate::Pool`], never these functions.

mod encode;
mod header;
mod scale;

pub use encode::{Format, encode};
pub use header::{Container, Header, header};
pub use scale::{Square, Within, scale, thumbhash};

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
    /// Seconds of processor time.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, pixels: 32_000_000, side: 32_768, frames: 5_000, seconds: 20 }
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

/// The pixels of a picture as they are stored: not yet turned upright. The first frame of an animation.
///
/// A colour profile is not applied: colours are taken for sRGB.
pub fn decode(bytes: &[u8], header: &Header, limits: &Limits) -> Result<DynamicImage, Refusal> {
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
    .and_then(|image| {
        // The header was what was checked; a decoder that reads another size was led astray.
        let upright = (header.width, header.height);
        let sides = if header.turned() { (image.height(), image.width()) } else { (image.width(), image.height()) };
        if sides == upright { Ok(image) } else { Err(Refusal::Damaged("it has two sizes".into())) }
    })
}

fn pixels(mut decoder: impl ImageDecoder, limits: image::Limits) -> ImageResult<DynamicImage> {
    decoder.set_limits(limits)?;
    DynamicImage::from_decoder(decoder)
}
