//! The loop of one connection: what comes in is done in its order, what the peer was too slow for goes out when it can.

use super::frames;
use super::socket::Socket;
use crate::app::App;
use crate::fault::Fault;
use crate::tail::{Conn, Flushed};
use crate::wire::{self, Frame, Heard};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use protocol::{Close, Code};
use std::sync::Arc;

/// Frames of one client that are being done at once; beyond it nothing more is read from that client.
const AT_ONCE: usize = 64;

/// When a client comes back that could not be greeted.
const AGAIN_MS: u64 = 1_000;

/// The way to everything that a client missed: see [`crate::follow::greet`].
pub type Greeting = BoxFuture<'static, Result<(), Fault>>;

/// Frames that are being done. Without memory of its own where there are none, which is nearly always.
#[derive(Default)]
struct Doing(Option<Box<FuturesUnordered<BoxFuture<'static, ()>>>>);

impl Doing {
    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |doing| doing.len())
    }

    fn push(&mut self, future: BoxFuture<'static, ()>) {
        self.0.get_or_insert_default().push(future);
    }

    /// Waits until one is done.
    async fn next(&mut self) {
        let Some(doing) = &mut self.0 else { return std::future::pending().await };
        doing.next().await;
        if doing.is_empty() {
            self.0 = None;
        }
    }
}

/// Serves a connection until it ends.
pub async fn run(app: &App, conn: &Arc<Conn>, mut greeting: Option<Greeting>, mut socket: Socket) {
    let mut doing = Doing::default();
    let mut blocked = false;
    loop {
        let mut ping = None;
        while doing.len() < AT_ONCE {
            match socket.hear() {
                Ok(None) => break,
                Ok(Some(Heard::Text(text))) => match frames::parse(&text) {
                    Ok(frame) => doing.push(Box::pin(frames::take(app.clone(), Arc::clone(conn), frame))),
                    Err(unreadable) => conn.tell(&unreadable.answer()),
                },
                Ok(Some(Heard::Ping(payload))) => match app.auth.rates.command(conn.user) {
                    Ok(()) => conn.push(wire::pong(&payload)),
                    // Who asks so often is told of the last that came (RFC 6455, 5.5.3).
                    Err(_) => ping = Some(payload),
                },
                Ok(Some(Heard::Pong)) => {}
                Ok(Some(Heard::Close(code))) => {
                    conn.close(Close::Normal);
                    conn.went();
                    return Box::pin(socket.answer_close(conn.remainder(), code)).await;
                }
                // Said at once: asked again, a socket that broke a rule only says that it has ended.
                Err(why) => {
                    conn.close(why);
                    conn.went();
                    return Box::pin(socket.close(conn.remainder(), why, why.reason())).await;
                }
            }
        }
        if let Some(payload) = ping {
            conn.push(wire::pong(&payload));
        }
        tokio::select! {
            () = conn.wake.notified() => match conn.flush() {
                Flushed::All => blocked = false,
                Flushed::Blocked => blocked = true,
                Flushed::Broken => return,
                Flushed::Closed(why, reason) => return Box::pin(end(conn, socket, why, &reason)).await,
            },
            turn = socket.turn(doing.len() < AT_ONCE, blocked) => {
                let Ok(turn) = turn else { return };
                if turn.came {
                    conn.heard();
                }
                if turn.takes {
                    conn.wake.notify_one();
                }
            }
            () = doing.next() => {}
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
        }
    }
}

/// Closed by us. A session that ends cuts what was on its way off in the middle: nothing more of it is written.
async fn end(conn: &Conn, socket: Socket, why: Close, reason: &str) {
    conn.went();
    let mut last = conn.remainder();
    match why {
        Close::SessionOver if !last.is_empty() => return,
        // Said in a frame too: not every client can read the reason of a close.
        Close::Restart => last.extend_from_slice(Frame::text(reason).bytes()),
        _ => {}
    }
    socket.close(last, why, reason).await;
}

/// The outcome of a greeting that may be over.
async fn if_any(greeting: &mut Option<Greeting>) -> Result<(), Fault> {
    match greeting {
        Some(greeting) => greeting.await,
        None => std::future::pending().await,
    }
}
