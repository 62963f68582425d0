//! The loop of one connection: what waits goes out in one write, what comes in is done in its order.

use super::frames;
use super::socket::{Heard, Socket};
use crate::app::App;
use crate::follow;
use crate::tail::{Conn, Taken};
use axum::extract::ws::Utf8Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use protocol::frame::Hello;
use protocol::{Close, Code};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Frames of one client that are being done at once; beyond it nothing more is read from that client.
const AT_ONCE: usize = 64;
/// A peer that takes what it was sent so slowly is not waited for any longer once it was closed.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// When a client comes back that could not be greeted.
const AGAIN_MS: u64 = 1_000;

/// Serves a connection until it ends.
pub async fn run(app: &App, conn: &Arc<Conn>, hello: Hello, mut socket: Socket) {
    let limits = &app.core.limits;
    let mut greeting = Some(Box::pin(follow::greet(&app.core, conn, hello)));
    let mut doing: FuturesUnordered<BoxFuture<'static, ()>> = FuturesUnordered::new();
    let mut heard = Instant::now();
    let mut beat = tokio::time::interval(Duration::from_millis(limits.ping_ms));
    beat.tick().await;
    loop {
        tokio::select! {
            () = conn.wake.notified() => match conn.take() {
                Taken::Nothing => {}
                Taken::Frames(frames) => if !write(conn, &mut socket, frames).await {
                    return;
                }
                Taken::Close(why, reason) => {
                    conn.went();
                    if why == Close::Restart {
                        // Said in a frame too: not every client can read the reason of a close.
                        let mut last = VecDeque::from([reason.as_str().into()]);
                        let _ = tokio::time::timeout(LAST_WORDS, socket.write(&mut last)).await;
                    }
                    return socket.close(why, &reason).await;
                }
            },
            frame = socket.hear(), if doing.len() < AT_ONCE => {
                heard = Instant::now();
                match frame {
                    Heard::Text(text) => match frames::parse(&text) {
                        Ok(frame) => doing.push(Box::pin(frames::take(app.clone(), Arc::clone(conn), frame))),
                        Err(unreadable) => conn.tell(&unreadable.answer()),
                    },
                    Heard::Life => {}
                    // Said at once: asked again, a socket that broke a rule only says that it has ended.
                    Heard::Wrong(why) => {
                        conn.close(why);
                        conn.went();
                        return socket.close(why, why.reason()).await;
                    }
                    Heard::End => return,
                }
            }
            Some(()) = doing.next(), if !doing.is_empty() => {}
            greeted = if_any(&mut greeting) => {
                greeting = None;
                if let Err(fault) = greeted {
                    // Not greeted to the end: it comes back, and asks again.
                    match fault.refusal().code {
                        Code::Unauthenticated => conn.close(Close::SessionOver),
                        _ => conn.come_back(AGAIN_MS),
                    }
                }
            }
            _ = beat.tick() => {
                let silent = heard.elapsed() > Duration::from_millis(limits.dead_ms);
                if silent || tokio::time::timeout(LAST_WORDS, socket.ping()).await.is_err() {
                    conn.close(Close::Dead);
                }
            }
        }
    }
}

/// The outcome of a future that may not be there.
async fn if_any<T, F: Future<Output = T>>(future: &mut Option<Pin<Box<F>>>) -> T {
    match future {
        Some(future) => future.as_mut().await,
        None => std::future::pending().await,
    }
}

/// Writes what was taken. False where the connection is over. A session that ends cuts it off in the middle:
/// no frame's write begins after the answer to a logout.
async fn write(conn: &Conn, socket: &mut Socket, mut frames: VecDeque<Utf8Bytes>) -> bool {
    let writing = socket.write(&mut frames);
    tokio::pin!(writing);
    loop {
        tokio::select! {
            biased;
            result = &mut writing => {
                if result.is_err() {
                    return false;
                }
                break;
            }
            () = conn.wake.notified() => match conn.closing() {
                None => {}
                Some(Close::SessionOver) => return false,
                // It may still take what is on its way, and learn why it was closed.
                Some(_) => {
                    if !matches!(tokio::time::timeout(LAST_WORDS, &mut writing).await, Ok(Ok(()))) {
                        return false;
                    }
                    break;
                }
            },
        }
    }
    // The wake-ups that were heard above stand for something.
    conn.wake.notify_one();
    true
}
