//! All my places at once: `threads/places`, `me/read` and `me/unread`.

use super::Body;
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Places, Problem, Thread};
use protocol::{RoomId, Seq};
use serde::{Deserialize, Serialize};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ThreadPlaces {
    /// Of my rooms, in the snapshot in which the threads were counted: room, head.
    heads: Vec<(RoomId, Seq)>,
    places: Vec<Thread>,
}

/// My places in all threads that I follow; the newest ones, where there are very many.
#[utoipa::path(get, path = "/threads/places", tag = "threads", responses((status = 200, body = ThreadPlaces)))]
pub async fn threads(State(app): State<App>, who: Who) -> Result<Json<ThreadPlaces>> {
    let (heads, places) = room::thread_places(&app.core, who.user).await?;
    Ok(Json(ThreadPlaces { heads, places }))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct All {}

/// Mark everything as read. Answers where I was.
#[utoipa::path(post, path = "/me/read", tag = "mine", request_body = All, responses((status = 200, body = Places)))]
pub async fn read(State(app): State<App>, Acting(who): Acting, Body(All {}): Body<All>) -> Result<Json<Places>> {
    Ok(Json(room::read_all(&app.core, who.user).await?))
}

/// Be again where I was. Where I am not any more is passed over.
#[utoipa::path(post, path = "/me/unread", tag = "mine", request_body = Places,
    responses((status = 204), (status = 400, body = Problem)))]
pub async fn unread(State(app): State<App>, Acting(who): Acting, Body(input): Body<Places>) -> Result<StatusCode> {
    room::put_back(&app.core, who.user, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
