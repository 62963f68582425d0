//! Fewer pixels: thumbnails, a square for an avatar, the few bytes that stand in for a picture while it loads.

use super::{Header, Refusal, Stored, colour};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{
    FilterType, IntoImageView, IntoImageViewMut, PixelTrait, ResizeAlg, ResizeError, ResizeOptions, Resizer,
};
use image::DynamicImage;
use image::metadata::Orientation;
use serde::{Deserialize, Serialize};

/// A square cut out of a picture, in its own upright pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Square {
    pub x: u32,
    pub y: u32,
    pub side: u32,
}

/// The box that a thumbnail has to fit in, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub width: u32,
    pub height: u32,
}

impl Within {
    /// The largest size of the same shape that fits: never larger than it is, never without a pixel.
    fn fit(self, width: u32, height: u32) -> (u32, u32) {
        let scale = (f64::from(self.width) / f64::from(width)).min(f64::from(self.height) / f64::from(height)).min(1.0);
        let side = |of: u32| ((f64::from(of) * scale).round() as u32).max(1);
        (side(width), side(height))
    }
}

/// The picture made to fit, upright, in 8 bits of sRGB; with an alpha channel where `stored` has one.
///
/// `stored` is what [`super::decode`] gave. The square, where it is wanted, has to lie in the picture.
pub fn scale(
    stored: &Stored,
    header: &Header,
    square: Option<Square>,
    within: Within,
) -> Result<DynamicImage, Refusal> {
    let from = square.map(|square| in_stored(square, header)).transpose()?;
    let (width, height) = match square {
        Some(square) => within.fit(square.side, square.side),
        None => within.fit(header.width, header.height),
    };
    let (width, height) = if header.turned() { (height, width) } else { (width, height) };
    let mut small = resize(&stored.pixels, from, width, height)?;
    // Only now, when there are few pixels left.
    if let Some(profile) = &stored.profile {
        colour::to_srgb(&mut small, profile);
    }
    DynamicImage::apply_orientation(&mut small, header.orientation);
    Ok(small)
}

/// A picture that [`scale`] made, made smaller still.
pub fn shrink(small: &DynamicImage, within: Within) -> Result<DynamicImage, Refusal> {
    let (width, height) = within.fit(small.width(), small.height());
    resize(small, None, width, height)
}

/// The same square in the pixels as they are stored.
fn in_stored(square: Square, header: &Header) -> Result<Square, Refusal> {
    let inside = |at: u32, all: u32| at.checked_add(square.side).is_some_and(|end| end <= all);
    if square.side == 0 || !inside(square.x, header.width) || !inside(square.y, header.height) {
        return Err(Refusal::Damaged("the square does not lie in it".into()));
    }
    let Square { x, y, side } = square;
    // How far the far edges are from the square's.
    let (right, below) = (header.width - x - side, header.height - y - side);
    let (x, y) = match header.orientation {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (right, y),
        Orientation::Rotate180 => (right, below),
        Orientation::FlipVertical => (x, below),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, right),
        Orientation::Rotate270FlipH => (below, right),
        Orientation::Rotate270 => (below, x),
    };
    Ok(Square { x, y, side })
}

fn resize(image: &DynamicImage, from: Option<Square>, width: u32, height: u32) -> Result<DynamicImage, Refusal> {
    if from.is_none() && (width, height) == (image.width(), image.height()) {
        return Ok(image.clone());
    }
    let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Hamming));
    if let Some(Square { x, y, side }) = from {
        options = options.crop(x.into(), y.into(), side.into(), side.into());
    }
    // Of the same kind as the source, which has no rows that would be copied before it is scaled.
    let mut small = DynamicImage::new(width, height, image.color());
    // By their kinds: asked to find out by itself, the scaler would bring code for a dozen others, two megabytes of it.
    let scaled = match image {
        DynamicImage::ImageRgb8(_) => resize_as::<U8x3>(image, &mut small, &options),
        DynamicImage::ImageRgba8(_) => resize_as::<U8x4>(image, &mut small, &options),
        _ => Err(ResizeError::PixelTypesAreDifferent),
    };
    scaled.map_err(|error| Refusal::Damaged(error.to_string()))?;
    Ok(small)
}

fn resize_as<P: PixelTrait>(
    image: &DynamicImage,
    small: &mut DynamicImage,
    options: &ResizeOptions,
) -> Result<(), ResizeError> {
    match (image.image_view::<P>(), small.image_view_mut::<P>()) {
        (Some(from), Some(mut to)) => Resizer::new().resize_typed(&from, &mut to, options),
        _ => Err(ResizeError::PixelTypesAreDifferent),
    }
}

/// A thumbhash is made of no more pixels than this.
pub const HASHED: Within = Within { width: 100, height: 100 };

/// The thumbhash of a picture in base64: about 25 bytes that show its colours, its shape and where it is clear.
pub fn thumbhash(image: &DynamicImage) -> Result<String, Refusal> {
    let small = shrink(image, HASHED)?.into_rgba8();
    let hash = thumbhash::rgba_to_thumb_hash(small.width() as usize, small.height() as usize, &small);
    Ok(STANDARD.encode(hash))
}
