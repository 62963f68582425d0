//! What is mine in a room: `read`, `why`, `level`, `draft`.

use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room::{self, Move};
use axum::Json;
use axum::extract::State;
use protocol::view::{Level, Problem, Read, Why};
use protocol::{RoomId, Seq, Time};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Place {
    seq: Seq,
    /// The version that this device knows: a move made before a "mark as unread" is ignored.
    #[serde(default)]
    version: Option<i64>,
    /// May go back.
    #[serde(default)]
    unread: Option<bool>,
}

impl Place {
    pub(super) fn wish(&self) -> Move {
        Move { seq: self.seq, version: self.version, unread: self.unread.unwrap_or_default() }
    }
}

/// How far I have read.
#[utoipa::path(put, path = "/rooms/{room}/read", tag = "mine", params(("room" = RoomId, Path)), request_body = Place,
    responses((status = 200, body = Read), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn read(
    State(app): State<App>,
    Acting(who): Acting,
    Path(room): Path<RoomId>,
    Body(input): Body<Place>,
) -> Result<Json<Read>> {
    Ok(Json(room::move_cursor(&app.core, who.user, room, input.wish(), None).await?))
}

/// Why a room is unread.
#[utoipa::path(get, path = "/rooms/{room}/why", tag = "mine", params(("room" = RoomId, Path)),
    responses((status = 200, body = Why), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn why(State(app): State<App>, who: Who, Path(room): Path<RoomId>) -> Result<Json<Why>> {
    Ok(Json(room::why(&app.core, who.user, room).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Wish {
    #[serde(default)]
    level: Option<Level>,
    /// Until then it disturbs me with nothing; null, or a time that is over: it does again.
    #[serde(default, deserialize_with = "super::given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    muted_until: Option<Option<Time>>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Loudness {
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    muted_until: Option<Time>,
}

/// What the room may disturb me with.
#[utoipa::path(put, path = "/rooms/{room}/level", tag = "mine", params(("room" = RoomId, Path)),
    request_body = Wish, responses((status = 200, body = Loudness), (status = 404, body = Problem)))]
pub async fn level(
    State(app): State<App>,
    Acting(who): Acting,
    Path(room): Path<RoomId>,
    Body(input): Body<Wish>,
) -> Result<Json<Loudness>> {
    let (level, muted_until) = room::set_level(&app.core, who.user, room, input.level, input.muted_until).await?;
    Ok(Json(Loudness { level, muted_until }))
}

#[derive(Serialize, Deserialize, utoipa::ToSchema)]
pub struct Draft {
    text: String,
}

/// What I have begun to write.
#[utoipa::path(put, path = "/rooms/{room}/draft", tag = "mine", params(("room" = RoomId, Path)),
    request_body = Draft, responses((status = 200, body = Draft), (status = 404, body = Problem)))]
pub async fn draft(
    State(app): State<App>,
    who: Who,
    Path(room): Path<RoomId>,
    Body(input): Body<Draft>,
) -> Result<Json<Draft>> {
    app.auth.rates.command(who.user)?;
    room::set_draft(&app.core, who.user, room, input.text.clone()).await?;
    Ok(Json(input))
}
