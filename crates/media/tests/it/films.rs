//! Builds ISO media files: the boxes that may hold a place, and no film.

use crate::exif::{self, Order};

pub const PLACE: &[u8] = b"+48.8584+002.2945/";

pub fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), kind.as_slice(), body].concat()
}

fn ftyp(brand: &[u8; 4]) -> Vec<u8> {
    boxed(b"ftyp", &[brand.as_slice(), &[0; 4], b"mp41"].concat())
}

/// As Android's cameras write it.
pub fn mp4() -> Vec<u8> {
    let xyz = boxed(b"\xa9xyz", &[&(PLACE.len() as u16).to_be_bytes(), b"\x15\xc7".as_slice(), PLACE].concat());
    let loci = boxed(b"loci", &[&[0; 4], b"\x15\xc7Tower\0\0".as_slice(), PLACE].concat());
    let name = boxed(b"\xa9nam", b"\0\x04\x15\xc7Film");
    let track = boxed(b"trak", &boxed(b"udta", &loci));
    let moov = boxed(b"moov", &[track, boxed(b"udta", &[name, xyz].concat())].concat());
    [ftyp(b"isom"), boxed(b"mdat", PLACE), moov].concat()
}

/// As iPhones write it: numbered keys, and values that name the numbers.
pub fn mov() -> Vec<u8> {
    let key = |name: &[u8]| boxed(b"mdta", name);
    let value = |number: u32, text: &[u8]| {
        boxed(&number.to_be_bytes(), &boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text].concat()))
    };
    let keys = [
        [0, 0, 0, 0, 0, 0, 0, 2].to_vec(),
        key(b"com.apple.quicktime.make"),
        key(b"com.apple.quicktime.location.ISO6709"),
    ];
    let values = [value(1, b"Maker of telephones"), value(2, PLACE)];
    let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let meta = boxed(b"meta", &[handler, boxed(b"keys", &keys.concat()), boxed(b"ilst", &values.concat())].concat());
    [ftyp(b"qt  "), boxed(b"moov", &meta), boxed(b"mdat", b"\0\x01")].concat()
}

/// A picture of no pixels with Exif and XMP. `method` 0: they lie in the file; 1: in the table's own data.
pub fn heic(method: u16) -> Vec<u8> {
    let exif = [&[0, 0, 0, 6], b"Exif\0\0".as_slice(), &exif::tiff(Order::Big, 6)].concat();
    let xmp = exif::xmp("exif:GPSLatitude='48,51.5N'");
    let entry = |id: u16, kind: &[u8; 4], rest: &[u8]| {
        boxed(b"infe", &[[2, 0, 0, 0].as_slice(), &id.to_be_bytes(), &[0, 0], kind, b"\0", rest].concat())
    };
    let names =
        [&[0, 0, 0, 0, 0, 2], entry(1, b"Exif", b"").as_slice(), &entry(2, b"mime", b"application/rdf+xml\0")].concat();
    let data = [exif.as_slice(), &xmp].concat();
    let table = |start: u32| {
        let mut bytes = vec![1, 0, 0, 0, 0x44, 0, 0, 2];
        for (id, start, length) in [(1_u16, start, exif.len()), (2, start + exif.len() as u32, xmp.len())] {
            bytes.extend_from_slice(&id.to_be_bytes());
            bytes.extend_from_slice(&method.to_be_bytes());
            bytes.extend_from_slice(&[0, 0, 0, 1]);
            bytes.extend_from_slice(&start.to_be_bytes());
            bytes.extend_from_slice(&(length as u32).to_be_bytes());
        }
        boxed(b"iloc", &bytes)
    };
    let meta = |start: u32| {
        let mut body = [vec![0; 4], boxed(b"hdlr", &[0; 25]), boxed(b"iinf", &names), table(start)].concat();
        if method == 1 {
            body.extend(boxed(b"idat", &data));
        }
        boxed(b"meta", &body)
    };
    let brand = ftyp(if method == 0 { b"heic" } else { b"avif" });
    if method == 1 {
        return [brand, meta(0)].concat();
    }
    let before = brand.len() + meta(0).len() + 8;
    [brand, meta(before as u32), boxed(b"mdat", &data)].concat()
}
