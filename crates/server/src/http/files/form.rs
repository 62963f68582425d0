//! A file that comes whole, as browsers and curl send it: `multipart/form-data`.

use crate::app::App;
use crate::fault::{Fault, Result};
use crate::files::{self, Finished};
use crate::http::extract::parse;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::Field};
use axum::http::header;
use protocol::file::Hints;
use protocol::{Code, FileInfo, Refusal, UserId};
use std::time::Duration;

/// What a form may be larger than its file: its other fields and the lines between.
const AROUND: u64 = 64 << 10;

pub async fn take(app: App, owner: UserId, mut request: Request) -> Result<FileInfo> {
    let most = app.config.limits.upload;
    let too_large = || {
        let refusal = Refusal::invalid("file", format!("A file can have {} MB.", most >> 20));
        Fault::from(Refusal { code: Code::TooLarge, ..refusal })
    };
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > most + AROUND) {
        crate::http::extract::drain(request.into_body());
        return Err(too_large());
    }
    files::check_quota(&app, owner, length.unwrap_or(0).saturating_sub(AROUND)).await?;
    if !is_form(&request) {
        let detail = "A file is sent as multipart/form-data, or in pieces with the header Tus-Resumable.";
        return Err(Refusal::new(Code::UnsupportedMediaType, detail).into());
    }
    // Else axum's own limit for forms, 2 MB. Fields that nobody reads count too.
    DefaultBodyLimit::max(usize::try_from(most + AROUND).unwrap_or(usize::MAX)).apply(&mut request);
    // A task of its own: whatever becomes of the line, what lies on the disk is dealt with.
    let taking = tokio::spawn(async move {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let mut hints = Hints::default();
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            match field.name() {
                Some("hints") => hints = hinted(field, &app).await?,
                Some("file") => return one(&app, owner, field, hints, most).await,
                _ => {}
            }
        }
        Err(Refusal::invalid("file", "The form has no file.").into())
    });
    taking.await.unwrap_or_else(|error| Err(Fault::Store(store::Error::Other(error.to_string()))))
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
    while let Some(piece) = field.chunk().await.map_err(|_| broken())? {
        json.extend_from_slice(&piece);
        if json.len() > app.config.limits.settings {
            return Err(Refusal::invalid("hints", "This is too long.").into());
        }
    }
    let wrong = |refusal: Refusal| Refusal { field: Some("hints"), ..refusal };
    Ok(parse(&json, app.config.limits.json_depth).map_err(wrong)?)
}

async fn one(app: &App, owner: UserId, mut field: Field<'_>, hints: Hints, most: u64) -> Result<FileInfo> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let part = app.files.staging.scratch();
    let idle = Duration::from_millis(app.config.limits.upload_idle_ms);
    // The field borrows the form, and a body must own what it reads: the pieces go through a short channel.
    let (give, take) = tokio::sync::mpsc::channel(2);
    let body = Body::from_stream(futures_util::stream::unfold(take, |mut take| async move {
        take.recv().await.map(|piece| (piece, take))
    }));
    let feed = async move {
        loop {
            let piece = match field.chunk().await {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => return,
                Err(error) => Err(error),
            };
            let ends = piece.is_err();
            if give.send(piece).await.is_err() || ends {
                return;
            }
        }
    };
    let (taken, ()) = tokio::join!(files::whole(&part, most, body, idle), feed);
    let done = match taken {
        Ok((size, hash)) => files::finish(app, Finished { part: part.clone(), owner, name, size, hash, hints }).await,
        Err(fault) => Err(fault),
    };
    let _ = tokio::fs::remove_file(&part).await;
    Ok(done?.info)
}
