//! `rooms/{room}/events`: the log itself.

use super::messages::Place;
use super::{Path, Query};
use crate::app::App;
use crate::auth::Who;
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use protocol::RoomId;
use protocol::view::{Events, Problem};

/// A page of the log, oldest first.
#[utoipa::path(get, path = "/rooms/{room}/events", tag = "messages", params(("room" = RoomId, Path), Place),
    responses((status = 200, body = Events), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn page(
    State(app): State<App>,
    who: Who,
    Path(room): Path<RoomId>,
    Query(place): Query<Place>,
) -> Result<Json<Events>> {
    let limits = &app.config.limits;
    let limit = super::page_size(place.limit, limits.page, limits.page_events)?;
    Ok(Json(room::events(&app.core, who.user, room, place.span()?, limit).await?))
}
