//! A site of somebody else, on this machine: pages that links lead to, and what was asked of it.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

pub struct Site {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    came: Arc<Notify>,
    /// Paths below `/slow` are answered while this is so.
    pub open: watch::Sender<bool>,
    /// Bytes that were written to whoever asked for `/endless`.
    pub poured: Arc<Mutex<usize>>,
}

impl Site {
    pub async fn start() -> Site {
        Site::on("127.0.0.1").await
    }

    pub async fn on(ip: &str) -> Site {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let site = Site {
            port,
            heard: Arc::default(),
            came: Arc::default(),
            open: watch::Sender::new(false),
            poured: Arc::default(),
        };
        let (heard, came, open, poured) =
            (Arc::clone(&site.heard), Arc::clone(&site.came), site.open.subscribe(), Arc::clone(&site.poured));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (heard, came, mut open, poured) =
                    (Arc::clone(&heard), Arc::clone(&came), open.clone(), Arc::clone(&poured));
                tokio::spawn(async move {
                    let path = asked(&mut stream).await;
                    heard.lock().unwrap().push(path.clone());
                    came.notify_waiters();
                    if path.starts_with("/slow") {
                        let _ = open.wait_for(|open| *open).await;
                    }
                    if path == "/endless" {
                        return pour(&mut stream, &poured).await;
                    }
                    let _ = stream.write_all(&answer(&path)).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        site
    }

    pub fn url(&self, path: &str) -> String {
        self.at("127.0.0.1", path)
    }

    pub fn at(&self, ip: &str, path: &str) -> String {
        format!("http://{ip}:{}{path}", self.port)
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn times(&self, path: &str) -> usize {
        self.heard().iter().filter(|heard| *heard == path).count()
    }

    /// Waits until that path was asked for so many times.
    pub async fn asked(&self, path: &str, times: usize) {
        loop {
            let came = self.came.notified();
            if self.times(path) >= times {
                return;
            }
            tokio::time::timeout(crate::support::PATIENCE, came).await.expect("it is asked for in time");
        }
    }
}

async fn asked(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
    String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned()
}

/// A page that never ends.
async fn pour(stream: &mut TcpStream, poured: &Mutex<usize>) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>Endless</title>";
    let mut next = head.as_bytes().to_vec();
    while stream.write_all(&next).await.is_ok() {
        *poured.lock().unwrap() += next.len();
        next = b"<meta name=x content=y>".repeat(1_000);
    }
}

/// What a path is: `/to?URL` leads elsewhere, `/show?URL` is a page with that picture, `/picture-N` is one, `/nothing`
/// says nothing; all else is a page whose title is its path.
fn answer(path: &str) -> Vec<u8> {
    let (name, query) = path.split_once('?').unwrap_or((path, ""));
    let whole = |kind: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    };
    let page = |title: &str, image: &str| {
        let meta = |name: &str, value: &str| format!("<meta property='og:{name}' content='{value}'>");
        let (title, text) = (meta("title", title), meta("description", "What it is about"));
        let image = if image.is_empty() { String::new() } else { meta("image", image) + &meta("image:alt", "A shed") };
        whole(
            "text/html",
            format!("<!doctype html><head>{title}{text}{}{image}</head>", meta("site_name", "A site")).as_bytes(),
        )
    };
    match name {
        "/to" => format!("HTTP/1.1 302 Found\r\nlocation: {query}\r\ncontent-length: 0\r\n\r\n").into_bytes(),
        "/nothing" => whole("text/html", b"<p>"),
        "/show" => page("Shows", query),
        _ if name.contains("picture-") => {
            whole("image/png", &super::kit::png(200, 100, name.as_bytes()[name.len() - 1]))
        }
        _ => page(name, ""),
    }
}
