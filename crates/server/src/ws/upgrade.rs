//! From a request to a socket (RFC 6455, section 4).

use super::socket::Socket;
use super::stream::Stream;
use crate::fault::Fault;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use protocol::{Code, Refusal};
use sha1::{Digest, Sha1};

/// Put behind the client's key, so that nobody answers who does not speak the protocol.
const PROTOCOL: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Answers that it is a socket from here on, and hands it over once it is.
///
/// # Errors
/// The request asks for none.
pub fn accept<F, Fut>(request: &mut Request, largest: usize, then: F) -> Result<Response, Fault>
where
    F: FnOnce(Socket) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let headers = request.headers();
    if !says(headers, header::CONNECTION, "upgrade") || !says(headers, header::UPGRADE, "websocket") {
        return Err(refused("Ask for an upgrade to a WebSocket."));
    }
    if !says(headers, header::SEC_WEBSOCKET_VERSION, "13") {
        return Err(refused("Version 13 of the WebSocket protocol is spoken."));
    }
    // The key is sixteen bytes in base64.
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
    let key = key.ok_or_else(|| refused("Sec-WebSocket-Key is missing, or is none."))?;
    let accepted = Sha1::new().chain_update(key.as_bytes()).chain_update(PROTOCOL);
    let accepted = HeaderValue::try_from(STANDARD.encode(accepted.finalize()));
    let accepted = accepted.map_err(|_| refused("Sec-WebSocket-Key is none."))?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let upgrade = upgrade.ok_or_else(|| refused("This connection cannot become a WebSocket."))?;
    tokio::spawn(async move {
        // The peer went before the answer was out.
        let Ok(upgraded) = upgrade.await else { return };
        let Ok(parts) = upgraded.downcast::<TokioIo<Stream>>() else { return };
        let (stream, early) = (parts.io.into_inner(), parts.read_buf);
        let socket = Socket::new(stream, &early, largest);
        // Eight kilobytes, else kept for as long as somebody is connected.
        drop(early);
        then(socket).await;
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
    Ok(response)
}

/// Whether a header that is a list of words has this one.
fn says(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|said| said.trim().eq_ignore_ascii_case(word))
}

fn refused(detail: &str) -> Fault {
    Refusal::new(Code::Invalid, detail).into()
}
