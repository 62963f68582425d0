//! HTTP/1.1 over one kept connection: enough to ask our own server, with nothing between us and the clock.

use crate::{Result, failed};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Http {
    stream: TcpStream,
    token: String,
    buffer: Vec<u8>,
}

impl Http {
    /// # Errors
    /// Nobody listens there.
    pub async fn open(address: SocketAddr, token: &str) -> Result<Http> {
        let stream = TcpStream::connect(address).await.map_err(failed("connect"))?;
        stream.set_nodelay(true).map_err(failed("nodelay"))?;
        Ok(Http { stream, token: token.to_owned(), buffer: Vec::new() })
    }

    /// # Errors
    /// The connection broke, or the answer is not 2xx.
    pub async fn get(&mut self, path: &str) -> Result<Value> {
        self.ask("GET", path, None).await
    }

    /// # Errors
    /// As [`Http::get`].
    pub async fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let (status, body) = self.raw(method, path, body).await?;
        let text = String::from_utf8_lossy(&body);
        if !(200..300).contains(&status) {
            return Err(format!("{method} {path}: {status} {text}"));
        }
        if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body).map_err(failed(path)) }
    }

    /// The status and the body, unread.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn raw(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Vec<u8>)> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n");
        if !self.token.is_empty() {
            request.push_str(&format!("authorization: Bearer {}\r\n", self.token));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        if !body.is_empty() {
            request.push_str("content-type: application/json\r\n");
        }
        request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        self.stream.write_all(request.as_bytes()).await.map_err(failed(path))?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more(path).await?;
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        // 204 has none; our server names the length of everything else.
        let end = head + length.unwrap_or(0);
        while self.buffer.len() < end {
            self.more(path).await?;
        }
        Ok((status, self.buffer[head..end].to_vec()))
    }

    async fn more(&mut self, path: &str) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) => Err(format!("{path}: the server closed the connection")),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("{path}: {error}")),
        }
    }
}
