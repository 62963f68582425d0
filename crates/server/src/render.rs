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

use outbound::Url;
use protocol::mention::{self, Calls};
use std::ops::Range;

/// A text, ready to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Absent where plain text with line breaks and links shows all of it.
    pub html: Option<String>,
    /// Nobody is called from code, from maths or from within an address.
    pub calls: Calls,
    /// Where the links lead that are drawn, of mail too, in order, with doubles. Not those in a spoiler, which nobody asked
    /// to see yet, and in brackets, `<https://…>`: by these one says that no preview is wanted.
    pub links: Vec<Url>,
}

impl Rendered {
    /// Of a text that clients draw as it is.
    fn plain(text: &str, calls: Calls) -> Rendered {
        let bracketed = |place: &Range<usize>| text[..place.start].ends_with('<') && text[place.end..].starts_with('>');
        let links = outbound::links(text).filter(|(place, _)| !bracketed(place)).map(|(_, url)| url).collect();
        Rendered { html: None, calls, links }
    }
}

/// Renders a text of at most `most` bytes. What would be larger than four times that, or nested too deeply, is
/// plain text and no error.
pub fn render(text: &str, most: usize) -> Rendered {
    // Most of what people say: told apart in a twentieth of the time that it takes to parse it.
    if source::is_plain(text) {
        return Rendered { html: None, calls: mention::calls(text), links: Vec::new() };
    }
    parsed(text, most)
}

fn parsed(text: &str, most: usize) -> Rendered {
    let drawn = source::of(text).and_then(|source| page::draw(text, &source, most.saturating_mul(4)));
    drawn.unwrap_or_else(|| Rendered::plain(text, mention::calls(text)))
}
