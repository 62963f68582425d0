//! For those who watch over the server: is it alive, is it ready, how is it.

use crate::app::App;
use crate::fault::{Fault, Result};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::FutureExt;
use protocol::{Code, Refusal};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// The process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers: requests may come.
pub async fn ready(State(app): State<App>) -> Result<&'static str> {
    if app.stopping.load(Relaxed) {
        return Err(Refusal::new(Code::Unavailable, "This server is stopping.").into());
    }
    let read = app.store.read(|tx| store::facts::head(tx).boxed());
    match tokio::time::timeout(Duration::from_secs(2), read).await {
        Ok(Ok(_)) => Ok("ready\n"),
        Ok(Err(error)) => Err(Fault::Store(error)),
        Err(_) => Err(Refusal::new(Code::Unavailable, "The database does not answer.").into()),
    }
}

/// Numbers, for who has the token that the settings name. Without one there is nothing here.
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse> {
    let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec()).unwrap_or_default();
    let wanted = app.config.metrics_token.as_ref().map(|token| format!("Bearer {token}").into_bytes());
    // Compared by their hashes: how long it takes says nothing about the token.
    match wanted {
        Some(wanted) if hash(&wanted) == hash(&given) => Ok(open_metrics(State(app)).await),
        _ => Err(Refusal::not_found().into()),
    }
}

pub async fn open_metrics(State(app): State<App>) -> impl IntoResponse {
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        app.metrics.text(app.core.hub.connections()),
    )
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
