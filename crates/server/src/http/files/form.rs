//! A file that comes whole, as browsers and curl send it: `multipart/form-data`.

use crate::app::App;
use crate::fault::{Fault, Result};
use crate::files::{self, Finished};
use crate::http::extract::parse;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::Bytes;
use protocol::file::Hints;
use protocol::{Code, FileInfo, Refusal, UserId};
use std::convert::Infallible;
use std::time::Duration;

/// What a form may be larger than its file: its other fields and the lines between.
const AROUND: u64 = 64 << 10;

pub async fn take(app: App, owner: UserId, mut request: Request) -> Result<FileInfo> {
    let most = app.config.limits.upload;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > most + AROUND) {
        crate::http::extract::drain(request.into_body());
        return Err(too_large(&app));
    }
    files::check_quota(&app, owner, length.unwrap_or(0).saturating_sub(AROUND)).await?;
    if !is_form(&request) {
        let detail = "A file is sent as multipart/form-data, or in pieces with the header Tus-Resumable.";
        return Err(Refusal::new(Code::UnsupportedMediaType, detail).into());
    }
    // Of the whole form, so that no other field of it can go on for ever either.
    DefaultBodyLimit::max(usize::try_from(most + AROUND).unwrap_or(usize::MAX)).apply(&mut request);
    // A task of its own: whatever becomes of the line, what lies on the disk is dealt with.
    let taking = tokio::spawn(async move {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let mut hints = Hints::default();
        while let Some(field) = soon(&app, form.next_field()).await? {
            match field.name() {
                Some("hints") => hints = hinted(field, &app).await?,
                Some("file") => return one(&app, owner, field, hints).await,
                _ => {}
            }
        }
        Err(Refusal::invalid("file", "The form has no file.").into())
    });
    taking.await.unwrap_or_else(|error| Err(Fault::Store(store::Error::Other(error.to_string()))))
}

/// What comes next of a form, where it comes in time.
async fn soon<T>(app: &App, next: impl Future<Output = Result<T, MultipartError>>) -> Result<T> {
    match tokio::time::timeout(Duration::from_millis(app.config.limits.upload_idle_ms), next).await {
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large(app)),
        Ok(next) => next.map_err(|_| broken()),
        Err(_) => Err(Refusal::new(Code::Timeout, "The next bytes of the form did not arrive in time.").into()),
    }
}

fn too_large(app: &App) -> Fault {
    let refusal = Refusal::invalid("file", format!("A file can have {} MB.", app.config.limits.upload >> 20));
    Refusal { code: Code::TooLarge, ..refusal }.into()
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

fn broken() -> Fault {
    Refusal::invalid("file", "The form broke off, or is none.").into()
}

async fn hinted(mut field: Field<'_>, app: &App) -> Result<Hints> {
    let mut json = Vec::new();
    while let Some(piece) = soon(app, field.chunk()).await? {
        json.extend_from_slice(&piece);
        if json.len() > app.config.limits.settings {
            return Err(Refusal::invalid("hints", "This is too long.").into());
        }
    }
    let wrong = |refusal: Refusal| Refusal { field: Some("hints"), ..refusal };
    Ok(parse(&json, app.config.limits.json_depth).map_err(wrong)?)
}

async fn one(app: &App, owner: UserId, mut field: Field<'_>, hints: Hints) -> Result<FileInfo> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let part = app.files.staging.scratch();
    let limits = &app.config.limits;
    // The field borrows the form, and a body must own what it reads: the pieces go through a short channel.
    let (give, take) = tokio::sync::mpsc::channel(2);
    let body = Body::from_stream(futures_util::stream::unfold(take, |mut take| async move {
        take.recv().await.map(|piece| (Ok::<Bytes, Infallible>(piece), take))
    }));
    let feed = async move {
        while let Some(piece) = soon(app, field.chunk()).await? {
            // The writer is gone: it says why.
            if give.send(piece).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    // Of what comes late the other side is the judge.
    let whole = files::whole(&part, limits.upload, body, Duration::MAX);
    tokio::pin!(whole);
    let taken = tokio::select! {
        // Refused: nothing that still comes is waited for.
        taken = &mut whole => taken,
        // The writer ends before its file is used, or taken away.
        fed = feed => { let taken = whole.await; fed.and(taken) }
    };
    let done = match taken {
        Ok((size, hash)) => files::finish(app, Finished { part: part.clone(), owner, name, size, hash, hints }).await,
        Err(fault) => Err(fault),
    };
    // A form has nobody who goes on with it.
    let _ = tokio::fs::remove_file(&part).await;
    Ok(done?.info)
}
