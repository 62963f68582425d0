//! After `strip` nobody learns where a picture was made, and all else is as it was sent.

use crate::build::{chunk, chunks, jpeg, png, quarters, samples, webp_with, with_chunks, with_exif, with_segments};
use crate::exif::{self, DEGREES, MAKER, METHOD, Order, TAKEN};
use crate::films::{self, PLACE};
use image::metadata::Orientation;
use media::{picture, position};
use memchr::memmem;
use std::io::Cursor;

const XAP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

#[track_caller]
fn strip(bytes: &[u8], mime: &str) -> (Vec<u8>, bool) {
    let mut file = Cursor::new(bytes.to_vec());
    let found = position::strip(&mut file, mime).unwrap();
    let once = file.get_ref().clone();
    assert_eq!(once.len(), bytes.len(), "{mime}: the length stays");
    assert_eq!(once != bytes, found, "{mime}: it says what it did");
    assert!(!position::strip(&mut file, mime).unwrap(), "{mime}: there is nothing left");
    assert_eq!(*file.get_ref(), once, "{mime}: and nothing is changed again");
    (once, found)
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    memmem::find(bytes, what).is_some()
}

/// Neither degrees nor method are there; maker and date are.
#[track_caller]
fn placeless(bytes: &[u8]) {
    assert!(!has(bytes, &DEGREES) && !has(bytes, METHOD), "the position is gone");
    assert!(has(bytes, MAKER) && has(bytes, TAKEN), "the rest stays");
}

#[test]
fn every_kind_of_file_loses_its_place() {
    for (name, mime, bytes) in samples() {
        let had = has(&bytes, &DEGREES) || has(&bytes, b"GPS") || has(&bytes, b"Raw profile");
        let film = mime.starts_with("video/");
        let (bytes, found) = strip(&bytes, mime);
        assert_eq!(found, had || film, "{name}");
        assert!(!has(&bytes, b"GPS") && !has(&bytes, &DEGREES) && !has(&bytes, METHOD), "{name}");
    }
}

#[test]
fn only_the_position_is_taken_out_of_exif_in_both_byte_orders() {
    for order in [Order::Little, Order::Big] {
        let before = with_exif(&jpeg(&quarters(16, 8)), order, 6);
        let (after, found) = strip(&before, "image/jpeg");
        assert!(found);
        placeless(&after);
        assert_eq!(picture::header(&after).unwrap(), picture::header(&before).unwrap());
        assert_eq!(picture::header(&after).unwrap().orientation, Orientation::Rotate90);
        let tiff = memmem::find(&after, b"Exif\0\0").unwrap() + 6;
        assert!(after[tiff..][exif::ENTRIES].iter().all(|byte| *byte == 0), "north, east, how high");
        // The four entries, the degrees and the method; each of them in one piece.
        let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
        assert!(changed > 0 && changed <= 48 + 24 + METHOD.len(), "{changed} bytes changed");
        assert!(before.iter().zip(&after).all(|(a, b)| a == b || *b == 0));
    }
}

#[test]
fn a_packet_goes_if_it_speaks_of_a_place_and_else_stays() {
    let plain = exif::xmp("xmp:CreatorTool='Camera'");
    let picture = jpeg(&quarters(16, 8));
    let whole = with_segments(&picture, &[[XAP, plain.as_slice()].concat()]);
    assert!(!strip(&whole, "image/jpeg").1);
    for place in ["exif:GPSLatitude='1,2N'", "Iptc4xmpExt:LocationCreated='x'", "photoshop:City='Paris'", "geo:lat='1'"]
    {
        let packet = exif::xmp(place);
        let whole = with_segments(&picture, &[[XAP, packet.as_slice()].concat(), b"other".to_vec()]);
        let (after, found) = strip(&whole, "image/jpeg");
        assert!(found && !has(&after, place.as_bytes()) && !has(&after, b"xpacket"), "{place}");
        assert!(has(&after, &[XAP, vec![b' '; packet.len()].as_slice()].concat()), "{place}");
        assert!(has(&after, b"other"));
        assert!(picture::header(&after).is_ok());
    }
}

#[test]
fn a_word_that_lies_across_two_parts_of_a_long_packet_is_found() {
    let part = |offset: u32, text: &[u8]| {
        [EXTENSION, [b'A'; 32].as_slice(), &40_u32.to_be_bytes(), &offset.to_be_bytes(), text].concat()
    };
    let picture = jpeg(&quarters(16, 8));
    let (first, second) = (b"<x:depth/><exif:GP".as_slice(), b"SAltitude>1</x>".as_slice());
    let split = with_segments(&picture, &[part(0, first), part(18, second)]);
    let (after, found) = strip(&split, "image/jpeg");
    assert!(found && !has(&after, first) && !has(&after, second));
    assert!(strip(&with_segments(&picture, &[part(18, second), part(0, first)]), "image/jpeg").1);
    let none = with_segments(&picture, &[part(0, b"<x:depth/><exif:Mo"), part(18, b"del>1</x>")]);
    assert!(!strip(&none, "image/jpeg").1);
}

/// Files are read in pieces of 64 KiB.
#[test]
fn what_lies_across_two_pieces_is_found() {
    let exif = [b"Exif\0\0", exif::tiff(Order::Big, 1).as_slice()].concat();
    let packet = [XAP, exif::xmp("exif:GPSLatitude='1'").as_slice()].concat();
    for before in 0..64 {
        // Two bytes of the picture, four of each segment's start.
        let filler = vec![0; 65536 - before - 10];
        for body in [&exif, &packet] {
            let whole = with_segments(&jpeg(&quarters(16, 8)), &[filler.clone(), body.clone()]);
            assert_eq!(whole[65536 - before..][..body.len()], **body);
            let (after, found) = strip(&whole, "image/jpeg");
            assert!(found && !has(&after, &DEGREES) && !has(&after, b"GPS"), "{before} bytes before");
        }
    }
}

#[test]
fn what_cameras_append_to_a_picture_loses_its_place_too() {
    let one = with_exif(&jpeg(&quarters(16, 8)), Order::Little, 1);
    let two = with_exif(&jpeg(&quarters(8, 8)), Order::Big, 1);
    let (after, found) = strip(&[one.clone(), two].concat(), "image/jpeg");
    assert!(found);
    placeless(&after);
    for film in [films::mp4(), films::mov()] {
        let size = film.len();
        let (after, found) = strip(&[one.clone(), film].concat(), "image/jpeg");
        assert!(found);
        placeless(&after);
        // The one in the film's own data is not one.
        let said = memmem::find_iter(&after[after.len() - size..], PLACE).count();
        assert!(said <= 1 && !has(&after, b"\xa9xyz"));
    }
}

#[test]
fn png_keeps_right_checksums_and_its_pixels() {
    let image = quarters(16, 8);
    let keep = chunk(b"tEXt", b"Comment\0near my location");
    let with = [
        chunk(b"eXIf", &exif::tiff(Order::Little, 3)),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), &exif::xmp("exif:GPSAltitude='1'")].concat()),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0compressed"),
        chunk(b"zTXt", b"Raw profile type APP1\0\0compressed"),
        chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 8\n45786966"),
        chunk(b"tEXt", b"exif:GPSLatitude\x0048/1, 51/1"),
        keep.clone(),
        chunk(b"zTXt", b"Raw profile type icc\0\0colours"),
    ];
    let (after, found) = strip(&with_chunks(&png(&image), &with), "image/png");
    assert!(found);
    placeless(&after);
    let kinds: Vec<_> = chunks(&after).into_iter().skip(1).take(8).collect();
    assert_eq!(kinds[1].0, *b"iTXt");
    assert!(kinds[1].1.ends_with(b"    ") && kinds[1].1.starts_with(b"XML:com.adobe.xmp\0"));
    for (kind, body) in &kinds[2..6] {
        assert_eq!(kind, b"blNk");
        assert!(body.iter().all(|byte| *byte == 0));
    }
    assert!(has(&after, &keep) && has(&after, b"Raw profile type icc"));
    assert_eq!(picture::header(&after).unwrap().orientation, Orientation::Rotate180);
    assert_eq!(image::load_from_memory(&after).unwrap().to_rgb8(), image);
}

#[test]
fn webp_with_and_without_the_lead_of_jpeg() {
    for lead in [b"".as_slice(), b"Exif\0\0"] {
        let exif = [lead, &exif::tiff(Order::Big, 8)].concat();
        let (after, found) = strip(&webp_with(&quarters(16, 8), 1, &[(b"EXIF", exif)]), "image/webp");
        assert!(found);
        placeless(&after);
        assert_eq!(picture::header(&after).unwrap().orientation, Orientation::Rotate270);
    }
}

#[test]
fn heif_items_are_found_by_their_table() {
    for method in [0, 1] {
        let (after, found) = strip(&films::heic(method), "image/heic");
        assert!(found);
        placeless(&after);
        assert!(!has(&after, b"xpacket"), "the packet is blank");
    }
    // Without the words that JPEG puts before it, only the table tells.
    let mut bare = films::heic(0);
    let lead = memmem::find(&bare, b"Exif\0\0MM").unwrap();
    bare[lead..lead + 6].fill(b'?');
    placeless(&strip(&bare, "image/heic").0);
    // With a table that is wrong, only they do.
    let mut lost = films::heic(0);
    let table = memmem::find(&lost, b"iloc").unwrap();
    lost[table..table + 4].copy_from_slice(b"lost");
    placeless(&strip(&lost, "image/heic").0);
}

#[test]
fn films_keep_everything_but_their_place() {
    let (after, found) = strip(&films::mp4(), "video/mp4");
    assert!(found && !has(&after, b"xyz") && !has(&after, b"loci") && !has(&after, b"Tower"));
    assert!(has(&after, b"Film") && has(&after, &films::boxed(b"mdat", PLACE)));
    let (after, found) = strip(&films::mov(), "video/quicktime");
    assert!(found && !has(&after, PLACE));
    assert!(has(&after, b"Maker of telephones") && has(&after, &vec![b' '; PLACE.len()]));
}

#[test]
fn other_types_are_left_alone() {
    let exif = with_exif(&jpeg(&quarters(16, 8)), Order::Little, 1);
    for mime in ["image/gif", "text/plain", "application/octet-stream", "application/pdf", ""] {
        assert!(!strip(&exif, mime).1, "{mime}");
    }
}

/// Directories that point at each other, at themselves and out of the file; counts beyond any file.
#[test]
fn hostile_directories_end() {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [tag.to_le_bytes().as_slice(), &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let head = b"II*\0\x08\0\0\0".to_vec();
    let cases = [
        // Next directory: itself.
        [head.clone(), vec![0, 0], vec![8, 0, 0, 0]].concat(),
        // The position is the directory that says so.
        [head.clone(), vec![1, 0], entry(0x8825, 4, 1, 8), vec![8, 0, 0, 0]].concat(),
        [head.clone(), vec![2, 0], entry(0x8769, 4, 1, 8), entry(0x8825, 4, 1, u32::MAX), vec![8, 0, 0, 0]].concat(),
        [head.clone(), vec![0xff, 0xff], entry(0x014a, 4, u32::MAX, 8), vec![0xff; 64]].concat(),
        [head.clone(), vec![1, 0], entry(0x02bc, 1, u32::MAX, 8), vec![0; 64]].concat(),
        [head, vec![1, 0], entry(0x8825, 4, 1, 20), vec![1, 0], entry(2, 5, u32::MAX, u32::MAX), vec![0; 8]].concat(),
    ];
    for tiff in cases {
        for mime in ["image/tiff", "image/jpeg"] {
            let jpeg = with_segments(b"\xff\xd8\xff\xd9", &[[b"Exif\0\0", tiff.as_slice()].concat()]);
            let mut file = Cursor::new(if mime == "image/tiff" { tiff.clone() } else { jpeg });
            let length = file.get_ref().len();
            position::strip(&mut file, mime).unwrap();
            assert_eq!(file.get_ref().len(), length);
        }
    }
}
