//! Servers, names and a client for tests.

use outbound::{Client, Options, Resolve, Resolving, Want};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const OUTSIDE: &str = "127.0.0.9";
pub const INSIDE: &str = "127.0.0.1";

pub const WANT: Want<'static> =
    Want { accept: "*/*", most_bytes: 64 * 1024, whole: false, deadline: Duration::from_secs(10), stop_at: None };

/// A server that remembers the head of each request.
pub struct Site {
    pub at: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Whoever connects is handed to `serve`, with the head that they sent.
    pub async fn with<F, Done>(ip: &str, serve: F) -> Site
    where
        F: Fn(String, TcpStream) -> Done + Send + Sync + 'static,
        Done: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&heard);
        let serve = Arc::new(serve);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (hears, serve) = (Arc::clone(&hears), Arc::clone(&serve));
                tokio::spawn(async move {
                    let head = head(&mut stream).await;
                    hears.lock().unwrap().push(head.clone());
                    // A client that has heard enough hangs up.
                    let _ = serve(head, stream).await;
                });
            }
        });
        Site { at, heard }
    }

    /// Answers by the path that is asked for.
    pub async fn new(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Site {
        Site::on(OUTSIDE, answer).await
    }

    pub async fn on(ip: &str, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Site {
        Site::with(ip, move |head, mut stream| {
            let bytes = answer(head.split(' ').nth(1).unwrap_or_default());
            async move {
                stream.write_all(&bytes).await?;
                stream.shutdown().await
            }
        })
        .await
    }

    /// One that stands inside.
    pub async fn secret() -> Site {
        Site::on(INSIDE, |_| page("text/plain", "secret")).await
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://site.test:{}{path}", self.at.port())
    }
}

pub async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

pub fn page(mime: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("200 OK", &format!("content-type: {mime}\r\n"), body)
}

pub fn moved(to: &str) -> Vec<u8> {
    answer("302 Found", &format!("location: {to}\r\n"), "")
}

pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Names and their addresses: for each lookup the next list, the last one for ever. Names of `.test` lead outside.
#[derive(Default)]
pub struct Names {
    lists: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    pub asked: Mutex<Vec<String>>,
}

impl Names {
    pub fn of(name: &str, lists: &[&[&str]]) -> Arc<Names> {
        let lists = lists.iter().map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
        let names = Names::default();
        names.lists.lock().unwrap().insert(name.to_owned(), lists);
        Arc::new(names)
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        self.asked.lock().unwrap().push(name.to_owned());
        let found = match self.lists.lock().unwrap().get_mut(name) {
            Some(lists) if lists.len() > 1 => lists.pop_front(),
            Some(lists) => lists.front().cloned(),
            None => name.trim_end_matches('.').ends_with(".test").then(|| vec![OUTSIDE.parse().unwrap()]),
        };
        Box::pin(async move { found.ok_or_else(|| io::Error::other("no such name")) })
    }
}

pub fn options() -> Options {
    Options {
        allow: vec![format!("{OUTSIDE}/32").parse().unwrap()],
        resolver: Arc::new(Names::default()),
        ..Options::default()
    }
}

pub fn client() -> Client {
    Client::new(options()).unwrap()
}

pub fn client_with(names: &Arc<Names>) -> Client {
    let resolver: Arc<dyn Resolve> = Arc::<Names>::clone(names);
    Client::new(Options { resolver, ..options() }).unwrap()
}
