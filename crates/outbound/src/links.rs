//! The bare links in a text: the same that the web client draws (`web/src/lib/text.ts`).

use std::ops::Range;
use url::Url;

/// Each http(s) link of a plain text with its place there, in order; as a URL, normalised.
///
/// A full stop, comma or unbalanced bracket at the end belongs to the sentence. Linear.
pub fn links(text: &str) -> impl Iterator<Item = (Range<usize>, Url)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = next(text, at)?;
            let raw = &text[start..];
            let raw = &raw[..raw.find(ends).unwrap_or(raw.len())];
            at = start + raw.len();
            if let Some((len, url)) = link(raw) {
                return Some((start..start + len, url));
            }
        }
    })
}

/// Where the next `http://` or `https://` begins that stands at a word's edge and goes on.
fn next(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let scheme = |at: usize, scheme: &str| {
        bytes.get(at..at + scheme.len()).is_some_and(|found| found.eq_ignore_ascii_case(scheme.as_bytes()))
            && text[at + scheme.len()..].chars().next().is_some_and(|next| !ends(next))
    };
    let edge = |at: usize| at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    (from..bytes.len())
        .filter(|&at| bytes[at].eq_ignore_ascii_case(&b'h'))
        .find(|&at| edge(at) && (scheme(at, "https://") || scheme(at, "http://")))
}

/// What no link goes over: JavaScript's `\s`, brackets and quotes.
fn ends(c: char) -> bool {
    matches!(c, '<' | '>' | '"' | '“' | '”' | '\u{feff}') || (c.is_whitespace() && c != '\u{85}')
}

/// How much of it is the link, and where it leads.
fn link(raw: &str) -> Option<(usize, Url)> {
    let count = |sign: char| raw.matches(sign).count() as isize;
    // Counted once: a link of sixteen thousand brackets must not take a second.
    let mut round = count(')') - count('(');
    let mut square = count(']') - count('[');
    let spare = |left: &mut isize| {
        *left -= 1;
        *left >= 0
    };
    let text = raw.trim_end_matches(|last: char| match last {
        ')' => spare(&mut round),
        ']' => spare(&mut square),
        _ => ".,;:!?'*_~’»".contains(last),
    });
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (plain && url.has_host()).then_some((text.len(), url))
}
