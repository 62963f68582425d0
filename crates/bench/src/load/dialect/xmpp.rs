//! XMPP over WebSocket (RFC 7395), as clients in a browser speak it: one element a frame. Everybody is let in without a
//! password, and joins a chat room (XEP-0045) without its history.

use super::{Heard, Place, answer, message};
use memchr::memmem;

/// Both servers are told to listen there.
pub const PATH: &str = "/xmpp-websocket";
pub const PROTOCOL: &str = "sec-websocket-protocol: xmpp\r\n";
/// The server is called as the host of the request: prosody answers for no other.
pub const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='bench' version='1.0'/>";
const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>";
const BIND: &str =
    "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";

/// A message to the room. Its text holds nothing that XML would have escaped.
pub fn say(room: &str, text: &str) -> String {
    format!(
        "<message xmlns='jabber:client' type='groupchat' to='{room}@conference.bench'><body>{text}</body></message>"
    )
}

fn join(place: &Place<'_>) -> String {
    let Place { room, client, .. } = place;
    format!(
        "<presence xmlns='jabber:client' to='{room}@conference.bench/n{client}'>\
         <x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
    )
}

/// What an element means.
pub fn hear(element: &[u8], place: &Place<'_>) -> Heard {
    let holds = |what: &str| memmem::find(element, what.as_bytes()).is_some();
    let head = &element[..memchr::memchr(b'>', element).unwrap_or(element.len())];
    match name(head) {
        b"message" | b"presence" | b"iq" if is_error(head) => Heard::Wrong,
        b"message" if holds("<body") => message(element, 0),
        // The last of what one is told who comes in.
        b"message" if holds("<subject") => Heard::Ready,
        b"stream:features" if holds("<mechanism>ANONYMOUS<") => answer(AUTH),
        b"success" => answer(OPEN),
        b"stream:features" if holds("urn:ietf:params:xml:ns:xmpp-bind") => answer(BIND),
        b"iq" if holds("<bind") => answer(&join(place)),
        b"stream:features" | b"stream:error" | b"failure" | b"close" => Heard::Wrong,
        _ => Heard::Nothing,
    }
}

/// The name of an element.
fn name(head: &[u8]) -> &[u8] {
    let name = head.strip_prefix(b"<").unwrap_or_default();
    name.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default()
}

/// Servers quote in either way.
fn is_error(head: &[u8]) -> bool {
    ["type='error'", "type=\"error\""].into_iter().any(|refusal| memmem::find(head, refusal.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::dialect::{Dialect, Member};
    use crate::load::frames::Frame;
    use crate::load::text::{self, Mark};

    const MARK: Mark = Mark { room: 3, writer: 2, n: 71 };

    #[track_caller]
    fn check(element: &str, expected: Heard) {
        let place = Place { room: "r3", client: 1, member: &Member::default(), seq: 0 };
        assert_eq!(Dialect::Xmpp.hear(&Frame::Text(element.as_bytes()), &place), expected);
    }

    #[test]
    fn one_comes_in_step_by_step() {
        let features = |what: &str| {
            format!("<stream:features xmlns:stream='http://etherx.jabber.org/streams'>{what}</stream:features>")
        };
        check("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='bench' id='1' version='1.0'/>", Heard::Nothing);
        let mechanisms =
            "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms>";
        check(&features(mechanisms), answer(AUTH));
        check(&features(&mechanisms.replace("ANONYMOUS", "PLAIN")), Heard::Wrong);
        check("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", answer(OPEN));
        check(&features("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"), answer(BIND));
        let bound = "<iq id='bind' type='result' xmlns='jabber:client'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
                     <jid>x@bench/y</jid></bind></iq>";
        let place = Place { room: "r3", client: 1, member: &Member::default(), seq: 0 };
        check(bound, answer(&join(&place)));
        assert!(join(&place).contains("to='r3@conference.bench/n1'"));
        check("<presence from='r3@conference.bench/n1'><x><status code='110'/></x></presence>", Heard::Nothing);
        check("<message type='groupchat' from='r3@conference.bench'><subject/></message>", Heard::Ready);
    }

    #[test]
    fn a_message_is_read_and_a_changed_one_is_wrong() {
        let said = say("r3", &text::write(MARK));
        check(&said, Heard::Message(MARK, 0));
        check(&said.replace("soup", "soap"), Heard::Wrong);
    }

    #[test]
    fn refusals_are_seen() {
        let said = say("r3", &text::write(MARK));
        check(&said.replace("'groupchat'", "'error'"), Heard::Wrong);
        check(&said.replace("'groupchat'", "\"error\""), Heard::Wrong);
        check("<presence type='error' from='r3@conference.bench/n1'><error type='auth'/></presence>", Heard::Wrong);
        check("<iq type='error' id='bind'><error type='cancel'/></iq>", Heard::Wrong);
        check("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>", Heard::Wrong);
        check("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict/></stream:error>", Heard::Wrong);
        check("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", Heard::Wrong);
    }
}
