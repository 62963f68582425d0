//! What a page says of itself in its head: Open Graph (<https://ogp.me>), Twitter's cards, and plain HTML.
//!
//! All of it is a stranger's claim. The text is tidied so that it can be shown as text, and the URLs are only read:
//! whoever fetches them has them judged first.

mod charset;
mod tags;
mod tidy;

pub(crate) use tidy::tidy;

use std::collections::HashMap;
use tags::{Tag, Tags};
use url::Url;

/// Bytes of a page that are looked at. Some that everybody links to have half a megabyte of script before their title.
pub const MOST: usize = 1024 * 1024;
/// Characters.
pub const TITLE: usize = 300;
/// Characters.
pub const DESCRIPTION: usize = 500;
/// Characters of the name of a site or an author.
pub const SITE: usize = 100;

/// What was found. Texts are tidied, not empty, and cut to the sizes above; URLs are absolute, http or https.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// At most [`TITLE`] characters.
    pub title: Option<String>,
    /// At most [`DESCRIPTION`] characters.
    pub description: Option<String>,
    /// At most [`SITE`] characters.
    pub site_name: Option<String>,
    pub image: Option<Url>,
    /// At most [`DESCRIPTION`] characters.
    pub image_alt: Option<String>,
    /// `og:type`, in small letters: `article`, `video.other` …
    pub kind: Option<String>,
    /// Where the page is described in JSON (<https://oembed.com>).
    pub oembed: Option<Url>,
    /// Which address the page calls its own. It may name any other site: nothing to show as the link's.
    pub canonical: Option<Url>,
}

/// Reads the head of an HTML page that came from `url`. Pure, linear in the bytes, of which [`MOST`] are looked at.
///
/// `content_type` is the header, which may name the charset; else the page does, else it is UTF-8 or, where that does not fit,
/// windows-1252.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Meta {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let text = charset::decode(bytes, content_type);
    let mut found = Found::default();
    for tag in Tags::of(text.as_bytes()) {
        match tag {
            Tag::Body => break,
            tag => found.take(tag),
        }
    }
    found.meta(url)
}

/// Whether these first bytes of a page hold its whole head, so that no more need be read.
pub fn head_ended(bytes: &[u8]) -> bool {
    Tags::of(bytes).any(|tag| matches!(tag, Tag::Body))
}

/// The properties that are read; the first of each that is not empty counts.
const KNOWN: [&str; 16] = [
    "og:title",
    "og:description",
    "og:site_name",
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "og:image:alt",
    "og:type",
    "og:url",
    "twitter:title",
    "twitter:description",
    "twitter:image",
    "twitter:image:src",
    "twitter:image:alt",
    "description",
    "application-name",
];

#[derive(Default)]
struct Found {
    properties: HashMap<&'static str, String>,
    title: Option<String>,
    base: Option<String>,
    image: Option<String>,
    oembed: Option<String>,
    canonical: Option<String>,
}

impl Found {
    fn take(&mut self, tag: Tag) {
        match tag {
            Tag::Title(text) => first(&mut self.title, text),
            Tag::Base { href } => first(&mut self.base, href),
            Tag::Meta { property, content } => {
                let known = KNOWN.iter().find(|known| property.eq_ignore_ascii_case(known));
                if let Some(known) = known.filter(|_| !content.trim().is_empty()) {
                    self.properties.entry(known).or_insert(content);
                }
            }
            Tag::Link { rel, kind, href } => {
                let is = |word: &str| rel.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(word));
                if is("alternate") && kind.trim().eq_ignore_ascii_case("application/json+oembed") {
                    first(&mut self.oembed, href);
                } else if is("canonical") {
                    first(&mut self.canonical, href);
                } else if is("image_src") {
                    first(&mut self.image, href);
                }
            }
            Tag::Charset(_) | Tag::Body => {}
        }
    }

    fn said(&self, keys: &'static [&'static str]) -> impl Iterator<Item = &String> {
        keys.iter().filter_map(|key| self.properties.get(key))
    }

    fn meta(&self, url: &Url) -> Meta {
        let base = self.base.as_deref().and_then(|base| absolute(url, base));
        let base = base.as_ref().unwrap_or(url);
        let text = |keys, most| self.said(keys).find_map(|text| tidy(text, most));
        let link = |keys| self.said(keys).find_map(|href| absolute(base, href));
        let named = |href: &Option<String>| href.as_deref().and_then(|href| absolute(base, href));
        Meta {
            title: text(&["og:title", "twitter:title"], TITLE)
                .or_else(|| self.title.as_deref().and_then(|title| tidy(title, TITLE))),
            description: text(&["og:description", "twitter:description", "description"], DESCRIPTION),
            site_name: text(&["og:site_name", "application-name"], SITE),
            image: link(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"])
                .or_else(|| named(&self.image)),
            image_alt: text(&["og:image:alt", "twitter:image:alt"], DESCRIPTION),
            kind: text(&["og:type"], SITE).map(|kind| kind.to_ascii_lowercase()),
            oembed: named(&self.oembed),
            canonical: named(&self.canonical).or_else(|| link(&["og:url"])),
        }
    }
}

/// The first that says something.
fn first(slot: &mut Option<String>, text: String) {
    if slot.is_none() && !text.trim().is_empty() {
        *slot = Some(text);
    }
}

fn absolute(base: &Url, href: &str) -> Option<Url> {
    let url = base.join(href.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.as_str().len() <= crate::guard::LONGEST).then_some(url)
}
