//! Builds pictures.

use crate::exif::{self, Order};
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, RgbaImage};
use std::io::Cursor;

pub const RED: [u8; 3] = [224, 16, 16];
pub const GREEN: [u8; 3] = [16, 224, 16];
pub const BLUE: [u8; 3] = [16, 16, 224];
pub const WHITE: [u8; 3] = [240, 240, 240];

/// Four quarters: red and green above, blue and white below.
pub fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

pub fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(image).unwrap();
    bytes
}

pub fn png(image: &RgbImage) -> Vec<u8> {
    encode(&image.clone().into(), ImageFormat::Png)
}

/// Lossless, without metadata.
pub fn webp(image: &RgbImage) -> Vec<u8> {
    encode(&image.clone().into(), ImageFormat::WebP)
}

pub fn gif(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for n in 0..frames {
        let shade = if n == 0 { 0 } else { 255 };
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(4, 4, [shade, 0, 0, 255].into()))).unwrap();
    }
    drop(encoder);
    bytes
}

/// One that says it has so many frames, of no data each.
pub fn empty_gif(frames: usize) -> Vec<u8> {
    let mut bytes = b"GIF89a\x04\0\x04\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    for _ in 0..frames {
        bytes.extend_from_slice(b"\x2c\0\0\0\0\x04\0\x04\0\0\x02\x02\x84\x51\0");
    }
    bytes.push(0x3b);
    bytes
}

/// With segments put right after the start of the picture.
pub fn with_segments(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    for body in segments {
        bytes.extend_from_slice(&[0xff, 0xe1]);
        bytes.extend_from_slice(&(body.len() as u16 + 2).to_be_bytes());
        bytes.extend_from_slice(body);
    }
    bytes.extend_from_slice(&jpeg[2..]);
    bytes
}

pub fn with_exif(jpeg: &[u8], order: Order, orientation: u8) -> Vec<u8> {
    with_segments(jpeg, &[[b"Exif\0\0", exif::tiff(order, orientation).as_slice()].concat()])
}

pub fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind);
    hasher.update(body);
    [&(body.len() as u32).to_be_bytes(), kind.as_slice(), body, &hasher.finalize().to_be_bytes()].concat()
}

/// With chunks put right after the header of the picture.
pub fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// Kind and body of every chunk of a PNG, each with the right checksum.
pub fn chunks(png: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let mut found = Vec::new();
    let mut at = 8;
    while at < png.len() {
        let length = u32::from_be_bytes(*png[at..].first_chunk().unwrap()) as usize;
        let kind = *png[at + 4..].first_chunk().unwrap();
        let body = png[at + 8..at + 8 + length].to_vec();
        assert_eq!(chunk(&kind, &body), png[at..at + 12 + length], "the checksum of {}", kind.escape_ascii());
        found.push((kind, body));
        at += 12 + length;
    }
    found
}

/// An APNG of `frames` equal frames; the first is the still picture.
pub fn apng(image: &RgbImage, frames: u32) -> Vec<u8> {
    let still = png(image);
    let data: Vec<u8> =
        chunks(&still).into_iter().filter(|(kind, _)| kind == b"IDAT").flat_map(|(_, body)| body).collect();
    let mut bytes = still[..33].to_vec();
    bytes.extend(chunk(b"acTL", &[frames.to_be_bytes(), [0; 4]].concat()));
    let mut sequence = 0_u32;
    for n in 0..frames {
        let mut control = sequence.to_be_bytes().to_vec();
        control.extend([image.width().to_be_bytes(), image.height().to_be_bytes(), [0; 4], [0; 4]].concat());
        control.extend_from_slice(&[0, 1, 0, 10, 0, 0]);
        bytes.extend(chunk(b"fcTL", &control));
        sequence += 1;
        if n == 0 {
            bytes.extend(chunk(b"IDAT", &data));
        } else {
            bytes.extend(chunk(b"fdAT", &[&sequence.to_be_bytes(), data.as_slice()].concat()));
            sequence += 1;
        }
    }
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

fn riff_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = [kind.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// A WebP of `frames` equal frames and with other chunks at its end.
pub fn webp_with(image: &RgbImage, frames: usize, others: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let still = webp(image);
    let data = &still[12..];
    let side = |n: u32| (n - 1).to_le_bytes()[..3].to_vec();
    let flag = |kind: &[u8; 4], flag: u8| if others.iter().any(|(other, _)| *other == kind) { flag } else { 0 };
    let flags = if frames > 1 { 2 } else { 0 } | flag(b"EXIF", 8) | flag(b"XMP ", 4);
    let head = [vec![flags, 0, 0, 0], side(image.width()), side(image.height())].concat();
    let mut body = riff_chunk(b"VP8X", &head);
    if frames > 1 {
        body.extend(riff_chunk(b"ANIM", &[0; 6]));
        for _ in 0..frames {
            let frame = [vec![0; 6], side(image.width()), side(image.height()), vec![10, 0, 0, 0], data.to_vec()];
            body.extend(riff_chunk(b"ANMF", &frame.concat()));
        }
    } else {
        body.extend_from_slice(data);
    }
    for (kind, other) in others {
        body.extend(riff_chunk(kind, other));
    }
    [b"RIFF", (body.len() as u32 + 4).to_le_bytes().as_slice(), b"WEBP", &body].concat()
}

/// A name, the type that it is of, and a small file, of every kind that is looked into.
pub fn samples() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let picture = quarters(16, 8);
    let exif = |order| exif::tiff(order, 6);
    let place = exif::xmp("exif:GPSLatitude='1,2N'");
    let raw = b"Raw profile type exif\0\0compressed".to_vec();
    let png_chunks = [
        chunk(b"eXIf", &exif(Order::Big)),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", place.as_slice()].concat()),
        chunk(b"zTXt", &raw),
    ];
    vec![
        ("jpeg", "image/jpeg", with_exif(&jpeg(&picture), Order::Little, 6)),
        ("progressive", "image/jpeg", include_bytes!("pictures/progressive.jpg").to_vec()),
        ("cmyk", "image/jpeg", include_bytes!("pictures/cmyk.jpg").to_vec()),
        ("png", "image/png", with_chunks(&png(&picture), &png_chunks)),
        ("palette", "image/png", include_bytes!("pictures/palette.png").to_vec()),
        ("interlaced", "image/png", include_bytes!("pictures/interlaced.png").to_vec()),
        ("apng", "image/apng", apng(&picture, 3)),
        ("gif", "image/gif", gif(3)),
        ("webp", "image/webp", webp_with(&picture, 1, &[(b"EXIF", exif(Order::Little)), (b"XMP ", place)])),
        ("animated webp", "image/webp", webp_with(&picture, 3, &[])),
        ("bmp", "image/bmp", encode(&picture.into(), ImageFormat::Bmp)),
        ("tiff", "image/tiff", exif(Order::Big)),
        ("heic", "image/heic", crate::films::heic(0)),
        ("avif", "image/avif", crate::films::heic(1)),
        ("mp4", "video/mp4", crate::films::mp4()),
        ("mov", "video/quicktime", crate::films::mov()),
    ]
}
