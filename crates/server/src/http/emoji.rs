//! `emoji`: the community's own.

use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::{Fault, Result};
use crate::files::{picture_of_mine, sweep};
use crate::policy::decide_emoji;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::view::{Emoji, Problem};
use protocol::{Code, FileId, Refusal, UserId, text};
use serde::{Deserialize, Serialize};
use store::{Lane, Tx, emoji, facts, users};

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

/// A picture of one's own, or one more name for an emoji that is there.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct New {
    #[serde(default)]
    file: Option<FileId>,
    #[serde(default)]
    alias_of: Option<String>,
}

enum What {
    Picture(FileId),
    Alias(String),
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
    let what = match (input.file, input.alias_of) {
        (Some(file), None) => What::Picture(file),
        (None, Some(original)) => {
            What::Alias(text::emoji_name(&original).map_err(|refusal| Refusal { field: Some("alias_of"), ..refusal })?)
        }
        _ => return Err(Refusal::invalid("file", "Either a picture, or what it is another name of.").into()),
    };
    let most = app.config.limits.emoji;
    let setting = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            let there = allowed(tx, who.user, &name).await?;
            let find = |name: &str| there.iter().find(|one| one.name == name);
            if there.len() >= most as usize && find(&name).is_none() {
                return Err(Refusal::invalid("name", format!("There can be {most} emoji.")).into());
            }
            let file = match what {
                What::Picture(file) => file,
                What::Alias(original) => {
                    // A name of a name would be gone with either.
                    let original = find(&original).and_then(|one| match &one.alias_of {
                        Some(first) => find(first),
                        None => Some(one),
                    });
                    let Some(original) = original.filter(|one| one.name != name) else {
                        return Err(Refusal::invalid("alias_of", "There is no other emoji of that name.").into());
                    };
                    if find(&name).is_none_or(|one| one.alias_of.as_ref() != Some(&original.name)) {
                        emoji::alias(tx, &name, original, who.user).await?;
                    }
                    return Ok(());
                }
            };
            picture_of_mine(tx, who.user, file, "file").await?;
            Ok::<_, Fault>(emoji::set(tx, &name, file, who.user).await?)
        })
    });
    setting.await?;
    // The picture that the name had before is nobody's now.
    sweep::tidy(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Take one away, with its other names.
#[utoipa::path(delete, path = "/emoji/{name}", tag = "server", params(("name" = String, Path)),
    responses((status = 204), (status = 403, body = Problem)))]
pub async fn delete(State(app): State<App>, Acting(who): Acting, Path(name): Path<String>) -> Result<StatusCode> {
    let name = text::emoji_name(&name)?;
    let deleting = app.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            allowed(tx, who.user, &name).await?;
            Ok::<_, Fault>(emoji::delete(tx, &name).await?)
        })
    });
    if deleting.await? {
        sweep::tidy(&app).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// All emoji, for who may do something with this one.
async fn allowed(tx: &mut Tx, user: UserId, name: &str) -> Result<Vec<Emoji>, Fault> {
    let gone = || Refusal::new(Code::Unauthenticated, "Log in first.");
    let account = users::by_id(tx, user).await?.filter(|account| !account.banned).ok_or_else(gone)?;
    let there = emoji::all(tx).await?;
    let whose = there.iter().find(|one| one.name == name).map(|one| one.by);
    decide_emoji(facts::server(tx).await?.emoji, account.role, user, whose)?;
    Ok(there)
}
