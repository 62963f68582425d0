//! `parlour serve`.

use super::say;
use crate::app::App;
use crate::config::Config;
use crate::{listen, logging};
use futures_util::FutureExt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub async fn serve(config: Config) -> Result<(), String> {
    logging::start(&config);
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let listener = TcpListener::bind(&config.listen)
        .await
        .map_err(|error| format!("{} cannot be listened on: {error}", config.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    if !config.rates {
        tracing::warn!("rates and socket caps are lifted: never run like this where strangers come");
    }
    // Hosts that give PORT forget the disk at each restart, unless they were told to keep one.
    let hosted = std::env::var_os("PORT").is_some_and(|port| !port.is_empty());
    if hosted && config.database.is_none() {
        tracing::warn!(data = %config.data.display(), "keep this folder on a lasting disk, or set DATABASE_URL");
    } else if hosted && config.files.is_empty() {
        tracing::warn!(data = %config.data.display(), "keep this folder on a lasting disk, or set PARLOUR_FILES");
    }
    let app = App::open(config).await?;
    welcome(&app, address).await;
    let shutdown = async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    };
    listen::run(app, listener, shutdown).await
}

/// What the person who started it wants to know.
async fn welcome(app: &App, address: SocketAddr) {
    let shown = match address.ip() {
        ip if ip.is_unspecified() => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port()),
        _ => address,
    };
    say(&format!("Parlour is open at http://{shown}"));
    let owned = app.store.read(|tx| store::users::has_owner(tx).boxed()).await;
    if matches!(owned, Ok(false)) {
        let code = &app.auth.setup_code;
        say(&format!("The first account owns the server. From another machine it needs this code: {code}"));
    }
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
}
