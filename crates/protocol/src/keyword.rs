//! Words of one's own that call like one's name. The web client finds them by the same rule; `fixtures/words/keywords.json`
//! holds both to it.

use unicode_normalization::char::is_combining_mark;

/// The form in which words and texts are compared.
pub use crate::text::folded;

/// Whether a word may begin or end here: not in the middle of another one.
pub fn is_edge(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else { return false };
    let joins = |c: Option<char>| c.is_some_and(|c| (c.is_alphanumeric() || is_combining_mark(c)) && !is_unspaced(c));
    !(joins(before.chars().next_back()) && joins(after.chars().next()))
}

/// Of a script that puts no spaces between words, or hangs others onto them: a word is found anywhere in it.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        // Thai, Lao; Myanmar; Hangul; Khmer
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        // Kana, Bopomofo and the signs between them; Han
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
