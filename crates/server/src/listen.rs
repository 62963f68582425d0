//! Accepts connections and serves them, until told to stop.

use crate::admin;
use crate::app::App;
use crate::auth::address::Peer;
use crate::config::Config;
use crate::fault::{PROBLEM, problem};
use crate::ws::Stream;
use crate::{files, http, readers, ws};
use axum::Router;
use axum::http::StatusCode;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use protocol::{Code, Refusal};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Service;

/// How long requests that are under way may take after the stop.
const GRACE: Duration = Duration::from_secs(5);
/// When sockets shall come back.
const COME_BACK_MS: u64 = 1_000;
const MINUTE: Duration = Duration::from_secs(60);

/// Opens the database and serves on `listener` until `shutdown` is ready. Tests bind port 0.
///
/// # Errors
/// A text for people: the database cannot be opened.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), String> {
    let app = App::open(config).await?;
    run(app, listener, shutdown).await
}

/// Serves until `shutdown` is ready, then stops with grace: sockets are told when to come back, requests that are
/// under way are answered, what waits is written.
///
/// # Errors
/// A text for people: another address that the settings name cannot be listened on.
pub async fn run(app: App, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> Result<(), String> {
    let router = http::router(app.clone(), axum::routing::get(ws::live));
    let (stop, stopped) = watch::channel(false);
    let mut beside = JoinSet::new();
    if let Some(address) = app.config.metrics_listen {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("metrics-listen: {address} cannot be listened on: {error}"))?;
        let router = http::metrics_router(app.clone());
        beside.spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
    }
    beside.spawn(admin::listen(app.clone()));
    beside.spawn(sweep(app.clone()));
    beside.spawn(sweep_files(app.clone()));
    let readers = tokio::spawn(readers::run(app.clone(), stopped.clone()));
    let background = app.core.background();

    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(app.clone(), router.clone(), stream, peer, stopped.clone()));
                }
                // The peer went before we came.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
                // Out of file descriptors: those that are open go on, and a moment later some may be free.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            // Takes what has ended out of the set.
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }

    drop(listener);
    app.stopping.store(true, Relaxed);
    app.core.hub.stop(COME_BACK_MS);
    stop.send_replace(true);
    let all = async {
        while connections.join_next().await.is_some() {}
        // Sockets are tasks of their own since their upgrade; each still says goodbye.
        while app.core.hub.connections() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::info!("some connections did not end in time and were cut");
    }
    connections.abort_all();
    beside.abort_all();
    let keeping = readers.abort_handle();
    if tokio::time::timeout(GRACE, readers).await.is_err() {
        keeping.abort();
    }
    for task in background {
        task.abort();
    }
    if let Err(error) = app.auth.sessions.write_seen(&app.store).await {
        tracing::warn!(%error, "when sessions were last used could not be written");
    }
    app.core.close().await;
    admin::remove(&app.config);
    Ok(())
}

/// Serves one connection: HTTP/1.1, or a WebSocket after its upgrade.
async fn connection(app: App, router: Router, stream: TcpStream, peer: SocketAddr, mut stopped: watch::Receiver<bool>) {
    // Frames are small and written whole: waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    app.metrics.connections.fetch_add(1, Relaxed);
    let stream = Stream::new(stream);
    let (kept, serving) = (stream.clone(), stream.clone());
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        serving.asked();
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Slow headers: the slot is freed. It counts while a kept connection rests, too.
        .header_read_timeout(Duration::from_millis(app.config.limits.header_ms))
        // hyper's smallest: more than that is 431.
        .max_buf_size(16 << 10)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection broke");
        if let Some(refusal) = unread(&error, &kept) {
            kept.last(&spoken(refusal)).await;
        }
    }
    app.metrics.connections.fetch_sub(1, Relaxed);
}

/// Why a request was not even read, where hyper leaves it to us to say so: to the first request of a connection, or
/// to any that is too slow. To a later one that it cannot read it has answered by itself, without a document.
fn unread(error: &hyper::Error, stream: &Stream) -> Option<Refusal> {
    if error.is_timeout() {
        return stream
            .is_waiting()
            .then(|| Refusal::new(Code::Timeout, "The head of the request did not arrive in time."));
    }
    if !(error.is_parse() && stream.is_silent()) {
        return None;
    }
    Some(match error.is_parse_too_large() {
        true => Refusal::new(Code::HeadTooLarge, "The address and the headers can have 16 KiB in all."),
        false => Refusal::new(Code::Invalid, "This is no request of HTTP/1.1."),
    })
}

/// An answer outside of hyper, with all that ours have.
fn spoken(refusal: Refusal) -> Vec<u8> {
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let id = http::random_id();
    let document = problem(refusal, &id);
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {PROBLEM}\r\ncontent-length: {}\r\nx-request-id: {id}\r\n\
         x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\r\n",
        document.len()
    );
    [head.into_bytes(), document].concat()
}

/// Waits for the stop; lets go of the channel's lock before anything else is awaited.
async fn stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// What is done each minute.
async fn sweep(app: App) {
    loop {
        tokio::time::sleep(MINUTE).await;
        app.auth.rates.sweep();
        if let Err(error) = app.auth.sessions.write_seen(&app.store).await {
            tracing::warn!(%error, "when sessions were last used could not be written");
        }
    }
}

/// Files that nothing holds go each minute; what a crash left, each hour and soon after the start.
async fn sweep_files(app: App) {
    for minute in 0_u64.. {
        let swept = match minute % 60 {
            0 => files::sweep::all(&app).await.map(drop),
            _ => files::sweep::loose(&app).await.map(drop),
        };
        if let Err(fault) = swept {
            tracing::warn!(%fault, "files could not be swept; it is tried again");
        }
        tokio::time::sleep(MINUTE).await;
    }
}
