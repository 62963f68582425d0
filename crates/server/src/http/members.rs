//! `rooms/{room}/members` and `rooms/{room}/bans`: who is in, and who may not come in.

use super::{Body, Path, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::event::MemberRole;
use protocol::view::{Member, Problem, Room, User};
use protocol::{Refusal, RoomId, UserId};
use serde::{Deserialize, Serialize};

#[derive(Serialize, utoipa::ToSchema)]
pub struct Members {
    members: Vec<Member>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct List {
    /// A part of the name or the user name.
    #[serde(default)]
    q: String,
    /// Only who is online or away.
    #[serde(default)]
    online: bool,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

/// Who is in the room, by name.
#[utoipa::path(get, path = "/rooms/{room}/members", tag = "members", params(("room" = RoomId, Path), List),
    responses((status = 200, body = Members), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    State(app): State<App>,
    who: Who,
    Path(room): Path<RoomId>,
    Query(list): Query<List>,
) -> Result<Json<Members>> {
    let limits = &app.config.limits;
    let limit = super::page_size(list.limit, limits.page, limits.page_messages)?;
    let after = list.cursor.as_deref().map(after).transpose()?;
    let q = list.q.chars().take(limits.display_name as usize).collect();
    let (members, next) = room::members(&app.core, who.user, room, q, list.online, after, limit).await?;
    let next = next.and_then(|place| serde_json::to_vec(&place).ok()).map(|json| URL_SAFE_NO_PAD.encode(json));
    Ok(Json(Members { members, next }))
}

/// The place that a cursor names: the last name and id.
fn after(cursor: &str) -> Result<(String, UserId), Refusal> {
    let place = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let place: Option<(String, UserId)> = place.filter(|(name, _): &(String, UserId)| !name.contains('\0'));
    place.ok_or_else(|| Refusal::invalid("cursor", "This is no cursor of ours."))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Newcomers {
    #[serde(default)]
    user: Option<UserId>,
    #[serde(default)]
    users: Option<Vec<UserId>>,
}

/// Join, or add people. 200 where that changes nothing.
#[utoipa::path(post, path = "/rooms/{room}/members", tag = "members", params(("room" = RoomId, Path)),
    request_body = Newcomers, responses((status = 200, body = Room), (status = 201, body = Room),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn add(
    State(app): State<App>,
    Acting(who): Acting,
    Path(room): Path<RoomId>,
    Body(input): Body<Newcomers>,
) -> Result<(StatusCode, Json<Room>)> {
    let people: Vec<UserId> = input.users.unwrap_or_default().into_iter().chain(input.user).collect();
    let alone = people.iter().all(|person| *person == who.user);
    let (room, new) = match alone {
        true => room::join(&app.core, who.user, room).await?,
        false => room::add(&app.core, who.user, room, people).await?,
    };
    Ok((super::created(new), Json(room)))
}

/// Leave (`me`), or remove somebody.
#[utoipa::path(delete, path = "/rooms/{room}/members/{user}", tag = "members",
    params(("room" = RoomId, Path), ("user" = String, Path, description = "An id, or `me`")),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn remove(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, user)): Path<(RoomId, String)>,
) -> Result<StatusCode> {
    let person = match user.as_str() {
        "me" => who.user,
        id => id.parse().map(UserId).map_err(|_| Refusal::not_found())?,
    };
    room::remove(&app.core, who.user, room, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewRole {
    role: MemberRole,
}

/// Make a member an owner of the room, or an owner a member.
#[utoipa::path(put, path = "/rooms/{room}/members/{user}/role", tag = "members",
    params(("room" = RoomId, Path), ("user" = UserId, Path)), request_body = NewRole,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn role(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, user)): Path<(RoomId, UserId)>,
    Body(input): Body<NewRole>,
) -> Result<StatusCode> {
    room::set_role(&app.core, who.user, room, user, input.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Bans {
    bans: Vec<User>,
}

/// Who may not come in.
#[utoipa::path(get, path = "/rooms/{room}/bans", tag = "members", params(("room" = RoomId, Path)),
    responses((status = 200, body = Bans), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn bans(State(app): State<App>, who: Who, Path(room): Path<RoomId>) -> Result<Json<Bans>> {
    Ok(Json(Bans { bans: room::bans(&app.core, who.user, room).await? }))
}

/// Ban: who is in is removed, and cannot come back.
#[utoipa::path(put, path = "/rooms/{room}/bans/{user}", tag = "members",
    params(("room" = RoomId, Path), ("user" = UserId, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn ban(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, user)): Path<(RoomId, UserId)>,
) -> Result<StatusCode> {
    room::ban(&app.core, who.user, room, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lift a ban.
#[utoipa::path(delete, path = "/rooms/{room}/bans/{user}", tag = "members",
    params(("room" = RoomId, Path), ("user" = UserId, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn unban(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, user)): Path<(RoomId, UserId)>,
) -> Result<StatusCode> {
    room::unban(&app.core, who.user, room, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
