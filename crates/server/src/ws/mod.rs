//! The socket door: `GET /api/v1/live`.

mod frames;
mod run;
mod socket;

use crate::app::App;
use crate::auth::{Token, Via, Visitor, Who, site};
use crate::fault::Fault;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::Close;
use protocol::frame::{ClientFrame, Hello};
use socket::{Heard, Socket};
use std::time::Duration;

/// Opens a socket. One without a session is accepted and closed 4401: a browser cannot see a 401.
///
/// # Errors
/// `forbidden` for a page of another site.
pub async fn live(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Fault> {
    site::check(&headers, &visitor, &app.config)?;
    let who = Who::of(&headers, &app).await.ok();
    Ok(socket::accept(upgrade, app.core.limits.frame, move |socket| async move {
        serve(app, who, socket).await;
    }))
}

async fn serve(app: App, who: Option<Who>, mut socket: Socket) {
    let wait = Duration::from_millis(app.core.limits.hello_ms);
    let hello = match tokio::time::timeout(wait, hello(&app, &mut socket)).await {
        Ok(Ok(hello)) => hello,
        Ok(Err(why)) => return socket.close(why, why.reason()).await,
        Err(_) => return socket.close(Close::NoHello, Close::NoHello.reason()).await,
    };
    let who = match hello.token.as_deref().map(Token::parse) {
        // A token that is wrong is not made good by a cookie.
        Some(Some(token)) => Who::by_token(&token, Via::Bearer, &app).await.ok(),
        Some(None) => None,
        None => who,
    };
    let Some(who) = who else {
        return socket.close(Close::SessionOver, Close::SessionOver.reason()).await;
    };
    let most = app.config.rates.then_some(app.core.limits.sockets);
    let conn = match app.core.hub.connect(who.user, who.session, most) {
        Ok(conn) => conn,
        Err(why) => return socket.close(why, why.reason()).await,
    };
    // Only now is the connection known to whoever ends the session: it may have ended in between.
    match stands(&app, who).await {
        true => run::run(&app, &conn, hello, socket).await,
        false => socket.close(Close::SessionOver, Close::SessionOver.reason()).await,
    }
    conn.went();
    app.core.hub.disconnect(&conn);
}

/// Whether the session still stands, read from the database: what memory holds may be a moment old.
async fn stands(app: &App, who: Who) -> bool {
    let (session, user) = (who.session, who.user);
    let read = app.store.read(move |tx| Box::pin(async move { store::sessions::stands(tx, session, user).await }));
    read.await.unwrap_or(false)
}

/// The first frame.
async fn hello(app: &App, socket: &mut Socket) -> Result<Hello, Close> {
    loop {
        match socket.hear().await {
            Heard::Text(text) => {
                let frame = frames::parse(&text).map_err(|_| Close::BadHello)?;
                return match frame.frame {
                    ClientFrame::Hello(hello)
                        if hello.v == 1 && hello.cursors.len() <= app.core.limits.cursors as usize =>
                    {
                        Ok(hello)
                    }
                    _ => Err(Close::BadHello),
                };
            }
            Heard::Life => {}
            Heard::Wrong(why) => return Err(why),
            Heard::End => return Err(Close::Normal),
        }
    }
}
