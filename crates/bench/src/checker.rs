//! What a run of the server promises, held against what was seen: every function answers the violations, in words.
//!
//! Events are JSON as it came over the wire: live and in the log they must be the same, field for field.

use protocol::fold::{Entry, Room};
use serde_json::Value;
use std::collections::HashMap;

/// A send that the server acknowledged.
#[derive(Clone, Debug)]
pub struct Ack {
    pub author: i64,
    pub client_id: String,
    pub seq: i64,
}

/// What one reader was given of the room: the events that follow `after`, as they came.
#[derive(Clone, Debug, Default)]
pub struct Copy {
    pub who: String,
    pub after: i64,
    pub events: Vec<Value>,
}

/// Everything at once, about one room: `log` is its whole log as `events` answers it after the run.
pub fn room(log: &[Value], acks: &[Ack], copies: &[Copy]) -> Vec<String> {
    let mut wrong = whole(log);
    wrong.extend(acknowledged(log, acks));
    for copy in copies {
        wrong.extend(same(log, copy));
    }
    wrong
}

/// The log begins at 1 and has no holes; time never goes back in it; no client's message is in it twice.
pub fn whole(log: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut at = "";
    let mut seen = HashMap::new();
    for (event, expected) in log.iter().zip(1..) {
        let seq = number(event, "seq");
        if seq != expected {
            wrong.push(format!("the log has seq {seq} where {expected} belongs"));
            // One hole, one line: what follows it is counted from there.
            return wrong;
        }
        let now = text(event, "at");
        if now < at {
            wrong.push(format!("time goes back at seq {seq}: {now} after {at}"));
        }
        at = now;
        if text(event, "kind") == "message" {
            let id = (number(event, "author"), text(event, "client_id"));
            if let Some(first) = seen.insert(id, seq) {
                wrong.push(format!("{} of person {} is there twice: at {first} and at {seq}", id.1, id.0));
            }
        }
    }
    wrong
}

/// Each acknowledged message is in the log exactly once, at the seq that was acknowledged.
pub fn acknowledged(log: &[Value], acks: &[Ack]) -> Vec<String> {
    let mut places: HashMap<(i64, &str), Vec<i64>> = HashMap::new();
    for event in log.iter().filter(|event| text(event, "kind") == "message") {
        places.entry((number(event, "author"), text(event, "client_id"))).or_default().push(number(event, "seq"));
    }
    let mut wrong = Vec::new();
    for Ack { author, client_id, seq } in acks {
        match places.get(&(*author, client_id.as_str())).map(Vec::as_slice) {
            None => wrong.push(format!("{client_id} of person {author} was acknowledged at {seq} and is lost")),
            Some([place]) if place == seq => {}
            Some([place]) => wrong.push(format!("{client_id} was acknowledged at {seq} and stands at {place}")),
            Some(places) => {
                wrong.push(format!("{client_id} was acknowledged once and is there {} times", places.len()))
            }
        }
    }
    wrong
}

/// The reader was given exactly the log that follows their cursor, up to its end, each event as it stands there.
/// Words that were erased since are not held against the copy.
pub fn same(log: &[Value], copy: &Copy) -> Vec<String> {
    let who = &copy.who;
    let mut wrong = Vec::new();
    let mut last = copy.after;
    for event in &copy.events {
        let seq = number(event, "seq");
        if seq != last + 1 {
            let what = if seq <= last { "again or out of order" } else { "with a gap" };
            wrong.push(format!("{who} was given {seq} after {last}: {what}"));
        }
        last = seq;
        // What is not in order is `whole`'s to tell.
        match log.binary_search_by_key(&seq, |kept| number(kept, "seq")).ok().map(|at| &log[at]) {
            None => wrong.push(format!("{who} was given {seq}, which is not in the log")),
            Some(kept) if alike(kept, event) => {}
            Some(kept) => wrong.push(format!("{who} was given {seq} as {event}, the log has {kept}")),
        }
    }
    let head = log.last().map_or(0, |event| number(event, "seq"));
    if last != head {
        wrong.push(format!("{who} was given the log up to {last}, its head is {head}"));
    }
    wrong
}

/// The page of a room is the fold of its log; `page` holds its newest rows.
pub fn folded(log: &[Value], page: &[Value]) -> Vec<String> {
    let mut room = Room::default();
    for event in log {
        match serde_json::from_value(event.clone()) {
            Ok(event) => room.apply(&event),
            Err(error) => return vec![format!("the log holds {event}, which is no event: {error}")],
        }
    }
    let rows: Vec<_> = room.entries.into_iter().filter(Entry::is_shown).map(Entry::told).collect();
    let newest = &rows[rows.len().saturating_sub(page.len())..];
    if newest.len() < page.len() {
        return vec![format!("the page has {} rows, the fold {}", page.len(), newest.len())];
    }
    let mut wrong = Vec::new();
    for (row, shown) in newest.iter().zip(page) {
        let row = serde_json::to_value(row).unwrap_or_default();
        // The server renders markdown; the fold does not.
        let mut plain = shown.clone();
        plain.as_object_mut().map(|fields| fields.remove("html"));
        if row != plain {
            wrong.push(format!("the page shows {shown}, the fold {row}"));
        }
    }
    wrong
}

/// Whether a copy is the event of the log; an erased one is compared by where it stands alone.
fn alike(kept: &Value, given: &Value) -> bool {
    // The frame's own type is no part of the event.
    let strip = |event: &Value| {
        let mut fields = event.as_object().cloned().unwrap_or_default();
        fields.remove("t");
        if kept["erased"] == true {
            for words in ["text", "html", "mentions", "everyone", "files", "erased"] {
                fields.remove(words);
            }
        }
        fields
    };
    strip(kept) == strip(given)
}

fn number(event: &Value, field: &str) -> i64 {
    event[field].as_i64().unwrap_or(-1)
}

fn text<'a>(event: &'a Value, field: &str) -> &'a str {
    event[field].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
