//! The API, described by itself: OpenAPI of the calls, a JSON Schema of the socket's frames.

use super::{
    accounts, activity, emoji, events, files, groups, invites, limits, me, members, messages, mine, people, pins,
    places, reactions, rooms, saved, server, sessions, threads, uploads,
};
use axum::http::header;
use axum::response::IntoResponse;
use protocol::frame::{ClientFrame, ServerFrame};
use serde_json::{Value, json};
use std::sync::OnceLock;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Parlour", description = "Rooms are logs; this is how to write and read them."),
    servers((url = "/api/v1")),
    paths(
        accounts::create,
        sessions::create,
        sessions::list,
        sessions::end,
        me::show,
        me::change,
        me::password,
        me::quiet,
        people::search,
        people::show,
        people::role,
        people::ban,
        people::unban,
        server::show,
        server::change,
        limits::show,
        invites::list,
        invites::create,
        invites::check,
        invites::delete,
        rooms::list,
        rooms::create,
        rooms::show,
        rooms::change,
        rooms::direct,
        members::list,
        members::add,
        members::remove,
        members::role,
        members::bans,
        members::ban,
        members::unban,
        messages::page,
        messages::send,
        messages::show,
        messages::edit,
        messages::delete,
        messages::close_preview,
        files::list,
        files::create,
        files::show,
        files::delete,
        files::small,
        files::of_room,
        uploads::show,
        uploads::append,
        uploads::delete,
        emoji::list,
        emoji::set,
        emoji::delete,
        events::page,
        mine::read,
        mine::level,
        mine::draft,
        saved::list,
        saved::put,
        saved::delete,
        openapi,
        frames,
        messages::history,
        reactions::list,
        reactions::put,
        reactions::delete,
        pins::list,
        pins::put,
        pins::delete,
        groups::list,
        groups::create,
        groups::change,
        groups::delete,
        mine::why,
        threads::page,
        threads::read,
        threads::follow,
        threads::let_go,
        threads::why,
        threads::list,
        places::threads,
        places::read,
        places::unread,
        activity::list,
        activity::seen,
    ),
    components(schemas(protocol::view::Problem)),
    modifiers(&Who),
    security(("cookie" = []), ("bearer" = [])),
)]
struct Api;

/// The two ways to say who one is.
struct Who;

impl Modify for Who {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("parlour_session")));
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("cookie", cookie);
        components.add_security_scheme("bearer", bearer);
    }
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "server", responses((status = 200)), security(()))]
pub async fn openapi() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    json_text(TEXT.get_or_init(|| Api::openapi().to_json().unwrap_or_default()))
}

/// A JSON Schema of the frames of the socket `live`.
#[utoipa::path(get, path = "/frames.json", tag = "server", responses((status = 200)), security(()))]
pub async fn frames() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    json_text(TEXT.get_or_init(|| frame_schema().to_string()))
}

fn json_text(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text)
}

#[derive(OpenApi)]
#[openapi(components(schemas(ClientFrame, ServerFrame)))]
struct Frames;

/// OpenAPI 3.1 schemas are JSON Schemas; only where they stand differs.
fn frame_schema() -> Value {
    let text = Frames::openapi().to_json().unwrap_or_default().replace("#/components/schemas/", "#/$defs/");
    let api: Value = serde_json::from_str(&text).unwrap_or_default();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The frames of /api/v1/live",
        "description": "A client sends ClientFrame, the server ServerFrame: one JSON object a text frame.",
        "anyOf": [{"$ref": "#/$defs/ClientFrame"}, {"$ref": "#/$defs/ServerFrame"}],
        "$defs": api["components"]["schemas"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::TABLE;
    use std::collections::BTreeSet;

    #[test]
    fn the_description_has_every_call_and_no_other() {
        let api: Value = serde_json::from_str(&Api::openapi().to_json().expect("JSON")).expect("JSON");
        let described: BTreeSet<(String, String)> = api["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().expect("methods").keys().map(move |method| (method.clone(), path.clone()))
            })
            .collect();
        let routed: BTreeSet<(String, String)> =
            TABLE.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
        assert_eq!(described, routed);
    }

    #[test]
    fn the_schema_of_frames_refers_to_nothing_that_is_missing() {
        let schema = frame_schema();
        let text = schema.to_string();
        for part in text.split("\"#/$defs/").skip(1) {
            let name = part.split('"').next().expect("a name");
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
        assert!(schema["$defs"]["ClientFrame"].is_object());
    }
}
