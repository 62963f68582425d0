//! From a name to its addresses.

use std::future::Future;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The answer of a [`Resolve`] on its way.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Says which addresses a name has. Asked once for each connection; whatever it says is judged afterwards.
pub trait Resolve: Send + Sync + 'static {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a>;
}

/// Names that are being looked up at the same time.
const AT_ONCE: usize = 16;

/// As the machine resolves names (`getaddrinfo`).
pub struct System {
    free: Arc<Semaphore>,
}

impl Default for System {
    fn default() -> System {
        System { free: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Resolve for System {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            let permit = Arc::clone(&self.free).acquire_owned().await.map_err(io::Error::other)?;
            let name = name.to_owned();
            // A lookup cannot be called off. It keeps its permit until it really ends: a name server that never
            // answers must not take all threads that the rest of the program works with.
            let found = spawn_blocking(move || {
                let found = (name.as_str(), 0).to_socket_addrs().map(|all| all.map(|one| one.ip()).collect());
                drop(permit);
                found
            });
            found.await.map_err(io::Error::other)?
        })
    }
}
