//! Whether a file is text, and which.

use std::io::{self, Read};
use std::str::from_utf8;

/// The kind of a file that is text. Code, HTML and SVG too are plain text here: nothing that a browser would run.
pub(super) fn of(extension: &str) -> &'static str {
    match extension {
        "md" | "markdown" => "text/markdown",
        "csv" => "text/csv",
        _ => "text/plain",
    }
}

/// Whether bytes that come in pieces are UTF-8 without NUL. A piece may end inside a code point.
#[derive(Clone, Debug, Default)]
pub struct TextCheck {
    /// The start of a code point whose rest is still to come: at most three bytes.
    begun: Vec<u8>,
    broken: bool,
}

impl TextCheck {
    pub fn push(&mut self, piece: &[u8]) {
        if self.broken || piece.is_empty() {
            return;
        }
        let mut piece = piece;
        // Byte by byte until the begun code point is whole or wrong; that takes three at most.
        while !self.begun.is_empty() {
            let Some((first, rest)) = piece.split_first() else { return };
            piece = rest;
            self.begun.push(*first);
            match from_utf8(&self.begun) {
                Ok(_) => self.begun.clear(),
                Err(error) if error.error_len().is_some() => {
                    self.broken = true;
                    return;
                }
                Err(_) => {}
            }
        }
        let end = match from_utf8(piece) {
            Ok(_) => piece.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                self.broken = true;
                return;
            }
        };
        self.begun.extend_from_slice(&piece[end..]);
        self.broken = memchr::memchr(0, piece).is_some();
    }

    /// What came so far cannot become text any more.
    pub fn is_hopeless(&self) -> bool {
        self.broken
    }

    /// Whether all that came is text. Nothing at all is.
    pub fn finish(self) -> bool {
        !self.broken && self.begun.is_empty()
    }
}

/// Whether all that can be read is UTF-8 without NUL. Reads no further than to the first byte that is not, and
/// holds 64 KiB at a time.
pub fn is_text(mut from: impl Read) -> io::Result<bool> {
    let mut check = TextCheck::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(check.finish()),
            Ok(n) => check.push(&buffer[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if check.is_hopeless() {
            return Ok(false);
        }
    }
}
