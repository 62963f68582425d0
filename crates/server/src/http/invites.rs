//! `invites`: links to join with.

use super::people::actor;
use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, Token, Visitor, Who};
use crate::fault::{Fault, Result};
use crate::policy::ServerAct;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use protocol::view::{Invite, Join, Problem};
use protocol::{Code, Refusal, Time};
use serde::{Deserialize, Serialize};
use store::{Lane, Tx, facts, invites};

/// Ten years: a longer one has no end.
const LONGEST: i64 = 10 * 365 * 24 * 60 * 60;
/// Bytes; ours are shorter.
const LONGEST_CODE: usize = 64;
/// Why nobody is let in.
pub(super) const CLOSED: &str = "This community takes no new people now.";

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

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Invited {
    /// The code of an invite.
    invite: String,
}

/// The invite that lets somebody in now.
///
/// # Errors
/// `forbidden` where there is none of that code, or not any more.
pub(super) async fn good(tx: &mut Tx, code: &str) -> Result<Invite> {
    let found = if code.len() <= LONGEST_CODE { invites::usable(tx, code).await? } else { None };
    let detail = "This invite is not good, or not any more.";
    Ok(found.ok_or(Refusal { field: Some("invite"), ..Refusal::new(Code::Forbidden, detail) })?)
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

/// Whether a link lets somebody in still: before they fill in a form in vain. It is not used up by that.
#[utoipa::path(post, path = "/invites/check", tag = "invites", request_body = Invited, responses(
    (status = 204), (status = 403, body = Problem), (status = 429, body = Problem)), security(()))]
pub async fn check(State(app): State<App>, visitor: Visitor, Body(input): Body<Invited>) -> Result<StatusCode> {
    let looked = app.store.read(move |tx| {
        async move {
            if facts::server(tx).await?.join == Join::Nobody {
                return Err(Fault::from(Refusal::new(Code::Forbidden, CLOSED)));
            }
            good(tx, &input.invite).await
        }
        .boxed()
    });
    match looked.await {
        // Guessing one is slowed here as where it is used.
        Err(Fault::Refused(refusal)) if refusal.code == Code::Forbidden => {
            app.auth.rates.account(visitor.key())?;
            Err(refusal.into())
        }
        other => other.map(|_| StatusCode::NO_CONTENT),
    }
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
