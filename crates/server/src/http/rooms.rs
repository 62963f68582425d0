//! `rooms` and `direct`: lists, new rooms, a room's own facts.

use super::{Body, Path, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Problem, Room};
use protocol::{Refusal, RoomId, Time, UserId};
use serde::{Deserialize, Serialize};

#[derive(Serialize, utoipa::ToSchema)]
pub struct Rooms {
    rooms: Vec<Room>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Scope {
    Mine,
    Open,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct List {
    /// `mine` by default; `open` to browse.
    #[serde(default)]
    #[param(inline)]
    scope: Option<Scope>,
    /// With `scope=open`: a part of the name.
    #[serde(default)]
    q: String,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

/// My rooms, newest activity first; or the open ones.
#[utoipa::path(get, path = "/rooms", tag = "rooms", params(List), responses((status = 200, body = Rooms)))]
pub async fn list(State(app): State<App>, who: Who, Query(list): Query<List>) -> Result<Json<Rooms>> {
    let limits = &app.config.limits;
    let limit = super::page_size(list.limit, limits.page_messages, limits.page_events)?;
    let bad = || Refusal::invalid("cursor", "This is no cursor of ours.");
    let after = match &list.cursor {
        None => None,
        Some(text) => {
            let (at, id) = text.split_once('.').ok_or_else(bad)?;
            Some((Time(at.parse().map_err(|_| bad())?), RoomId(id.parse().map_err(|_| bad())?)))
        }
    };
    let q = list.q.chars().take(limits.room_name as usize).collect();
    let open = (list.scope == Some(Scope::Open)).then_some(q);
    let mut rooms = room::list(&app.core, who.user, open, after, limit + 1).await?;
    let more = rooms.len() > limit as usize;
    rooms.truncate(limit as usize);
    let next = rooms.last().filter(|_| more).map(|room| format!("{}.{}", room.at.0, room.id));
    Ok(Json(Rooms { rooms, next }))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewRoom {
    name: String,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    private: Option<bool>,
}

/// Make a room. Its maker owns it.
#[utoipa::path(post, path = "/rooms", tag = "rooms", request_body = NewRoom,
    responses((status = 201, body = Room), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    State(app): State<App>,
    Acting(who): Acting,
    Body(input): Body<NewRoom>,
) -> Result<(StatusCode, Json<Room>)> {
    app.auth.rates.room(who.user)?;
    let (topic, private) = (input.topic.unwrap_or_default(), input.private.unwrap_or_default());
    let room = room::create(&app.core, who.user, room::NewRoom { name: input.name, topic, private }).await?;
    Ok((StatusCode::CREATED, Json(room)))
}

/// One room.
#[utoipa::path(get, path = "/rooms/{room}", tag = "rooms", params(("room" = RoomId, Path)),
    responses((status = 200, body = Room), (status = 404, body = Problem)))]
pub async fn show(State(app): State<App>, who: Who, Path(room): Path<RoomId>) -> Result<Json<Room>> {
    Ok(Json(room::seen(&app.core, who.user, room).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Change {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    archived: Option<bool>,
    /// Whether links show what is behind them.
    #[serde(default)]
    previews: Option<bool>,
}

/// Rename, give a topic, archive or bring back, let links show what is behind them.
#[utoipa::path(patch, path = "/rooms/{room}", tag = "rooms", params(("room" = RoomId, Path)), request_body = Change,
    responses((status = 200, body = Room), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn change(
    State(app): State<App>,
    Acting(who): Acting,
    Path(room): Path<RoomId>,
    Body(input): Body<Change>,
) -> Result<Json<Room>> {
    let wish =
        room::Settle { name: input.name, topic: input.topic, archived: input.archived, previews: input.previews };
    Ok(Json(room::settle(&app.core, who.user, room, wish).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct People {
    users: Vec<UserId>,
}

/// The room of these people and me: found, or made.
#[utoipa::path(post, path = "/direct", tag = "rooms", request_body = People, responses(
    (status = 200, body = Room), (status = 201, body = Room), (status = 400, body = Problem)))]
pub async fn direct(
    State(app): State<App>,
    Acting(who): Acting,
    Body(input): Body<People>,
) -> Result<(StatusCode, Json<Room>)> {
    let (room, new) = room::direct(&app.core, who.user, input.users).await?;
    Ok((super::created(new), Json(room)))
}
