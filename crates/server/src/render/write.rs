//! The only place where a tag is written. What is open is closed in order, and every text is escaped.

/// Elements within each other.
const DEEP: usize = 16;

pub struct Writer {
    out: String,
    most: usize,
    open: Vec<&'static str>,
    too_much: bool,
}

impl Writer {
    /// For at most `most` bytes.
    pub fn new(most: usize) -> Writer {
        Writer { out: String::new(), most, open: Vec::new(), too_much: false }
    }

    pub fn open(&mut self, tag: &'static str) {
        self.open_with(tag, &[]);
    }

    pub fn open_with(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.tag(tag, attributes);
        self.open.push(tag);
        self.too_much |= self.open.len() > DEEP;
    }

    /// Closes what was opened last.
    pub fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }

    /// An element that has no end.
    pub fn tag(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.text(value);
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// The box of a task.
    pub fn task(&mut self, done: bool) {
        self.out.push_str(if done {
            "<input type=\"checkbox\" disabled checked>"
        } else {
            "<input type=\"checkbox\" disabled>"
        });
    }

    pub fn text(&mut self, text: &str) {
        for sign in text.chars() {
            match sign {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\r' => {}
                sign => self.out.push(sign),
            }
        }
    }

    /// Whether it is larger or deeper than it may be: there is no use in going on.
    pub fn too_much(&self) -> bool {
        self.too_much || self.out.len() > self.most
    }

    pub fn done(self) -> Option<String> {
        (!self.too_much() && self.open.is_empty()).then_some(self.out)
    }
}
