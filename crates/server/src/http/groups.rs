//! `groups`: people who are called by one name.

use super::people::actor;
use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::{Fault, Result};
use crate::policy::ServerAct;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Group, Problem};
use protocol::{Code, Limits, Refusal, UserId, text};
use serde::{Deserialize, Serialize};
use store::groups::{self, Change};
use store::{Lane, Tx, users};

#[derive(Serialize, utoipa::ToSchema)]
pub struct All {
    groups: Vec<Group>,
}

/// All of them, by name.
#[utoipa::path(get, path = "/groups", tag = "server", responses((status = 200, body = All)))]
pub async fn list(State(app): State<App>, _: Who) -> Result<Json<All>> {
    let groups = app.store.read(|tx| Box::pin(async move { Ok::<_, Fault>(groups::all(tx).await?) })).await?;
    Ok(Json(All { groups }))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct New {
    /// As a user name is.
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    members: Vec<UserId>,
}

/// Make one.
#[utoipa::path(post, path = "/groups", tag = "server", request_body = New,
    responses((status = 201, body = Group), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    State(app): State<App>,
    Acting(who): Acting,
    Body(input): Body<New>,
) -> Result<(StatusCode, Json<Group>)> {
    let limits = &app.config.limits;
    let name = text::group_name(&input.name)?;
    let title = text::line("title", &input.title, 0, limits.room_name)?;
    let members = people(input.members, limits)?;
    let most = limits.groups;
    let making = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            actor(tx, who.user, ServerAct::Groups).await?;
            // One name calls one person or one group, never either.
            if users::is_taken(tx, &name).await? {
                return Err(Refusal { code: Code::Taken, ..Refusal::invalid("name", "That name is taken.") }.into());
            }
            if groups::all(tx).await?.len() >= most as usize {
                return Err(Refusal::invalid("name", format!("There can be {most} groups.")).into());
            }
            known(tx, &members).await?;
            let id = groups::create(tx, &name, &title, &members).await?;
            Ok::<_, Fault>(Group { id, name, title, members })
        })
    });
    Ok((StatusCode::CREATED, Json(making.await?)))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Changes {
    #[serde(default)]
    title: Option<String>,
    /// All of them, in place of those who were.
    #[serde(default)]
    members: Option<Vec<UserId>>,
}

/// Say who is in it, or what it is.
#[utoipa::path(patch, path = "/groups/{id}", tag = "server", params(("id" = i64, Path)), request_body = Changes,
    responses((status = 200, body = Group), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn change(
    State(app): State<App>,
    Acting(who): Acting,
    Path(id): Path<i64>,
    Body(input): Body<Changes>,
) -> Result<Json<Group>> {
    let limits = &app.config.limits;
    let title = input.title.map(|title| text::line("title", &title, 0, limits.room_name)).transpose()?;
    let members = input.members.map(|members| people(members, limits)).transpose()?;
    let changing = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            actor(tx, who.user, ServerAct::Groups).await?;
            let there = groups::all(tx).await?.into_iter().find(|group| group.id == id);
            let mut group = there.ok_or_else(Refusal::not_found)?;
            let title = title.filter(|title| *title != group.title);
            let members = members.filter(|members| *members != group.members);
            known(tx, members.as_deref().unwrap_or_default()).await?;
            if title.is_some() || members.is_some() {
                let change = Change { title: title.clone(), members: members.clone() };
                groups::change(tx, id, change).await?;
                group.title = title.unwrap_or(group.title);
                group.members = members.unwrap_or(group.members);
            }
            Ok::<_, Fault>(group)
        })
    });
    Ok(Json(changing.await?))
}

/// Take one away.
#[utoipa::path(delete, path = "/groups/{id}", tag = "server", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = Problem)))]
pub async fn delete(State(app): State<App>, Acting(who): Acting, Path(id): Path<i64>) -> Result<StatusCode> {
    let deleting = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            actor(tx, who.user, ServerAct::Groups).await?;
            Ok::<_, Fault>(groups::delete(tx, id).await?)
        })
    });
    deleting.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn people(mut members: Vec<UserId>, limits: &Limits) -> Result<Vec<UserId>, Refusal> {
    members.sort_unstable();
    members.dedup();
    let most = limits.group_members;
    if members.len() > most as usize {
        return Err(Refusal::invalid("members", format!("A group can have {most} people.")));
    }
    Ok(members)
}

async fn known(tx: &mut Tx, members: &[UserId]) -> Result<(), Fault> {
    match users::absent(tx, members).await? {
        Some(id) => Err(Refusal::invalid("members", format!("There is nobody with the id {id}.")).into()),
        None => Ok(()),
    }
}
