//! Colours of a picture's own profile into sRGB: phones take pictures in a wider space, which look pale otherwise.

use image::DynamicImage;
use memchr::memmem::find;
use moxcms::{ColorProfile, Layout, TransformOptions};

/// Where an ICC header names the space of the colours (ICC.1:2022, section 7.2).
const SPACE: std::ops::Range<usize> = 16..20;

/// Converts pixels of 8 bits. Where that is not possible, or nothing would change, they stay as they are.
pub(super) fn to_srgb(image: &mut DynamicImage, profile: &[u8]) {
    // A profile of another space told of pixels that a decoder has already made RGB.
    if profile.get(SPACE) != Some(b"RGB ") || is_srgb(profile) {
        return;
    }
    let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
    let layout = if image.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let to = ColorProfile::new_srgb();
    let Ok(transform) = from.create_transform_8bit(layout, &to, layout, TransformOptions::default()) else { return };
    let (pixels, row) = match image {
        DynamicImage::ImageRgb8(image) => {
            let row = image.width() as usize * 3;
            (image.as_flat_samples_mut().samples, row)
        }
        DynamicImage::ImageRgba8(image) => {
            let row = image.width() as usize * 4;
            (image.as_flat_samples_mut().samples, row)
        }
        _ => return,
    };
    // By rows: what is read cannot be written, and a copy of one is small.
    let mut copy = vec![0; row];
    for line in pixels.chunks_exact_mut(row) {
        copy.copy_from_slice(line);
        if transform.transform(&copy, line).is_err() {
            return;
        }
    }
}

/// By its description, in either of the two encodings that there are.
fn is_srgb(profile: &[u8]) -> bool {
    find(profile, b"sRGB").is_some() || find(profile, b"\0s\0R\0G\0B").is_some()
}
