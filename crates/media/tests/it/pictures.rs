//! What is said and made of pictures.

use crate::build::*;
use crate::exif::Order;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, LumaA, Rgb, RgbImage, Rgba, RgbaImage};
use media::picture::{self, Format, Header, Limits, Refusal, Square, Stored, Within};
use moxcms::ColorProfile;

const SMALL: Within = Within { width: 16, height: 16 };

fn open(bytes: &[u8]) -> (Stored, Header) {
    let header = picture::header(bytes).unwrap();
    let image = picture::decode(bytes, &header, &Limits::default()).unwrap();
    (image, header)
}

fn thumbnail(bytes: &[u8], square: Option<Square>, within: Within) -> DynamicImage {
    let (image, header) = open(bytes);
    picture::scale(&image, &header, square, within).unwrap()
}

#[track_caller]
fn near(is: [u8; 3], wanted: [u8; 3], what: &str) {
    assert!(is.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 40), "{what}: {is:?} is not {wanted:?}");
}

/// Colours near the corners: above left and right, below left and right.
fn corners(image: &DynamicImage) -> [[u8; 3]; 4] {
    let image = image.to_rgb8();
    let (right, below) = (image.width() - 2, image.height() - 2);
    [(1, 1), (right, 1), (1, below), (right, below)].map(|(x, y)| image.get_pixel(x, y).0)
}

/// Exif 2.32, 4.6.4: where the first row and the first column of what is stored are seen.
#[test]
fn all_eight_orientations_are_turned_upright() {
    let seen = [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
    ];
    let stored = quarters(64, 32);
    for (orientation, wanted) in seen {
        let exif = |order| crate::exif::tiff(order, orientation);
        let files = [
            with_exif(&jpeg(&stored), Order::Little, orientation),
            with_exif(&jpeg(&stored), Order::Big, orientation),
            with_chunks(&png(&stored), &[chunk(b"eXIf", &exif(Order::Big))]),
            webp_with(&stored, 1, &[(b"EXIF", exif(Order::Little))]),
        ];
        for bytes in files {
            let header = picture::header(&bytes).unwrap();
            let upright = if orientation < 5 { (64, 32) } else { (32, 64) };
            assert_eq!((header.width, header.height), upright, "{orientation}");
            let small = thumbnail(&bytes, None, SMALL);
            assert_eq!((small.width(), small.height()), (upright.0 / 4, upright.1 / 4), "{orientation}");
            for (is, wanted) in corners(&small).into_iter().zip(wanted) {
                near(is, wanted, &format!("orientation {orientation}"));
            }
            // A square of each quarter, in upright pixels.
            for (n, colour) in (0..4).zip(wanted) {
                let square = Square { x: n % 2 * (upright.0 - 16), y: n / 2 * (upright.1 - 16), side: 16 };
                let cut = thumbnail(&bytes, Some(square), Within { width: 8, height: 8 });
                assert_eq!((cut.width(), cut.height()), (8, 8));
                corners(&cut).into_iter().for_each(|is| near(is, colour, &format!("square {n} of {orientation}")));
            }
        }
    }
}

#[test]
fn every_sort_of_pixel_is_read() {
    let halves: &[(&str, &[u8])] = &[
        ("cmyk", include_bytes!("pictures/cmyk.jpg")),
        ("progressive", include_bytes!("pictures/progressive.jpg")),
        ("palette", include_bytes!("pictures/palette.png")),
        ("interlaced", include_bytes!("pictures/interlaced.png")),
    ];
    for (name, bytes) in halves {
        let small = thumbnail(bytes, None, SMALL);
        let [left, right, ..] = corners(&small);
        near(left, RED, name);
        near(right, BLUE, name);
    }
    let deep = DynamicImage::from(quarters(32, 32));
    let sorts: [(&str, DynamicImage); 6] = [
        ("8 bits", deep.clone()),
        ("16 bits", deep.to_rgb16().into()),
        ("16 bits, alpha", deep.to_rgba16().into()),
        ("gray", deep.to_luma8().into()),
        ("gray, alpha", deep.to_luma_alpha8().into()),
        ("gray, 16 bits", deep.to_luma16().into()),
    ];
    for (name, image) in sorts {
        let small = thumbnail(&encode(&image, ImageFormat::Png), None, SMALL);
        assert_eq!((small.width(), small.height()), (16, 16), "{name}");
        let wanted = image.to_rgb8().get_pixel(0, 0).0;
        near(corners(&small)[0], wanted, name);
        assert_eq!(small.color().has_alpha(), image.color().has_alpha(), "{name}");
        for format in [Format::WebP, Format::Jpeg, Format::Png] {
            let bytes = picture::encode(&small, format).unwrap();
            near(corners(&image::load_from_memory(&bytes).unwrap())[0], wanted, &format!("{name} {format:?}"));
        }
    }
}

#[test]
fn what_is_clear_stays_so_or_becomes_white() {
    let mut image = RgbaImage::from_pixel(32, 32, Rgba([224, 16, 16, 255]));
    image.enumerate_pixels_mut().filter(|(x, ..)| *x >= 16).for_each(|(.., pixel)| *pixel = Rgba([0, 0, 0, 0]));
    let small = thumbnail(&encode(&image.into(), ImageFormat::Png), None, SMALL);
    for format in [Format::WebP, Format::Png] {
        let again = image::load_from_memory(&picture::encode(&small, format).unwrap()).unwrap().to_rgba8();
        assert_eq!((again.get_pixel(1, 1).0[3], again.get_pixel(14, 1).0[3]), (255, 0), "{format:?}");
    }
    let flat = image::load_from_memory(&picture::encode(&small, Format::Jpeg).unwrap()).unwrap();
    let [left, right, ..] = corners(&flat);
    near(left, RED, "what is not clear");
    near(right, [255; 3], "what is clear");
    let clear = DynamicImage::ImageLumaA8(image::ImageBuffer::from_pixel(8, 8, LumaA([9, 0])));
    assert!(!picture::thumbhash(&clear).unwrap().is_empty());
}

#[test]
fn colours_of_a_wider_space_are_brought_into_srgb() {
    let stored = [200, 50, 50];
    let pixels = RgbImage::from_pixel(16, 16, Rgb(stored));
    let with = |profile: Option<Vec<u8>>| {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        profile.into_iter().for_each(|profile| encoder.set_icc_profile(profile).unwrap());
        encoder.write_image(&pixels, 16, 16, ExtendedColorType::Rgb8).unwrap();
        corners(&thumbnail(&bytes, None, Within { width: 8, height: 8 }))[0]
    };
    let wide = ColorProfile::new_display_p3().encode().unwrap();
    // Red of Display P3 (IEC 61966-2-1 curve, SMPTE EG 432-1 primaries) by hand: linear 0.700, 0.009, 0.021.
    let [red, green, blue] = with(Some(wide.clone()));
    assert!(red.abs_diff(218) < 3 && green.abs_diff(24) < 3 && blue.abs_diff(40) < 3, "{red} {green} {blue}");
    for same in [None, Some(ColorProfile::new_srgb().encode().unwrap()), Some(wide[..100].to_vec()), Some(Vec::new())] {
        near(with(same), stored, "as it was");
    }
}

#[test]
fn a_thumbnail_fits_and_is_never_enlarged() {
    let cases = [
        ((100, 50), (40, 40), (40, 20)),
        ((50, 100), (40, 40), (20, 40)),
        ((100, 50), (100, 50), (100, 50)),
        ((100, 50), (4000, 4000), (100, 50)),
        ((1000, 1), (10, 10), (10, 1)),
        ((1, 1000), (10, 500), (1, 500)),
        ((3, 3), (0, 0), (1, 1)),
    ];
    for ((width, height), within, wanted) in cases {
        let bytes = png(&quarters(width, height));
        let small = thumbnail(&bytes, None, Within { width: within.0, height: within.1 });
        assert_eq!((small.width(), small.height()), wanted, "{width} × {height} in {within:?}");
    }
    let (image, header) = open(&png(&quarters(20, 10)));
    for (x, y, side) in [(0, 0, 11), (11, 0, 10), (0, 1, 10), (u32::MAX, 0, 2), (0, 0, 0)] {
        assert!(picture::scale(&image, &header, Some(Square { x, y, side }), SMALL).is_err(), "{x} {y} {side}");
    }
}

#[test]
fn what_moves_is_told_and_its_first_frame_is_shown() {
    let picture = quarters(16, 8);
    let cases = [
        ("gif", gif(3), 3),
        ("still gif", gif(1), 1),
        ("apng", apng(&picture, 3), 3),
        ("still apng", apng(&picture, 1), 1),
        ("png", png(&picture), 1),
        ("webp", webp_with(&picture, 3, &[]), 3),
        ("still webp", webp(&picture), 1),
    ];
    for (name, bytes, frames) in cases {
        let header = picture::header(&bytes).unwrap();
        assert_eq!((header.frames, header.animated()), (frames, frames > 1), "{name}");
        let first = if name.contains("gif") { [0, 0, 0] } else { RED };
        near(corners(&thumbnail(&bytes, None, SMALL))[0], first, name);
    }
}

#[test]
fn a_header_alone_is_enough_to_refuse() {
    let size = |width: u32, height: u32| [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = |width, height| chunk(b"IHDR", &[size(width, height).as_slice(), &[8, 2, 0, 0, 0]].concat());
    let signed = |rest: Vec<u8>| [b"\x89PNG\r\n\x1a\n".as_slice(), &rest, &chunk(b"IDAT", b"x")].concat();
    let frame = [0_u32.to_be_bytes().as_slice(), &size(65_535, 65_535), &[0; 14]].concat();
    let mut tall_gif = empty_gif(1);
    tall_gif[24..28].fill(0xff);
    let cases = [
        ("png", signed(header(65_535, 65_535)), "width or height"),
        ("flat png", signed(header(30_000, 30_000)), "pixels"),
        ("most that a png can say", signed(header(0x7fff_ffff, 1)), "width or height"),
        ("frames", signed([header(1, 1), chunk(b"acTL", &size(2_000_000, 0))].concat()), "frames"),
        ("a frame", signed([header(1, 1), chunk(b"fcTL", &frame)].concat()), "pixels"),
        ("gif", empty_gif(100_000), "frames"),
        ("a frame of a gif", tall_gif, "pixels"),
        ("jpeg", b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0\xff\xda".to_vec(), "width or height"),
        ("webp", b"RIFF\x12\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff".to_vec(), "width or height"),
        ("bmp", [b"BM".as_slice(), &[0; 12], &[40, 0, 0, 0, 0, 0, 1, 0, 0, 0, 255, 255]].concat(), "width or height"),
    ];
    for (name, bytes, what) in cases {
        let header = picture::header(&bytes).unwrap();
        let refused = Err(Refusal::TooMuch(what));
        assert_eq!(Limits::default().check(&header), refused, "{name}");
        assert_eq!(picture::decode(&bytes, &header, &Limits::default()).map(drop), refused, "{name}");
    }
}

#[test]
fn what_is_no_picture_is_said_so() {
    for bytes in [b"".as_slice(), b"<svg/>", b"%PDF-1.4", b"\0\0\0\x18ftypheic", b"II*\0"] {
        assert_eq!(picture::header(bytes), Err(Refusal::Unknown));
    }
    for bytes in [b"\xff\xd8\xff".as_slice(), b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF....WEBP", b"BM"] {
        assert!(matches!(picture::header(bytes), Err(Refusal::Damaged(_))));
    }
    // A header of one size before pixels of another.
    let mut liar = webp_with(&quarters(16, 8), 1, &[]);
    liar[24] = 200;
    let header = picture::header(&liar).unwrap();
    assert!(picture::decode(&liar, &header, &Limits::default()).is_err());
}
