//! `activity`: what concerns me.

use super::{Body, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::view::{Activity, Cause, Problem};
use protocol::{Refusal, RoomId, Seq, Time, UserId};
use serde::{Deserialize, Serialize};
use store::activity::Place;

/// Rows in the list, usually and at most.
const USUAL: u32 = 30;
const MOST: u32 = 100;
const CAUSES: [(&str, Cause); 5] = [
    ("mention", Cause::Mention),
    ("room", Cause::Room),
    ("keyword", Cause::Keyword),
    ("reaction", Cause::Reaction),
    ("reply", Cause::Reply),
];

#[derive(Serialize, utoipa::ToSchema)]
pub struct Activities {
    activity: Vec<Activity>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct List {
    /// Some of `mention,room,keyword,reaction,reply`; all by default.
    #[serde(default)]
    cause: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

/// What concerns me, the newest first. A message stands there once, for the first of its causes in the order
/// mention, room, keyword, reply; a reaction is a row of its own.
#[utoipa::path(get, path = "/activity", tag = "mine", params(List),
    responses((status = 200, body = Activities), (status = 400, body = Problem)))]
pub async fn list(State(app): State<App>, who: Who, Query(list): Query<List>) -> Result<Json<Activities>> {
    let limit = super::page_size(list.limit, USUAL, MOST)?;
    let causes = match &list.cause {
        None => CAUSES.map(|(_, cause)| cause).to_vec(),
        Some(names) => {
            let known = |name: &str| CAUSES.iter().find(|(of, _)| *of == name).map(|(_, cause)| *cause);
            let named: Option<Vec<Cause>> = names.split(',').map(known).collect();
            let named =
                named.ok_or_else(|| Refusal::invalid("cause", "Some of mention, room, keyword, reaction, reply."))?;
            CAUSES.into_iter().map(|(_, cause)| cause).filter(|cause| named.contains(cause)).collect()
        }
    };
    let after = list
        .cursor
        .as_deref()
        .map(|text| place(text).ok_or_else(|| Refusal::invalid("cursor", "This is no cursor of ours.")));
    let (activity, next) = room::activity(&app.core, who.user, causes, after.transpose()?, limit).await?;
    let next = next.map(|place| cursor(&place));
    Ok(Json(Activities { activity, next }))
}

fn cursor(Place { at, room, seq, by, emoji }: &Place) -> String {
    // An emoji may hold any letter: an address takes a few.
    format!("{}.{room}.{seq}.{by}.{}", at.0, URL_SAFE_NO_PAD.encode(emoji))
}

fn place(text: &str) -> Option<Place> {
    let mut parts = text.splitn(5, '.');
    let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok());
    let (at, room, seq, by) = (Time(number()?), RoomId(number()?), Seq(number()?), UserId(number()?));
    let emoji = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    Some(Place { at, room, seq, by, emoji: String::from_utf8(emoji).ok()? })
}

#[derive(Serialize, Deserialize, utoipa::ToSchema)]
pub struct Seen {
    at: Time,
}

/// I have looked at what came until then.
#[utoipa::path(put, path = "/activity/seen", tag = "mine", request_body = Seen, responses((status = 200, body = Seen)))]
pub async fn seen(State(app): State<App>, Acting(who): Acting, Body(input): Body<Seen>) -> Result<Json<Seen>> {
    Ok(Json(Seen { at: room::see_activity(&app.core, who.user, input.at).await? }))
}
