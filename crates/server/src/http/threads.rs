//! `rooms/{room}/messages/{seq}/thread` and `threads`: replies, and what is mine in them.

use super::messages::Place;
use super::mine::Place as Wish;
use super::{Body, Path, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::room;
use axum::Json;
use axum::extract::State;
use protocol::view::{Level, Page, Problem, Read, Thread, ThreadView, Why};
use protocol::{Refusal, RoomId, Seq, Time};
use serde::{Deserialize, Serialize};

/// Threads in a list, usually and at most.
const USUAL: u32 = 20;
const MOST: u32 = 50;

/// A page of the replies in a thread, oldest first, folded at its `head`; and what is mine in it.
#[utoipa::path(get, path = "/rooms/{room}/messages/{seq}/thread", tag = "threads",
    params(("room" = RoomId, Path), ("seq" = Seq, Path), Place),
    responses((status = 200, body = Page), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn page(
    State(app): State<App>,
    who: Who,
    Path((room, root)): Path<(RoomId, Seq)>,
    Query(place): Query<Place>,
) -> Result<Json<Page>> {
    let limits = &app.config.limits;
    let limit = super::page_size(place.limit, limits.page, limits.page_messages)?;
    Ok(Json(room::thread(&app.core, who.user, room, root, place.span()?, limit).await?))
}

/// How far I have read in a thread.
#[utoipa::path(put, path = "/rooms/{room}/messages/{seq}/thread/read", tag = "threads",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)), request_body = Wish,
    responses((status = 200, body = Read), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn read(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, root)): Path<(RoomId, Seq)>,
    Body(input): Body<Wish>,
) -> Result<Json<Read>> {
    Ok(Json(room::move_in_thread(&app.core, who.user, room, root, input.wish()).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Following {
    /// What it may disturb me with.
    #[serde(default)]
    level: Option<Level>,
}

/// Follow a thread from here on, or say what it may disturb me with.
#[utoipa::path(put, path = "/rooms/{room}/messages/{seq}/thread/follow", tag = "threads",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)), request_body = Following,
    responses((status = 200, body = Thread), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn follow(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, root)): Path<(RoomId, Seq)>,
    Body(input): Body<Following>,
) -> Result<Json<Thread>> {
    Ok(Json(room::follow_thread(&app.core, who.user, room, root, input.level).await?))
}

/// Let a thread go.
#[utoipa::path(delete, path = "/rooms/{room}/messages/{seq}/thread/follow", tag = "threads",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 200, body = Thread), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn let_go(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, root)): Path<(RoomId, Seq)>,
) -> Result<Json<Thread>> {
    Ok(Json(room::let_thread_go(&app.core, who.user, room, root).await?))
}

/// Why a thread is unread.
#[utoipa::path(get, path = "/rooms/{room}/messages/{seq}/thread/why", tag = "threads",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 200, body = Why), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn why(State(app): State<App>, who: Who, Path((room, root)): Path<(RoomId, Seq)>) -> Result<Json<Why>> {
    Ok(Json(room::thread_why(&app.core, who.user, room, root).await?))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Threads {
    threads: Vec<ThreadView>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct List {
    /// Only those in which something is unread.
    #[serde(default)]
    unread: bool,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

/// The threads that I follow, the newest reply first.
#[utoipa::path(get, path = "/threads", tag = "threads", params(List), responses((status = 200, body = Threads)))]
pub async fn list(State(app): State<App>, who: Who, Query(list): Query<List>) -> Result<Json<Threads>> {
    let limit = super::page_size(list.limit, USUAL, MOST)?;
    let after = match &list.cursor {
        None => None,
        Some(text) => {
            let parts: Vec<i64> = text.split('.').map_while(|part| part.parse().ok()).collect();
            let [at, room, root] = parts[..] else {
                return Err(Refusal::invalid("cursor", "This is no cursor of ours.").into());
            };
            Some((Time(at), RoomId(room), Seq(root)))
        }
    };
    let (threads, next) = room::following(&app.core, who.user, list.unread, after, limit).await?;
    Ok(Json(Threads { threads, next: next.map(|(at, room, root)| format!("{}.{room}.{root}", at.0)) }))
}
