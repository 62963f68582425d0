//! `invites`: links to join with.

use super::people::actor;
use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, Token, Who};
use crate::fault::{Fault, Result};
use crate::policy::ServerAct;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use protocol::view::{Invite, Problem};
use protocol::{Refusal, Time};
use serde::{Deserialize, Serialize};
use store::{Lane, invites};

/// Ten years: a longer one has no end.
const LONGEST: i64 = 10 * 365 * 24 * 60 * 60;

#[derive(Serialize, utoipa::ToSchema)]
pub struct Invites {
    invites: Vec<Invite>,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewInvite {
    /// How many accounts it makes; without it, any number.
    #[serde(default)]
    max_uses: Option<u32>,
    /// Seconds until it is no good any more.
    #[serde(default)]
    expires_in: Option<i64>,
}

/// All invites.
#[utoipa::path(get, path = "/invites", tag = "invites",
    responses((status = 200, body = Invites), (status = 403, body = Problem)))]
pub async fn list(State(app): State<App>, who: Who) -> Result<Json<Invites>> {
    let invites = app
        .store
        .read(move |tx| {
            async move {
                actor(tx, who.user, ServerAct::Invite).await?;
                Ok::<_, Fault>(invites::list(tx, None).await?)
            }
            .boxed()
        })
        .await?;
    Ok(Json(Invites { invites }))
}

/// Make a link: `/join#CODE`.
#[utoipa::path(post, path = "/invites", tag = "invites", request_body = NewInvite,
    responses((status = 201, body = Invite), (status = 403, body = Problem)))]
pub async fn create(
    State(app): State<App>,
    Acting(who): Acting,
    Body(input): Body<NewInvite>,
) -> Result<(StatusCode, Json<Invite>)> {
    if input.max_uses == Some(0) {
        return Err(Refusal::invalid("max_uses", "An invite lets in at least one person.").into());
    }
    if input.expires_in.is_some_and(|seconds| !(1..=LONGEST).contains(&seconds)) {
        return Err(Refusal::invalid("expires_in", format!("1 to {LONGEST} seconds.")).into());
    }
    // As hard to guess as a token; shorter, as people pass it on.
    let code: String = Token::random().text().chars().take(22).collect();
    let invite = app
        .store
        .write(Lane::Server, move |tx| {
            async move {
                actor(tx, who.user, ServerAct::Invite).await?;
                let expires_at = input.expires_in.map(|seconds| Time(tx.now().0 + seconds * 1_000));
                Ok::<_, Fault>(invites::create(tx, who.user, &code, expires_at, input.max_uses).await?)
            }
            .boxed()
        })
        .await?;
    Ok((StatusCode::CREATED, Json(invite)))
}

/// Take a link back.
#[utoipa::path(delete, path = "/invites/{id}", tag = "invites", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(State(app): State<App>, Acting(who): Acting, Path(id): Path<i64>) -> Result<StatusCode> {
    let deleted = app
        .store
        .write(Lane::Server, move |tx| {
            async move {
                actor(tx, who.user, ServerAct::Invite).await?;
                Ok::<_, Fault>(invites::delete(tx, id).await?)
            }
            .boxed()
        })
        .await?;
    if deleted { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::not_found().into()) }
}
