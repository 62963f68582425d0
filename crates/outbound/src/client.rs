//! The client: one request on one connection, and redirects one by one.

mod body;
mod connect;
mod options;

pub use options::Options;

use crate::error::{Error, Misconfigured};
use crate::guard::Target;
use body::Limits;
use bytes::Bytes;
use connect::{Connector, Driver};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// Redirects that a GET follows.
pub const HOPS: usize = 5;

/// What is asked for and how much of it is taken.
#[derive(Clone, Copy, Debug)]
pub struct Want<'a> {
    /// The header `Accept`.
    pub accept: &'a str,
    /// Bytes of the body, counted before and after decompression.
    pub most_bytes: usize,
    /// A longer body is [`Error::TooLarge`] instead of cut.
    pub whole: bool,
    /// Time for everything: names, connections, redirects, the body.
    pub deadline: Duration,
    /// Whether what came so far is enough. Asked each time that the body has doubled, so that looking through all
    /// of it costs twice one look and no more.
    pub stop_at: Option<fn(&[u8]) -> bool>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// After all redirects, without a fragment.
    pub url: Url,
    pub status: u16,
    /// As the other side claims, in small letters.
    pub content_type: Option<String>,
    pub headers: HeaderMap,
    /// Decompressed.
    pub bytes: Vec<u8>,
    /// There was more, or may have been.
    pub truncated: bool,
}

/// A request of any method, to one address. Redirects are not followed, so whatever secret it bears goes there only.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub url: String,
    /// `Host`, `Accept`, `Connection` and what says how long the body is are the client's own.
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Cheap to clone. Keeps nothing between requests: no cookies, no connections, no TLS sessions.
#[derive(Clone)]
pub struct Client {
    connector: Arc<Connector>,
    user_agent: HeaderValue,
}

impl Client {
    /// # Errors
    /// The options do not fit.
    pub fn new(options: Options) -> Result<Client, Misconfigured> {
        let user_agent = HeaderValue::from_str(&options.user_agent).map_err(|_| Misconfigured::UserAgent)?;
        Ok(Client { connector: Arc::new(Connector::new(options)?), user_agent })
    }

    /// Gets what the URL leads to, over at most [`HOPS`] redirects, each judged like the first. One from
    /// https to http is followed too: nothing secret is sent that could be overheard.
    ///
    /// # Errors
    /// Any of [`Error`] but `Nothing`; a status other than 2xx is `Http`.
    pub async fn get(&self, url: &str, want: &Want<'_>) -> Result<Answer, Error> {
        self.open(url, want.accept, want.deadline).await?.read(want.most_bytes, want.whole, want.stop_at).await
    }

    /// As [`get`](Client::get), but only up to the head of the answer, for those who decide by it how much to read.
    /// The time goes on running.
    ///
    /// # Errors
    /// As `get`.
    pub async fn open(&self, url: &str, accept: &str, deadline: Duration) -> Result<Opened, Error> {
        let until = Instant::now() + deadline;
        timeout_at(until, self.follow(url, accept, until)).await.map_err(|_| Error::TooSlow)?
    }

    /// Sends one request. Its answer may have any status.
    ///
    /// # Errors
    /// Any of [`Error`] but `Http`, `TooManyHops` and `Nothing`.
    pub async fn request(&self, request: Request, want: &Want<'_>) -> Result<Answer, Error> {
        let until = Instant::now() + want.deadline;
        let Request { method, url, mut headers, body } = request;
        let sent = async {
            let target = self.connector.guard().parse(&url)?;
            headers.insert(header::ACCEPT, value(want.accept)?);
            self.send(&target, method, headers, body, until).await
        };
        let opened = timeout_at(until, sent).await.map_err(|_| Error::TooSlow)??;
        opened.read(want.most_bytes, want.whole, want.stop_at).await
    }

    async fn follow(&self, url: &str, accept: &str, until: Instant) -> Result<Opened, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value(accept)?);
        let mut seen = Vec::with_capacity(1);
        let mut target = self.connector.guard().parse(url)?;
        loop {
            let opened = self.send(&target, Method::GET, headers.clone(), Bytes::new(), until).await?;
            if opened.status.is_success() {
                return Ok(opened);
            }
            let next = self.next(&opened)?;
            seen.push(target);
            if seen.len() > HOPS || seen.contains(&next) {
                return Err(Error::TooManyHops);
            }
            target = next;
        }
    }

    /// Where a redirect leads; judged from the start, since it may lead anywhere.
    fn next(&self, opened: &Opened) -> Result<Target, Error> {
        let status = opened.status;
        let location = match status.as_u16() {
            301 | 302 | 303 | 307 | 308 => opened.headers.get(header::LOCATION),
            _ => None,
        };
        let location = location.ok_or(Error::Http(status.as_u16()))?;
        let location = std::str::from_utf8(location.as_bytes()).map_err(|_| Error::Broken)?;
        let next = opened.url.join(location).map_err(|_| Error::Broken)?;
        Ok(self.connector.guard().parse(next.as_str())?)
    }

    async fn send(
        &self,
        target: &Target,
        method: Method,
        mut headers: HeaderMap,
        body: Bytes,
        until: Instant,
    ) -> Result<Opened, Error> {
        for ours in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::TE, header::EXPECT, header::UPGRADE] {
            headers.remove(ours);
        }
        headers.entry(header::USER_AGENT).or_insert_with(|| self.user_agent.clone());
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, identity"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        headers.insert(header::HOST, value(host(target).as_str())?);
        let url = target.url();
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut request = hyper::Request::new(Full::new(body));
        *request.method_mut() = method;
        // What the standards of the web allow in a path and `http` does not is no loss.
        *request.uri_mut() = path.parse().map_err(|_| crate::Refusal::Unreadable)?;
        *request.headers_mut() = headers;

        let (mut sender, driver) = connect::handshake(self.connector.connect(target).await?).await?;
        let response = sender.send_request(request).await.map_err(|_| Error::Broken)?;
        let (head, body) = response.into_parts();
        Ok(Opened { url: url.clone(), status: head.status, headers: head.headers, body, until, _driver: driver })
    }
}

/// Says nothing of what is inside: a proxy's password is.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// The port is named where it is not the scheme's own.
fn host(target: &Target) -> String {
    match target.url().port() {
        Some(port) => format!("{}:{port}", target.host()),
        None => target.host().to_owned(),
    }
}

fn value(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| Error::Refused(crate::Refusal::Unreadable))
}

/// An answer of which the head has come. Dropping it ends the connection.
pub struct Opened {
    url: Url,
    status: StatusCode,
    headers: HeaderMap,
    body: Incoming,
    until: Instant,
    _driver: Driver,
}

impl Opened {
    /// After all redirects.
    pub fn url(&self) -> &Url {
        &self.url
    }

    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// As the other side claims, in small letters.
    pub fn content_type(&self) -> Option<String> {
        let value = self.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        Some(value.trim().to_ascii_lowercase()).filter(|value| !value.is_empty())
    }

    /// Reads the body; see [`Want`] for what each limit means.
    ///
    /// # Errors
    /// `TooSlow`, `TooLarge`, `Broken`.
    pub async fn read(
        self,
        most_bytes: usize,
        whole: bool,
        stop_at: Option<fn(&[u8]) -> bool>,
    ) -> Result<Answer, Error> {
        let content_type = self.content_type();
        let Opened { url, status, headers, body, until, _driver } = self;
        let limits = Limits { most_bytes, whole, stop_at };
        let read = timeout_at(until, body::read(body, &headers, limits)).await.map_err(|_| Error::TooSlow)?;
        let (bytes, truncated) = read?;
        Ok(Answer { url, status: status.as_u16(), content_type, headers, bytes, truncated })
    }
}
