//! What is Markdown in a document and something else in chat. Signs that shall mean nothing are handed to the parser as
//! others that mean nothing to it, and are themselves again in what it says.

use protocol::mention;
use std::borrow::Cow;

/// More quotes and lists within each other at the beginning of a line are no quotes and lists.
const NESTED: usize = 16;

/// A sign, and the one that stands in for it: no character, and in no text (Unicode, 23.7).
const STAND_INS: [(char, char); 6] =
    [('<', '\u{FDD0}'), (':', '\u{FDD1}'), ('_', '\u{FDD2}'), ('*', '\u{FDD3}'), ('~', '\u{FDD4}'), ('|', PIPE)];
/// For `|` that hides nothing.
pub const PIPE: char = '\u{FDD5}';

/// Whether there is nothing in it that could mean anything to the parser or be a link. Not of every plain text: of those
/// that are easily told.
pub fn is_plain(text: &str) -> bool {
    let signs = |c: char| match c {
        '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '\\' | '$' | '&' | '#' | '\u{FDD0}'..='\u{FDEF}' => true,
        '\n' | '\t' => false,
        c => c.is_control(),
    };
    let begins = |line: &str| line.starts_with(['-', '+', '=', ':']) || marker(line).is_some();
    !text.contains(signs) && !text.contains("://") && !text.lines().any(|line| begins(line.trim_start()))
}

/// The text as the parser shall see it; none where it had better not.
pub fn of(text: &str) -> Option<String> {
    if text.contains(|c| matches!(c, '\u{FDD0}'..='\u{FDEF}')) || text.lines().any(|line| nested(line) > NESTED) {
        return None;
    }
    let mut means_nothing = vec![false; text.len()];
    mask_markup(text, &mut means_nothing);
    mask_words(text, &mut means_nothing);
    let mut source = String::with_capacity(text.len() + 64);
    let mut at = 0;
    let mut lines = Lines::default();
    for line in text.split_inclusive('\n') {
        if lines.ends_here(line) {
            source.push('\n');
        }
        source.extend(line.char_indices().map(|(i, sign)| if means_nothing[at + i] { stand_in(sign) } else { sign }));
        at += line.len();
    }
    Some(source)
}

/// What the parser said, with the signs that were written.
pub fn back(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| matches!(c, '\u{FDD0}'..=PIPE)) {
        return Cow::Borrowed(text);
    }
    let written = |c| STAND_INS.iter().find(|(_, stand_in)| *stand_in == c).map_or(c, |(sign, _)| *sign);
    Cow::Owned(text.chars().map(written).collect())
}

fn stand_in(sign: char) -> char {
    STAND_INS.iter().find(|(c, _)| *c == sign).map_or(sign, |(_, stand_in)| *stand_in)
}

/// Raw HTML is text, and no line disappears because it begins with `[word]:`. Without these two the parser has no
/// expensive cases either: unclosed comments, and references that are repeated.
fn mask_markup(text: &str, means_nothing: &mut [bool]) {
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        means_nothing[at] = match sign {
            '<' => !matches!(before, '(' | '\\') && !is_autolink(&text[at + 1..]),
            ':' => before == ']',
            _ => false,
        };
        before = sign;
    }
}

/// Addresses in angle brackets.
fn is_autolink(rest: &str) -> bool {
    let begins = |scheme: &str| rest.get(..scheme.len()).is_some_and(|found| found.eq_ignore_ascii_case(scheme));
    let mail = || {
        let end = rest.bytes().take(255).position(|b| b == b'>' || b == b'<' || b.is_ascii_whitespace());
        end.is_some_and(|end| rest.as_bytes()[end] == b'>' && rest.as_bytes()[..end].contains(&b'@'))
    };
    begins("https://") || begins("http://") || begins("mailto:") || mail()
}

/// `_` and `*` within a bare address or a name are a part of it: `https://x.example/__init__.py`, `@_ana_`.
fn mask_words(text: &str, means_nothing: &mut [bool]) {
    let mut mask = |start: usize, word: &str| {
        for (at, _) in word.match_indices(['_', '*', '~']) {
            means_nothing[start + at] = true;
        }
    };
    for (place, _) in outbound::links(text) {
        // Where it is the words of a link, or stands in code, it ends there.
        let word = &text[place.clone()];
        let end = word.find('`').into_iter().chain(word.find("](")).chain(word.find("||")).min();
        let word = &word[..end.unwrap_or(word.len())];
        mask(place.start, word.trim_end_matches(['_', '*', '~']));
    }
    for place in mention::find(text) {
        mask(place.start, text[place.clone()].trim_end_matches('_'));
    }
}

/// A quote or a list ends with its lines. In a document the next line would still belong to it.
#[derive(Default)]
struct Lines {
    /// The line before is one of a quote or a list.
    held: bool,
    /// The fence that is open: its sign and length.
    fence: Option<(u8, usize)>,
}

impl Lines {
    /// Whether what went before ends before this line.
    fn ends_here(&mut self, line: &str) -> bool {
        let bare = line.trim();
        let quote = bare.starts_with('>');
        let item = marker(bare).is_some();
        let content = content(bare);
        let length = |sign: u8| content.bytes().take_while(|b| *b == sign).count();
        match self.fence {
            Some((sign, open)) => {
                if length(sign) >= open && content.len() == length(sign) {
                    self.fence = None;
                }
                self.held = false;
                return false;
            }
            None => {
                let opened = [b'`', b'~'].map(|sign| (sign, length(sign))).into_iter().find(|(_, n)| *n >= 3);
                self.fence = opened.filter(|_| !quote);
            }
        }
        let goes_on = quote || item || bare.is_empty() || line.starts_with([' ', '\t']);
        let ends = self.held && !goes_on;
        self.held = quote || item || (self.held && !bare.is_empty() && goes_on);
        ends
    }
}

/// What follows the list markers of a line.
fn content(line: &str) -> &str {
    let mut rest = line;
    while let Some(after) = marker(rest) {
        rest = after.trim_start();
    }
    rest
}

/// How many quotes and lists begin in a line, one within the other.
fn nested(line: &str) -> usize {
    let (mut rest, mut depth) = (line.trim_start(), 0);
    while let Some(after) = rest.strip_prefix('>').or_else(|| marker(rest)) {
        depth += 1;
        rest = after.trim_start();
    }
    depth
}

/// What follows the marker of a list, where the line begins with one.
fn marker(line: &str) -> Option<&str> {
    let digits = line.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let after = match digits {
        0 => line.strip_prefix(['-', '+', '*'])?,
        1..10 => line[digits..].strip_prefix(['.', ')'])?,
        _ => return None,
    };
    (after.is_empty() || after.starts_with([' ', '\t'])).then_some(after)
}
