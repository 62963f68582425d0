//! What a page says of itself in JSON (<https://oembed.com>). Its `html` is never read.

use crate::client::{Client, Want};
use crate::error::Error;
use crate::page::{self, tidy};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Bytes.
const MOST: usize = 256 * 1024;

/// Tidied as a page's own words are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Oembed {
    /// `photo`, `video`, `link` or `rich`.
    pub kind: Option<String>,
    pub title: Option<String>,
    pub author: Option<String>,
    pub provider: Option<String>,
    pub picture: Option<Url>,
}

pub(super) async fn get(client: &Client, url: &Url, deadline: Duration) -> Result<Oembed, Error> {
    let want = Want { accept: "application/json", most_bytes: MOST, whole: true, deadline, stop_at: None };
    let answer = client.get(url.as_str(), &want).await?;
    read(&answer.bytes, &answer.url).ok_or(Error::Broken)
}

/// Each may be of any type: one that is wrong must not spoil the others.
#[derive(Deserialize)]
struct Raw {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    author_name: Value,
    #[serde(default)]
    provider_name: Value,
    #[serde(default)]
    thumbnail_url: Value,
    /// The picture itself, of a `photo`.
    #[serde(default)]
    url: Value,
}

fn read(json: &[u8], from: &Url) -> Option<Oembed> {
    let raw: Raw = serde_json::from_slice(json).ok()?;
    let text = |value: &Value, most| value.as_str().and_then(|text| tidy(text, most));
    let link = |value: &Value| {
        let url = from.join(value.as_str()?.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    };
    let kind = text(&raw.kind, page::SITE);
    let photo = if kind.as_deref() == Some("photo") { link(&raw.url) } else { None };
    Some(Oembed {
        kind,
        title: text(&raw.title, page::TITLE),
        author: text(&raw.author_name, page::SITE),
        provider: text(&raw.provider_name, page::SITE),
        picture: link(&raw.thumbnail_url).or(photo),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> Option<Oembed> {
        read(json.as_bytes(), &Url::parse("https://site.example/oembed").expect("a URL"))
    }

    #[test]
    fn words_are_taken_and_markup_is_not() {
        let found = check(
            r#"{"type":"video","version":"1.0","title":" A\n\u202etitle ","author_name":"Ana","provider_name":"Tube",
                "thumbnail_url":"/t.jpg","html":"<iframe src=x></iframe>","width":200}"#,
        );
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            Some(Oembed {
                kind: text("video"),
                title: text("A title"),
                author: text("Ana"),
                provider: text("Tube"),
                picture: Url::parse("https://site.example/t.jpg").ok(),
            })
        );
    }

    #[test]
    fn what_is_wrong_does_not_spoil_the_rest() {
        let found =
            check(r#"{"title":["x"],"author_name":7,"provider_name":"P","thumbnail_url":"javascript:alert(1)"}"#);
        assert_eq!(found, Some(Oembed { provider: Some("P".into()), ..Oembed::default() }));
        let deep = "[".repeat(100_000);
        for broken in ["", "null", "{", "<html>", &deep, &format!("{{\"a\":{deep}")] {
            assert_eq!(check(broken), None, "{broken:.20}");
        }
    }
}
