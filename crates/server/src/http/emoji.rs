//! `emoji`: the community's own.

use super::people::actor;
use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::{Fault, Result};
use crate::files::{picture_of_mine, sweep};
use crate::policy::ServerAct;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Emoji, Problem};
use protocol::{FileId, Refusal, text};
use serde::{Deserialize, Serialize};
use store::{Lane, emoji};

#[derive(Serialize, utoipa::ToSchema)]
pub struct All {
    emoji: Vec<Emoji>,
}

/// All of them, by name.
#[utoipa::path(get, path = "/emoji", tag = "server", responses((status = 200, body = All)))]
pub async fn list(State(app): State<App>, _: Who) -> Result<Json<All>> {
    let emoji = app.store.read(|tx| Box::pin(async move { Ok::<_, Fault>(emoji::all(tx).await?) })).await?;
    Ok(Json(All { emoji }))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct New {
    file: FileId,
}

/// Add one, or give a name another picture.
#[utoipa::path(put, path = "/emoji/{name}", tag = "server", params(("name" = String, Path)), request_body = New,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn set(
    State(app): State<App>,
    Acting(who): Acting,
    Path(name): Path<String>,
    Body(input): Body<New>,
) -> Result<StatusCode> {
    let name = text::emoji_name(&name)?;
    let most = app.config.limits.emoji;
    let setting = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            actor(tx, who.user, ServerAct::Emoji).await?;
            picture_of_mine(tx, who.user, input.file, "file").await?;
            let there = emoji::all(tx).await?;
            if there.len() >= most as usize && !there.iter().any(|one| one.name == name) {
                return Err(Refusal::invalid("name", format!("There can be {most} emoji.")).into());
            }
            Ok::<_, Fault>(emoji::set(tx, &name, input.file, who.user).await?)
        })
    });
    setting.await?;
    // The picture that the name had before is nobody's now.
    sweep::tidy(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Take one away.
#[utoipa::path(delete, path = "/emoji/{name}", tag = "server", params(("name" = String, Path)),
    responses((status = 204), (status = 403, body = Problem)))]
pub async fn delete(State(app): State<App>, Acting(who): Acting, Path(name): Path<String>) -> Result<StatusCode> {
    let name = text::emoji_name(&name)?;
    let deleting = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            actor(tx, who.user, ServerAct::Emoji).await?;
            Ok::<_, Fault>(emoji::delete(tx, &name).await?)
        })
    });
    if deleting.await? {
        sweep::tidy(&app).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
