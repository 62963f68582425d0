//! `users`: the people of this server.

use super::{Body, Path, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::{Fault, Result};
use crate::policy::{ServerAct, decide_server};
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use protocol::view::{Person, Problem, ServerRole};
use protocol::{Code, Refusal, UserId};
use serde::{Deserialize, Serialize};
use store::users::Account;
use store::{Lane, Tx, sessions, users};

#[derive(Serialize, utoipa::ToSchema)]
pub struct People {
    users: Vec<Person>,
    /// Send it as `cursor` to get what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// How a name, a word of it, or a user name begins.
    #[serde(default)]
    q: String,
    /// Instead of `q`: the people of these ids, with commas between, at most 100.
    #[serde(default)]
    ids: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    cursor: Option<String>,
}

fn person(account: Account) -> Person {
    Person { user: account.user, role: account.role, banned: account.banned }
}

/// Find people, by name.
#[utoipa::path(get, path = "/users", tag = "people", params(Search), responses((status = 200, body = People)))]
pub async fn search(State(app): State<App>, _: Who, Query(search): Query<Search>) -> Result<Json<People>> {
    let limits = &app.config.limits;
    if let Some(ids) = search.ids {
        return named(&app, &ids).await;
    }
    let limit = super::page_size(search.limit, limits.page, limits.page_messages)?;
    let bad = || Refusal::invalid("cursor", "This is no cursor of ours.");
    let after = search.cursor.map(|text| text.parse().map(UserId).map_err(|_| bad())).transpose()?;
    let q: String = search.q.chars().take(limits.display_name as usize).collect();
    let mut found = app
        .store
        .read(move |tx| async move { Ok::<_, Fault>(users::search(tx, &q, after, limit + 1).await?) }.boxed())
        .await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|account| account.user.id.to_string());
    Ok(Json(People { users: found.into_iter().map(person).collect(), next }))
}

/// Ids in one question, at most.
const IDS: usize = 100;

/// The people of these ids; who is not there is left out.
async fn named(app: &App, ids: &str) -> Result<Json<People>> {
    let bad = |detail: &str| Refusal::invalid("ids", detail);
    let ids: Vec<UserId> = ids
        .split(',')
        .map(|id| id.parse().map(UserId).map_err(|_| bad("Numbers with commas between.")))
        .collect::<Result<_, _>>()?;
    if ids.len() > IDS {
        return Err(bad("At most 100 at once.").into());
    }
    let answer = app.store.read(move |tx| {
        async move {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(users::by_id(tx, id).await?.map(person));
            }
            Ok::<_, Fault>(found)
        }
        .boxed()
    });
    Ok(Json(People { users: answer.await?, next: None }))
}

/// One person.
#[utoipa::path(get, path = "/users/{id}", tag = "people", params(("id" = UserId, Path)),
    responses((status = 200, body = Person), (status = 404, body = Problem)))]
pub async fn show(State(app): State<App>, _: Who, Path(id): Path<UserId>) -> Result<Json<Person>> {
    let found = app.store.read(move |tx| async move { Ok::<_, Fault>(users::by_id(tx, id).await?) }.boxed()).await?;
    Ok(Json(person(found.ok_or_else(Refusal::not_found)?)))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewRole {
    role: ServerRole,
}

/// Give a person a standing on the server.
#[utoipa::path(put, path = "/users/{id}/role", tag = "people", params(("id" = UserId, Path)), request_body = NewRole,
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn role(
    State(app): State<App>,
    Acting(who): Acting,
    Path(id): Path<UserId>,
    Body(input): Body<NewRole>,
) -> Result<StatusCode> {
    let role = input.role;
    app.store
        .write(Lane::Server, move |tx| {
            async move {
                actor(tx, who.user, ServerAct::SetRole).await?;
                let target = users::by_id(tx, id).await?.ok_or_else(Refusal::not_found)?;
                if target.role == role {
                    return Ok(());
                }
                keep_an_owner(tx, &target).await?;
                Ok::<_, Fault>(users::set_role(tx, id, role).await?)
            }
            .boxed()
        })
        .await?;
    app.facts_passed().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Ban an account: its sessions end, and it can do nothing any more.
#[utoipa::path(put, path = "/users/{id}/ban", tag = "people", params(("id" = UserId, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn ban(State(app): State<App>, Acting(who): Acting, Path(id): Path<UserId>) -> Result<StatusCode> {
    app.store
        .write(Lane::Server, move |tx| {
            async move {
                let me = actor(tx, who.user, ServerAct::BanAccount).await?;
                let target = users::by_id(tx, id).await?.ok_or_else(Refusal::not_found)?;
                if target.banned {
                    return Ok(());
                }
                if id == who.user {
                    return Err(Refusal::new(Code::Forbidden, "You cannot ban yourself.").into());
                }
                // An admin must not be able to remove those who made them one.
                if target.role >= me.role && me.role != ServerRole::Owner {
                    return Err(Refusal::new(Code::Forbidden, "Only an owner may ban an admin or an owner.").into());
                }
                keep_an_owner(tx, &target).await?;
                users::set_ban(tx, id, true).await?;
                sessions::end_others(tx, id, None).await?;
                Ok::<_, Fault>(())
            }
            .boxed()
        })
        .await?;
    app.facts_passed().await;
    room::leave_all(&app.core, who.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a banned account back in. It must log in anew and join its rooms again.
#[utoipa::path(delete, path = "/users/{id}/ban", tag = "people", params(("id" = UserId, Path)),
    responses((status = 204), (status = 403, body = Problem)))]
pub async fn unban(State(app): State<App>, Acting(who): Acting, Path(id): Path<UserId>) -> Result<StatusCode> {
    app.store
        .write(Lane::Server, move |tx| {
            async move {
                actor(tx, who.user, ServerAct::BanAccount).await?;
                let target = users::by_id(tx, id).await?.ok_or_else(Refusal::not_found)?;
                if target.banned {
                    users::set_ban(tx, id, false).await?;
                }
                Ok::<_, Fault>(())
            }
            .boxed()
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who acts, as the transaction sees them now, if they may.
pub async fn actor(tx: &mut Tx, user: UserId, act: ServerAct) -> Result<Account> {
    let gone = || Refusal::new(Code::Unauthenticated, "Log in first.");
    let account = users::by_id(tx, user).await?.filter(|account| !account.banned).ok_or_else(gone)?;
    decide_server(act, account.role)?;
    Ok(account)
}

/// A server without an owner could be taken by whoever registers next.
async fn keep_an_owner(tx: &mut Tx, target: &Account) -> Result<()> {
    if target.role == ServerRole::Owner && !target.banned && users::owners(tx).await? <= 1 {
        return Err(Refusal::new(Code::LastOwner, "A server keeps at least one owner.").into());
    }
    Ok(())
}
