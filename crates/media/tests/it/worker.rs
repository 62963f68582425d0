//! The process: a job in, an answer out, and never more than it may take.

use crate::build::{gif, jpeg, png, quarters, with_exif};
use crate::exif::Order;
use image::RgbImage;
use media::picture::{Format, Limits, Square};
use media::worker::{Job, Wish};
use media::{Error, Pool};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

fn pool() -> Pool {
    Pool::new(env!("CARGO_BIN_EXE_media-worker").into(), Vec::new(), 2, 8, Duration::from_secs(60))
}

fn job(folder: &TempDir, bytes: &[u8]) -> Job {
    let source = folder.path().join("source");
    std::fs::write(&source, bytes).unwrap();
    Job { source, measure: true, thumbnails: Vec::new(), square: None, limits: Limits::default() }
}

fn wish(folder: &Path, side: u32, format: Format) -> Wish {
    Wish { width: side, height: side, format, out: folder.join(format!("{side}.{format:?}")) }
}

fn names(folder: &TempDir) -> Vec<PathBuf> {
    folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name().into()).collect()
}

#[tokio::test]
async fn a_picture_is_measured_and_made_small_in_the_order_of_the_wishes() {
    let folder = TempDir::new().unwrap();
    let mut job = job(&folder, &with_exif(&jpeg(&quarters(600, 400)), Order::Big, 6));
    let wishes = [(40, Format::WebP), (300, Format::Jpeg), (150, Format::Png), (5000, Format::WebP)];
    job.thumbnails = wishes.map(|(side, format)| wish(folder.path(), side, format)).to_vec();
    let done = pool().run(job.clone()).await.unwrap();
    assert_eq!((done.width, done.height, done.animated), (400, 600, false));
    assert!(done.thumbhash.is_some_and(|hash| (20..48).contains(&hash.len())));
    let sizes: Vec<_> = done.made.iter().map(|made| (made.width, made.height)).collect();
    assert_eq!(sizes, [(27, 40), (200, 300), (100, 150), (400, 600)]);
    for (made, wish) in done.made.iter().zip(&job.thumbnails) {
        assert_eq!(made.out, wish.out);
        let bytes = std::fs::read(&made.out).unwrap();
        assert_eq!(made.bytes, bytes.len() as u64);
        assert_eq!(media::kind::sniff(&bytes, false, ""), wish.format.mime());
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (made.width, made.height));
    }
}

#[tokio::test]
async fn a_square_is_cut_and_the_whole_is_measured() {
    let folder = TempDir::new().unwrap();
    let mut job = job(&folder, &png(&quarters(60, 40)));
    job.square = Some(Square { x: 40, y: 0, side: 20 });
    job.thumbnails = vec![wish(folder.path(), 10, Format::Png), wish(folder.path(), 30, Format::Png)];
    let done = pool().run(job).await.unwrap();
    assert_eq!((done.width, done.height), (60, 40));
    assert_eq!(done.made.iter().map(|made| (made.width, made.height)).collect::<Vec<_>>(), [(10, 10), (20, 20)]);
}

#[tokio::test]
async fn what_is_no_picture_stays_a_file() {
    let folder = TempDir::new().unwrap();
    for (bytes, why) in [
        (b"<svg/>".to_vec(), "not a picture that can be read"),
        (jpeg(&quarters(64, 64))[..40].to_vec(), "damaged"),
        (png(&quarters(64, 64))[..60].to_vec(), "damaged"),
        (crate::build::empty_gif(100_000), "more frames"),
    ] {
        let mut job = job(&folder, &bytes);
        job.thumbnails = vec![wish(folder.path(), 10, Format::WebP)];
        let Err(Error::Refused(text)) = pool().run(job).await else { panic!("{why}: it was taken") };
        assert!(text.contains(why), "{text}");
        assert_eq!(names(&folder), [PathBuf::from("source")]);
    }
    let mut large = job(&folder, &png(&quarters(64, 64)));
    large.limits.bytes = 10;
    assert_eq!(pool().run(large).await, Err(Error::Refused("the picture has more bytes than is allowed".into())));
}

#[tokio::test]
async fn without_wishes_only_the_header_is_read() {
    let folder = TempDir::new().unwrap();
    let mut job = job(&folder, &gif(2));
    job.measure = false;
    let done = pool().run(job).await.unwrap();
    assert_eq!((done.width, done.height, done.animated, done.thumbhash), (4, 4, true, None));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_or_written_is_not_the_pictures_fault() {
    let folder = TempDir::new().unwrap();
    let mut job = job(&folder, &png(&quarters(64, 64)));
    let missing = folder.path().join("missing");
    job.thumbnails = vec![wish(folder.path(), 32, Format::WebP), wish(&missing, 16, Format::WebP)];
    assert!(matches!(pool().run(job.clone()).await, Err(Error::Failed(_))));
    assert_eq!(names(&folder), [PathBuf::from("source")], "the one that was made is removed");
    job.source = missing;
    assert!(matches!(pool().run(job).await, Err(Error::Failed(_))));
}

#[tokio::test]
async fn memory_beyond_its_bound_is_not_given() {
    let folder = TempDir::new().unwrap();
    let mut job = job(&folder, &png(&RgbImage::new(5000, 4000)));
    // Less than the pixels take, more than the program.
    job.limits.memory = 48 << 20;
    job.thumbnails = vec![wish(folder.path(), 10, Format::WebP)];
    let answer = pool().run(job.clone()).await;
    assert!(matches!(answer, Err(Error::Crashed(_) | Error::Refused(_))), "{answer:?}");
    assert_eq!(names(&folder), [PathBuf::from("source")]);
    job.limits.memory = Limits::default().memory;
    assert!(pool().run(job).await.is_ok());
}

#[tokio::test]
async fn processor_time_beyond_its_bound_is_not_given() {
    let folder = TempDir::new().unwrap();
    // So many large thumbnails are far more than a second's work.
    let mut job = job(&folder, &png(&quarters(1500, 1500)));
    job.limits.seconds = 1;
    job.limits.memory = 64 << 30;
    job.thumbnails = vec![wish(folder.path(), 1400, Format::Png); 48];
    let answer = pool().run(job).await;
    assert!(matches!(answer, Err(Error::Crashed(_))), "{answer:?}");
    assert_eq!(names(&folder), [PathBuf::from("source")]);
}
