//! The links in a message's text: the same that the web client draws (`web/src/lib/text.ts`), of which some are not previewed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use url::Url;

/// The http(s) links of a plain text, in order, without doubles, at most `most`; as URLs, normalised.
///
/// Left out are those that are code (between backticks) and those that are bracketed, `<https://…>`: by this one says
/// that no preview is wanted. A full stop, comma or unbalanced bracket at the end belongs to the sentence. Linear.
pub fn links(text: &str, most: usize) -> Vec<String> {
    let code = code(text);
    let mut seen = HashSet::new();
    let wanted = find(text).filter_map(|(place, mut url)| {
        let bracketed = text[..place.start].ends_with('<') && text[place.end..].starts_with('>');
        let after = code.partition_point(|&(_, end)| end <= place.start);
        let is_code = code.get(after).is_some_and(|&(from, _)| from <= place.start);
        let href = url.to_string();
        // Two places on one page have one preview.
        url.set_fragment(None);
        (!bracketed && !is_code && seen.insert(url)).then_some(href)
    });
    wanted.take(most).collect()
}

/// Each http(s) link of a plain text with its place there, in order.
pub fn find(text: &str) -> impl Iterator<Item = (Range<usize>, Url)> + '_ {
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

/// The stretches of code, in order: between two runs of equally many backticks (CommonMark, 6.1); a fence at a line's start
/// that nothing closes goes to the end.
fn code(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in ticks(bytes) {
        match runs.last_mut() {
            Some((start, len)) if *start + *len == at => *len += 1,
            _ => runs.push((at, 1)),
        }
    }
    // For each run the next one of its length, found from behind: looking for it anew each time would be quadratic.
    let mut later = HashMap::new();
    let mut closer = vec![None; runs.len()];
    for (n, &(_, len)) in runs.iter().enumerate().rev() {
        closer[n] = later.insert(len, n);
    }
    let (mut spans, mut n) = (Vec::new(), 0);
    while let Some(&(start, len)) = runs.get(n) {
        let fence = len >= 3 && (start == 0 || bytes[start - 1] == b'\n');
        match closer[n] {
            Some(end) => {
                spans.push((start, runs[end].0 + runs[end].1));
                n = end + 1;
            }
            None if fence => {
                spans.push((start, bytes.len()));
                break;
            }
            None => n += 1,
        }
    }
    spans
}

fn ticks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'`').map(|(at, _)| at)
}
