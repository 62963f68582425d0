//! From a link to what is shown below it.

mod oembed;

use crate::client::{Client, Opened};
use crate::error::Error;
use crate::page::{self, Meta};
use oembed::Oembed;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use url::Url;

/// Time for a page, its description and its picture together.
const TIME: Duration = Duration::from_secs(8);
/// Bytes of a picture.
const PICTURE: usize = 5 * 1024 * 1024;
const PAGES: &str = "text/html, application/xhtml+xml, image/*;q=0.9, */*;q=0.1";
const PICTURES: &str = "image/*";

/// What to show below a link. All of it but the URL's host is what the other side claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Where the link led, after redirects.
    pub url: Url,
    /// What the site calls itself, at most [`page::SITE`] characters; else its host.
    pub site: String,
    /// At most [`page::TITLE`] characters.
    pub title: Option<String>,
    /// At most [`page::DESCRIPTION`] characters.
    pub description: Option<String>,
    /// At most [`page::SITE`] characters.
    pub author: Option<String>,
    pub image: Option<Image>,
    pub kind: Kind,
}

/// A picture as it came: not decoded, not even looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// After redirects.
    pub url: Url,
    /// At most 5 MiB.
    pub bytes: Vec<u8>,
    /// The content type without its parameters. Not to be relied on.
    pub mime_claimed: String,
    /// What it shows, at most [`page::DESCRIPTION`] characters.
    pub alt: Option<String>,
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Page,
    /// The link is a picture: there is an image and nothing else; or a page about one.
    Picture,
    Video,
    Audio,
}

/// Gets what is shown below a link: the page, if it has one its description in JSON, and its picture; or, if the link leads to
/// a picture, that. At most 8 seconds, 1 MiB of page, 5 MiB of picture. Where the page came and something else did not, the
/// preview does without.
///
/// # Errors
/// As [`Client::get`] for the link itself; `Nothing` for what is neither page nor picture, and for a page that says nothing.
pub async fn preview(client: &Client, url: &str) -> Result<Preview, Error> {
    let until = Instant::now() + TIME;
    let opened = client.open(url, PAGES, TIME).await?;
    let mime = mime(&opened);
    if is_picture(&mime) {
        let image = picture(opened, mime).await?;
        let (url, site) = (image.url.clone(), host(&image.url));
        let (title, description, author) = (None, None, None);
        return Ok(Preview { url, site, title, description, author, image: Some(image), kind: Kind::Picture });
    }
    if !matches!(mime.as_str(), "text/html" | "application/xhtml+xml" | "") {
        return Err(Error::Nothing);
    }
    let answer = opened.read(page::MOST, false, Some(page::head_ended)).await?;
    // Without a type it is HTML if it begins like it.
    if mime.is_empty() && !answer.bytes.trim_ascii_start().starts_with(b"<") {
        return Err(Error::Nothing);
    }
    let url = answer.url.clone();
    // Some ten milliseconds for the worst megabyte: too long to keep others waiting. And were there a page that makes the
    // tokenizer panic, it would end here.
    let read = spawn_blocking(move || page::read(&answer.bytes, answer.content_type.as_deref(), &answer.url));
    let meta = read.await.map_err(|_| Error::Broken)?;
    describe(client, url, meta, until).await
}

async fn describe(client: &Client, url: Url, meta: Meta, until: Instant) -> Result<Preview, Error> {
    let wanting = meta.title.is_none() || meta.image.is_none() || meta.site_name.is_none();
    let json = match &meta.oembed {
        Some(at) if wanting => oembed::get(client, at, left(until)).await.unwrap_or_default(),
        _ => Oembed::default(),
    };
    let kind = kind(&meta, &json);
    let alt = meta.image_alt;
    let image = match meta.image.or(json.picture) {
        Some(at) => linked_picture(client, &at, left(until)).await.map(|image| Image { alt, ..image }).ok(),
        None => None,
    };
    let title = meta.title.or(json.title);
    if title.is_none() && meta.description.is_none() && image.is_none() {
        return Err(Error::Nothing);
    }
    let site = meta.site_name.or(json.provider).unwrap_or_else(|| host(&url));
    Ok(Preview { url, site, title, description: meta.description, author: json.author, image, kind })
}

fn kind(meta: &Meta, json: &Oembed) -> Kind {
    let family = meta.kind.as_deref().and_then(|kind| kind.split('.').next());
    match (family, json.kind.as_deref()) {
        (Some("video"), _) | (_, Some("video")) => Kind::Video,
        (Some("music"), _) => Kind::Audio,
        (_, Some("photo")) => Kind::Picture,
        _ => Kind::Page,
    }
}

async fn linked_picture(client: &Client, url: &Url, time: Duration) -> Result<Image, Error> {
    let opened = client.open(url.as_str(), PICTURES, time).await?;
    let mime = mime(&opened);
    if !is_picture(&mime) {
        return Err(Error::Nothing);
    }
    picture(opened, mime).await
}

async fn picture(opened: Opened, mime_claimed: String) -> Result<Image, Error> {
    // Half a picture is none.
    let answer = opened.read(PICTURE, true, None).await?;
    if answer.bytes.is_empty() {
        return Err(Error::Nothing);
    }
    Ok(Image { url: answer.url, bytes: answer.bytes, mime_claimed, alt: None })
}

/// The claimed type without parameters, in small letters.
fn mime(opened: &Opened) -> String {
    let claimed = opened.content_type().unwrap_or_default();
    claimed.split(';').next().unwrap_or_default().trim().to_owned()
}

/// SVG is a page with scripts, not a picture.
fn is_picture(mime: &str) -> bool {
    mime.starts_with("image/") && !mime.starts_with("image/svg")
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
