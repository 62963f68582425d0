//! What stands within a block: its runs of text and elements, with spoilers found and links and calls in plain words.

use super::link;
use super::source::{PIPE, back};
use super::write::Writer;
use outbound::Url;
use std::mem::take;

/// A piece of a line, in order. Each `Open` has its `Close`.
#[derive(Debug)]
pub enum Inline {
    Text(String),
    Open(Tag),
    Close,
    Code(String),
    Math {
        tex: String,
        block: bool,
    },
    Task(bool),
    Break,
    /// `||`, until it is known whether it hides something.
    Mark,
}

#[derive(Debug)]
pub enum Tag {
    Plain(&'static str),
    Spoiler,
    Link {
        url: Url,
        bracketed: bool,
    },
    /// A link within a link: its words stay.
    Nothing,
}

/// The pieces of a line as they come.
#[derive(Default)]
pub struct Line {
    pieces: Vec<Inline>,
}

impl Line {
    pub fn push(&mut self, piece: Inline) {
        self.pieces.push(piece);
    }

    /// `hides`: two pipes in it are the sign of a spoiler, and were not escaped.
    pub fn text(&mut self, text: &str, hides: bool) {
        if !matches!(self.pieces.last(), Some(Inline::Text(_))) {
            self.pieces.push(Inline::Text(String::new()));
        }
        if let Some(Inline::Text(last)) = self.pieces.last_mut() {
            last.extend(text.chars().map(|c| if c == '|' && !hides { PIPE } else { c }));
        }
    }

    /// What has come, with its spoilers.
    pub fn take(&mut self) -> Vec<Inline> {
        paired(marked(take(&mut self.pieces)))
    }
}

/// Exactly two pipes may begin or end a spoiler; three are a drawing.
fn marked(pieces: Vec<Inline>) -> Vec<Inline> {
    let mut found = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match piece {
            Inline::Text(text) if text.contains("||") => split(&text, &mut found),
            piece => found.push(piece),
        }
    }
    found
}

fn split(text: &str, found: &mut Vec<Inline>) {
    let (mut from, mut at) = (0, 0);
    while let Some(start) = text[at..].find('|').map(|i| at + i) {
        at = start + text[start..].bytes().take_while(|b| *b == b'|').count();
        if at - start == 2 {
            if start > from {
                found.push(Inline::Text(text[from..start].to_owned()));
            }
            found.push(Inline::Mark);
            from = at;
        }
    }
    if from < text.len() {
        found.push(Inline::Text(text[from..].to_owned()));
    }
}

/// A spoiler begins and ends in the same element, and with no space inside its signs, so that `a || b || c` is none.
fn paired(mut pieces: Vec<Inline>) -> Vec<Inline> {
    if !pieces.iter().any(|piece| matches!(piece, Inline::Mark)) {
        return pieces;
    }
    let mut open: Vec<Option<usize>> = vec![None];
    for at in 0..pieces.len() {
        match pieces[at] {
            Inline::Open(_) => open.push(None),
            Inline::Close => {
                open.pop();
            }
            Inline::Mark => {
                let before = at.checked_sub(1).and_then(|at| pieces.get(at));
                let ends = touches(before, |text| text.chars().next_back()) && !matches!(before, Some(Inline::Open(_)));
                let after = pieces.get(at + 1);
                let begins = touches(after, |text| text.chars().next()) && !matches!(after, Some(Inline::Close));
                let Some(here) = open.last_mut() else { continue };
                match *here {
                    Some(begun) if ends => {
                        *here = None;
                        pieces[begun] = Inline::Open(Tag::Spoiler);
                        pieces[at] = Inline::Close;
                    }
                    None if begins => *here = Some(at),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    for piece in &mut pieces {
        if matches!(piece, Inline::Mark) {
            *piece = Inline::Text("||".to_owned());
        }
    }
    pieces
}

/// Whether a sign stands right beside something that can be seen.
fn touches(beside: Option<&Inline>, near: fn(&str) -> Option<char>) -> bool {
    match beside {
        Some(Inline::Text(text)) => near(text).is_some_and(|c| !c.is_whitespace()),
        Some(Inline::Code(_) | Inline::Math { .. } | Inline::Open(_) | Inline::Close) => true,
        _ => false,
    }
}

/// What has been written of a text so far, besides its markup.
pub struct Written<'t> {
    pub out: Writer,
    /// The words that may call somebody, with a space for each thing between that cannot.
    pub callable: String,
    /// It is more than plain text with line breaks and bare links.
    pub more: bool,
    /// There is something to be seen.
    pub visible: bool,
    /// The links that may be looked at, as [`super::Rendered`] has them.
    pub links: Vec<Url>,
    /// The signs of the text that were not shown yet, in order; what is shown in another order or form is more than plain.
    rest: std::str::Chars<'t>,
}

impl<'t> Written<'t> {
    pub fn new(text: &'t str, most: usize) -> Self {
        let (out, callable) = (Writer::new(most), String::new());
        Written { out, callable, more: false, visible: false, links: Vec::new(), rest: text.chars() }
    }

    /// Whether all of the text was shown, as it was written.
    pub fn is_plain(&mut self) -> bool {
        !self.more && self.rest.all(char::is_whitespace)
    }

    pub fn line(&mut self, pieces: Vec<Inline>, math: &'static str) {
        let mut open = Vec::new();
        for piece in pieces {
            if self.out.too_much() {
                return;
            }
            match piece {
                Inline::Text(text) => self.words(&back(&text), &mut open),
                Inline::Break => {
                    self.out.tag("br", &[]);
                    self.callable.push('\n');
                }
                Inline::Mark => {}
                Inline::Close => {
                    let closing = open.pop().flatten();
                    self.close(closing, &open);
                }
                Inline::Open(tag) => open.push(self.open(tag)),
                Inline::Code(code) => {
                    self.special();
                    self.out.open("code");
                    self.out.text(&back(&code));
                    self.out.close();
                }
                Inline::Math { tex, block } => {
                    self.special();
                    self.out.open_with(if block { math } else { "span" }, &[("class", "math")]);
                    self.out.text(&back(&tex));
                    self.out.close();
                }
                Inline::Task(done) => {
                    self.special();
                    self.out.task(done);
                    self.out.text(" ");
                }
            }
        }
    }

    /// Something that is no text, can be seen, and calls nobody.
    pub fn special(&mut self) {
        (self.more, self.visible) = (true, true);
        self.callable.push(' ');
    }

    fn open(&mut self, tag: Tag) -> Option<Closing> {
        self.more = true;
        self.callable.push(' ');
        match tag {
            Tag::Plain(tag) => self.out.open(tag),
            Tag::Spoiler => {
                self.out.open_with("span", &[("class", "spoiler")]);
                return Some(Closing::Spoiler);
            }
            Tag::Link { url, bracketed } => {
                self.anchor(url.as_str());
                return Some(Closing::Link { url, bracketed, words: String::new() });
            }
            Tag::Nothing => return None,
        }
        Some(Closing::Plain)
    }

    fn close(&mut self, closing: Option<Closing>, around: &[Option<Closing>]) {
        self.callable.push(' ');
        let Some(closing) = closing else { return };
        if let Closing::Link { url, bracketed, words } = closing {
            if words.trim().is_empty() {
                self.out.text(url.as_str());
                self.visible = true;
            }
            self.out.close();
            // `[https://bank.example](https://evil.example)`: the true host shows.
            if let Some(host) = link::elsewhere(&words, &url) {
                self.out.text(&format!(" ({host})"));
            }
            if !bracketed && !hidden(around) {
                self.links.push(url);
            }
        } else {
            self.out.close();
        }
    }

    fn anchor(&mut self, href: &str) {
        self.out.open_with("a", &[("href", href), ("rel", "noopener noreferrer nofollow")]);
    }

    fn words(&mut self, text: &str, open: &mut [Option<Closing>]) {
        self.seen(text);
        let link = open.iter_mut().flatten().find_map(|closing| match closing {
            Closing::Link { words, .. } => Some(words),
            Closing::Plain | Closing::Spoiler => None,
        });
        if let Some(words) = link {
            words.push_str(text);
            // The words of a link call nobody, no more than an address does.
            self.callable.push('/');
            self.out.text(text);
            return;
        }
        let mut at = 0;
        for (place, url) in outbound::links(text) {
            self.callable.push_str(&text[at..place.start]);
            self.out.text(&text[at..place.start]);
            // An address calls nobody, and a name right after it is a part of it.
            self.callable.push('/');
            self.anchor(url.as_str());
            self.out.text(&text[place.clone()]);
            self.out.close();
            at = place.end;
            if !hidden(open) {
                self.links.push(url);
            }
        }
        self.callable.push_str(&text[at..]);
        self.out.text(&text[at..]);
    }

    fn seen(&mut self, text: &str) {
        for sign in text.chars().filter(|sign| !sign.is_whitespace()) {
            self.visible = true;
            self.more |= self.rest.find(|c| !c.is_whitespace()) != Some(sign);
        }
    }
}

enum Closing {
    Plain,
    Spoiler,
    /// With its words, which may read like another address.
    Link {
        url: Url,
        bracketed: bool,
        words: String,
    },
}

fn hidden(open: &[Option<Closing>]) -> bool {
    open.iter().flatten().any(|closing| matches!(closing, Closing::Spoiler))
}
