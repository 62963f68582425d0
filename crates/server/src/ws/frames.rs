//! What a client sends, and what is done about it.

use crate::app::App;
use crate::fault::Fault;
use crate::room::{self, Move, Said};
use crate::tail::Conn;
use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{Code, Event, FileWith, Refusal};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// A frame with what names it in the answer.
pub struct Incoming {
    pub id: Option<Value>,
    pub client_id: Option<String>,
    pub frame: ClientFrame,
}

/// A frame that is none, with what could be read of it.
pub struct Unreadable {
    id: Option<Value>,
    client_id: Option<String>,
    refusal: Refusal,
}

/// Reads a frame.
///
/// # Errors
/// What is wrong with it; the socket stays open.
pub fn parse(text: &str) -> Result<Incoming, Unreadable> {
    let unreadable = |id, client_id, refusal| Unreadable { id, client_id, refusal };
    let no_object = || Refusal::new(Code::Invalid, "A frame is one JSON object.");
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        Err(_) => {
            // Half of a surrogate pair, say, which no text can hold: what is beside it can be read, and which frame it was.
            let (parts, broken) = parts(text).unwrap_or_default();
            let detail =
                "No text can be made of this: a part of a character is missing, or JSON does not know the escape.";
            let refusal = broken.map_or_else(no_object, |field| Refusal::invalid(field, detail));
            return Err(unreadable(echoed(&parts), client_id(&parts), refusal));
        }
    };
    let Value::Object(map) = &value else {
        return Err(unreadable(None, None, no_object()));
    };
    let (id, client_id) = (echoed(map), client_id(map));
    if id.is_none() && map.get("id").is_some_and(|id| !id.is_null()) {
        let detail = format!("What comes back as it is: a number, or text of up to {ECHOED} bytes.");
        return Err(unreadable(None, client_id, Refusal::invalid("id", detail)));
    }
    match ClientFrame::deserialize(&value) {
        Ok(frame) => Ok(Incoming { id, client_id, frame }),
        Err(error) => {
            // The type itself, or a field of it.
            let known = map.get("t").and_then(Value::as_str).is_some_and(|t| KNOWN.contains(&t));
            let detail = if known { error.to_string() } else { "There is no such frame.".to_owned() };
            let field = if known { field(map, &detail) } else { Some("t") };
            Err(unreadable(id, client_id, Refusal { field, ..Refusal::new(Code::Invalid, detail) }))
        }
    }
}

/// Bytes of what comes back.
const ECHOED: usize = 64;

/// What goes back with the answer: short, and nothing that nests.
fn echoed(map: &Map<String, Value>) -> Option<Value> {
    map.get("id").filter(|id| id.is_number() || id.as_str().is_some_and(|id| id.len() <= ECHOED)).cloned()
}

fn client_id(map: &Map<String, Value>) -> Option<String> {
    map.get("client_id").and_then(Value::as_str).filter(|id| id.len() <= ECHOED).map(str::to_owned)
}

/// The fields of a frame that can be read, and the first that cannot.
fn parts(text: &str) -> Option<(Map<String, Value>, Option<&'static str>)> {
    let raw: HashMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let (mut read, mut broken) = (Map::new(), None);
    for (name, value) in raw {
        match serde_json::from_str(value.get()) {
            Ok(value) => drop(read.insert(name, value)),
            Err(_) => broken = broken.or(FIELDS.iter().find(|(field, _)| *field == name).map(|(field, _)| *field)),
        }
    }
    Some((read, broken))
}

const KNOWN: [&str; 7] = ["hello", "send", "typing", "read", "watch", "away", "ping"];
type Field = (&'static str, fn(&Value) -> bool);
/// Every field of a frame, with what it must be.
const FIELDS: [Field; 12] = [
    ("room", Value::is_i64),
    ("client_id", Value::is_string),
    ("text", Value::is_string),
    ("thread", |value| value.is_null() || value.is_i64()),
    ("also", Value::is_boolean),
    ("files", Value::is_array),
    ("seq", Value::is_i64),
    ("version", |value| value.is_null() || value.is_i64()),
    ("users", Value::is_array),
    ("rooms", Value::is_array),
    ("away", Value::is_boolean),
    ("v", Value::is_u64),
];

/// The field that is at fault: one that is not what it must be, else the one that the error names as missing.
fn field(map: &Map<String, Value>, detail: &str) -> Option<&'static str> {
    let wrong = |(field, fits): &&Field| map.get(*field).is_some_and(|value| !fits(value));
    let named = |(field, _): &&Field| detail.contains(&format!("`{field}`"));
    FIELDS.iter().find(wrong).or_else(|| FIELDS.iter().find(named)).map(|(field, _)| *field)
}

impl Unreadable {
    pub fn answer(self) -> ServerFrame {
        refused(self.id, self.client_id, self.refusal)
    }
}

fn refused(id: Option<Value>, client_id: Option<String>, refusal: Refusal) -> ServerFrame {
    ServerFrame::Refused {
        client_id,
        id,
        code: refusal.code,
        detail: refusal.detail,
        field: refusal.field.map(str::to_owned),
        retry_after_ms: refusal.retry_after_ms,
    }
}

/// Does what the frame asks for and puts the answer into the connection's queue.
pub async fn take(app: App, conn: Arc<Conn>, incoming: Incoming) {
    let Incoming { id, client_id, frame } = incoming;
    match act(&app, &conn, frame).await {
        Ok(answer) => {
            if let Some(answer) = answer {
                conn.tell(&answer);
            }
            if let Some(id) = id {
                conn.tell(&ServerFrame::Done { id });
            }
        }
        Err(fault) => {
            if let Fault::Store(error) = &fault {
                tracing::error!(%error, "a frame could not be done");
            }
            conn.tell(&refused(id, client_id, fault.refusal()));
        }
    }
}

async fn act(app: &App, conn: &Arc<Conn>, frame: ClientFrame) -> Result<Option<ServerFrame>, Fault> {
    let user = conn.user;
    if !matches!(frame, ClientFrame::Send { .. }) {
        app.auth.rates.command(user)?;
    }
    match frame {
        ClientFrame::Hello(_) => Err(Refusal::new(Code::Invalid, "Hello was said already.").into()),
        ClientFrame::Send { room, client_id, text, thread, also, quote, files } => {
            let files = files.into_iter().map(FileWith::from).collect();
            let said = Said { room, client_id: client_id.clone(), text, thread, also, quote, files };
            conn.owes(room, &client_id);
            let sent = room::send(&app.core, user, said, || app.auth.rates.message(user)).await;
            let owed = conn.settles(room, &client_id);
            let (Event { seq, .. }, _) = sent?;
            // The room's tail may have been quicker, and told it together with the event.
            Ok(owed.then_some(ServerFrame::Ack { client_id, room, seq }))
        }
        ClientFrame::Typing { room } => {
            if app.core.hub.typing(conn, room) {
                return Ok(None);
            }
            // The same answer for a room that is not there as for one that is not theirs.
            match room::seen(&app.core, user, room).await?.mine {
                // A member's socket that does not follow it yet: a moment later it would have.
                Some(_) => Ok(None),
                None => Err(Refusal::new(Code::NotMember, "Join this room first.").into()),
            }
        }
        ClientFrame::Read { room, seq, version } => {
            let wish = Move { seq, version, unread: false };
            room::move_cursor(&app.core, user, room, wish, Some(conn.id)).await?;
            Ok(None)
        }
        ClientFrame::Watch { users, rooms } => {
            let limits = &app.core.limits;
            for (field, is, most) in
                [("users", users.len(), limits.watch_users), ("rooms", rooms.len(), limits.watch_rooms)]
            {
                if is > most as usize {
                    return Err(Refusal::invalid(field, format!("At most {most}.")).into());
                }
            }
            app.core.hub.watch(&app.core, conn, users, rooms).await?;
            Ok(None)
        }
        ClientFrame::Away { away } => {
            app.core.hub.away(conn, away);
            Ok(None)
        }
        ClientFrame::Ping => Ok(Some(ServerFrame::Pong)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_does_not_fit_names_its_field() {
        for (text, field) in [
            (r#"{"t":"send","room":"x","client_id":"a","text":"b"}"#, Some("room")),
            (r#"{"t":"send","room":1,"client_id":"a","text":["b"]}"#, Some("text")),
            (r#"{"t":"send","room":1,"text":"b"}"#, Some("client_id")),
            (r#"{"t":"watch","users":5}"#, Some("users")),
            (r#"{"t":"ping","id":true}"#, Some("id")),
            (&format!(r#"{{"t":"ping","id":"{}"}}"#, "x".repeat(65)), Some("id")),
            (r#"{"t":"nonsense"}"#, Some("t")),
            (r#"{"room":1}"#, Some("t")),
            ("[]", None),
        ] {
            let Err(unreadable) = parse(text) else { panic!("{text} is a frame") };
            assert_eq!(unreadable.refusal.field, field, "{text}");
        }
    }

    #[test]
    fn half_a_character_is_refused_by_the_name_of_its_frame() {
        let text = r#"{"t":"send","room":1,"client_id":"a","text":"\ud800","id":5}"#;
        let Err(Unreadable { id, client_id, refusal }) = parse(text) else { panic!("it is a frame") };
        assert_eq!((id, client_id.as_deref(), refusal.field), (Some(Value::from(5)), Some("a"), Some("text")));
        let Err(Unreadable { id, refusal, .. }) = parse(r#"{"t":"ping","id":5"#) else { panic!("it is a frame") };
        assert_eq!((id, refusal.field), (None, None), "no object at all");
    }
}
