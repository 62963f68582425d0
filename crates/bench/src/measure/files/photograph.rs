//! A photograph is sent, and its thumbnail asked for at once, as the sender's own page does: how long until it can be
//! drawn.

use super::{FILES, SETTINGS, send};
use crate::http::Http;
use crate::measure::Plan;
use crate::table::{Table, Times};
use crate::{Result, failed};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use std::time::Instant;

const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;
/// Of 100, as cameras choose it.
const QUALITY: u8 = 85;

/// # Errors
/// The server broke off, or shows no thumbnail.
pub async fn photograph(plan: &Plan, table: &mut Table) -> Result<()> {
    let many = if plan.quick { 5 } else { 20 };
    let folder = plan.fresh()?;
    let data = folder.path().join("data");
    let people = plan.program.people(&data, "person", 1, "Files")?;
    let running = plan.program.serve_with(&data, SETTINGS).await?;
    let mut http = Http::open(running.address, &people[0].token).await?;
    let picture = tokio::task::spawn_blocking(picture).await.map_err(failed("the photograph"))??;
    let (mut taken, mut seen) = (Times::default(), Times::default());
    let mut small = 0;
    for n in 0..=many {
        let bytes = numbered(&picture, n);
        let start = Instant::now();
        let id = send(&mut http, "garden.jpg", std::iter::once(&bytes), bytes.len() as u64).await?;
        let took = start.elapsed();
        let path = format!("{FILES}/{id}/thumbnail?w=640");
        http.begin("GET", &path, "accept: image/webp\r\n", 0).await?;
        let thumbnail = super::good(&path, http.answer(&path).await?)?;
        small = thumbnail.body.len();
        if thumbnail.field("content-type") != Some("image/webp") || small < 1_000 {
            return Err(format!("{path}: {small} bytes of {:?}", thumbnail.field("content-type")));
        }
        // The first fills the caches with the program itself.
        if n > 0 {
            taken.add(took);
            seen.add(start.elapsed());
        }
    }
    let size = format!("{WIDTH}×{HEIGHT} JPEG of {:.1} MB", picture.len() as f64 / 1e6);
    table.row(format!("{size} → its thumbnail of {:.0} KB is here", small as f64 / 1e3), seen.shown(), "≤ 150 ms");
    table.row("  of that until the upload is answered", taken.shown(), "");
    Ok(())
}

/// Wide gradients, edges, and the noise of a sensor: about as many bytes as a camera writes.
fn picture() -> Result<Vec<u8>> {
    let mut state = 1_u32;
    let pixels = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        // A linear congruential generator of Numerical Recipes; its upper bits are the good ones.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (fx, fy) = (f64::from(x) / 4000.0, f64::from(y) / 3000.0);
        let hill = ((fx * 9.0).sin() * 0.1 + 0.5 - fy).signum() * 30.0;
        let leaves = ((fx * 210.0).sin() * (fy * 170.0).cos()) * 25.0;
        let light = 120.0 + 60.0 * (fx - fy) + hill + leaves + f64::from(state >> 28) * 1.3;
        let tint = |by: f64| (light + by).clamp(0.0, 255.0) as u8;
        Rgb([tint(20.0 * fx), tint(10.0), tint(30.0 * fy - 20.0)])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&pixels).map_err(failed("the photograph"))?;
    Ok(bytes)
}

/// The picture with a comment of its own, so that the server has not seen it yet.
fn numbered(picture: &[u8], n: u32) -> Vec<u8> {
    let (start, rest) = picture.split_at(2);
    // COM, and its length with these two bytes.
    [start, &[0xff, 0xfe, 0, 6], &n.to_be_bytes(), rest].concat()
}
