//! An answer's body, bounded while it comes and while it is decompressed.

use crate::error::Error;
use bytes::Bytes;
use flate2::write::GzDecoder;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_ENCODING, HeaderMap};
use std::io::{self, Write};

/// The first look of `stop_at`.
const FIRST_LOOK: usize = 16 * 1024;

#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub most_bytes: usize,
    pub whole: bool,
    pub stop_at: Option<fn(&[u8]) -> bool>,
}

/// The bytes, and whether there was more of them.
pub(super) async fn read(mut body: Incoming, headers: &HeaderMap, limits: Limits) -> Result<(Vec<u8>, bool), Error> {
    // Counted as it comes, too: a stream that decompresses to nothing must not go on for ever. What cannot be compressed
    // comes as a little more than it is.
    let mut room = limits.most_bytes.saturating_add(limits.most_bytes / 64 + 1024);
    if limits.whole && body.size_hint().lower() > room as u64 {
        return Err(Error::TooLarge);
    }
    let mut sink = Sink::new(headers, limits.most_bytes)?;
    let (mut look, mut enough) = (FIRST_LOOK, false);
    while !enough {
        let Some(frame) = body.frame().await else { break };
        let Ok(data) = frame.map_err(|_| Error::Broken)?.into_data() else { continue };
        let taken = data.slice(..data.len().min(room));
        room -= taken.len();
        enough = sink.take(&taken)? || taken.len() < data.len();
        if enough && limits.whole {
            return Err(Error::TooLarge);
        }
        if let Some(stop) = limits.stop_at
            && sink.so_far().len() >= look
        {
            look = sink.so_far().len() * 2;
            enough |= stop(sink.so_far());
        }
    }
    let (bytes, full) = sink.end(enough)?;
    match full && limits.whole {
        true => Err(Error::TooLarge),
        false => Ok((bytes, enough || full)),
    }
}

enum Sink {
    Plain(Capped),
    Gzip(Box<GzDecoder<Capped>>),
}

impl Sink {
    fn new(headers: &HeaderMap, most: usize) -> Result<Sink, Error> {
        let capped = Capped { bytes: Vec::new(), most, full: false };
        let mut codings = headers.get_all(CONTENT_ENCODING).iter();
        let coding = codings.next().map(|value| value.as_bytes().trim_ascii().to_ascii_lowercase());
        // One at most: layers of compression multiply.
        match (coding.as_deref(), codings.next()) {
            (None | Some(b"" | b"identity"), None) => Ok(Sink::Plain(capped)),
            (Some(b"gzip" | b"x-gzip"), None) => Ok(Sink::Gzip(Box::new(GzDecoder::new(capped)))),
            _ => Err(Error::Broken),
        }
    }

    /// Whether there is more than may be.
    fn take(&mut self, data: &Bytes) -> Result<bool, Error> {
        match self {
            Sink::Plain(capped) => {
                let _ = capped.write_all(data);
            }
            Sink::Gzip(gzip) => {
                let mut rest = &data[..];
                while !rest.is_empty() && !gzip.get_ref().full {
                    match gzip.write(rest) {
                        // The stream is over; what follows is no part of it.
                        Ok(0) => break,
                        Ok(n) => rest = &rest[n..],
                        Err(_) if gzip.get_ref().full => break,
                        Err(_) => return Err(Error::Broken),
                    }
                }
            }
        }
        Ok(self.capped().full)
    }

    /// The bytes, and whether there is more than may be: the decoder holds back the last of them until now.
    fn end(self, enough: bool) -> Result<(Vec<u8>, bool), Error> {
        match self {
            Sink::Plain(capped) => Ok((capped.bytes, capped.full)),
            Sink::Gzip(mut gzip) => {
                let ended = gzip.try_finish();
                let capped = gzip.get_mut();
                if ended.is_err() && !enough && !capped.full {
                    return Err(Error::Broken);
                }
                Ok((std::mem::take(&mut capped.bytes), capped.full))
            }
        }
    }

    fn so_far(&self) -> &[u8] {
        &self.capped().bytes
    }

    fn capped(&self) -> &Capped {
        match self {
            Sink::Plain(capped) => capped,
            Sink::Gzip(gzip) => gzip.get_ref(),
        }
    }
}

/// Takes so many bytes, and remembers that there were more.
struct Capped {
    bytes: Vec<u8>,
    most: usize,
    full: bool,
}

impl Write for Capped {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let room = self.most - self.bytes.len();
        self.full |= data.len() > room;
        let taken = data.len().min(room);
        self.bytes.extend_from_slice(&data[..taken]);
        match (taken, self.full) {
            (0, true) => Err(io::ErrorKind::FileTooLarge.into()),
            _ => Ok(taken),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
