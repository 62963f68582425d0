//! `uploads`: a file in pieces, so that a broken line costs nothing. The tus protocol 1.0.0
//! (<https://tus.io/protocols/resumable-upload>) with creation, creation-with-upload and termination.

use super::Path;
use crate::app::App;
use crate::auth::{Acting, Who};
use crate::fault::{Fault, Result, TUS};
use crate::files::{self, Begin, Ended, Finished, Piece};
use crate::http::extract::{drain, parse};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use protocol::file::Hints;
use protocol::view::{Problem, Upload};
use protocol::{Code, Refusal, UserId};
use std::time::Duration;

pub const VERSION: &str = "tus-resumable";
const OFFSET: &str = "upload-offset";
const LENGTH: &str = "upload-length";
const METADATA: &str = "upload-metadata";
/// Of a piece.
const TYPE: &str = "application/offset+octet-stream";

/// What this door can do, for clients that ask before they begin.
pub async fn options(State(app): State<App>) -> Response {
    let mut response = answer(StatusCode::NO_CONTENT, None);
    let headers = response.headers_mut();
    headers.insert("tus-version", TUS);
    headers.insert("tus-extension", HeaderValue::from_static("creation,creation-with-upload,termination"));
    headers.insert("tus-max-size", HeaderValue::from(app.config.limits.upload));
    response
}

/// Announces a file. What follows in the same request is its first piece.
pub(super) async fn begin(app: App, owner: UserId, request: Request) -> Result<Response> {
    version(request.headers())?;
    let size = number(request.headers(), LENGTH)?;
    let most = app.config.limits.upload;
    if size > most {
        drain(request.into_body());
        let refusal = Refusal::invalid("file", format!("A file can have {} MB.", most >> 20));
        return Err(Refusal { code: Code::TooLarge, ..refusal }.into());
    }
    files::check_quota(&app, owner, size).await?;
    let line = request.headers().get(METADATA).map_or(Ok(""), |value| value.to_str());
    let line = line.map_err(|_| Refusal::invalid(METADATA, "Pairs of a key and a value in base64."))?;
    let (name, hinted) = metadata(line, app.config.limits.settings)?;
    let hints = match hinted.as_str() {
        "" => Hints::default(),
        json => parse(json.as_bytes(), app.config.limits.json_depth)
            .map_err(|refusal| Refusal { field: Some("hints"), ..refusal })?,
    };
    let upload = app.files.staging.begin(Begin { owner, name, size, hints, hinted }).await?;
    let location = HeaderValue::try_from(format!("/api/v1/uploads/{}", upload.id));
    let mut response = if request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == TYPE) || size == 0 {
        match take(app.clone(), upload.id.clone(), owner, 0, request).await {
            Ok(offset) => answer(StatusCode::CREATED, Some(offset)),
            Err(fault) => {
                // A refusal names no place to go on at: what came would rest there, and count, until it is swept.
                app.files.staging.forget(&upload.id).await;
                return Err(fault);
            }
        }
    } else {
        answer(StatusCode::CREATED, None)
    };
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// The next piece. The last one is answered when the file is checked and kept.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "files", params(("id" = String, Path)),
    request_body(content_type = "application/offset+octet-stream", content = Vec<u8>),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn append(State(app): State<App>, who: Who, Path(id): Path<String>, request: Request) -> Result<Response> {
    version(request.headers())?;
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != TYPE) {
        return Err(Refusal::new(Code::UnsupportedMediaType, format!("A piece of a file is {TYPE}.")).into());
    }
    let offset = number(request.headers(), OFFSET)?;
    let offset = take(app, id, who.user, offset, request).await?;
    Ok(answer(StatusCode::NO_CONTENT, Some(offset)))
}

/// Takes a piece, and makes a file of the upload when it was the last. Answers where the next one begins.
async fn take(app: App, id: String, owner: UserId, at: u64, request: Request) -> Result<u64> {
    let mut piece = app.files.staging.take(&id, owner).await?;
    if piece.offset != at {
        drain(request.into_body());
        let detail = format!("The next piece begins at {}.", piece.offset);
        return Err(Refusal::new(Code::WrongOffset, detail).into());
    }
    // A task of its own: what came before a line broke is kept, whoever waits for the answer.
    let taking = tokio::spawn(async move {
        let idle = Duration::from_millis(app.config.limits.upload_idle_ms);
        if piece.upload.file.is_none() && !piece.is_whole() {
            match piece.append(request.into_body(), idle).await {
                Ok(Ended::Whole(_) | Ended::Broke(_)) => {}
                Err(fault) => {
                    // A piece that is longer than it may be is refused, and the rest stays. Where the disk is full, nobody can go on.
                    if fault.refusal().code != Code::TooLarge {
                        app.files.staging.forget(&id).await;
                    }
                    return Err(fault);
                }
            }
        }
        if piece.upload.file.is_none() && piece.is_whole() {
            finish(&app, &mut piece, &id).await?;
        }
        Ok(piece.offset)
    });
    taking.await.unwrap_or_else(|error| Err(Fault::Store(store::Error::Other(error.to_string()))))
}

async fn finish(app: &App, piece: &mut Piece, id: &str) -> Result<()> {
    if piece.upload.size == 0 {
        // No byte came that could have made it.
        tokio::fs::write(&piece.part, b"").await.map_err(|error| Fault::from(blobs::Error::from(error)))?;
    }
    let done = Finished::of(piece).await?;
    match files::finish(app, done).await {
        Ok(row) => app.files.staging.done(piece, row.info).await,
        Err(fault) => {
            // What passes by itself is tried again by the client, with an empty piece; what was refused is gone.
            if matches!(fault.refusal().code, Code::Busy | Code::Unavailable | Code::Internal) {
                piece.sum_anew();
            } else {
                app.files.staging.forget(id).await;
            }
            Err(fault)
        }
    }
}

/// Where the next piece begins; with `GET` also what became of the file.
#[utoipa::path(get, path = "/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 200, body = Upload), (status = 404, body = Problem)))]
pub async fn show(State(app): State<App>, who: Who, Path(id): Path<String>) -> Result<Response> {
    let (upload, offset) = app.files.staging.find(&id, who.user)?;
    let view = Upload {
        id,
        offset: i64::try_from(offset).unwrap_or(i64::MAX),
        size: i64::try_from(upload.size).unwrap_or(i64::MAX),
        file: upload.file,
    };
    let mut response = Json(view).into_response();
    let headers = response.headers_mut();
    headers.insert(VERSION, TUS);
    headers.insert(OFFSET, HeaderValue::from(offset));
    headers.insert(LENGTH, HeaderValue::from(upload.size));
    Ok(response)
}

/// Give up a file that is on its way.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(State(app): State<App>, Acting(who): Acting, Path(id): Path<String>) -> Result<Response> {
    // Whoever still sends it loses the turn, then the upload.
    let piece = app.files.staging.take(&id, who.user).await?;
    app.files.staging.forget(&id).await;
    drop(piece);
    Ok(answer(StatusCode::NO_CONTENT, None))
}

fn answer(status: StatusCode, offset: Option<u64>) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert(VERSION, TUS);
    if let Some(offset) = offset {
        response.headers_mut().insert(OFFSET, HeaderValue::from(offset));
    }
    response
}

fn version(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(VERSION) {
        Some(version) if version == TUS => Ok(()),
        _ => Err(Refusal::new(Code::UnknownVersion, "This server speaks tus 1.0.0: say so in Tus-Resumable.")),
    }
}

fn number(headers: &HeaderMap, name: &'static str) -> Result<u64, Refusal> {
    let value = headers.get(HeaderName::from_static(name)).and_then(|value| value.to_str().ok());
    let digits = value.filter(|value| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| Refusal::invalid(name, "A number of bytes."))
}

/// The name and the hints, which have `most` bytes: pairs of a key and a value in base64, with commas between.
pub(super) fn metadata(line: &str, most: usize) -> Result<(String, String), Refusal> {
    let (mut name, mut hints) = (String::new(), String::new());
    for pair in line.split(',') {
        let (key, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        let wrong =
            || Refusal::invalid(METADATA, format!("The value of {} is not base64 of UTF-8.", key.escape_debug()));
        let text = || String::from_utf8(STANDARD.decode(value.trim()).map_err(|_| wrong())?).map_err(|_| wrong());
        match key {
            // `name` is what other clients call it.
            "filename" | "name" => name = text()?,
            "hints" => hints = text()?,
            _ => {}
        }
    }
    if hints.len() > most {
        return Err(Refusal::invalid("hints", "This is too long."));
    }
    Ok((name, hints))
}
