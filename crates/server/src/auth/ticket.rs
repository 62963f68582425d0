//! Tickets for the second origin: files are shown from there, where nothing of a stranger's could reach the page or its
//! cookie. That origin gets no cookie, so an address carries a ticket: for one file, for some minutes, and for no
//! longer than the session that asked for it lives.

use super::{Visitor, Who};
use crate::app::App;
use crate::config::Config;
use crate::fault::Fault;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use protocol::ids::SessionId;
use protocol::{Code, Refusal, UserId};
use sha2::Sha256;

/// Long enough to read a film through; the page asks for a new one with each look.
const LASTS_MS: i64 = 10 * 60_000;

/// What tickets are signed with.
#[derive(Clone)]
pub struct Tickets(Hmac<Sha256>);

/// Who looks at a file: by cookie or token on the first origin, by ticket on the second.
pub struct Viewer(pub UserId);

impl Tickets {
    pub fn new(secret: &str) -> Tickets {
        // Any length of key will do for HMAC; the purpose keeps it apart from the set-up code.
        let key = format!("tickets {secret}");
        Tickets(Hmac::new_from_slice(key.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default())))
    }

    fn give(&self, session: SessionId, path: &str, now: i64) -> String {
        let until = now + LASTS_MS;
        let mac = URL_SAFE_NO_PAD.encode(self.of(session, path, until).finalize().into_bytes());
        format!("{session}.{until}.{mac}")
    }

    /// The session of a ticket that is ours, for this path, and not over.
    fn read(&self, ticket: &str, path: &str, now: i64) -> Option<SessionId> {
        let mut parts = ticket.split('.');
        let (session, until, mac) = (parts.next()?, parts.next()?, parts.next()?);
        let (session, until) = (SessionId(session.parse().ok()?), until.parse::<i64>().ok()?);
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        // Compared in constant time.
        let ours = self.of(session, path, until).verify_slice(&mac).is_ok();
        (ours && until > now && parts.next().is_none()).then_some(session)
    }

    fn of(&self, session: SessionId, path: &str, until: i64) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(format!("{session} {until} {path}").as_bytes());
        mac
    }
}

/// Whether a request came to the second origin.
pub fn is_second(visitor: &Visitor, config: &Config) -> bool {
    let authority = config.files_origin.as_deref().and_then(|origin| origin.split_once("://"));
    authority.is_some_and(|(_, authority)| visitor.host.as_deref() == Some(authority))
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Viewer, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, app).await;
        let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
        let now = jiff::Timestamp::now().as_millisecond();
        if is_second(&visitor, &app.config) {
            let ticket = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "ticket");
            let session = ticket.and_then(|(_, ticket)| app.auth.tickets.read(&ticket, &path, now));
            return by_session(app, session).await.map(Viewer).map_err(IntoResponse::into_response);
        }
        let who = Who::of(&parts.headers, app).await.map_err(IntoResponse::into_response)?;
        // What a script of ours fetches is not shown as a page, and stays here.
        let dest = parts.headers.get("sec-fetch-dest").and_then(|value| value.to_str().ok());
        if let Some(origin) = &app.config.files_origin
            && dest.is_some_and(|dest| dest != "empty")
        {
            let ticket = app.auth.tickets.give(who.session, &path, now);
            let and = if query.is_empty() { "" } else { "&" };
            let there = HeaderValue::try_from(format!("{origin}{path}?{query}{and}ticket={ticket}"));
            let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if let Ok(there) = there {
                response.headers_mut().insert(header::LOCATION, there);
            }
            return Err(response);
        }
        Ok(Viewer(who.user))
    }
}

/// Whose session it is, asked of the database each time: a ticket dies with it.
async fn by_session(app: &App, session: Option<SessionId>) -> Result<UserId, Fault> {
    let over = || Fault::from(Refusal::new(Code::Unauthenticated, "Open this from the page anew."));
    let session = session.ok_or_else(over)?;
    let read =
        app.store.read(move |tx| Box::pin(async move { Ok::<_, Fault>(store::sessions::user_of(tx, session).await?) }));
    read.await?.ok_or_else(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_path_one_session_and_some_minutes() {
        let tickets = Tickets::new("secret");
        let ticket = tickets.give(SessionId(7), "/api/v1/files/3", 1_000);
        let read = |ticket: &str, path: &str, now| tickets.read(ticket, path, now);
        assert_eq!(read(&ticket, "/api/v1/files/3", 1_000), Some(SessionId(7)));
        assert_eq!(read(&ticket, "/api/v1/files/3", 1_000 + LASTS_MS), None);
        assert_eq!(read(&ticket, "/api/v1/files/4", 1_000), None);
        assert_eq!(Tickets::new("other").read(&ticket, "/api/v1/files/3", 1_000), None);
        for forged in
            [ticket.replacen('7', "8", 1), format!("{ticket}.x"), format!("{ticket}A"), String::new(), "7..".into()]
        {
            assert_eq!(read(&forged, "/api/v1/files/3", 1_000), None, "{forged}");
        }
    }
}
