//! `server`: the community.

use super::Body;
use super::people::actor;
use crate::app::App;
use crate::auth::{Acting, Visitor};
use crate::fault::{Fault, Result};
use crate::policy::ServerAct;
use axum::Json;
use axum::extract::State;
use futures_util::FutureExt;
use protocol::text;
use protocol::view::{EmojiBy, Join, Problem, Server};
use serde::Deserialize;
use store::facts::{self, ServerChange};
use store::{Lane, Tx, users};

/// What this server is, and what a newcomer needs.
#[utoipa::path(get, path = "/server", tag = "server", responses((status = 200, body = Server)), security(()))]
pub async fn show(State(app): State<App>, visitor: Visitor) -> Result<Json<Server>> {
    let here = visitor.here;
    Ok(Json(app.store.read(move |tx| view(tx, here).boxed()).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Change {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    join: Option<Join>,
    /// Whether links show what is behind them.
    #[serde(default)]
    previews: Option<bool>,
    /// Whether older texts of edited messages are kept. Switched off, those that there are go too.
    #[serde(default)]
    history: Option<bool>,
    /// Who may add emoji.
    #[serde(default)]
    emoji: Option<EmojiBy>,
}

/// Name the community, and say who may join.
#[utoipa::path(patch, path = "/server", tag = "server", request_body = Change,
    responses((status = 200, body = Server), (status = 403, body = Problem)))]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Acting(who): Acting,
    Body(input): Body<Change>,
) -> Result<Json<Server>> {
    let name = input.name.map(|name| text::line("name", &name, 1, app.config.limits.room_name)).transpose()?;
    let here = visitor.here;
    let server = app
        .store
        .write(Lane::Server, move |tx| {
            async move {
                actor(tx, who.user, ServerAct::Change).await?;
                let now = facts::server(tx).await?;
                let name = name.filter(|name| *name != now.name);
                let join = input.join.filter(|join| *join != now.join);
                let previews = input.previews.filter(|previews| *previews != now.previews);
                let history = input.history.filter(|history| *history != now.history);
                let emoji = input.emoji.filter(|emoji| *emoji != now.emoji);
                facts::change_server(tx, ServerChange { name, join, previews, history, emoji }).await?;
                view(tx, here).await
            }
            .boxed()
        })
        .await?;
    Ok(Json(server))
}

async fn view(tx: &mut Tx, here: bool) -> Result<Server, Fault> {
    let facts::Server { name, join, previews, history, emoji, epoch } = facts::server(tx).await?;
    let setup = !users::has_owner(tx).await?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Server { name, join, previews, history, emoji, version, epoch, setup, setup_code: setup && !here })
}
