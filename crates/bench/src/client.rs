//! One person on one device: a WebSocket that says hello.

use crate::{Result, failed};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Ten thousand of them live in one process: the library's own 128 KiB each would be more than a gigabyte.
const BUFFER: usize = 2 << 10;

pub struct Client {
    socket: WebSocketStream<TcpStream>,
    /// What the server greeted with.
    pub welcome: Value,
}

impl Client {
    /// Connects, says hello and waits to be greeted. `cursors` are rooms and the seq that is held of each.
    ///
    /// # Errors
    /// The server does not answer, or refuses.
    pub async fn connect(address: SocketAddr, token: &str, cursors: &[(i64, i64)]) -> Result<Client> {
        let stream = TcpStream::connect(address).await.map_err(failed("connect"))?;
        stream.set_nodelay(true).map_err(failed("nodelay"))?;
        let config =
            WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0).max_write_buffer_size(usize::MAX);
        let url = format!("ws://{address}/api/v1/live");
        let (socket, _) =
            client_async_with_config(url, stream, Some(config)).await.map_err(failed("the upgrade to a socket"))?;
        let mut client = Client { socket, welcome: Value::Null };
        client.say(&json!({"t": "hello", "v": 1, "token": token, "cursors": cursors})).await?;
        loop {
            let frame = client.hear().await?;
            if frame["t"] == "welcome" {
                client.welcome = frame;
                return Ok(client);
            }
        }
    }

    /// Who I am.
    pub fn me(&self) -> i64 {
        self.welcome["me"]["id"].as_i64().unwrap_or(0)
    }

    /// # Errors
    /// The connection broke.
    pub async fn say(&mut self, frame: &Value) -> Result<()> {
        self.socket.send(Message::text(frame.to_string())).await.map_err(failed("the socket"))
    }

    /// # Errors
    /// The connection broke.
    pub async fn send(&mut self, room: i64, client_id: &str, text: &str) -> Result<()> {
        self.say(&json!({"t": "send", "room": room, "client_id": client_id, "text": text})).await
    }

    /// The next frame. Pings are answered below.
    ///
    /// # Errors
    /// The connection broke or was closed.
    pub async fn hear(&mut self) -> Result<Value> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).map_err(failed("a frame")),
                Some(Ok(Message::Close(frame))) => return Err(format!("the server closed the socket: {frame:?}")),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(format!("the socket: {error}")),
                None => return Err("the socket ended".to_owned()),
            }
        }
    }

    /// Waits for the acknowledgement of a send and answers its seq. Other frames are passed to `beside`.
    ///
    /// # Errors
    /// It was refused, or the connection broke.
    pub async fn acked(&mut self, client_id: &str, mut beside: impl FnMut(Value)) -> Result<i64> {
        loop {
            let frame = self.hear().await?;
            match frame["t"].as_str() {
                Some("ack") if frame["client_id"] == client_id => return Ok(frame["seq"].as_i64().unwrap_or(0)),
                Some("refused") => return Err(format!("a send was refused: {frame}")),
                _ => beside(frame),
            }
        }
    }
}
