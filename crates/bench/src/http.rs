//! HTTP/1.1 over one kept connection: enough to ask our own server and Synapse, with nothing between us and the clock.

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

/// What came back.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header.
    pub fn field(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
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
        let body = body.map(Value::to_string).unwrap_or_default();
        let json = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        // In one packet: a server that waits for the rest of a request would be measured with it.
        let request = self.head(method, path, json, body.len() as u64) + &body;
        self.write(request.as_bytes()).await?;
        let answer = self.answer(path).await?;
        Ok((answer.status, answer.body))
    }

    /// Begins a request whose body of `length` bytes follows by [`Http::write`]. `headers` are lines, each with its
    /// line break.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn begin(&mut self, method: &str, path: &str, headers: &str, length: u64) -> Result<()> {
        let head = self.head(method, path, headers, length);
        self.write(head.as_bytes()).await
    }

    /// # Errors
    /// The connection broke.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await.map_err(failed("the connection"))
    }

    /// What is answered to the request that was sent.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn answer(&mut self, path: &str) -> Result<Answer> {
        let mut body = Vec::new();
        let (status, head) = self.hear(path, |piece| body.extend_from_slice(piece)).await?;
        Ok(Answer { status, head, body })
    }

    /// The same with the body in pieces, as they come. Answers the status and the head.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn hear(&mut self, path: &str, mut take: impl FnMut(&[u8])) -> Result<(u16, String)> {
        self.buffer.clear();
        let head = self.until(b"\r\n\r\n", path).await?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        if field(&head, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            // Synapse does not know the length before: pieces, each under its own, until an empty one.
            loop {
                let length = self.until(b"\r\n", path).await?;
                let length = usize::from_str_radix(length.trim(), 16).map_err(failed(path))?;
                self.pass(length, path, &mut take).await?;
                self.until(b"\r\n", path).await?;
                if length == 0 {
                    return Ok((status, head));
                }
            }
        }
        // 204 has none; our server names the length of everything else.
        let length = field(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        self.pass(length, path, &mut take).await?;
        Ok((status, head))
    }

    /// What comes until this, and with it.
    async fn until(&mut self, mark: &[u8], path: &str) -> Result<String> {
        let end = loop {
            if let Some(at) = memchr::memmem::find(&self.buffer, mark) {
                break at + mark.len();
            }
            self.more(path).await?;
        };
        let text = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        self.buffer.drain(..end);
        Ok(text)
    }

    /// As many bytes of the body, in pieces.
    async fn pass(&mut self, mut left: usize, path: &str, take: &mut impl FnMut(&[u8])) -> Result<()> {
        while left > 0 {
            if self.buffer.is_empty() {
                self.more(path).await?;
            }
            let piece = self.buffer.len().min(left);
            take(&self.buffer[..piece]);
            self.buffer.drain(..piece);
            left -= piece;
        }
        Ok(())
    }

    fn head(&self, method: &str, path: &str, headers: &str, length: u64) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}");
        if !self.token.is_empty() {
            head.push_str(&format!("authorization: Bearer {}\r\n", self.token));
        }
        head.push_str(&format!("content-length: {length}\r\n\r\n"));
        head
    }

    async fn more(&mut self, path: &str) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) => Err(format!("{path}: the server closed the connection")),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("{path}: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    #[tokio::test]
    async fn a_body_is_read_with_its_length_and_in_chunks() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let (mut socket, _) = listener.accept()?;
            for answer in [
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":2}",
            ] {
                let _ = socket.read(&mut [0; 1024])?;
                socket.write_all(answer.as_bytes())?;
            }
            std::io::Result::Ok(())
        });
        let mut http = Http::open(address, "").await.expect("it listens");
        for expected in [1, 2] {
            assert_eq!(http.get("/").await.expect("an answer")["a"], expected);
        }
    }
}
