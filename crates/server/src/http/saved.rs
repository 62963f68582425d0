//! `saved`: messages that I put aside.

use super::{Body, Path, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Problem, Saved};
use protocol::{Refusal, RoomId, Seq, Time};
use serde::{Deserialize, Serialize};
use store::saved::After;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct List {
    /// Those that I am done with, or those that I am not.
    #[serde(default)]
    done: Option<bool>,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Marks {
    saved: Vec<Saved>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What I put aside, newest first, as it reads now where I may still read it.
#[utoipa::path(get, path = "/saved", tag = "mine", params(List),
    responses((status = 200, body = Marks), (status = 400, body = Problem)))]
pub async fn list(State(app): State<App>, who: Who, Query(list): Query<List>) -> Result<Json<Marks>> {
    let limits = &app.config.limits;
    let limit = super::page_size(list.limit, limits.page, limits.page_messages)?;
    let after = list.cursor.as_deref().map(place).transpose()?;
    let mut saved = room::saved(&app.core, who.user, list.done, after, limit + 1).await?;
    let more = saved.len() > limit as usize;
    saved.truncate(limit as usize);
    let next = saved.last().filter(|_| more).map(|last| format!("{}.{}.{}", last.at.0, last.room, last.seq));
    Ok(Json(Marks { saved, next }))
}

fn place(cursor: &str) -> Result<After, Refusal> {
    let numbers: Result<Vec<i64>, _> = cursor.split('.').map(str::parse).collect();
    match numbers.as_deref() {
        Ok([at, room, seq]) => Ok(After { at: Time(*at), room: RoomId(*room), seq: Seq(*seq) }),
        _ => Err(Refusal::invalid("cursor", "This is no cursor of ours.")),
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Mark {
    /// I am done with it.
    #[serde(default)]
    done: Option<bool>,
}

/// Put a message aside; done with it, or not after all.
#[utoipa::path(put, path = "/saved/{room}/{seq}", tag = "mine",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)), request_body = Mark,
    responses((status = 200, body = Saved), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn put(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
    Body(mark): Body<Mark>,
) -> Result<Json<Saved>> {
    Ok(Json(room::save(&app.core, who.user, room, seq, mark.done.unwrap_or_default()).await?))
}

/// Take a mark back.
#[utoipa::path(delete, path = "/saved/{room}/{seq}", tag = "mine",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
) -> Result<StatusCode> {
    room::unsave(&app.core, who.user, room, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
