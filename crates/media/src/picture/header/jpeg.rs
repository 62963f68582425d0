//! JPEG: the segments before the first scan.

use super::{Found, bytes_at, tiff};

pub(super) fn read(bytes: &[u8]) -> Option<Found<'_>> {
    let mut found = Found { frames: 1, ..Found::default() };
    let mut at = 2;
    loop {
        // Any number of 0xff may stand before a marker.
        let marker = loop {
            match bytes_at::<2>(bytes, at)? {
                [0xff, 0xff] => at += 1,
                [0xff, marker] => break marker,
                _ => return None,
            }
        };
        at += 2;
        match marker {
            // Markers without a body.
            0x01 | 0xd0..=0xd8 => continue,
            // Scan or end: the frame came before it, or never.
            0xd9 | 0xda => return (found.width > 0).then_some(found),
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(bytes_at(bytes, at)?));
        let body = bytes.get(at + 2..at + length)?;
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                // A height of 0 would come after the scan: no decoder here reads that, and it could not be bounded.
                found.height = u32::from(u16::from_be_bytes(bytes_at(body, 1)?));
                found.width = u32::from(u16::from_be_bytes(bytes_at(body, 3)?));
            }
            0xe1 if found.exif.is_none() && body.starts_with(b"Exif\0\0") => found.exif = Some(tiff(body)),
            _ => {}
        }
        at += length;
    }
}
