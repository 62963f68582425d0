//! What the fuzz targets begin with, and what they found once, holds.

use server::http::fuzz;
use std::path::Path;

fn each(target: &str, holds: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert!(!entries.is_empty(), "{} is empty", folder.display());
    for entry in entries {
        let path = entry.unwrap().path();
        // Beside what is asserted: the name of the input.
        println!("{}", path.display());
        holds(&std::fs::read(path).unwrap());
    }
}

#[test]
fn range() {
    each("range", fuzz::range);
}

#[test]
fn metadata() {
    each("metadata", fuzz::metadata);
}

#[test]
fn markup() {
    each("markup", server::render::fuzz::markup);
}

#[test]
fn socket() {
    each("socket", server::wire::fuzz::socket);
}
