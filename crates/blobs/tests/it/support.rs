//! A place for blobs of either kind, and a line to the S3 store that breaks where a test wants it to.

use blobs::{Blobs, Error, Pieces};
use futures_util::StreamExt;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// `both!(a, b)`: the functions `a` and `b`, each as the tests `a::disk` and `a::s3`.
macro_rules! both {
    ($($name:ident),* $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn disk() {
                super::$name($crate::support::Place::disk()).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn s3() {
                super::$name($crate::support::Place::s3().await).await;
            }
        }
    )* };
}

pub const BUCKET: &str = "files-of-parlour";
pub const ACCESS: &str = "AKIAPARLOURTESTS";
pub const SECRET: &str = "a-secret-that-is-in-no-text";

/// Where blobs lie, and a folder for local files beside it.
pub struct Place {
    pub blobs: Arc<dyn Blobs>,
    pub server: Option<Server>,
    pub folder: TempDir,
}

impl Place {
    pub fn disk() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs::open("", folder.path(), &|_| None).unwrap();
        Place { blobs, server: None, folder }
    }

    pub async fn s3() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path()).await;
        Place { blobs: s3(server.address), server: Some(server), folder }
    }

    /// A local file that is to be put.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The files in which either kind of place keeps this blob.
    pub fn kept(&self, key: &str) -> PathBuf {
        let found = walk(self.folder.path()).into_iter().find(|path| path.ends_with(key));
        found.unwrap_or_else(|| panic!("{key} is kept nowhere"))
    }

    pub async fn keys(&self, older_than: std::time::SystemTime) -> Vec<String> {
        let mut keys: Vec<String> = self.blobs.list(older_than).map(Result::unwrap).collect().await;
        keys.sort();
        keys
    }
}

/// The S3 store at this address, as the environment would name it.
pub fn s3(address: SocketAddr) -> Arc<dyn Blobs> {
    s3_as(address, BUCKET, SECRET)
}

pub fn s3_as(address: SocketAddr, bucket: &str, secret: &str) -> Arc<dyn Blobs> {
    let env = |name: &str| match name {
        "AWS_ACCESS_KEY_ID" => Some(ACCESS.to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some(secret.to_owned()),
        "AWS_ENDPOINT" => Some(format!("http://{address}")),
        _ => None,
    };
    blobs::open(&format!("s3://{bucket}/blobs"), Path::new("/nowhere"), &env).unwrap()
}

pub fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(walk(&path)),
            path => found.push(path),
        }
    }
    found
}

/// Bytes of which no two stretches are alike, so that a wrong range shows.
pub fn bytes(length: usize) -> Vec<u8> {
    (0_u64..).flat_map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).take(length).collect()
}

/// All that a stream gives.
pub async fn all(mut pieces: Pieces) -> Result<Vec<u8>, Error> {
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece?);
    }
    Ok(all)
}

/// Waits until it is so; fails after some seconds.
pub async fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if so() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("still waiting until {what}");
}

/// An S3 store on a runtime of its own, which dies with everything that it does.
pub struct Server {
    pub address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    pub async fn start(folder: &Path) -> Server {
        let root = folder.join("s3");
        std::fs::create_dir_all(root.join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS, SECRET));
        let service = service.build().into_shared();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(TokioIo::new(stream), service.clone()));
            }
        });
        Server { address, runtime: Some(runtime) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Within another runtime one may not wait for it.
        self.runtime.take().unwrap().shutdown_background();
    }
}

/// A line to `target` that counts what goes through it, and breaks.
pub struct Line {
    pub address: SocketAddr,
    pub up: Arc<AtomicU64>,
    pub down: Arc<AtomicU64>,
}

impl Line {
    /// Each connection breaks after `up` bytes to the store or `down` bytes from it. `again`: whether others follow.
    pub async fn start(target: SocketAddr, up: u64, down: u64, again: bool) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Line { address, up: Arc::default(), down: Arc::default() };
        let counts = (Arc::clone(&line.up), Arc::clone(&line.down));
        let broken = Arc::new(watch::Sender::new(false));
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                if !again && *broken.borrow() {
                    continue;
                }
                let (counts, broken) = (counts.clone(), Arc::clone(&broken));
                tokio::spawn(async move {
                    let Ok(store) = TcpStream::connect(target).await else { return };
                    let (mut from_client, mut to_client) = client.into_split();
                    let (mut from_store, mut to_store) = store.into_split();
                    let mut gone = broken.subscribe();
                    tokio::select! {
                        // Whichever ends first ends both; and what broke for good takes the others along, which rest in a pool.
                        () = pump(&mut from_client, &mut to_store, up, &counts.0) => {}
                        () = pump(&mut from_store, &mut to_client, down, &counts.1) => {}
                        _ = gone.wait_for(|gone| *gone), if !again => {}
                    }
                    broken.send_replace(true);
                });
            }
        });
        line
    }
}

async fn pump(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut most: u64,
    count: &AtomicU64,
) {
    let mut buffer = vec![0; 64 * 1024];
    while most > 0 {
        let Ok(n @ 1..) = from.read(&mut buffer).await else { return };
        let n = n.min(usize::try_from(most).unwrap_or(usize::MAX));
        if to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
        most -= n as u64;
        count.fetch_add(n as u64, Ordering::SeqCst);
    }
}
