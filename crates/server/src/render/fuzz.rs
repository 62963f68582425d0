//! What must hold for any text at all, as `fuzz/README.md` says: a reader stricter than any browser. It panics where something
//! does not hold.

use super::write::Writer;
use super::{parsed, render};
use protocol::Limits;

/// A byte becomes at most this many: a cell of a table, with its alignment.
const GROWTH: usize = 40;
/// What a text of a few bytes may become all the same.
const BASE: usize = 256;
const LINK: [&str; 3] = ["http://", "https://", "mailto:"];

/// Renders any bytes and reads the markup again.
pub fn markup(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let most = Limits::default().text;
    let rendered = render(text, most);
    assert_eq!(rendered, parsed(text, most), "told without the parser, or by it: {text:?}");
    let Some(html) = &rendered.html else { return };
    assert!(html.len() <= most * 4 && html.len() <= text.len() * GROWTH + BASE, "{} of {text:?}", html.len());
    check(html);
    let mut rest = html.as_str();
    for url in &rendered.links {
        let mut href = Writer::new(usize::MAX);
        href.text(url.as_str());
        let href = format!("<a href=\"{}\"", href.done().unwrap_or_default());
        let after = rest.split_once(&href).map(|(_, after)| after);
        rest = after.unwrap_or_else(|| panic!("{href} is not drawn, in order: {html:?}"));
    }
    assert_eq!(rendered, render(text, most), "the same text, the same markup");
}

/// Balanced, of the elements and attributes of docs/PROTOCOL.md alone, all else escaped, not too deep.
///
/// # Panics
/// Where it is not.
pub fn check(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        escaped(&rest[..at], html);
        let end = rest.find('>').unwrap_or_else(|| panic!("a tag without an end in {html:?}"));
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in {html:?}");
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        let attributes = tag[name.len()..].trim_start();
        assert!(allowed(name, attributes), "<{tag}> in {html:?}");
        if !matches!(name, "br" | "hr" | "input") {
            open.push(name);
        }
        assert!(open.len() <= 16, "too deep: {html:?}");
        assert!(open.iter().filter(|name| **name == "a").count() <= 1, "a link in a link: {html:?}");
    }
    escaped(rest, html);
    assert!(open.is_empty(), "{open:?} open in {html:?}");
}

fn allowed(name: &str, attributes: &str) -> bool {
    let is_text = |value: &str| !value.contains(['"', '<', '>', '\'']);
    match name {
        "p" | "br" | "strong" | "em" | "del" | "pre" | "ul" | "li" | "blockquote" | "h1" | "h2" | "h3" | "h4"
        | "h5" | "h6" | "hr" | "table" | "thead" | "tbody" | "tr" => attributes.is_empty(),
        "code" => {
            let language = attributes.strip_prefix("class=\"language-").and_then(|rest| rest.strip_suffix('"'));
            let fits = |language: &str| {
                (1..=20).contains(&language.len())
                    && language.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'#' | b'-'))
            };
            attributes.is_empty() || language.is_some_and(fits)
        }
        "ol" => {
            let start = attributes.strip_prefix("start=\"").and_then(|rest| rest.strip_suffix('"'));
            attributes.is_empty() || start.is_some_and(|start| start.parse::<u32>().is_ok())
        }
        "th" | "td" => {
            matches!(attributes, "" | "align=\"left\"" | "align=\"center\"" | "align=\"right\"")
        }
        "a" => {
            let href = attributes
                .strip_prefix("href=\"")
                .and_then(|rest| rest.strip_suffix("\" rel=\"noopener noreferrer nofollow\""));
            href.is_some_and(|href| is_text(href) && LINK.iter().any(|scheme| href.starts_with(scheme)))
        }
        "input" => matches!(attributes, "type=\"checkbox\" disabled" | "type=\"checkbox\" disabled checked"),
        "span" => matches!(attributes, "class=\"spoiler\"" | "class=\"math\""),
        "div" => attributes == "class=\"math\"",
        _ => false,
    }
}

fn escaped(text: &str, html: &str) {
    assert!(!text.contains(['>', '"', '\'']), "{text:?} in {html:?}");
    for after in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(known.iter().any(|entity| after.starts_with(entity)), "&{after:?} in {html:?}");
    }
}
