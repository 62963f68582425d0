//! `rooms/{room}/messages/{seq}/reactions`: emoji below a message.

use super::Path;
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Problem, Reacted};
use protocol::{RoomId, Seq};
use serde::Serialize;

#[derive(Serialize, utoipa::ToSchema)]
pub struct All {
    reactions: Vec<Reacted>,
}

/// Everybody who put an emoji to a message, in the order in which they did.
#[utoipa::path(get, path = "/rooms/{room}/messages/{seq}/reactions", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 200, body = All), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list(State(app): State<App>, who: Who, Path((room, seq)): Path<(RoomId, Seq)>) -> Result<Json<All>> {
    Ok(Json(All { reactions: room::reacted(&app.core, who.user, room, seq).await? }))
}

/// Put an emoji to a message: the character itself, or `:name:` of one of the community's own.
#[utoipa::path(put, path = "/rooms/{room}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub async fn put(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq, emoji)): Path<(RoomId, Seq, String)>,
) -> Result<StatusCode> {
    room::react(&app.core, who.user, room, seq, emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take one's emoji back, also one that the community no longer has.
#[utoipa::path(delete, path = "/rooms/{room}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub async fn delete(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq, emoji)): Path<(RoomId, Seq, String)>,
) -> Result<StatusCode> {
    room::unreact(&app.core, who.user, room, seq, emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}
