//! `rooms/{room}/pins`: messages that are kept at hand.

use super::Path;
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::fold::Entry;
use protocol::view::Problem;
use protocol::{RoomId, Seq};
use serde::Serialize;

#[derive(Serialize, utoipa::ToSchema)]
pub struct All {
    pins: Vec<Entry>,
}

/// The pinned messages of a room, the newest pin first.
#[utoipa::path(get, path = "/rooms/{room}/pins", tag = "messages", params(("room" = RoomId, Path)),
    responses((status = 200, body = All), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list(State(app): State<App>, who: Who, Path(room): Path<RoomId>) -> Result<Json<All>> {
    Ok(Json(All { pins: room::pins(&app.core, who.user, room).await? }))
}

/// Pin a message.
#[utoipa::path(put, path = "/rooms/{room}/messages/{seq}/pin", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub async fn put(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
) -> Result<StatusCode> {
    room::pin(&app.core, who.user, room, seq, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unpin a message.
#[utoipa::path(delete, path = "/rooms/{room}/messages/{seq}/pin", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
) -> Result<StatusCode> {
    room::pin(&app.core, who.user, room, seq, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
