//! `files`: sent whole or in pieces, read whole or in ranges, shown small, listed.

mod form;
pub(super) mod serve;

use super::{Path, Query};
use crate::app::App;
use crate::auth::{Acting, Viewer, Who};
use crate::fault::{Fault, Result};
use crate::files::{readable, thumbnail};
use crate::room;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::view::{FileKind, Problem, SentFile};
use protocol::{FileId, FileInfo, Refusal, RoomId, Seq, Time, UserId};
use serde::{Deserialize, Serialize};
use serve::{Blob, accepts};
use store::files::{After, FileRow, Filter, Use};
use store::{Lane, Tx};

/// Send a file: whole, as a form with the field `file`; or announce one that comes in pieces (tus).
#[utoipa::path(post, path = "/files", tag = "files", request_body(content_type = "multipart/form-data", content = Vec<u8>),
    responses((status = 201, body = FileInfo), (status = 400, body = Problem), (status = 413, body = Problem),
    (status = 507, body = Problem)))]
pub async fn create(State(app): State<App>, Acting(who): Acting, request: Request) -> Result<Response> {
    if request.headers().contains_key(super::uploads::VERSION) {
        return super::uploads::begin(app, who.user, request).await;
    }
    let file = form::take(app, who.user, request).await?;
    Ok((StatusCode::CREATED, Json(file)).into_response())
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// To be saved under its name, not shown.
    #[serde(default)]
    download: Option<u8>,
}

/// The bytes of a file. Understands `Range`, and says 304 to who has it.
#[utoipa::path(get, path = "/files/{id}", tag = "files", params(("id" = FileId, Path), How),
    responses((status = 200), (status = 206), (status = 404, body = Problem), (status = 416, body = Problem)))]
pub async fn show(
    State(app): State<App>,
    Viewer(user): Viewer,
    Path(id): Path<FileId>,
    Query(how): Query<How>,
    headers: HeaderMap,
) -> Result<Response> {
    let file = row(&app, user, id).await?;
    let saved = how.download.is_some_and(|on| on != 0);
    Blob::original(&file, saved).answer(&app, &headers).await
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Size {
    /// Pixels across, at least.
    #[serde(default)]
    w: Option<u32>,
}

/// A small picture of a picture.
#[utoipa::path(get, path = "/files/{id}/thumbnail", tag = "files", params(("id" = FileId, Path), Size),
    responses((status = 200), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn small(
    State(app): State<App>,
    Viewer(user): Viewer,
    Path(id): Path<FileId>,
    Query(size): Query<Size>,
    headers: HeaderMap,
) -> Result<Response> {
    let file = row(&app, user, id).await?;
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let made = thumbnail(&app, &file, size.w.unwrap_or(640), accepts(accepted, "image/webp")).await?;
    Blob::thumbnail(made).answer(&app, &headers).await
}

async fn row(app: &App, user: UserId, id: FileId) -> Result<FileRow> {
    app.store.read(move |tx| Box::pin(async move { readable(tx, user, id).await })).await
}

/// Drop a file that was not used.
#[utoipa::path(delete, path = "/files/{id}", tag = "files", params(("id" = FileId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(State(app): State<App>, Acting(who): Acting, Path(id): Path<FileId>) -> Result<StatusCode> {
    let freed = app.store.write(Lane::Server, move |tx: &mut Tx| {
        Box::pin(async move {
            let row =
                store::files::lock(tx, id).await?.filter(|row| row.owner == who.user && row.r#use == Use::Nothing);
            row.ok_or_else(Refusal::not_found)?;
            Ok::<_, Fault>(store::files::forget(tx, id).await?)
        })
    });
    if let Some(key) = freed.await? {
        app.files.discard(&key).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct List {
    #[serde(default)]
    kind: Option<FileKind>,
    /// Who sent it.
    #[serde(default)]
    user: Option<UserId>,
    /// Stands in its name.
    #[serde(default)]
    q: Option<String>,
    /// Inclusive.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    from: Option<Time>,
    /// Exclusive.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    to: Option<Time>,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Files {
    files: Vec<SentFile>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What was sent in all rooms that I am in, newest first.
#[utoipa::path(get, path = "/files", tag = "files", params(List), responses((status = 200, body = Files)))]
pub async fn list(State(app): State<App>, who: Who, Query(list): Query<List>) -> Result<Json<Files>> {
    found(&app, who.user, None, list).await
}

/// What was sent in a room, newest first.
#[utoipa::path(get, path = "/rooms/{room}/files", tag = "files", params(("room" = RoomId, Path), List),
    responses((status = 200, body = Files), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn of_room(
    State(app): State<App>,
    who: Who,
    Path(room): Path<RoomId>,
    Query(list): Query<List>,
) -> Result<Json<Files>> {
    found(&app, who.user, Some(room), list).await
}

async fn found(app: &App, user: UserId, room: Option<RoomId>, list: List) -> Result<Json<Files>> {
    let limits = &app.config.limits;
    let limit = super::page_size(list.limit, limits.page, limits.page_messages)?;
    let after = list.cursor.as_deref().map(place).transpose()?;
    let name: String = list.q.unwrap_or_default().chars().take(limits.file_name as usize).collect();
    let filter = Filter { room, kind: list.kind, author: list.user, name, from: list.from, to: list.to };
    let mut found = room::files(&app.core, user, filter, after, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|(_, after)| {
        let After { at, room, seq, pos } = after;
        format!("{}.{room}.{seq}.{pos}", at.0)
    });
    Ok(Json(Files { files: found.into_iter().map(|(sent, _)| sent).collect(), next }))
}

fn place(cursor: &str) -> Result<After, Refusal> {
    let numbers: Result<Vec<i64>, _> = cursor.split('.').map(str::parse).collect();
    match numbers.as_deref() {
        Ok([at, room, seq, pos]) => Ok(After { at: Time(*at), room: RoomId(*room), seq: Seq(*seq), pos: *pos }),
        _ => Err(Refusal::invalid("cursor", "This is no cursor of ours.")),
    }
}
