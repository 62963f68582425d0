//! A real server on a port of its own, and people who speak to it.

use futures_util::{SinkExt, StreamExt};
use protocol::UserId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::Config;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longer than anything takes that goes well: a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The password of everybody.
pub const PASSWORD: &str = "correct horse";

/// Runs one test on each database: `both! { async fn name(db: Db) { … } }`.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block)+) => { $(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn test($db: crate::support::Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                test(crate::support::Db::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                test(crate::support::Db::postgres()).await;
            }
        }
    )+ };
}

/// Where a server keeps what it knows. It outlives the server: another can be started on it.
#[derive(Clone)]
pub struct Db {
    pub folder: Arc<TempDir>,
    postgres: Option<Arc<store::testing::Database>>,
}

impl Db {
    pub fn sqlite() -> Db {
        Db { folder: Arc::new(tempfile::tempdir().unwrap()), postgres: None }
    }

    pub fn postgres() -> Db {
        Db { postgres: Some(Arc::new(store::testing::database())), ..Db::sqlite() }
    }

    /// The PostgreSQL database, where it is one.
    pub fn database(&self) -> Option<&store::testing::Database> {
        self.postgres.as_deref()
    }

    pub fn config(&self) -> Config {
        let mut config = Config::in_folder(self.folder.path());
        config.database = self.postgres.as_ref().map(|database| database.url().to_owned());
        // The program beside this one: it decodes pictures.
        config.program = env!("CARGO_BIN_EXE_parlour").into();
        // Tests of rates switch them on.
        config.rates = false;
        config
    }
}

pub struct Server {
    pub db: Db,
    /// Behind its doors: for what no door shows.
    pub app: server::App,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), String>>,
}

impl Server {
    pub async fn start(db: Db) -> Server {
        Server::with(db, |_| {}).await
    }

    /// Starts one with other settings.
    pub async fn with(db: Db, change: impl FnOnce(&mut Config)) -> Server {
        let mut config = db.config();
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let app = server::App::open(config).await.unwrap();
        let task = tokio::spawn(server::run(app.clone(), listener, async move {
            let _ = stopped.await;
        }));
        let server = Server { db, app, address, stop, task };
        let ready = server.guest().get("/readyz").await;
        assert_eq!(ready.status, 200, "{}", ready.text);
        server
    }

    /// Stops it with grace; what it kept can be served again.
    pub async fn stop(self) -> Db {
        let _ = self.stop.send(());
        tokio::time::timeout(PATIENCE, self.task).await.expect("it stops in time").unwrap().unwrap();
        self.db
    }

    /// Somebody who is not logged in.
    pub fn guest(&self) -> Client {
        Client::at(self.address)
    }

    /// A new account. The first one owns the server.
    pub async fn person(&self, username: &str) -> Client {
        let mut client = self.guest();
        let answer = client.post("/api/v1/accounts", json!({"username": username, "password": PASSWORD})).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        client.take_login(&answer);
        client
    }

    /// Logs somebody in on another device.
    pub async fn login(&self, username: &str) -> Client {
        let mut client = self.guest();
        let answer = client.login(username, PASSWORD).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        client.take_login(&answer);
        client
    }
}

pub fn http() -> reqwest::Client {
    // The file store has reqwest built with TLS, of a provider that somebody must name.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Somebody with a device.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: SocketAddr,
    pub token: Option<String>,
    pub id: UserId,
    /// Sent with each request, beside the token.
    pub headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
    /// Null where it was no JSON.
    pub json: Value,
}

impl Answer {
    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The field that a problem names.
    pub fn field(&self) -> &str {
        self.json["field"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The value of a cookie that the answer sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
        let values = lines.filter_map(|line| line.split(';').next()?.split_once('='));
        values.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
    }

    /// A problem document of that status and code, which says what it must.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> &Answer {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["request_id"], self.header("x-request-id"));
        self
    }

    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }
}

impl Client {
    /// Somebody who knows where a server is.
    pub fn at(address: SocketAddr) -> Client {
        Client { http: http(), address, token: None, id: UserId(0), headers: Vec::new() }
    }

    pub fn take_login(&mut self, answer: &Answer) {
        self.token = Some(answer.json["token"].as_str().unwrap().to_owned());
        self.id = UserId(answer.json["user"]["id"].as_i64().unwrap());
    }

    /// The same person, who sends the cookie instead of the token.
    pub fn by_cookie(&self) -> Client {
        let mut client = self.clone();
        let token = client.token.take().unwrap();
        client.headers.push(("cookie", format!("parlour_session={token}")));
        client
    }

    pub fn saying(&self, name: &'static str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.push((name, value.to_owned()));
        client
    }

    pub async fn login(&self, username: &str, password: &str) -> Answer {
        self.post("/api/v1/sessions", json!({"username": username, "password": password})).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let bytes = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.raw(method, path, bytes).await
    }

    /// Any body of any type.
    pub async fn raw(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let mut request = self.http.request(method, format!("http://{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some((kind, bytes)) = body {
            if !kind.is_empty() {
                request = request.header("content-type", kind);
            }
            request = request.body(bytes);
        }
        let response = tokio::time::timeout(PATIENCE, request.send()).await.expect("an answer in time").unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, headers, text, bytes, json }
    }

    /// Makes an open room.
    pub async fn room(&self, name: &str) -> i64 {
        let room = self.post("/api/v1/rooms", json!({"name": name})).await.ok(201);
        room["id"].as_i64().unwrap()
    }

    /// A socket, before its hello.
    pub async fn socket(&self) -> Result<Live, StatusCode> {
        let mut request = format!("ws://{}/api/v1/live", self.address).into_client_request().unwrap();
        for (name, value) in &self.headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        if let Some(token) = &self.token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => Ok(Live { stream }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket that was welcomed.
    pub async fn live(&self) -> Live {
        let mut live = self.socket().await.unwrap();
        live.say(json!({"t": "hello", "v": 1})).await;
        live.hear("welcome").await;
        live
    }
}

/// An open socket.
pub struct Live {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Live {
    pub async fn say(&mut self, frame: Value) {
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame of that type; others are passed over.
    pub async fn hear(&mut self, kind: &str) -> Value {
        self.hear_where(kind, |_| true).await
    }

    /// The next frame of that type that fits.
    pub async fn hear_where(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            match self.next().await {
                Ok(frame) if frame["t"] == kind && fits(&frame) => return frame,
                Ok(_) => {}
                Err((code, reason)) => panic!("closed {code} {reason} while waiting for {kind}"),
            }
        }
    }

    /// How the socket is closed: code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    /// The next frame, or how the socket was closed.
    pub async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => return Err((frame.code.into(), frame.reason.to_string())),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err((1006, String::new())),
                Some(Ok(_)) => {}
            }
        }
    }
}
