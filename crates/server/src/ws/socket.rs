//! A WebSocket as the rest of the program sees it: the only file that knows which library speaks the protocol.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::SinkExt;
use protocol::Close;
use std::collections::VecDeque;
use std::time::Duration;
use tungstenite::error::{CapacityError, Error};

/// The library's defaults take 132 KiB a connection. What is read is short; what is written is joined up to here
/// before it goes out.
const READ_BUFFER: usize = 1 << 10;
const WRITE_BUFFER: usize = 4 << 10;
/// A close frame that a peer does not take within this is given up.
const CLOSING: Duration = Duration::from_secs(1);

pub struct Socket {
    inner: WebSocket,
    /// What the peer sent cannot be read on.
    broken: bool,
}

/// What came in.
pub enum Heard {
    Text(Utf8Bytes),
    /// A ping or a pong: somebody is there.
    Life,
    /// The peer broke a rule; it is to be told so.
    Wrong(Close),
    /// The peer went.
    End,
}

/// Upgrades and hands the socket over.
pub fn accept<F, Fut>(upgrade: WebSocketUpgrade, largest: usize, then: F) -> Response
where
    F: FnOnce(Socket) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        // Only what one flush has not got out: beyond it, writing waits, and the queue's own bound holds.
        .max_write_buffer_size(largest.max(WRITE_BUFFER) * 8)
        .max_message_size(largest)
        .max_frame_size(largest)
        .on_upgrade(move |inner| then(Socket { inner, broken: false }))
}

impl Socket {
    pub async fn hear(&mut self) -> Heard {
        match self.inner.recv().await {
            Some(Ok(Message::Text(text))) => Heard::Text(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Life,
            // Frames are text; anything else is a client that speaks another protocol.
            Some(Ok(Message::Binary(_))) => Heard::Wrong(Close::NotText),
            Some(Ok(Message::Close(_))) | None => Heard::End,
            Some(Err(error)) => self.failed(error),
        }
    }

    fn failed(&mut self, error: axum::Error) -> Heard {
        self.broken = true;
        match error.into_inner().downcast::<Error>().map(|error| *error) {
            Ok(Error::Capacity(CapacityError::MessageTooLong { .. })) => Heard::Wrong(Close::TooLarge),
            Ok(Error::Utf8(_)) => Heard::Wrong(Close::NotText),
            Ok(Error::Protocol(_)) => Heard::Wrong(Close::Protocol),
            _ => Heard::End,
        }
    }

    /// Writes all of it, joined into as few writes as fit, and empties the list as it goes.
    ///
    /// # Errors
    /// The peer is gone.
    pub async fn write(&mut self, frames: &mut VecDeque<Utf8Bytes>) -> Result<(), axum::Error> {
        while let Some(frame) = frames.pop_front() {
            self.inner.feed(Message::Text(frame)).await?;
        }
        self.inner.flush().await
    }

    /// Asks whether somebody is there.
    ///
    /// # Errors
    /// The peer is gone.
    pub async fn ping(&mut self) -> Result<(), axum::Error> {
        self.inner.send(Message::Ping(Vec::new().into())).await
    }

    /// Says why, and ends it.
    pub async fn close(mut self, why: Close, reason: &str) {
        let frame = CloseFrame { code: why.code(), reason: reason.into() };
        let goodbye = async {
            self.inner.send(Message::Close(Some(frame))).await.ok()?;
            // Until the peer has answered: cutting at once could lose the frame on its way.
            while let Some(Ok(_)) = self.inner.recv().await {}
            if self.broken {
                // Bytes that nobody reads would make the kernel reset the connection, and the frame be lost.
                tokio::time::sleep(CLOSING).await;
            }
            Some(())
        };
        let _ = tokio::time::timeout(CLOSING, goodbye).await;
    }
}
