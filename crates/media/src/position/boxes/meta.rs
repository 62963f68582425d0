//! `meta`: a table of keys and a list of values (QuickTime), or the items of a picture (HEIF).

use super::{Found, items, next};
use crate::position::patch::Patch;
use memchr::memmem::find;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;

/// How many keys are read, and how many bytes of each.
const KEYS: u32 = 4096;
const KEY: usize = 256;

pub(super) fn strip<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, body: Range<u64>, origin: u64) -> io::Result<()> {
    // ISO gives it a version and flags first, QuickTime does not.
    let skip = if patch.get(body.start + 4)? == Some(*b"hdlr") { 0 } else { 4 };
    let children = body.start + skip..body.end;
    let (mut places, mut item_table) = (Vec::new(), items::Table::default());
    let mut range = patch.clamp(children.clone());
    while let Some(found) = next(patch, &range)? {
        range.start = found.body.end;
        match &found.kind {
            b"keys" => places = keys(patch, found.body)?,
            b"iinf" => item_table.names(patch, found.body)?,
            b"iloc" => item_table.locations(patch, found.body)?,
            b"idat" => item_table.data = Some(found.body),
            _ => {}
        }
    }
    // The keys may follow their values.
    let mut range = patch.clamp(children);
    while let Some(found) = next(patch, &range)? {
        range.start = found.body.end;
        if found.kind == *b"ilst" {
            values(patch, found.body, &places)?;
        }
    }
    item_table.strip(patch, origin)
}

/// The numbers, from 1, of keys such as `com.apple.quicktime.location.ISO6709`.
fn keys<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, body: Range<u64>) -> io::Result<Vec<u32>> {
    let mut places = Vec::new();
    let mut range = body.start + 8..body.end;
    for number in 1..=KEYS {
        let Some(Found { body, .. }) = next(patch, &range)? else { break };
        range.start = body.end;
        let key = patch.bytes(body, KEY)?.to_ascii_lowercase();
        if [b"location".as_slice(), b"gps", b"latitude", b"longitude"].iter().any(|word| find(&key, word).is_some()) {
            places.push(number);
        }
    }
    Ok(places)
}

/// Each value is named by its key's number, or by itself as iTunes does.
fn values<F: Read + Write + Seek>(patch: &mut Patch<'_, F>, body: Range<u64>, places: &[u32]) -> io::Result<()> {
    let mut range = body;
    while let Some(found) = next(patch, &range)? {
        range.start = found.body.end;
        if found.kind != *b"\xa9xyz" && !places.contains(&u32::from_be_bytes(found.kind)) {
            continue;
        }
        let mut range = found.body;
        while let Some(found) = next(patch, &range)? {
            range.start = found.body.end;
            if found.kind == *b"data" {
                // After its type and its language.
                patch.fill(found.body.start + 8..found.body.end, b' ')?;
            }
        }
    }
    Ok(())
}
