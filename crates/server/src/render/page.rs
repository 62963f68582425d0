//! The parser's events, in order: which of them become elements, and which stay the text that they were.

use super::line::{Inline, Line, Tag, Written};
use super::source::back;
use super::{Rendered, link};
use protocol::mention;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag as Start, TagEnd};
use std::ops::Range;

/// Draws `source`, which was made of `text`; none where it is too much.
pub fn draw(text: &str, source: &str, most: usize) -> Option<Rendered> {
    let mut page = Page::new(text, source, most);
    for (event, place) in events(source) {
        page.event(event, place);
        if page.written.out.too_much() {
            return None;
        }
    }
    let mut written = page.written;
    // Signs alone ("-", "#", "```") would be an empty list, heading or block: they are what they are.
    let plain = written.is_plain() || !written.visible;
    let calls = mention::calls(&written.callable);
    let html = written.out.done()?;
    Some(if plain { Rendered::plain(text, calls) } else { Rendered { html: Some(html), calls, links: written.links } })
}

pub fn events(source: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let mut options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_MATH;
    options.set(Options::ENABLE_TABLES, cells(source) <= CELLS);
    Parser::new_ext(source, options).into_offset_iter()
}

/// More than that, and there are no tables.
const CELLS: usize = 10_000;

/// How many cells the parser could make: it fills up each row to the columns of the head, however short it is.
fn cells(source: &str) -> usize {
    let rule = |line: &&str| line.contains('-') && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'>'));
    let columns = source.lines().filter(rule).map(|line| line.matches('|').count() + 1).max();
    columns.filter(|columns| *columns > 1).map_or(0, |columns| columns.saturating_mul(source.lines().count()))
}

/// How what is open ends.
enum End {
    /// As an element.
    Tag,
    Link,
    /// As it was written: a link that leads nowhere that we go, a single tilde.
    Raw,
}

struct Page<'s> {
    source: &'s str,
    written: Written<'s>,
    line: Line,
    open: Vec<End>,
    /// How many of them are links.
    links: usize,
    /// Where the newest piece of text ended, to know what was escaped.
    text_end: usize,
    /// Where the newest event ended.
    last: usize,
    code: Option<Code>,
    columns: Vec<Alignment>,
    column: usize,
    head: bool,
    body: bool,
}

enum Code {
    Fenced(String),
    /// Four spaces are no code in chat.
    Indented,
}

impl<'s> Page<'s> {
    fn new(text: &'s str, source: &'s str, most: usize) -> Self {
        Page {
            source,
            written: Written::new(text, most),
            line: Line::default(),
            open: Vec::new(),
            links: 0,
            text_end: usize::MAX,
            last: 0,
            code: None,
            columns: Vec::new(),
            column: 0,
            head: false,
            body: false,
        }
    }

    fn event(&mut self, event: Event<'_>, place: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, &place),
            Event::End(tag) => {
                self.end(tag, &place);
                self.last = place.end;
            }
            event => {
                self.piece(event, &place);
                self.last = place.end;
            }
        }
    }

    fn start(&mut self, tag: Start<'_>, place: &Range<usize>) {
        self.last = place.start;
        match tag {
            Start::Strong => self.tag(Tag::Plain("strong")),
            Start::Emphasis => self.tag(Tag::Plain("em")),
            Start::Strikethrough if self.source[place.clone()].starts_with("~~") => self.tag(Tag::Plain("del")),
            Start::Strikethrough => self.raw(place.start, 1),
            Start::Link { link_type, dest_url, .. } => self.link(&dest_url, link_type, place.start, 1),
            Start::Image { link_type, dest_url, .. } => self.link(&dest_url, link_type, place.start, 2),
            block => self.block(block),
        }
    }

    /// A block begins: what stood before it in the same item or quote is whole.
    fn block(&mut self, tag: Start<'_>) {
        self.flush();
        match tag {
            Start::BlockQuote(_) => self.element("blockquote"),
            Start::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.written.special();
                self.written.visible = false;
                self.written.out.open("pre");
                let info = back(&info).to_ascii_lowercase();
                let language = info.split_whitespace().next().filter(|language| is_language(language));
                match language {
                    Some(language) => {
                        self.written.out.open_with("code", &[("class", &format!("language-{language}"))]);
                    }
                    None => self.written.out.open("code"),
                }
                self.code = Some(Code::Fenced(String::new()));
            }
            Start::CodeBlock(CodeBlockKind::Indented) => self.code = Some(Code::Indented),
            Start::List(Some(start)) if start != 1 => {
                self.written.more = true;
                self.written.out.open_with("ol", &[("start", &start.to_string())]);
            }
            Start::List(Some(_)) => self.element("ol"),
            Start::List(None) => self.element("ul"),
            Start::Item => self.element("li"),
            Start::Table(columns) => {
                self.element("table");
                (self.columns, self.body) = (columns, false);
            }
            Start::TableHead => {
                self.element("thead");
                self.element("tr");
                (self.column, self.head) = (0, true);
            }
            Start::TableRow => {
                if !self.body {
                    self.element("tbody");
                    self.body = true;
                }
                self.element("tr");
                self.column = 0;
            }
            // Headings and paragraphs are written when they end; all else is not asked for.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, place: &Range<usize>) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => self.close(place),
            TagEnd::Link | TagEnd::Image => self.close(place),
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.paragraph(),
            TagEnd::Heading(level) => self.heading(level, place),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.flush();
                self.written.out.close();
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::TableCell => self.cell(place),
            TagEnd::TableHead => {
                self.written.out.close();
                self.written.out.close();
                self.head = false;
            }
            TagEnd::TableRow => self.written.out.close(),
            TagEnd::Table => {
                if self.body {
                    self.written.out.close();
                }
                self.written.out.close();
            }
            _ => {}
        }
    }

    fn piece(&mut self, event: Event<'_>, place: &Range<usize>) {
        match event {
            Event::Text(text) => self.text(&text, place),
            Event::Code(code) => self.line.push(Inline::Code(code.into_string())),
            Event::InlineMath(tex) => self.math(&tex, false, place),
            Event::DisplayMath(tex) => self.math(&tex, true, place),
            Event::Html(raw) | Event::InlineHtml(raw) => self.lines(&raw, false),
            Event::SoftBreak | Event::HardBreak => self.line.push(Inline::Break),
            Event::TaskListMarker(done) => self.line.push(Inline::Task(done)),
            Event::Rule => {
                self.flush();
                self.written.special();
                self.written.out.tag("hr", &[]);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, place: &Range<usize>) {
        match &mut self.code {
            Some(Code::Fenced(code)) => return code.push_str(text),
            Some(Code::Indented) => return self.lines(text, false),
            None => {}
        }
        // What was written as it is read, and not behind a backslash, may be a sign.
        let as_written = self.source.get(place.clone()) == Some(text);
        let escaped = self.text_end != place.start && self.source[..place.start].ends_with('\\');
        let first = if escaped { text.chars().next().map_or(0, char::len_utf8) } else { 0 };
        self.line.text(&text[..first], false);
        self.line.text(&text[first..], as_written);
        self.text_end = place.end;
    }

    /// Text of several lines.
    fn lines(&mut self, text: &str, hides: bool) {
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.line.push(Inline::Break);
            }
            self.line.text(line, hides);
        }
    }

    /// `$5-$10` are two prices, and `$A/x:$B` two variables.
    fn math(&mut self, tex: &str, block: bool, place: &Range<usize>) {
        let before = self.source[..place.start].chars().next_back();
        let after = self.source[place.end..].chars().next();
        let joined = before.is_some_and(char::is_alphanumeric)
            || after.is_some_and(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '_' | '{'));
        if (joined && !block) || tex.trim().is_empty() {
            let raw = self.source[place.clone()].to_owned();
            self.lines(&raw, true);
        } else {
            self.line.push(Inline::Math { tex: tex.to_owned(), block });
        }
    }

    fn link(&mut self, target: &str, kind: LinkType, start: usize, signs: usize) {
        let Some(url) = link::safe(&back(target), kind == LinkType::Email) else { return self.raw(start, signs) };
        let bracketed = kind == LinkType::Autolink;
        self.line.push(Inline::Open(if self.links > 0 { Tag::Nothing } else { Tag::Link { url, bracketed } }));
        self.open.push(End::Link);
        self.links += 1;
        self.last = start + signs;
    }

    fn tag(&mut self, tag: Tag) {
        self.open.push(End::Tag);
        self.line.push(Inline::Open(tag));
    }

    fn raw(&mut self, start: usize, signs: usize) {
        self.last = start + signs;
        self.line.text(&self.source[start..self.last], false);
        self.open.push(End::Raw);
    }

    fn close(&mut self, place: &Range<usize>) {
        match self.open.pop() {
            Some(End::Raw) => {
                let raw = self.source.get(self.last..place.end).unwrap_or_default();
                self.line.text(raw, false);
            }
            Some(End::Tag) => self.line.push(Inline::Close),
            Some(End::Link) => {
                self.links -= 1;
                self.line.push(Inline::Close);
            }
            None => {}
        }
    }

    fn element(&mut self, tag: &'static str) {
        self.written.more = true;
        self.written.callable.push('\n');
        self.written.out.open(tag);
    }

    /// What stands in an item without a paragraph of its own.
    fn flush(&mut self) {
        let pieces = trimmed(self.line.take());
        self.written.line(pieces, "div");
        self.written.callable.push('\n');
    }

    fn paragraph(&mut self) {
        let mut part = Vec::new();
        let mut depth = 0;
        for piece in self.line.take() {
            match &piece {
                Inline::Open(_) => depth += 1,
                Inline::Close => depth -= 1,
                Inline::Math { block: true, .. } if depth == 0 => {
                    self.part(std::mem::take(&mut part));
                    self.written.line(vec![piece], "div");
                    continue;
                }
                _ => {}
            }
            part.push(piece);
        }
        self.part(part);
    }

    fn part(&mut self, pieces: Vec<Inline>) {
        let pieces = trimmed(pieces);
        if !pieces.is_empty() {
            self.written.out.open("p");
            self.written.line(pieces, "span");
            self.written.out.close();
        }
        self.written.callable.push('\n');
    }

    /// A line of dashes below a text is a line of dashes: only `#` makes a heading.
    fn heading(&mut self, level: HeadingLevel, place: &Range<usize>) {
        let raw = self.source[place.clone()].trim_end();
        let Some((_, below)) = raw.rsplit_once('\n') else {
            let pieces = trimmed(self.line.take());
            self.element(match level {
                HeadingLevel::H1 => "h1",
                HeadingLevel::H2 => "h2",
                HeadingLevel::H3 => "h3",
                HeadingLevel::H4 => "h4",
                HeadingLevel::H5 => "h5",
                HeadingLevel::H6 => "h6",
            });
            self.written.line(pieces, "span");
            return self.written.out.close();
        };
        let below = &below[below.trim_end_matches(['-', '=']).len()..];
        if below.len() >= 3 && below.starts_with('-') {
            self.paragraph();
            self.written.special();
            self.written.out.tag("hr", &[]);
        } else {
            self.line.push(Inline::Break);
            self.line.text(below, false);
            self.paragraph();
        }
    }

    fn end_code(&mut self) {
        match self.code.take() {
            Some(Code::Fenced(code)) => {
                let code = back(&code);
                self.written.visible |= !code.trim().is_empty();
                self.written.out.text(code.strip_suffix('\n').unwrap_or(&code));
                self.written.out.close();
                self.written.out.close();
            }
            Some(Code::Indented) => self.paragraph(),
            None => {}
        }
    }

    fn cell(&mut self, place: &Range<usize>) {
        let pieces = trimmed(self.line.take());
        let align = self.columns.get(self.column);
        self.column += 1;
        // The parser fills up short rows, one cell for each column: a table of a thousand lines would become a million cells.
        if place.is_empty() {
            return;
        }
        let tag = if self.head { "th" } else { "td" };
        self.written.callable.push('\n');
        match align {
            Some(Alignment::Left) => self.written.out.open_with(tag, &[("align", "left")]),
            Some(Alignment::Center) => self.written.out.open_with(tag, &[("align", "center")]),
            Some(Alignment::Right) => self.written.out.open_with(tag, &[("align", "right")]),
            _ => self.written.out.open(tag),
        }
        self.written.line(pieces, "span");
        self.written.out.close();
    }
}

fn is_language(name: &str) -> bool {
    (1..=20).contains(&name.len()) && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'#' | b'-'))
}

/// Without breaks and spaces at both ends.
fn trimmed(mut pieces: Vec<Inline>) -> Vec<Inline> {
    let blank = |piece: &Inline| match piece {
        Inline::Break => true,
        Inline::Text(text) => text.chars().all(char::is_whitespace),
        _ => false,
    };
    while pieces.last().is_some_and(blank) {
        pieces.pop();
    }
    let from = pieces.iter().position(|piece| !blank(piece)).unwrap_or(pieces.len());
    pieces.drain(..from);
    pieces
}
