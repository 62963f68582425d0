//! `me`: my own account.

use super::Body;
use crate::app::App;
use crate::auth::{Acting, Visitor, Who};
use crate::fault::{Fault, Result};
use crate::files::{picture_of_mine, sweep};
use crate::quiet;
use crate::room::account;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use protocol::frame::ServerFrame;
use protocol::view::{Colour, Me, Problem, Quiet};
use protocol::{FileId, Refusal, text};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::users::Change;
use store::{Lane, sessions, users};

/// Who I am.
#[utoipa::path(get, path = "/me", tag = "accounts", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn show(State(app): State<App>, who: Who) -> Result<Json<Me>> {
    let me = app.store.read(move |tx| async move { Ok::<_, Fault>(quiet::me(tx, who.user).await?) }.boxed()).await?;
    Ok(Json(me.ok_or_else(Refusal::not_found)?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Profile {
    #[serde(default, alias = "display_name")]
    name: Option<String>,
    #[serde(default)]
    colour: Option<Colour>,
    /// One to three letters.
    #[serde(default)]
    avatar: Option<String>,
    /// A picture that I sent; null: none.
    #[serde(default, deserialize_with = "super::given")]
    picture: Option<Option<FileId>>,
    #[serde(default)]
    status: Option<String>,
    /// Merged with what is there, key by key; null takes a key away.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    settings: Option<Map<String, Value>>,
}

/// Change what I show of myself, and my settings.
#[utoipa::path(patch, path = "/me", tag = "accounts", request_body = Profile,
    responses((status = 200, body = Me), (status = 400, body = Problem)))]
pub async fn change(State(app): State<App>, Acting(who): Acting, Body(input): Body<Profile>) -> Result<Json<Me>> {
    let limits = &app.config.limits;
    let most = limits.settings;
    let mut change = Change {
        name: input.name.map(|name| text::line("name", &name, 1, limits.display_name)).transpose()?,
        colour: input.colour,
        avatar: input.avatar.map(|avatar| text::initials(&avatar)).transpose()?,
        status: input.status.map(|status| text::line("status", &status, 0, limits.status)).transpose()?,
        picture: input.picture,
        settings: None,
    };
    let settings = input.settings;
    let (set, pictured) = (settings.is_some(), input.picture.is_some());
    let me = app
        .store
        .write(Lane::Server, move |tx| {
            async move {
                let mut me = quiet::me(tx, who.user).await?.ok_or_else(Refusal::not_found)?;
                if let Some(settings) = settings {
                    merge(&mut me.settings, settings, most)?;
                    change.settings = Some(me.settings.clone());
                }
                // What stays as it was is no change, and nobody is told of it.
                change.name.take_if(|name| *name == me.user.name);
                change.colour.take_if(|colour| *colour == me.user.colour);
                change.avatar.take_if(|avatar| *avatar == me.user.avatar);
                change.status.take_if(|status| *status == me.user.status);
                change.picture.take_if(|picture| *picture == me.user.picture);
                if let Some(Some(picture)) = change.picture {
                    picture_of_mine(tx, who.user, picture, "picture").await?;
                }
                users::change(tx, who.user, &change).await?;
                quiet::me(tx, who.user).await?.ok_or_else(|| Fault::from(Refusal::not_found()))
            }
            .boxed()
        })
        .await?;
    if pictured {
        // The picture that was there before is nobody's now.
        sweep::tidy(&app).await;
    }
    if set {
        app.core.hub.to_person(who.user, &ServerFrame::Settings { settings: me.settings.clone() }, None);
    }
    Ok(Json(me))
}

/// When nothing is to disturb me, and by which words I am called besides my name.
#[utoipa::path(put, path = "/me/quiet", tag = "mine", request_body = Quiet,
    responses((status = 200, body = Quiet), (status = 400, body = Problem)))]
pub async fn quiet(State(app): State<App>, Acting(who): Acting, Body(input): Body<Quiet>) -> Result<Json<Quiet>> {
    let wish = quiet::checked(input, &app.config.limits)?;
    let kept = wish.clone();
    let writing = app.store.write(Lane::Server, move |tx| {
        async move {
            account(tx, who.user).await?;
            if store::quiet::of(tx, who.user).await? != kept {
                store::quiet::set(tx, who.user, &kept).await?;
            }
            Ok::<_, Fault>(())
        }
        .boxed()
    });
    writing.await?;
    // Then my devices have been told, and my words are known to who looks for them.
    app.facts_passed().await;
    Ok(Json(wish))
}

fn merge(into: &mut Map<String, Value>, new: Map<String, Value>, most: usize) -> Result<(), Refusal> {
    for (key, value) in new {
        if value.is_null() {
            into.remove(&key);
        } else {
            into.insert(key, value);
        }
    }
    let size = serde_json::to_vec(&into).map_or(usize::MAX, |json| json.len());
    if size > most {
        return Err(Refusal::invalid("settings", format!("Settings can have {most} bytes; these have {size}.")));
    }
    Ok(())
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewPassword {
    current: String,
    password: String,
}

/// Change my password. All my other logins end.
#[utoipa::path(put, path = "/me/password", tag = "accounts", request_body = NewPassword,
    responses((status = 204), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub async fn password(
    State(app): State<App>,
    visitor: Visitor,
    Acting(who): Acting,
    Body(input): Body<NewPassword>,
) -> Result<StatusCode> {
    let limits = &app.config.limits;
    text::password("password", &input.password, limits)?;
    if input.current.len() > limits.password_max {
        text::password("current", &input.current, limits)?;
    }
    let found = app
        .store
        .read(move |tx| {
            async move {
                let account = users::by_id(tx, who.user).await?.ok_or_else(Refusal::not_found)?;
                let found = users::credentials(tx, &account.user.username).await?;
                found.ok_or_else(|| Fault::from(Refusal::not_found()))
            }
            .boxed()
        })
        .await?;
    // Whoever finds a browser logged in must not be able to guess the password there.
    let counted = format!("session {}", who.session);
    let attempt = app.auth.throttle.begin(&counted, Some([0; 32]), visitor.key())?;
    let phc = found.password;
    // An account that `users add` made has none until its person sets one.
    let none_yet = phc.is_none();
    let right = match app.auth.passwords.verify(input.current, phc.clone()).await {
        Ok(right) => right || none_yet,
        Err(fault) => {
            app.auth.throttle.given_up(attempt);
            return Err(fault);
        }
    };
    if !right {
        return Err(Refusal::invalid("current", "This is not your password.").into());
    }
    app.auth.throttle.succeeded(attempt);
    let fresh = app.auth.passwords.hash(input.password).await?;
    app.store
        .write(Lane::Server, move |tx| {
            async move {
                let account = users::by_id(tx, who.user).await?.ok_or_else(Refusal::not_found)?;
                let now = users::credentials(tx, &account.user.username).await?;
                if now.is_none_or(|now| now.password != phc) {
                    return Err(Refusal::invalid("current", "The password was changed just now.").into());
                }
                users::set_password(tx, who.user, &fresh).await?;
                sessions::forget_devices(tx, who.user).await?;
                sessions::end_others(tx, who.user, Some(who.session)).await?;
                Ok::<_, Fault>(())
            }
            .boxed()
        })
        .await?;
    app.facts_passed().await;
    Ok(StatusCode::NO_CONTENT)
}
