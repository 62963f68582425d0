//! The socket door: `GET /api/v1/live`.

mod frames;
mod run;
mod socket;
mod stream;
mod upgrade;

use crate::app::App;
use crate::auth::{Token, Via, Visitor, Who, site};
use crate::fault::Fault;
use crate::follow;
use crate::tail::Conn;
use crate::wire::{self, Heard};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::Close;
use protocol::frame::{ClientFrame, Hello};
use run::Greeting;
use socket::Socket;
use std::sync::Arc;
use std::time::Duration;
pub use stream::Stream;

/// Opens a socket. One without a session is accepted and closed 4401: a browser cannot see a 401.
///
/// # Errors
/// `forbidden` for a page of another site; `invalid` for a request that asks for no socket.
pub async fn live(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    mut request: Request,
) -> Result<Response, Fault> {
    site::check(&headers, &visitor, &app.config)?;
    let who = Who::of(&headers, &app).await.ok();
    let largest = app.core.limits.frame;
    upgrade::accept(&mut request, largest, move |socket| serve(app, who, socket))
}

/// A connection rests nearly all of its time: what is only needed to begin or to end it lies in a box, and is let go.
async fn serve(app: App, who: Option<Who>, socket: Socket) {
    let Some((conn, greeting, socket)) = Box::pin(enter(app.clone(), who, socket)).await else { return };
    run::run(&app, &conn, Some(greeting), socket).await;
    conn.went();
    app.core.hub.disconnect(&conn);
}

/// Hears who it is. `None` where nobody may come in, who was told so.
async fn enter(app: App, who: Option<Who>, mut socket: Socket) -> Option<(Arc<Conn>, Greeting, Socket)> {
    let wait = Duration::from_millis(app.core.limits.hello_ms);
    let hello = match tokio::time::timeout(wait, hello(&app, &mut socket)).await {
        Ok(Ok(hello)) => hello,
        Ok(Err(why)) => return refuse(socket, why).await,
        Err(_) => return refuse(socket, Close::NoHello).await,
    };
    let who = match hello.token.as_deref().map(Token::parse) {
        // A token that is wrong is not made good by a cookie.
        Some(Some(token)) => Who::by_token(&token, Via::Bearer, &app).await.ok(),
        Some(None) => None,
        None => who,
    };
    let Some(who) = who else { return refuse(socket, Close::SessionOver).await };
    let most = app.config.rates.then_some(app.core.limits.sockets);
    match app.core.hub.connect(who.user, who.session, most, socket.sink()) {
        Ok(conn) => {
            let (core, greeted) = (Arc::clone(&app.core), Arc::clone(&conn));
            let greeting = async move { follow::greet(&core, &greeted, hello).await };
            Some((conn, Box::pin(greeting), socket))
        }
        Err(why) => refuse(socket, why).await,
    }
}

async fn refuse<T>(socket: Socket, why: Close) -> Option<T> {
    socket.close(Vec::new(), why, why.reason()).await;
    None
}

/// The first frame.
async fn hello(app: &App, socket: &mut Socket) -> Result<Hello, Close> {
    loop {
        match socket.hear()? {
            Some(Heard::Text(text)) => {
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
            Some(Heard::Ping(payload)) => {
                socket.write(wire::pong(&payload).bytes()).await.map_err(|_| Close::Normal)?
            }
            Some(Heard::Pong) => {}
            Some(Heard::Close(_)) => return Err(Close::Normal),
            None => socket.more().await.map_err(|_| Close::Normal)?,
        }
    }
}
