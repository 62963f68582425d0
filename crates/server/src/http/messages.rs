//! `rooms/{room}/messages`: what was said, as the room shows it.

use super::{Body, Path, Query};
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::Result;
use crate::files;
use crate::room::{self, LetGo, Span};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::file::FileRef;
use protocol::fold::Entry;
use protocol::view::{Page, Problem, Version};
use protocol::{Event, FileWith, Refusal, RoomId, Seq};
use serde::{Deserialize, Serialize};

/// Where a page of a log begins or ends: one of these, or the newest.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Place {
    /// Exclusive.
    #[serde(default)]
    before: Option<i64>,
    /// Exclusive.
    #[serde(default)]
    after: Option<i64>,
    /// Inclusive, in the middle.
    #[serde(default)]
    around: Option<i64>,
    #[serde(default)]
    pub limit: Option<u32>,
}

impl Place {
    /// # Errors
    /// More than one place is named.
    pub fn span(&self) -> Result<Span, Refusal> {
        match (self.before, self.after, self.around) {
            (None, None, None) => Ok(Span::Newest),
            (Some(seq), None, None) => Ok(Span::Before(Seq(seq))),
            (None, Some(seq), None) => Ok(Span::After(Seq(seq))),
            (None, None, Some(seq)) => Ok(Span::Around(Seq(seq))),
            (Some(_), ..) => Err(Refusal::invalid("before", "One of before, after and around.")),
            (None, ..) => Err(Refusal::invalid("after", "One of before, after and around.")),
        }
    }
}

/// A page of what the room shows, oldest first, folded at its `head`.
#[utoipa::path(get, path = "/rooms/{room}/messages", tag = "messages", params(("room" = RoomId, Path), Place),
    responses((status = 200, body = Page), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn page(
    State(app): State<App>,
    who: Who,
    Path(room): Path<RoomId>,
    Query(place): Query<Place>,
) -> Result<Json<Page>> {
    let limits = &app.config.limits;
    let limit = super::page_size(place.limit, limits.page, limits.page_messages)?;
    Ok(Json(room::page(&app.core, who.user, room, place.span()?, limit).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewMessage {
    #[serde(default)]
    text: String,
    /// The same one again gives the first event.
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    thread: Option<Seq>,
    /// A reply in a thread that is shown in the room as well.
    #[serde(default)]
    also: Option<bool>,
    /// The message of this room that it answers.
    #[serde(default)]
    quote: Option<Seq>,
    #[serde(default)]
    files: Option<Vec<FileRef>>,
    /// In place of all that is said above: a copy of this message.
    #[serde(default)]
    forward: Option<Source>,
}

/// A message that is to be forwarded.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct Source {
    room: RoomId,
    seq: Seq,
}

impl NewMessage {
    /// A copy has the words and files of its source, and nothing else.
    fn is_bare(&self) -> Result<(), Refusal> {
        for (field, is) in [
            ("text", !self.text.is_empty()),
            ("files", self.files.as_ref().is_some_and(|files| !files.is_empty())),
            ("quote", self.quote.is_some()),
            ("thread", self.thread.is_some()),
            ("also", self.also.is_some()),
        ] {
            if is {
                return Err(Refusal::invalid(field, "A forwarded message is a copy, without anything beside it."));
            }
        }
        Ok(())
    }
}

/// Say something. 200 and the first event where that `client_id` is known.
#[utoipa::path(post, path = "/rooms/{room}/messages", tag = "messages", params(("room" = RoomId, Path)),
    request_body = NewMessage, responses((status = 200, body = Event), (status = 201, body = Event),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub async fn send(
    State(app): State<App>,
    who: Who,
    Path(room): Path<RoomId>,
    Body(input): Body<NewMessage>,
) -> Result<(StatusCode, Json<Event>)> {
    let bare = input.is_bare();
    // Who names none cannot send it again: any name that nobody else has will do.
    let client_id = input.client_id.unwrap_or_else(|| format!("s.{}{}", super::random_id(), super::random_id()));
    let rate = || app.auth.rates.message(who.user);
    if let Some(Source { room: from, seq }) = input.forward {
        bare?;
        let wish = room::Forward { room, client_id, from: (from, seq) };
        let (event, new) = room::forward(&app.core, who.user, wish, rate).await?;
        return Ok((super::created(new), Json(event)));
    }
    let said = room::Said {
        room,
        client_id,
        text: input.text,
        thread: input.thread,
        also: input.also.unwrap_or_default(),
        quote: input.quote,
        files: input.files.unwrap_or_default().into_iter().map(FileWith::from).collect(),
    };
    let (event, new) = room::send(&app.core, who.user, said, rate).await?;
    Ok((super::created(new), Json(event)))
}

/// One message, as it reads now.
#[utoipa::path(get, path = "/rooms/{room}/messages/{seq}", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 200, body = Entry), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn show(State(app): State<App>, who: Who, Path((room, seq)): Path<(RoomId, Seq)>) -> Result<Json<Entry>> {
    Ok(Json(room::message(&app.core, who.user, room, seq).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewText {
    text: String,
}

/// Give one's message another text.
#[utoipa::path(patch, path = "/rooms/{room}/messages/{seq}", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)), request_body = NewText,
    responses((status = 200, body = Entry), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn edit(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
    Body(input): Body<NewText>,
) -> Result<Json<Entry>> {
    Ok(Json(room::edit(&app.core, who.user, room, seq, input.text).await?))
}

/// Delete a message: its words are erased, its place stays.
#[utoipa::path(delete, path = "/rooms/{room}/messages/{seq}", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
) -> Result<StatusCode> {
    let let_go = room::delete(&app.core, who.user, room, seq).await?;
    sweep(&app, let_go).await;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct History {
    history: Vec<Version>,
}

/// Every text that a message has had, oldest first, the present one last; the newest 200 of them. One alone where it was never edited, or
/// where the server keeps no history.
#[utoipa::path(get, path = "/rooms/{room}/messages/{seq}/history", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path)),
    responses((status = 200, body = History), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn history(
    State(app): State<App>,
    who: Who,
    Path((room, seq)): Path<(RoomId, Seq)>,
) -> Result<Json<History>> {
    Ok(Json(History { history: room::versions(&app.core, who.user, room, seq).await? }))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Link {
    /// As it stands in the preview.
    url: String,
}

/// Take away what one link of one's message shows.
#[utoipa::path(delete, path = "/rooms/{room}/messages/{seq}/previews", tag = "messages",
    params(("room" = RoomId, Path), ("seq" = Seq, Path), Link),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn close_preview(
    State(app): State<App>,
    Acting(who): Acting,
    Path((room, seq)): Path<(RoomId, Seq)>,
    Query(link): Query<Link>,
) -> Result<StatusCode> {
    let let_go = room::close_preview(&app.core, who.user, room, seq, link.url).await?;
    sweep(&app, let_go).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Who deletes the last message that holds a file deletes the file.
async fn sweep(app: &App, let_go: LetGo) {
    if let_go.0 {
        files::sweep::tidy(app).await;
    }
}
