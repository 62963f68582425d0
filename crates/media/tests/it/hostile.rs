//! Nothing panics, whatever comes.

use crate::build::samples;
use media::picture::{self, Limits, Within};
use media::{kind, position};
use proptest::prelude::*;
use std::io::Cursor;

const TYPES: [&str; 6] = ["image/jpeg", "image/png", "image/webp", "image/tiff", "image/heic", "video/mp4"];

fn try_all(bytes: &[u8], decode: bool) {
    for text in [false, true] {
        kind::sniff(bytes, text, "a.docx");
    }
    for mime in TYPES {
        let mut file = Cursor::new(bytes.to_vec());
        position::strip(&mut file, mime).unwrap();
        assert_eq!(file.get_ref().len(), bytes.len());
    }
    let limits = Limits { pixels: 10_000, frames: 10, ..Limits::default() };
    let Ok(header) = picture::header(bytes) else { return };
    if decode && let Ok(image) = picture::decode(bytes, &header, &limits) {
        let small = picture::scale(&image, &header, None, Within { width: 4, height: 4 }).unwrap();
        assert!(small.width() <= 4 && small.height() <= 4);
        picture::thumbhash(&small).unwrap();
    }
}

#[test]
fn files_may_end_anywhere() {
    for (_, _, bytes) in samples() {
        for end in 0..=bytes.len() {
            try_all(&bytes[..end], end % 7 == 0 || bytes.len() - end < 9);
        }
    }
}

#[test]
fn whole_samples_are_what_they_are_taken_for() {
    for (name, mime, bytes) in samples() {
        assert_eq!(kind::sniff(&bytes, false, ""), mime, "{name}");
        assert_eq!(picture::header(&bytes).is_ok(), kind::can_be_measured(mime), "{name}");
        try_all(&bytes, true);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// The decoders themselves may be led astray, for they run in a process of their own; what runs in the
    /// server's may not.
    #[test]
    fn bytes_may_be_changed_anywhere(which in any::<prop::sample::Index>(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut samples = samples();
        let (_, _, mut bytes) = samples.swap_remove(which.index(samples.len()));
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        try_all(&bytes, false);
    }

    #[test]
    fn noise_after_any_start(which in any::<prop::sample::Index>(), keep in 4_usize..60, noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let samples = samples();
        let (_, _, bytes) = &samples[which.index(samples.len())];
        try_all(&[&bytes[..keep.min(bytes.len())], &noise].concat(), false);
    }
}
