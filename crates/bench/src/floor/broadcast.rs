//! F2: what one gets by the book. Axum's WebSockets with their default buffers, Tokio's broadcast channel, one thread;
//! a task for each connection, which sends what the channel gives it. Nobody is asked who they are, nothing is kept.

use crate::{Result, failed};
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::any;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::{self, Sender};

/// More than are ever on their way: none is skipped.
const CHANNEL: usize = 1024;

type Rooms = Arc<Mutex<HashMap<String, Sender<Utf8Bytes>>>>;

/// Serves until it is killed.
///
/// # Errors
/// The address is taken.
pub fn serve(address: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed("the runtime"))?;
    runtime.block_on(async {
        let routes = Router::new().route("/{room}", any(upgrade)).with_state(Rooms::default());
        let listener = tokio::net::TcpListener::bind(address).await.map_err(failed("the floor's address"))?;
        axum::serve(listener, routes).await.map_err(failed("the floor"))
    })
}

async fn upgrade(State(rooms): State<Rooms>, Path(room): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
    let sender = rooms.entry(room).or_insert_with(|| broadcast::channel(CHANNEL).0).clone();
    upgrade.on_upgrade(|socket| talk(socket, sender))
}

async fn talk(mut socket: WebSocket, sender: Sender<Utf8Bytes>) {
    let mut receiver = sender.subscribe();
    loop {
        tokio::select! {
            said = receiver.recv() => {
                let Ok(said) = said else { return };
                if socket.send(Message::Text(said)).await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => _ = sender.send(text),
                Some(Ok(_)) => {}
                _ => return,
            },
        }
    }
}
