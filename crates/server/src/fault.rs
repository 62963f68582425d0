//! Why a request was not done, and the problem document (RFC 9457) that says so.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::view::Problem;
use protocol::{Code, Refusal};

/// A request that was not done. Nothing was changed.
#[derive(Clone, Debug)]
pub enum Fault {
    /// By our own rules.
    Refused(Refusal),
    /// The database failed; the reason goes to the log, never to the client.
    Store(store::Error),
}

pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// The type of a problem document.
pub const PROBLEM: &str = "application/problem+json";

/// The only version of tus, the protocol of interrupted uploads, that is spoken.
pub const TUS: HeaderValue = HeaderValue::from_static("1.0.0");

impl Fault {
    /// What the client may know.
    pub fn refusal(&self) -> Refusal {
        match self {
            Fault::Refused(refusal) => refusal.clone(),
            Fault::Store(store::Error::Busy) => Refusal {
                retry_after_ms: Some(1_000),
                ..Refusal::new(Code::Busy, "Many are writing at once. Try again in a moment.")
            },
            Fault::Store(store::Error::Full) => {
                Refusal::new(Code::StorageFull, "The disk is full. Nothing was written.")
            }
            // Two wrote the same thing at once and the other was first.
            Fault::Store(store::Error::Conflict) => Refusal::new(Code::Taken, "Somebody else was quicker."),
            Fault::Store(store::Error::Unavailable(_)) => Refusal {
                retry_after_ms: Some(1_000),
                ..Refusal::new(Code::Unavailable, "The database does not answer. Try again in a moment.")
            },
            Fault::Store(store::Error::Other(_)) => {
                Refusal::new(Code::Internal, "Something went wrong here. The log of the server says more.")
            }
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refused(refusal)
    }
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Fault {
        Fault::Store(error)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Refused(refusal) => refusal.fmt(f),
            Fault::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

impl IntoResponse for Fault {
    /// The document itself is written by [`document`], which knows the request's id.
    fn into_response(self) -> Response {
        if let Fault::Store(error) = &self {
            match error {
                store::Error::Busy | store::Error::Conflict => tracing::debug!(%error, "the database refused"),
                _ => tracing::error!(%error, "the database failed"),
            }
        }
        let refusal = self.refusal();
        let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(refusal);
        response
    }
}

/// Writes the problem document of a response that was refused.
pub fn document(response: Response, request_id: &str) -> Response {
    let Some(refusal) = response.extensions().get::<Refusal>().cloned() else {
        return response;
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
    if let Some(wait) = refusal.retry_after_ms {
        // Whole seconds, rounded up: a client that obeys is not refused again for being a moment early.
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.div_ceil(1_000)));
    }
    // What these statuses owe (RFC 9110, 15.5.2; tus 1.0.0).
    match refusal.code {
        Code::Unauthenticated => {
            parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Code::UnknownVersion => {
            parts.headers.insert("tus-version", TUS);
        }
        _ => {}
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(problem(refusal, request_id)))
}

/// The document's text.
pub fn problem(refusal: Refusal, request_id: &str) -> Vec<u8> {
    let problem = Problem {
        r#type: "about:blank".to_owned(),
        title: refusal.code.title().to_owned(),
        status: refusal.code.status(),
        code: refusal.code,
        detail: refusal.detail,
        field: refusal.field.map(str::to_owned),
        request_id: request_id.to_owned(),
    };
    serde_json::to_vec(&problem).unwrap_or_default()
}
