//! Small pictures of pictures, in the sizes that screens need. Two are made when a picture comes; any other when it is
//! first asked for, once, and kept beside the original.

use super::sweep::belongs;
use crate::app::App;
use crate::fault::Fault;
use media::picture::Format;
use media::worker::Wish;
use protocol::Refusal;
use std::path::PathBuf;
use store::files::FileRow;

/// Pixels across. What is asked for is rounded up to one of these.
pub const WIDTHS: [u32; 6] = [80, 160, 320, 640, 1280, 1920];

/// One size in one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    pub width: u32,
    pub format: Format,
}

/// What a room shows at once, on a plain screen and on a fine one.
pub const EAGER: [Variant; 2] =
    [Variant { width: 640, format: Format::WebP }, Variant { width: 1280, format: Format::WebP }];

/// A thumbnail in the file store.
pub struct Thumbnail {
    pub key: String,
    pub mime: &'static str,
    /// Bytes.
    pub size: u64,
}

impl Variant {
    /// For a picture of that type and width: no larger than it is, in a format that the asker takes.
    pub fn of(mime: &str, picture: u32, asked: u32, webp: bool) -> Variant {
        let enough = |width: u32| WIDTHS.into_iter().find(|rung| *rung >= width).unwrap_or(1920);
        let format = match mime {
            _ if webp => Format::WebP,
            // What may be clear in places stays so.
            "image/png" | "image/apng" | "image/gif" | "image/webp" => Format::Png,
            _ => Format::Jpeg,
        };
        Variant { width: enough(asked.min(picture.max(1))), format }
    }

    /// Under which it lies beside the original.
    pub fn key(&self, original: &str) -> String {
        let end = match self.format {
            Format::WebP => "webp",
            Format::Jpeg => "jpeg",
            Format::Png => "png",
        };
        format!("{original}.{}.{end}", self.width)
    }

    /// All that may lie beside an original.
    pub fn all() -> impl Iterator<Item = Variant> {
        let formats = [Format::WebP, Format::Jpeg, Format::Png];
        WIDTHS.into_iter().flat_map(move |width| formats.into_iter().map(move |format| Variant { width, format }))
    }

    /// A picture that is very tall is bounded too.
    pub(super) fn wish(&self, out: PathBuf) -> Wish {
        Wish { width: self.width, height: self.width * 2, format: self.format, out }
    }
}

/// The thumbnail, made where it is not there yet.
///
/// # Errors
/// `not_found` where the file is no picture; `busy`; or the file store failed.
pub async fn thumbnail(app: &App, file: &FileRow, asked: u32, webp: bool) -> Result<Thumbnail, Fault> {
    let Some(width) = file.info.width.filter(|_| file.info.thumbhash.is_some()) else {
        return Err(Refusal::not_found().into());
    };
    let variant = Variant::of(&file.info.r#type, width, asked, webp);
    let key = variant.key(&file.key);
    let mime = variant.format.mime();
    if let Some(size) = app.files.blobs.len(&key).await? {
        return Ok(Thumbnail { key, mime, size });
    }
    let turn = app.files.turn(&key);
    let _turn = turn.lock().await;
    if app.files.blobs.len(&key).await?.is_none() {
        let made = make(app, file, variant, &key).await;
        // The picture went meanwhile: nobody would take this one away.
        if !belongs(app, &file.key).await? {
            app.files.blobs.delete(&key).await?;
            return Err(Refusal::not_found().into());
        }
        made?;
    }
    let size = app.files.blobs.len(&key).await?.ok_or_else(Refusal::not_found)?;
    Ok(Thumbnail { key, mime, size })
}

async fn make(app: &App, file: &FileRow, variant: Variant, key: &str) -> Result<(), Fault> {
    let files = &app.files;
    let (out, fetched) = (files.staging.scratch(), files.staging.scratch());
    let source = match files.blobs.local_path(&file.key) {
        Some(path) => path,
        None => {
            files.blobs.fetch_to(&file.key, &fetched).await?;
            fetched.clone()
        }
    };
    let made = files.work(app, &source, vec![variant.wish(out.clone())]).await;
    let put = match made {
        Ok(_) => files.blobs.put_file(key, &out).await.map_err(Fault::from),
        Err(media::Error::Busy) => Err(super::busy()),
        Err(media::Error::Failed(why)) => Err(Fault::Store(store::Error::Other(why))),
        Err(_) => Err(Refusal::not_found().into()),
    };
    for path in [out, fetched] {
        let _ = tokio::fs::remove_file(path).await;
    }
    put
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_rounded_up_and_never_enlarged() {
        for (picture, asked, width) in [
            (4000, 1, 80),
            (4000, 80, 80),
            (4000, 81, 160),
            (4000, 640, 640),
            (4000, 9999, 1920),
            (300, 1920, 320),
            (10, 640, 80),
            (0, 0, 80),
        ] {
            assert_eq!(Variant::of("image/jpeg", picture, asked, true).width, width, "{asked} of {picture}");
        }
        assert_eq!(Variant::of("image/png", 9, 9, false).format, Format::Png);
        assert_eq!(Variant::of("image/jpeg", 9, 9, false).format, Format::Jpeg);
        assert_eq!(Variant::all().count(), 18);
    }
}
