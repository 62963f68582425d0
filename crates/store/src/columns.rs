//! How events lie in the columns of their rows, and come out of them: lists and what a kind has beside its text as JSON.

use crate::clients;
use crate::error::Error;
use crate::value::{Row, Value};
use protocol::event::{Forwarded, Kind, MemberRole, Said};
use protocol::fold::{Entry, Message, What};
use protocol::{Body, Event, Seq, Time, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What stands in the column `data`: all that a kind has beside its text.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<UserId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    everyone: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    here: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    superseded: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded: Option<Forwarded>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<Seq>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    also: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<MemberRole>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// A body as its two columns: the words, and the rest as JSON where there is a rest.
pub(crate) fn written(body: &Body) -> (Option<String>, Option<String>) {
    let of_said = |said: &Said| Data {
        mentions: said.mentions.clone(),
        everyone: said.everyone,
        here: said.here,
        erased: said.erased,
        superseded: said.superseded,
        ..Data::default()
    };
    let (text, data) = match body {
        Body::Preview { previews, erased, .. } => (
            Some(json(previews).unwrap_or_default()).filter(|_| !previews.is_empty()),
            Data { erased: *erased, ..Data::default() },
        ),
        Body::Message { said, thread, also, quote, forwarded, .. } => (
            said.text.clone(),
            Data { thread: *thread, also: *also, quote: *quote, forwarded: *forwarded, ..of_said(said) },
        ),
        Body::Edited { said, sole, .. } => (said.text.clone(), Data { sole: *sole, ..of_said(said) }),
        Body::Reacted { emoji, .. } | Body::Unreacted { emoji, .. } => {
            (None, Data { emoji: Some(emoji.clone()), ..Data::default() })
        }
        Body::Pinned { .. } | Body::Unpinned { .. } => (None, Data::default()),
        Body::Deleted { thread, .. } => (None, Data { thread: *thread, ..Data::default() }),
        Body::Joined { users } => (None, Data { users: users.clone(), ..Data::default() }),
        Body::Left { users, by, why } => {
            (None, Data { users: users.clone(), by: *by, why: why.clone(), ..Data::default() })
        }
        Body::Renamed { name } => (Some(name.clone()), Data::default()),
        Body::Topic { topic } => (Some(topic.clone()), Data::default()),
        Body::Archived | Body::Unarchived | Body::PreviewsOn | Body::PreviewsOff => (None, Data::default()),
        Body::Role { user, role } => (None, Data { user: Some(*user), role: Some(*role), ..Data::default() }),
    };
    let data = serde_json::to_string(&data).ok().filter(|json| json != "{}");
    (text, data)
}

pub(crate) fn json(what: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(what).map_err(|error| Error::Other(error.to_string()))
}

/// A list that lies as JSON among the words; empty where there is none, or where it was erased.
pub(crate) fn list<T: DeserializeOwned>(json: Option<String>) -> Result<Vec<T>, Error> {
    match json.filter(|json| json.starts_with('[')) {
        None => Ok(Vec::new()),
        Some(json) => {
            serde_json::from_str(&json).map_err(|error| Error::Other(format!("a list cannot be read: {error}")))
        }
    }
}

/// The data of erased words: only what says where the message stood is kept.
pub(crate) fn erased_data(thread: Option<Seq>, also: bool) -> String {
    let data = Data { erased: true, thread, also, ..Data::default() };
    serde_json::to_string(&data).unwrap_or_default()
}

/// The data of words that an edit replaced where no history is kept.
pub(crate) fn superseded_data(json: Option<String>) -> Result<String, Error> {
    let Data { thread, also, quote, forwarded, sole, .. } = data_of(json)?;
    let data = Data { superseded: true, thread, also, quote, forwarded, sole, ..Data::default() };
    self::json(&data)
}

/// Whether words were erased, or gave way to newer ones.
pub(crate) fn is_gone(json: Option<String>) -> Result<bool, Error> {
    let Data { erased, superseded, .. } = data_of(json)?;
    Ok(erased || superseded)
}

/// Whether an edit, by its data, is one after which no older text is left.
pub(crate) fn is_sole(json: Option<String>) -> Result<bool, Error> {
    Ok(data_of(json)?.sole)
}

fn data_of(json: Option<String>) -> Result<Data, Error> {
    match json {
        None => Ok(Data::default()),
        Some(json) => {
            serde_json::from_str(&json).map_err(|error| Error::Other(format!("an event cannot be read: {error}")))
        }
    }
}

pub(crate) fn event_of(row: &mut Row) -> Result<Event, Error> {
    let (room, seq, at, author) = (row.room(0), row.seq(1), row.time(2), row.user(3));
    let kind = row.text(4);
    let target = row.seq(5);
    let client_id = row.opt_blob(6).map(|blob| clients::unpack(&blob)).unwrap_or_default();
    let text = row.opt_text(7);
    let data = data_of(row.opt_text(8))?;
    let files = list(row.opt_text(9))?;
    let html = row.opt_text(10);
    let kind = Kind::parse(&kind).ok_or_else(|| Error::Other(format!("an event of the unknown kind {kind}")))?;
    let said = |text: Option<String>| Said {
        // What stands in place of erased words is as long as they were.
        text: text.filter(|_| !data.erased && !data.superseded),
        html: html.filter(|_| !data.erased && !data.superseded),
        mentions: data.mentions.clone(),
        everyone: data.everyone,
        here: data.here,
        erased: data.erased,
        superseded: data.superseded,
    };
    let body = match kind {
        Kind::Message => Body::Message {
            client_id,
            said: said(text),
            files,
            thread: data.thread,
            also: data.also,
            quote: data.quote,
            forwarded: data.forwarded,
        },
        Kind::Edited => Body::Edited { target, said: said(text), sole: data.sole },
        Kind::Reacted => Body::Reacted { target, emoji: data.emoji.unwrap_or_default() },
        Kind::Unreacted => Body::Unreacted { target, emoji: data.emoji.unwrap_or_default() },
        Kind::Pinned => Body::Pinned { target },
        Kind::Unpinned => Body::Unpinned { target },
        Kind::Deleted => Body::Deleted { target, thread: data.thread },
        Kind::Preview => Body::Preview { target, previews: list(text)?, erased: data.erased },
        Kind::Joined => Body::Joined { users: data.users },
        Kind::Left => Body::Left { users: data.users, by: data.by, why: data.why },
        Kind::Renamed => Body::Renamed { name: text.unwrap_or_default() },
        Kind::Topic => Body::Topic { topic: text.unwrap_or_default() },
        Kind::Archived => Body::Archived,
        Kind::Unarchived => Body::Unarchived,
        Kind::PreviewsOn => Body::PreviewsOn,
        Kind::PreviewsOff => Body::PreviewsOff,
        Kind::Role => Body::Role { user: data.user.unwrap_or_default(), role: data.role.unwrap_or(MemberRole::Member) },
    };
    Ok(Event { room, seq, at, author, body })
}

pub(crate) fn entry_of(row: &mut Row) -> Result<Entry, Error> {
    let (seq, at, author) = (row.seq(0), row.time(1), row.user(2));
    let kind = row.text(3);
    let text = row.opt_text(5);
    let what = match Kind::parse(&kind) {
        Some(Kind::Message) => {
            let said = data_of(row.opt_text(6))?;
            let erased = row.is(8);
            // An edit says nothing of these: they stand with the message itself.
            let stood = data_of(row.opt_text(13))?;
            What::Message(Message {
                text: text.filter(|_| !erased).unwrap_or_default(),
                html: row.opt_text(16).filter(|_| !erased),
                edited_at: row.opt_int(7).map(Time),
                erased,
                client_id: row.opt_blob(4).map(|blob| clients::unpack(&blob)),
                thread: row.opt_int(9).map(Seq),
                also: row.is(10),
                mentions: said.mentions,
                everyone: said.everyone,
                here: said.here,
                quote: stood.quote,
                forwarded: stood.forwarded,
                files: list(row.opt_text(14))?,
                previews: list(row.opt_text(15))?,
                reactions: list(row.opt_text(17))?,
                pinned: row.opt_int(18).is_some(),
                replies: u32::try_from(row.int(11)).unwrap_or(0),
                last_reply: row.opt_int(12).map(Time),
                repliers: list(row.opt_text(19))?,
            })
        }
        Some(Kind::Joined) => What::Joined { users: data_of(row.opt_text(13))?.users },
        Some(Kind::Left) => {
            let data = data_of(row.opt_text(13))?;
            What::Left { users: data.users, by: data.by, why: data.why }
        }
        Some(Kind::Renamed) => What::Renamed { name: text.unwrap_or_default() },
        Some(Kind::Topic) => What::Topic { topic: text.unwrap_or_default() },
        Some(Kind::Archived) => What::Archived,
        _ => return Err(Error::Other(format!("a row of the unknown kind {kind}"))),
    };
    Ok(Entry { seq, at, author, what })
}

/// Ids as a JSON list, for the one parameter that stands for many.
pub(crate) fn ids(users: &[UserId]) -> Value {
    let list: Vec<String> = users.iter().map(|user| user.0.to_string()).collect();
    Value::Text(format!("[{}]", list.join(",")))
}
