//! What is done around every request: its id, where it came from, the check for foreign sites, the problem
//! document, the security headers, one line in the log.

use crate::app::App;
use crate::auth::{Visitor, is_second, site};
use crate::fault::{Fault, document};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use protocol::{Code, Refusal};
use std::fmt::Write;
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::Instrument;

/// Strict: no inline script or style, nothing from elsewhere, no frame around us. `'self'` in connect-src is our
/// own socket as well.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types svelte-trusted-html parlour";

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), geolocation=(), microphone=(self), payment=(), usb=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

pub async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    // Ours, never the client's: what others write must not get into our log.
    let id = random_id();
    let (mut parts, body) = request.into_parts();
    let visitor = Visitor::of(&parts, &app.config);
    parts.extensions.insert(visitor.clone());
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let api = path.starts_with("/api/");
    let cors = api && site::is_allowed(&parts.headers, &app.config);
    let origin = parts.headers.get(header::ORIGIN).cloned().filter(|_| cors);
    let second = is_second(&visitor, &app.config);
    let host = host(&parts);
    let foreign = match api && site::writes(&method) {
        true => site::check(&parts.headers, &visitor, &app.config).err(),
        false => None,
    };
    let request = Request::from_parts(parts, body);

    let response = if let Err(refusal) = host {
        Fault::from(refusal).into_response()
    } else if cors && method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else if second && !path.starts_with("/api/v1/files/") {
        // Files are all that there is: no page, no other call, nothing that could be done there.
        Fault::from(Refusal::not_found()).into_response()
    } else if let Some(refusal) = foreign {
        Fault::from(refusal).into_response()
    } else {
        let span = tracing::info_span!("request", id);
        // A panic is a bug of ours: it must cost its own request only.
        AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span).await.unwrap_or_else(|_| {
            tracing::error!(id, %method, path, "a request panicked");
            Fault::from(Refusal::new(Code::Internal, "Something went wrong here.")).into_response()
        })
    };

    let response = if api { explained(response) } else { response };
    let mut response = document(response, &id);
    let headers = response.headers_mut();
    if second {
        // The page of the first origin shows what is here.
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    } else if let Some(origin) = &app.config.files_origin
        && let Ok(policy) = HeaderValue::try_from(with_second(origin))
    {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in ALWAYS {
        // What strangers made has a stricter policy of its own.
        headers.entry(name).or_insert(value);
    }
    if let Ok(id) = HeaderValue::try_from(&id) {
        headers.insert("x-request-id", id);
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if visitor.tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    allow_origin(headers, origin);
    let status = response.status();
    app.metrics.answered(status.as_u16());
    tracing::debug!(id, %method, path, status = status.as_u16(), ms = started.elapsed().as_millis(), "answered");
    response
}

/// One host, as RFC 9112 (3.2) has it: of two, a proxy may believe the one and we the other. HTTP/1.0 knows none.
fn host(parts: &Parts) -> Result<(), Refusal> {
    match parts.headers.get_all(header::HOST).iter().count() {
        0 if parts.version == Version::HTTP_11 => Err(Refusal::invalid("Host", "HTTP/1.1 names the host.")),
        0 | 1 => Ok(()),
        _ => Err(Refusal::invalid("Host", "One host, named once.")),
    }
}

/// The page's policy, where what people sent is shown from a second origin.
fn with_second(origin: &str) -> String {
    let with = |directive: &str| format!("{directive} {origin}");
    ["img-src 'self'", "media-src 'self'"].iter().fold(CSP.to_owned(), |csp, one| csp.replace(one, &with(one)))
}

/// What a library refused in its own words, such as a socket without its upgrade, becomes a problem as well.
fn explained(response: Response) -> Response {
    let status = response.status();
    let ours = response.extensions().get::<Refusal>().is_some();
    if ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let code = if status.is_client_error() { Code::Invalid } else { Code::Internal };
    Fault::from(Refusal::new(code, "This request does not fit.")).into_response()
}

/// CORS for the origins that the settings name. Never with credentials: their pages use Bearer tokens.
fn allow_origin(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    let Some(origin) = origin else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers
        .insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE"));
    let asked = "authorization, content-type, range, tus-resumable, upload-length, upload-metadata, upload-offset";
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(asked));
    let told = "content-range, location, retry-after, tus-resumable, upload-length, upload-offset, x-request-id";
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(told));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}

/// 16 letters that name one request, or one of whatever else needs a name.
pub fn random_id() -> String {
    let bytes = getrandom::u64().unwrap_or_default();
    let mut text = String::with_capacity(16);
    let _ = write!(text, "{bytes:016x}");
    text
}
