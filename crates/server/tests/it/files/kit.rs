//! Sending files, making pictures, and looking at what lies in the data folder.

use crate::support::{Answer, Client, Db, PATIENCE};
use crate::talk::at;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::{Value, json};
use server::files::sweep::Swept;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub const FORM: &str = "multipart/form-data; boundary=edge";
pub const FILES: &str = "/api/v1/files";

/// A form of some fields and one file, under a name that stands there as it is.
pub fn form(fields: &[(&str, &str)], name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut form = Vec::new();
    for (field, value) in fields {
        let part = format!("--edge\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    form.extend_from_slice(&opening(name, kind));
    form.extend_from_slice(bytes);
    form.extend_from_slice(b"\r\n--edge--\r\n");
    form
}

/// What stands in a form before the bytes of its file.
pub fn opening(name: &str, kind: &str) -> Vec<u8> {
    let disposition = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
    format!("--edge\r\n{disposition}\r\ncontent-type: {kind}\r\n\r\n").into_bytes()
}

pub async fn send(who: &Client, name: &str, bytes: &[u8]) -> Answer {
    post_form(who, form(&[], name, "application/octet-stream", bytes)).await
}

pub async fn post_form(who: &Client, form: Vec<u8>) -> Answer {
    who.raw(Method::POST, FILES, Some((FORM, form))).await
}

/// Sends a file and answers its id.
pub async fn upload(who: &Client, name: &str, bytes: &[u8]) -> i64 {
    id(&send(who, name, bytes).await.ok(201))
}

pub fn id(file: &Value) -> i64 {
    file["id"].as_i64().unwrap()
}

pub fn path(file: i64) -> String {
    format!("{FILES}/{file}")
}

pub fn thumbnail(file: i64, width: u32) -> String {
    format!("{FILES}/{file}/thumbnail?w={width}")
}

/// Says something with files and answers the event.
pub async fn share(who: &Client, room: i64, text: &str, files: Value) -> Value {
    who.post(&at(room, "/messages"), json!({"text": text, "files": files})).await.ok(201)
}

pub async fn sweep(db: &Db) -> Swept {
    server::admin::ask(db.config(), server::admin::Request::Sweep).await.unwrap()
}

/// Everything below a folder of the data folder, but for folders.
pub fn lying(db: &Db, folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&db.folder.path().join(folder), &mut found);
    found.sort();
    found
}

pub fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => walk(&path, found),
            path => found.push(path),
        }
    }
}

/// Nothing was kept, neither of files nor on its way.
#[track_caller]
pub fn nothing_lies(db: &Db) {
    assert_eq!([lying(db, "uploads"), lying(db, "files")].concat(), Vec::<PathBuf>::new());
}

/// Waits until it is so.
pub async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "still waiting until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Bytes of which no two stretches are alike, and that are no text.
pub fn bytes(length: usize) -> Vec<u8> {
    (1_u64..).flat_map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).take(length).collect()
}

fn drawn(width: u32, height: u32, seed: u8) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, seed]))
}

pub fn picture(width: u32, height: u32, seed: u8, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(drawn(width, height, seed)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png(width: u32, height: u32, seed: u8) -> Vec<u8> {
    picture(width, height, seed, ImageFormat::Png)
}

/// The size of a picture that came back.
pub fn measured(bytes: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(bytes).unwrap();
    (picture.width(), picture.height())
}
