//! The HTTP door. The whole route table stands here; each noun has a controller of its own below.

mod accounts;
mod activity;
mod assets;
mod describe;
mod emoji;
mod events;
mod extract;
mod files;
#[doc(hidden)]
pub mod fuzz;
mod groups;
mod health;
mod invites;
mod layer;
mod limits;
mod me;
mod members;
mod messages;
mod mine;
mod people;
mod pins;
mod places;
mod reactions;
mod rooms;
mod saved;
mod server;
mod sessions;
mod threads;
mod uploads;

pub use extract::{Body, Path, Query};
pub use layer::random_id;

use crate::app::App;
use crate::fault::Fault;
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use protocol::{Code, Refusal};
use serde::{Deserialize, Deserializer};

/// Makes the router and, from the same lines, the list that the description and the tests are held to.
macro_rules! table {
    ($($path:literal => $($method:ident $handler:path),+;)+) => {
        /// Every call under `/api/v1`: method and path.
        pub const TABLE: &[(&str, &str)] = &[$($((stringify!($method), $path)),+),+];

        fn table() -> Router<App> {
            Router::new()$(.route(concat!("/api/v1", $path), MethodRouter::new()$(.$method($handler))+))+
        }
    };
}

table! {
    "/accounts" => post accounts::create;
    "/sessions" => post sessions::create, get sessions::list;
    "/sessions/{id}" => delete sessions::end;
    "/me" => get me::show, patch me::change;
    "/me/password" => put me::password;
    "/me/quiet" => put me::quiet;
    "/users" => get people::search;
    "/users/{id}" => get people::show;
    "/users/{id}/role" => put people::role;
    "/users/{id}/ban" => put people::ban, delete people::unban;
    "/server" => get server::show, patch server::change;
    "/limits" => get limits::show;
    "/invites" => get invites::list, post invites::create;
    "/invites/check" => post invites::check;
    "/invites/{id}" => delete invites::delete;
    "/rooms" => get rooms::list, post rooms::create;
    "/rooms/{room}" => get rooms::show, patch rooms::change;
    "/direct" => post rooms::direct;
    "/rooms/{room}/members" => get members::list, post members::add;
    "/rooms/{room}/members/{user}" => delete members::remove;
    "/rooms/{room}/members/{user}/role" => put members::role;
    "/rooms/{room}/bans" => get members::bans;
    "/rooms/{room}/bans/{user}" => put members::ban, delete members::unban;
    "/rooms/{room}/messages" => get messages::page, post messages::send;
    "/rooms/{room}/messages/{seq}" => get messages::show, patch messages::edit, delete messages::delete;
    "/rooms/{room}/messages/{seq}/previews" => delete messages::close_preview;
    "/rooms/{room}/messages/{seq}/history" => get messages::history;
    "/rooms/{room}/messages/{seq}/reactions" => get reactions::list;
    "/rooms/{room}/messages/{seq}/reactions/{emoji}" => put reactions::put, delete reactions::delete;
    "/rooms/{room}/messages/{seq}/pin" => put pins::put, delete pins::delete;
    "/rooms/{room}/pins" => get pins::list;
    "/rooms/{room}/messages/{seq}/thread" => get threads::page;
    "/rooms/{room}/messages/{seq}/thread/read" => put threads::read;
    "/rooms/{room}/messages/{seq}/thread/follow" => put threads::follow, delete threads::let_go;
    "/rooms/{room}/messages/{seq}/thread/why" => get threads::why;
    "/rooms/{room}/files" => get files::of_room;
    "/files" => get files::list, post files::create;
    "/files/{id}" => get files::show, delete files::delete;
    "/files/{id}/thumbnail" => get files::small;
    "/uploads/{id}" => get uploads::show, patch uploads::append, delete uploads::delete;
    "/emoji" => get emoji::list;
    "/emoji/{name}" => put emoji::set, delete emoji::delete;
    "/groups" => get groups::list, post groups::create;
    "/groups/{id}" => patch groups::change, delete groups::delete;
    "/rooms/{room}/events" => get events::page;
    "/rooms/{room}/read" => put mine::read;
    "/rooms/{room}/why" => get mine::why;
    "/rooms/{room}/level" => put mine::level;
    "/rooms/{room}/draft" => put mine::draft;
    "/threads" => get threads::list;
    "/threads/places" => get places::threads;
    "/me/read" => post places::read;
    "/me/unread" => post places::unread;
    "/activity" => get activity::list;
    "/activity/seen" => put activity::seen;
    "/saved" => get saved::list;
    "/saved/{room}/{seq}" => put saved::put, delete saved::delete;
    "/openapi.json" => get describe::openapi;
    "/frames.json" => get describe::frames;
}

/// Everything that the server answers. `live` is the socket's door, which this one does not know.
pub fn router(app: App, live: MethodRouter<App>) -> Router {
    table()
        .route("/api/v1/files", axum::routing::options(uploads::options))
        .route("/api/v1/live", live)
        .route("/healthz", axum::routing::get(health::alive))
        .route("/readyz", axum::routing::get(health::ready))
        .route("/metrics", axum::routing::get(health::metrics))
        .fallback(elsewhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(axum::middleware::from_fn_with_state(app.clone(), layer::answer))
        .with_state(app)
}

/// The numbers alone, for a listener of their own.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", axum::routing::get(health::open_metrics)).with_state(app)
}

/// A path of the API that is none, or a page of the web client.
async fn elsewhere(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Fault::from(Refusal::not_found()).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return wrong_method().await.into_response();
    }
    assets::serve(path, request.headers())
}

async fn wrong_method() -> Fault {
    Refusal::new(Code::MethodNotAllowed, "This path does not know that method.").into()
}

/// The size of a page: what was asked for, clamped; nothing less than one.
fn page_size(asked: Option<u32>, usual: u32, most: u32) -> Result<u32, Refusal> {
    match asked {
        None => Ok(usual.min(most)),
        Some(0) => Err(Refusal::invalid("limit", "At least 1.")),
        Some(limit) => Ok(limit.min(most)),
    }
}

/// Null is another thing than nothing said.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// 201 for what is new, 200 for what was there.
fn created(new: bool) -> StatusCode {
    if new { StatusCode::CREATED } else { StatusCode::OK }
}
