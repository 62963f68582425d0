//! The archive of a chat room (XEP-0313), read from its beginning to its end: whether all that was said stands in it.

use super::dialect::{Heard, Member, Place};
use super::frames::{self, Frame};
use super::room::Room;
use super::spec::Spec;
use super::text::{self, Mark};
use crate::{Result, failed};
use memchr::memmem;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Who does not answer for so long has lost the question.
const PATIENCE: Duration = Duration::from_secs(15);

/// How many messages were said in this room, and how many of them do not stand in its archive once.
///
/// # Errors
/// The server does not answer.
pub fn read_again(spec: &Spec, number: usize, room: &Room) -> Result<(u64, u64)> {
    // One more who comes in, after all is over.
    let newcomer = room.clients.end;
    let place = Place { room: &room.name, client: newcomer, member: &Member::default(), seq: 0 };
    let found = Reader::enter(spec, &place)?.all(&room.name)?;
    let said = room.due(newcomer).enumerate();
    let marks = said.flat_map(|(writer, sent)| (0..sent).map(move |n| Mark { room: number, writer, n }));
    let (all, wrong) =
        marks.fold((0, 0), |(all, wrong), mark| (all + 1, wrong + u64::from(found.get(&mark) != Some(&1))));
    Ok((all, wrong))
}

/// A client that waits for each answer.
struct Reader {
    stream: TcpStream,
    came: Vec<u8>,
}

impl Reader {
    fn enter(spec: &Spec, place: &Place<'_>) -> Result<Reader> {
        let stream = TcpStream::connect(spec.address).map_err(failed("connect"))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed("a timeout"))?;
        let mut reader = Reader { stream, came: Vec::new() };
        reader.send(&spec.dialect.open(place))?;
        let end = loop {
            match memmem::find(&reader.came, b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => reader.more()?,
            }
        };
        reader.came.drain(..end);
        reader.send(&spec.dialect.greet(place).unwrap_or_default())?;
        loop {
            match reader.next(|frame| spec.dialect.hear(frame, place))? {
                Heard::Ready => return Ok(reader),
                Heard::Answer(words) => reader.send(&words)?,
                Heard::Wrong => return Err("the archive's reader was not let in".to_owned()),
                _ => {}
            }
        }
    }

    /// How often each message stands there, page by page.
    fn all(&mut self, room: &str) -> Result<HashMap<Mark, u32>> {
        let mut found = HashMap::new();
        let mut after = String::new();
        loop {
            let mut words = Vec::new();
            frames::write_client(1, page(room, &after).as_bytes(), &mut words);
            self.send(&words)?;
            let last = loop {
                match self.next(understand)? {
                    Page::Message(mark) => *found.entry(mark).or_default() += 1,
                    Page::End(last) => break last,
                    Page::Refused => return Err("the archive was refused".to_owned()),
                    Page::Nothing => {}
                }
            };
            match last {
                Some(last) => after = format!("<after>{last}</after>"),
                None => return Ok(found),
            }
        }
    }

    fn next<T>(&mut self, understand: impl FnOnce(&Frame<'_>) -> T) -> Result<T> {
        loop {
            if let Some((frame, length)) = frames::from_server(&self.came)? {
                let understood = understand(&frame);
                self.came.drain(..length);
                return Ok(understood);
            }
            self.more()?;
        }
    }

    fn send(&mut self, words: &[u8]) -> Result<()> {
        self.stream.write_all(words).map_err(failed("the archive's reader"))
    }

    fn more(&mut self) -> Result<()> {
        let mut piece = [0; 16 << 10];
        match self.stream.read(&mut piece).map_err(failed("the archive's reader"))? {
            0 => Err("the archive's reader was cut off".to_owned()),
            bytes => {
                self.came.extend_from_slice(&piece[..bytes]);
                Ok(())
            }
        }
    }
}

/// What a frame says of a page.
#[derive(Debug, PartialEq, Eq)]
enum Page {
    Message(Mark),
    /// With the name of its last, where another page follows.
    End(Option<String>),
    Refused,
    Nothing,
}

fn page(room: &str, after: &str) -> String {
    format!(
        "<iq xmlns='jabber:client' type='set' id='page' to='{room}@conference.bench'><query xmlns='urn:xmpp:mam:2'>\
         <set xmlns='http://jabber.org/protocol/rsm'><max>250</max>{after}</set></query></iq>"
    )
}

fn understand(frame: &Frame<'_>) -> Page {
    let Frame::Text(element) = frame else { return Page::Nothing };
    let holds = |what: &str| memmem::find(element, what.as_bytes()).is_some();
    if holds("<result") {
        return text::read(element).map_or(Page::Nothing, Page::Message);
    }
    if holds("<fin") {
        let ended = holds("complete='true'") || holds("complete=\"true\"");
        return Page::End(if ended { None } else { between(element, "<last>", "</last>") });
    }
    if element.starts_with(b"<iq") && holds("<error") { Page::Refused } else { Page::Nothing }
}

fn between(element: &[u8], begin: &str, end: &str) -> Option<String> {
    let text = std::str::from_utf8(element).ok()?;
    Some(text.split_once(begin)?.1.split_once(end)?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(element: &str, expected: Page) {
        assert_eq!(understand(&Frame::Text(element.as_bytes())), expected);
    }

    #[test]
    fn a_page_holds_messages_and_says_whether_another_follows() {
        let mark = Mark { room: 0, writer: 2, n: 71 };
        let kept = format!("<message><result id='a'><forwarded>{}</forwarded></result></message>", text::write(mark));
        check(&kept, Page::Message(mark));
        check(&kept.replace("soup", "soap"), Page::Nothing);
        let fin = "<iq type='result' id='page'><fin xmlns='urn:xmpp:mam:2'><set><last>a</last></set></fin></iq>";
        check(fin, Page::End(Some("a".to_owned())));
        check(&fin.replace("<fin", "<fin complete='true'"), Page::End(None));
        check(&fin.replace("<last>a</last>", ""), Page::End(None));
        check("<iq type='error' id='page'><error type='cancel'/></iq>", Page::Refused);
        check("<presence from='r0@conference.bench/n1'/>", Page::Nothing);
    }
}
