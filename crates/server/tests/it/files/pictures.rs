//! Pictures: freed of where they were made, turned upright, measured, shown small in what a browser takes; and
//! those that mean harm, which stay files.

use super::kit::*;
use crate::support::{Db, Server};
use futures_util::future::join_all;
use image::ImageFormat;
use reqwest::Method;
use serde_json::json;

/// Latitude and longitude as Exif has them: degrees, minutes, seconds, each a fraction.
const PLACE: [u32; 6] = [0x00c0_ffee, 1, 0x00de_fced, 1, 0x00fa_ceb0, 7];

fn place() -> Vec<u8> {
    PLACE.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// A JPEG of a camera that was held upright and knew where it was.
pub fn photo(width: u32, height: u32, orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let head = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        [head, count.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat()
    };
    let (first, gps) = (8, 8 + 2 + 2 * 12 + 4);
    let mut tiff = [b"II*\0".to_vec(), u32::to_le_bytes(first).to_vec()].concat();
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(0x0112, 3, 1, u32::from(orientation)));
    tiff.extend(entry(0x8825, 4, 1, gps));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(1, 2, 2, u32::from_le_bytes(*b"N\0\0\0")));
    tiff.extend(entry(2, 5, 3, gps + 2 + 2 * 12 + 4));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(place());
    let segment = [b"Exif\0\0".to_vec(), tiff].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    let plain = picture(width, height, 7, ImageFormat::Jpeg);
    [&plain[..2], &[0xff, 0xe1], &length, &segment, &plain[2..]].concat()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_where_a_photo_was_made() {
    let photo = photo(300, 200, 6);
    assert!(holds(&photo, &place()));
    for keep in [false, true] {
        let server = Server::with(Db::sqlite(), |config| config.keep_position = keep).await;
        let ana = server.person("ana").await;
        let sent = send(&ana, "holiday.jpg", &photo).await.ok(201);
        assert_eq!((&sent["width"], &sent["height"]), (&json!(200), &json!(300)), "upright");
        let got = ana.get(&path(id(&sent))).await.bytes;
        assert_eq!((holds(&got, &place()), got.len()), (keep, photo.len()));
        assert_eq!(measured(&got), (300, 200), "the picture itself is as it was");
        let small = ana.saying("accept", "image/*").get(&thumbnail(id(&sent), 160)).await;
        assert_eq!(measured(&small.bytes), (160, 240), "and its thumbnail is turned");
        assert!(!holds(&small.bytes, b"Exif") && !holds(&small.bytes, &place()));
        // Sent once more: known by what it is now.
        upload(&ana, "again.jpg", &photo).await;
        let originals = lying(&server.db, "files").into_iter().filter(|path| path.extension().is_none());
        assert_eq!(originals.count(), 1);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thumbnails_fit_the_screen_and_the_browser() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    let wide = upload(&ana, "wide.png", &png(2_000, 500, 1)).await;
    let plain = ana.saying("accept", "image/png,*/*;q=0.8");
    let modern = ana.saying("accept", "image/avif,image/webp,*/*;q=0.8");
    for (asked, width) in
        [(0, 80), (1, 80), (80, 80), (81, 160), (640, 640), (641, 1_280), (1_281, 1_920), (9_999, 1_920)]
    {
        let got = modern.get(&thumbnail(wide, asked)).await;
        assert_eq!(
            (got.status, got.header("content-type"), measured(&got.bytes)),
            (200, "image/webp", (width, width / 4))
        );
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(
            (got.header("vary"), got.header("cache-control")),
            ("cookie, authorization, accept", "private, no-cache")
        );
    }
    let refuses = ana.saying("accept", "image/webp;q=0, image/png");
    assert_eq!(refuses.get(&thumbnail(wide, 80)).await.header("content-type"), "image/png");
    for (name, format, kind) in [
        ("a.png", ImageFormat::Png, "image/png"),
        ("a.gif", ImageFormat::Gif, "image/png"),
        ("a.webp", ImageFormat::WebP, "image/png"),
        ("a.jpg", ImageFormat::Jpeg, "image/jpeg"),
        ("a.bmp", ImageFormat::Bmp, "image/jpeg"),
    ] {
        let file = send(&ana, name, &picture(90, 60, 3, format)).await.ok(201);
        assert!(file["thumbhash"].is_string() && file.get("animated").is_none(), "{name}: {file}");
        for (who, kind) in [(&plain, kind), (&modern, "image/webp")] {
            let got = who.get(&thumbnail(id(&file), 1_920)).await;
            assert_eq!((got.header("content-type"), measured(&got.bytes)), (kind, (90, 60)), "{name} is not enlarged");
        }
    }
    // Asked for by many at once it is made, and is the same for all.
    let path = thumbnail(wide, 320);
    let all = join_all((0..20).map(|_| plain.get(&path))).await;
    assert!(all.iter().all(|answer| answer.status == 200 && answer.bytes == all[0].bytes));
    let head = plain.raw(Method::HEAD, &path, None).await;
    assert_eq!((head.header("content-length"), head.bytes.len()), (all[0].bytes.len().to_string().as_str(), 0));
    assert_eq!(plain.saying("if-none-match", all[0].header("etag")).get(&path).await.status, 304);
    let part = plain.saying("range", "bytes=5-9").get(&path).await;
    assert_eq!((part.status, &part.bytes[..]), (206, &all[0].bytes[5..10]));
    assert_eq!(ana.get(&format!("{FILES}/{wide}/thumbnail?w=big")).await.refused(400, "invalid").field(), "w");
    let text = upload(&ana, "a.txt", b"words").await;
    ana.get(&thumbnail(text, 80)).await.refused(404, "not_found");
    assert_eq!(lying(&server.db, "uploads").len(), 0, "what was made in between is gone");
    server.stop().await;
}

/// A PNG that says it is larger than it is.
fn boasting() -> Vec<u8> {
    let mut bytes = png(2, 2, 1);
    bytes[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let sum = crc(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&sum);
    bytes
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_means_harm_is_a_file_like_any_other() {
    let server = Server::with(Db::sqlite(), |config| config.limits.pixels = 10_000).await;
    let ana = server.person("ana").await;
    let mut damaged = png(90, 60, 1);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 20].fill(0xff);
    for (name, bytes) in [
        ("boasting.png", boasting()),
        ("damaged.png", damaged),
        ("cut.png", png(90, 60, 2)[..60].to_vec()),
        ("head.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()),
        ("large.png", png(101, 100, 1)),
    ] {
        let sent = send(&ana, name, &bytes).await.ok(201);
        assert!(sent["type"].as_str().unwrap().starts_with("image/"), "{sent}");
        assert!(sent.get("thumbhash").is_none() && sent.get("width").is_none(), "{sent}");
        ana.get(&thumbnail(id(&sent), 80)).await.refused(404, "not_found");
        assert_eq!(ana.get(&path(id(&sent))).await.bytes, bytes);
    }
    let fits = send(&ana, "fits.png", &png(100, 100, 1)).await.ok(201);
    assert!(fits["thumbhash"].is_string(), "as many pixels as may be, and after all of those");
    assert_eq!(lying(&server.db, "uploads").len(), 0);
    // One that takes longer than it may.
    let server = Server::with(server.stop().await, |config| config.limits.picture_ms = 1).await;
    let ana = server.login("ana").await;
    let slow = send(&ana, "slow.png", &png(100, 100, 2)).await.ok(201);
    assert!(slow.get("thumbhash").is_none());
    ana.get(&thumbnail(id(&slow), 80)).await.refused(404, "not_found");
    assert_eq!(lying(&server.db, "uploads").len(), 0);
    // The same bytes at a better moment.
    let server = Server::start(server.stop().await).await;
    let again = send(&server.login("ana").await, "slow.png", &png(100, 100, 2)).await.ok(201);
    assert!(again["thumbhash"].is_string());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_is_known_and_what_its_sender_says_is_bounded() {
    let server = Server::start(Db::sqlite()).await;
    let ana = server.person("ana").await;
    let mut gif = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    let frame = |seed: u8| image::Frame::new(image::RgbaImage::from_pixel(30, 20, image::Rgba([seed, 0, 0, 255])));
    encoder.encode_frames([frame(1), frame(200)]).unwrap();
    drop(encoder);
    let sent = send(&ana, "a.gif", &gif).await.ok(201);
    assert_eq!((&sent["animated"], &sent["width"]), (&json!(true), &json!(30)));
    // Of a picture nothing is believed; of a film and a sound what a page may show.
    let hints =
        json!({"width": 9, "height": 40_000, "duration_ms": 5, "voice": true, "waveform": vec![255; 200]}).to_string();
    let said = |name: &'static str, bytes: Vec<u8>| {
        let (ana, form) = (ana.clone(), form(&[("hints", &hints)], name, "x/y", &bytes));
        async move { post_form(&ana, form).await.ok(201) }
    };
    let picture = said("a.png", png(30, 20, 1)).await;
    assert_eq!((&picture["width"], &picture["height"]), (&json!(30), &json!(20)));
    assert!(picture.get("duration_ms").is_none() && picture.get("voice").is_none());
    let film = said("a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42\xff\xfe".to_vec()).await;
    assert_eq!((&film["type"], &film["width"], &film["duration_ms"]), (&json!("video/mp4"), &json!(9), &json!(5)));
    assert!(film.get("height").is_none(), "larger than any film: {film}");
    let sound = said("a.ogg", b"OggS\0\x02\xff\xfe\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead".to_vec()).await;
    assert_eq!(
        (&sound["voice"], sound["waveform"].as_array().unwrap().len(), &sound["waveform"][0]),
        (&json!(true), 100, &json!(31))
    );
    assert!(sound.get("width").is_none());
    server.stop().await;
}
