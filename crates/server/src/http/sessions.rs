//! `sessions`: log in, see one's logins, log out.

use super::{Body, Path};
use crate::app::App;
use crate::auth::{Acting, DEVICE, SESSION, Token, Visitor, Who, clear, give, tokens};
use crate::fault::{Fault, Result};
use crate::quiet;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::FutureExt;
use protocol::ids::SessionId;
use protocol::view::{LoggedIn, Me, Problem, Session};
use protocol::{Code, Refusal, text};
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering::Relaxed;
use store::{Lane, sessions, users};

#[derive(Deserialize, utoipa::ToSchema)]
pub struct Login {
    username: String,
    password: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Sessions {
    sessions: Vec<Session>,
}

/// Log in.
#[utoipa::path(post, path = "/sessions", tag = "accounts", request_body = Login, responses(
    (status = 201, body = LoggedIn), (status = 401, body = Problem), (status = 429, body = Problem)), security(()))]
pub async fn create(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Body(input): Body<Login>,
) -> Result<(StatusCode, HeaderMap, Json<LoggedIn>)> {
    let limits = &app.config.limits;
    if input.password.len() > limits.password_max {
        text::password("password", &input.password, limits)?;
    }
    // A name that cannot be one is treated as one that nobody has: the answer is the same.
    let username = text::username(&input.username).unwrap_or_default();
    let counted = input.username.trim().to_ascii_lowercase();
    let device = tokens(&headers, DEVICE).next().unwrap_or_else(Token::random);
    let device_hash = device.hash();
    let (found, known) = app
        .store
        .read(move |tx| {
            async move {
                let found = users::credentials(tx, &username).await?;
                let known = match &found {
                    Some(found) => sessions::knows_device(tx, found.user, &device_hash).await?,
                    None => false,
                };
                Ok::<_, Fault>((found, known))
            }
            .boxed()
        })
        .await?;

    let attempt = app.auth.throttle.begin(&counted, known.then_some(device_hash), visitor.key())?;
    let phc = found.as_ref().and_then(|found| found.password.clone());
    let right = match app.auth.passwords.verify(input.password, phc.clone()).await {
        Ok(right) => right,
        Err(fault) => {
            app.auth.throttle.given_up(attempt);
            return Err(fault);
        }
    };
    let Some(found) = found.filter(|_| right) else {
        app.metrics.login_failures.fetch_add(1, Relaxed);
        return Err(wrong());
    };
    app.auth.throttle.succeeded(attempt);
    if found.banned {
        return Err(Refusal::new(Code::Forbidden, "This account was banned.").into());
    }

    // Always a new token: one that somebody planted before the login is worth nothing after it.
    let token = Token::random();
    let (hash, label) = (token.hash(), label(&headers));
    let me: Me = app
        .store
        .write(Lane::Server, move |tx| {
            async move {
                let me = quiet::me(tx, found.user).await?.ok_or_else(wrong)?;
                let now = users::credentials(tx, &me.user.username).await?;
                // The password was changed, or the person banned, while it was being checked.
                if now.is_none_or(|now| now.banned || now.password != phc) {
                    return Err(wrong());
                }
                sessions::create(tx, found.user, &hash, &label).await?;
                sessions::know_device(tx, found.user, &device_hash).await?;
                Ok(me)
            }
            .boxed()
        })
        .await?;
    app.metrics.logins.fetch_add(1, Relaxed);
    let mut cookies = HeaderMap::new();
    give(&mut cookies, SESSION, &token, &visitor, &app.config);
    give(&mut cookies, DEVICE, &device, &visitor, &app.config);
    Ok((StatusCode::CREATED, cookies, Json(LoggedIn { user: me, token: token.text() })))
}

/// One answer, whether the name or the password was wrong.
fn wrong() -> Fault {
    let detail = "The user name or the password is wrong.";
    Refusal { field: Some("password"), ..Refusal::new(Code::Unauthenticated, detail) }.into()
}

/// My logins.
#[utoipa::path(get, path = "/sessions", tag = "accounts", responses((status = 200, body = Sessions)))]
pub async fn list(State(app): State<App>, who: Who) -> Result<Json<Sessions>> {
    let sessions = app
        .store
        .read(move |tx| async move { Ok::<_, Fault>(sessions::list(tx, who.user, who.session).await?) }.boxed())
        .await?;
    Ok(Json(Sessions { sessions }))
}

/// Log out, here (`current`) or there.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "accounts",
    params(("id" = String, Path, description = "The id of a session, or `current`")),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Acting(who): Acting,
    Path(id): Path<String>,
) -> Result<(StatusCode, HeaderMap)> {
    let session = match id.as_str() {
        "current" => who.session,
        id => id.parse().map(SessionId).map_err(|_| Refusal::not_found())?,
    };
    let ended = app
        .store
        .write(Lane::Server, move |tx| {
            async move { Ok::<_, Fault>(sessions::end(tx, who.user, session).await?) }.boxed()
        })
        .await?;
    if !ended {
        return Err(Refusal::not_found().into());
    }
    app.facts_passed().await;
    let mut cookies = HeaderMap::new();
    if session == who.session {
        clear(&mut cookies, &visitor, &app.config);
    }
    Ok((StatusCode::NO_CONTENT, cookies))
}

/// What a device says of itself, in few words: "Firefox on Linux".
pub fn label(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    // In the order in which one browser pretends to be another.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        // A program: its name and version, without control characters.
        (None, _) => agent.split(' ').next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(64).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_for_people() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17 Safari/605", "Safari on macOS"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().expect("a value"));
            assert_eq!(label(&headers), name);
        }
    }
}
