//! The words of a message as markup: made once, here, of a few harmless elements (docs/PROTOCOL.md, "Markup"), and whom
//! they call. Pure, and linear in the length of the text.
//!
//! `source` what means something else in chat than in a document · `page` the parser's events in order · `line` spoilers,
//! links and names within a block · `link` where a link may lead · `write` elements and escapes: nothing else makes a tag.

#[doc(hidden)]
pub mod fuzz;
mod line;
mod link;
mod page;
mod source;
#[cfg(test)]
mod tests;
mod write;

use protocol::mention::{self, Calls};

/// A text, ready to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Absent where plain text with line breaks and links shows all of it.
    pub html: Option<String>,
    /// Nobody is called from code, from maths or from within an address.
    pub calls: Calls,
}

/// Renders a text of at most `most` bytes. What would be larger than four times that, or nested too deeply, is
/// plain text and no error.
pub fn render(text: &str, most: usize) -> Rendered {
    // Most of what people say: told apart in a twentieth of the time that it takes to parse it.
    if source::is_plain(text) {
        return Rendered { html: None, calls: mention::calls(text) };
    }
    parsed(text, most)
}

fn parsed(text: &str, most: usize) -> Rendered {
    let drawn = source::of(text).and_then(|source| page::draw(text, &source, most.saturating_mul(4)));
    drawn.unwrap_or_else(|| Rendered { html: None, calls: mention::calls(text) })
}
