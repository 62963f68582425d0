//! The extractors that say who asks: [`Who`] to read, [`Acting`] to change something, [`Maybe`] where one need
//! not be logged in.

use super::{SESSION, Token, Visitor, tokens};
use crate::app::App;
use crate::fault::{Fault, Result};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use protocol::ids::SessionId;
use protocol::view::ServerRole;
use protocol::{Code, Refusal, UserId};
use std::convert::Infallible;

/// Session cookies that are looked at: of an older path or domain, a dead one may come first. Each dead one costs a
/// look into the database.
const COOKIES: usize = 4;

/// Who is logged in, and by which session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    pub user: UserId,
    pub session: SessionId,
    /// To decide what to show. What one may do is asked of the database, in the transaction that does it.
    pub role: ServerRole,
    pub via: Via,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Cookie,
    Bearer,
}

impl Who {
    /// Whose request that is, by its Bearer token, else by the first of its cookies that is alive.
    ///
    /// # Errors
    /// `unauthenticated`; or the database failed.
    pub async fn of(headers: &HeaderMap, app: &App) -> Result<Who> {
        // A token that is wrong is not made good by a cookie: the caller meant the token.
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(bearer).and_then(Token::parse);
            return Who::by_token(&token.ok_or_else(unauthenticated)?, Via::Bearer, app).await;
        }
        for token in tokens(headers, SESSION).take(COOKIES) {
            if let Some(who) = Who::found(&token, Via::Cookie, app).await? {
                return Ok(who);
            }
        }
        Err(unauthenticated())
    }

    /// # Errors
    /// `unauthenticated`; or the database failed.
    pub async fn by_token(token: &Token, via: Via, app: &App) -> Result<Who> {
        Who::found(token, via, app).await?.ok_or_else(unauthenticated)
    }

    async fn found(token: &Token, via: Via, app: &App) -> Result<Option<Who>> {
        let found = app.auth.sessions.find(&app.store, token).await?;
        Ok(found.map(|(session, user, role)| Who { user, session, role, via }))
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthenticated() -> Fault {
    Refusal::new(Code::Unauthenticated, "Log in first.").into()
}

impl FromRequestParts<App> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Who> {
        Who::of(&parts.headers, app).await
    }
}

/// Who changes something, within the rate of commands.
#[derive(Clone, Copy, Debug)]
pub struct Acting(pub Who);

impl FromRequestParts<App> for Acting {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Acting> {
        let who = Who::of(&parts.headers, app).await?;
        app.auth.rates.command(who.user)?;
        Ok(Acting(who))
    }
}

/// Who asks, if they are logged in.
pub struct Maybe(pub Option<Who>);

impl FromRequestParts<App> for Maybe {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Maybe, Infallible> {
        Ok(Maybe(Who::of(&parts.headers, app).await.ok()))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Infallible> {
        // Found once for each request, by the first layer.
        match parts.extensions.get::<Visitor>() {
            Some(visitor) => Ok(visitor.clone()),
            None => Ok(Visitor::of(parts, &app.config)),
        }
    }
}
