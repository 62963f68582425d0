//! `limits`: every limit in force.

use crate::app::App;
use axum::Json;
use axum::extract::State;
use protocol::Limits;

#[utoipa::path(get, path = "/limits", tag = "server", responses((status = 200, body = Limits)))]
pub async fn show(State(app): State<App>) -> Json<Limits> {
    Json(app.config.limits.clone())
}
