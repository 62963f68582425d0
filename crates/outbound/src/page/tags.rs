//! The few tags of a head that say something, out of the tokens of HTML.

use html5gum::Tokenizer;
use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, StringReader};

/// Bytes of one attribute that are kept. No URL is longer.
const ATTRIBUTE: usize = crate::guard::LONGEST;
/// Bytes of a title that are kept; it is cut to less when it is tidied.
const TITLE: usize = 4 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Title(String),
    Base {
        href: String,
    },
    Meta {
        property: String,
        content: String,
    },
    /// `<meta charset>`, or the older `<meta http-equiv="content-type" content="text/html; charset=…">`.
    Charset(String),
    Link {
        rel: String,
        kind: String,
        href: String,
    },
    /// The head is over.
    Body,
}

/// Bytes that are no UTF-8 become U+FFFD.
pub(super) struct Tags<'a>(Tokenizer<StringReader<'a>, CallbackEmitter<Head, Tag>>);

impl<'a> Tags<'a> {
    pub(super) fn of(html: &'a [u8]) -> Tags<'a> {
        let mut emitter = CallbackEmitter::new(Head::default());
        // What stands in a script or a style is no tag.
        emitter.naively_switch_states(true);
        Tags(Tokenizer::new_with_emitter(html, emitter))
    }
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        match self.0.next()? {
            Ok(tag) => Some(tag),
            Err(never) => match never {},
        }
    }
}

/// The tag that is being read.
#[derive(Debug, Default)]
struct Head {
    tag: Vec<u8>,
    attribute: Vec<u8>,
    held: Held,
    /// Inside a drawing `<title>` is something else.
    in_svg: bool,
    in_title: bool,
}

#[derive(Debug, Default)]
struct Held {
    name: Option<String>,
    property: Option<String>,
    content: Option<String>,
    charset: Option<String>,
    http_equiv: Option<String>,
    href: Option<String>,
    rel: Option<String>,
    kind: Option<String>,
}

impl Held {
    fn slot(&mut self, attribute: &[u8]) -> Option<&mut Option<String>> {
        Some(match attribute {
            b"name" => &mut self.name,
            b"property" => &mut self.property,
            b"content" => &mut self.content,
            b"charset" => &mut self.charset,
            b"http-equiv" => &mut self.http_equiv,
            b"href" => &mut self.href,
            b"rel" => &mut self.rel,
            b"type" => &mut self.kind,
            _ => return None,
        })
    }
}

impl Callback<Tag, ()> for Head {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Tag> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.clear();
                self.tag.extend_from_slice(name);
                self.held = Held::default();
                self.in_title = false;
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                self.attribute.extend_from_slice(name);
            }
            CallbackEvent::AttributeValue { value } => {
                if matches!(&self.tag[..], b"meta" | b"link" | b"base")
                    && let Some(slot @ None) = self.held.slot(&self.attribute)
                {
                    *slot = Some(string(value, ATTRIBUTE));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => return self.close(self_closing),
            CallbackEvent::EndTag { name } => {
                self.in_title = false;
                self.in_svg &= name != b"svg";
            }
            CallbackEvent::String { value } if self.in_title => return Some(Tag::Title(string(value, TITLE))),
            _ => {}
        }
        None
    }
}

impl Head {
    fn close(&mut self, self_closing: bool) -> Option<Tag> {
        let held = std::mem::take(&mut self.held);
        match &self.tag[..] {
            b"body" | b"frameset" => Some(Tag::Body),
            b"svg" => {
                self.in_svg = !self_closing;
                None
            }
            b"title" => {
                self.in_title = !self.in_svg;
                None
            }
            b"base" => Some(Tag::Base { href: held.href? }),
            b"link" => Some(Tag::Link { rel: held.rel?, kind: held.kind.unwrap_or_default(), href: held.href? }),
            b"meta" => match held {
                Held { charset: Some(label), .. } => Some(Tag::Charset(label)),
                Held { http_equiv: Some(what), content: Some(content), .. }
                    if what.trim().eq_ignore_ascii_case("content-type") =>
                {
                    Some(Tag::Charset(super::charset::label(&content)?.to_owned()))
                }
                // Many write `name` where Open Graph has `property`, and the other way round with Twitter's.
                Held { property, name, content, .. } => {
                    Some(Tag::Meta { property: property.or(name)?.trim().to_owned(), content: content? })
                }
            },
            _ => None,
        }
    }
}

fn string(bytes: &[u8], most: usize) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(most)]).into_owned()
}
