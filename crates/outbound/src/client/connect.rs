//! The way to a target: its addresses, a connection to one that was judged, through the proxy if there is one, and TLS.

use super::options::{Options, Proxy, ProxyHost};
use crate::error::{Error, Misconfigured, Refusal};
use crate::guard::{Guard, Target};
use crate::resolve::Resolve;
use bytes::Bytes;
use http_body_util::{Empty, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, PROXY_AUTHORIZATION};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Host;

/// Addresses of one name that are tried.
const TRIES: usize = 4;
/// Bytes that are read at once. A head that is not whole when so many are there is refused, so it has at most twice as many.
const BUFFER: usize = 32 * 1024;
const HEADERS: usize = 100;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}
pub(super) type Connection = Box<dyn Stream>;

pub(super) struct Connector {
    guard: Guard,
    proxy: Option<Proxy>,
    resolver: Arc<dyn Resolve>,
    roots: Vec<CertificateDer<'static>>,
    step: Duration,
    /// Made when it is first needed: reading the machine's authorities takes longer than the rest of the start.
    tls: OnceCell<TlsConnector>,
}

impl Connector {
    pub(super) fn new(options: Options) -> Result<Connector, Misconfigured> {
        let Options { allow, proxy, resolver, roots, step, user_agent: _ } = options;
        let proxy = proxy.as_ref().map(Proxy::read).transpose()?;
        Ok(Connector { guard: Guard::new(allow), proxy, resolver, roots, step, tls: OnceCell::new() })
    }

    pub(super) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// A connection over which HTTP can be spoken with the target.
    pub(super) async fn connect(&self, target: &Target) -> Result<Connection, Error> {
        let ips = self.judged(target).await?;
        let mut last = Error::Connect;
        for (n, ip) in ips.iter().enumerate() {
            // Where packets of one family vanish, time must be left for the other.
            let time = if n + 1 < ips.len() { self.step / 2 } else { self.step };
            match self.reach(SocketAddr::new(*ip, target.port()), time).await {
                Ok(stream) if target.url().scheme() == "https" => return self.encrypt(stream, target).await,
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The target's addresses, all of them judged. One that is not permitted spoils them all: a name that leads outside
    /// and inside at once is the beginning of an attack (DNS rebinding), or a mistake.
    async fn judged(&self, target: &Target) -> Result<Vec<IpAddr>, Error> {
        let mut ips = match target.literal() {
            Some(ip) => vec![ip],
            None => self.resolve(target.host()).await?,
        };
        for ip in &mut ips {
            *ip = ip.to_canonical();
            if !self.guard.permits(*ip) || self.is_back_door(SocketAddr::new(*ip, target.port())) {
                return Err(Refusal::Inside.into());
            }
        }
        Ok(alternate(ips))
    }

    /// A public address of this very machine, at a port that is not there for everybody: a firewall at the network does not
    /// see what the machine says to itself.
    fn is_back_door(&self, to: SocketAddr) -> bool {
        let ours = self.proxy.is_none() && !matches!(to.port(), 80 | 443);
        ours && !self.guard.allows(to.ip()) && is_own(to)
    }

    async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Error> {
        match timeout(self.step, self.resolver.resolve(name)).await {
            Ok(Ok(ips)) if !ips.is_empty() => Ok(ips),
            _ => Err(Error::Resolve),
        }
    }

    /// A connection to this address and no other.
    async fn reach(&self, to: SocketAddr, time: Duration) -> Result<Connection, Error> {
        let Some(proxy) = &self.proxy else {
            return Ok(Box::new(tcp(to, time).await?));
        };
        let ips = match &proxy.host {
            ProxyHost::Ip(ip) => vec![*ip],
            ProxyHost::Name(name) => self.resolve(name).await.map_err(|_| Error::Connect)?,
        };
        for ip in alternate(ips) {
            if let Ok(stream) = tcp(SocketAddr::new(ip, proxy.port), time).await {
                return timeout(time, tunnel(stream, proxy, to)).await.map_err(|_| Error::Connect)?;
            }
        }
        Err(Error::Connect)
    }

    async fn encrypt(&self, stream: Connection, target: &Target) -> Result<Connection, Error> {
        let name = match target.url().host() {
            // The dot at the end belongs to DNS; certificates do without (RFC 6066, 3).
            Some(Host::Domain(name)) => {
                let name = name.strip_suffix('.').unwrap_or(name).to_owned();
                ServerName::try_from(name).map_err(|_| Error::Tls)?
            }
            Some(Host::Ipv4(ip)) => ServerName::from(IpAddr::from(ip)),
            Some(Host::Ipv6(ip)) => ServerName::from(IpAddr::from(ip)),
            None => return Err(Error::Tls),
        };
        let tls = self.tls().await?;
        match timeout(self.step, tls.connect(name, stream)).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            _ => Err(Error::Tls),
        }
    }

    async fn tls(&self) -> Result<&TlsConnector, Error> {
        let make = || async {
            let extra = self.roots.clone();
            spawn_blocking(move || trusting(extra)).await.map_err(|_| Error::Tls)?
        };
        self.tls.get_or_try_init(make).await
    }
}

async fn tcp(to: SocketAddr, time: Duration) -> Result<TcpStream, Error> {
    match timeout(time, TcpStream::connect(to)).await {
        Ok(Ok(stream)) => Ok(stream),
        _ => Err(Error::Connect),
    }
}

fn trusting(extra: Vec<CertificateDer<'static>>) -> Result<TlsConnector, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra);
    if roots.is_empty() {
        tracing::warn!("no certificate authorities are installed: nothing can be reached by https");
        return Err(Error::Tls);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(|_| Error::Tls)?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Nobody is to recognise us by a resumed session, and none is worth its memory.
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Both families by turns, as the name has them: where one does not work, the other is among the few that are tried.
fn alternate(ips: Vec<IpAddr>) -> Vec<IpAddr> {
    let first_is_v4 = ips.first().is_some_and(IpAddr::is_ipv4);
    let (first, second): (Vec<_>, Vec<_>) = ips.into_iter().partition(|ip| ip.is_ipv4() == first_is_v4);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut mixed = Vec::with_capacity(TRIES);
    while mixed.len() < TRIES {
        let before = mixed.len();
        mixed.extend(first.next());
        mixed.extend(second.next());
        if mixed.len() == before {
            break;
        }
    }
    mixed.truncate(TRIES);
    mixed
}

/// Whether the kernel would go to this address from the very same one. Nothing is sent.
fn is_own(to: SocketAddr) -> bool {
    let any = if to.is_ipv4() { IpAddr::from(Ipv4Addr::UNSPECIFIED) } else { Ipv6Addr::UNSPECIFIED.into() };
    let from = UdpSocket::bind((any, 0)).and_then(|socket| {
        socket.connect(to)?;
        socket.local_addr()
    });
    from.is_ok_and(|from| from.ip() == to.ip())
}

/// Asks the proxy for this address, never for a name: the proxy would resolve it anew, unjudged.
async fn tunnel(stream: TcpStream, proxy: &Proxy, to: SocketAddr) -> Result<Connection, Error> {
    let authority = to.to_string();
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.method_mut() = Method::CONNECT;
    *request.uri_mut() = authority.parse::<Uri>().map_err(|_| Error::Connect)?;
    request.headers_mut().insert(HOST, authority.parse().map_err(|_| Error::Connect)?);
    if let Some(authorization) = &proxy.authorization {
        request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    let (mut sender, connection) = builder().handshake(TokioIo::new(stream)).await.map_err(|_| Error::Connect)?;
    let _driver = Driver::spawn(connection.with_upgrades());
    let response = sender.send_request(request).await.map_err(|_| Error::Connect)?;
    if !response.status().is_success() {
        // An operator looks for this; it says nothing of the proxy but its answer.
        tracing::warn!(status = response.status().as_u16(), "the proxy makes no connection");
        return Err(Error::Connect);
    }
    let stream = hyper::upgrade::on(response).await.map_err(|_| Error::Connect)?;
    Ok(Box::new(TokioIo::new(stream)))
}

fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(BUFFER).max_headers(HEADERS);
    builder
}

/// Begins to speak HTTP.
pub(super) async fn handshake(stream: Connection) -> Result<(SendRequest<Full<Bytes>>, Driver), Error> {
    let (sender, connection) = builder().handshake(TokioIo::new(stream)).await.map_err(|_| Error::Broken)?;
    Ok((sender, Driver::spawn(connection)))
}

/// The task that moves a connection's bytes. It ends with this.
pub(super) struct Driver(JoinHandle<()>);

impl Driver {
    fn spawn<F: Future<Output = hyper::Result<()>> + Send + 'static>(connection: F) -> Driver {
        Driver(tokio::spawn(async move {
            // Whoever waits for the answer learns of it.
            let _ = connection.await;
        }))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect(text)).collect()
    }

    #[test]
    fn families_alternate_and_few_are_tried() {
        for (all, tried) in [
            (&[][..], &[][..]),
            (&["1.1.1.1"], &["1.1.1.1"]),
            (&["2::1", "2::2", "2::3", "2::4", "2::5", "1.1.1.1"], &["2::1", "1.1.1.1", "2::2", "2::3"]),
            (&["1.1.1.1", "1.1.1.2", "2::1", "2::2", "2::3"], &["1.1.1.1", "2::1", "1.1.1.2", "2::2"]),
        ] {
            assert_eq!(alternate(ips(all)), ips(tried));
        }
    }

    /// 127.0.0.1 stands for an address of this machine that looks public.
    #[test]
    fn this_machine_is_not_public_to_itself() {
        let back_door = |options: Options, ip: [u8; 4], port| {
            Connector::new(options).expect("options").is_back_door(SocketAddr::from((ip, port)))
        };
        let own = [127, 0, 0, 1];
        assert!(back_door(Options::default(), own, 3000));
        assert!(!back_door(Options::default(), own, 443));
        assert!(!back_door(Options::default(), [192, 0, 2, 1], 3000));
        let allow = vec!["127.0.0.0/8".parse().expect("a network")];
        assert!(!back_door(Options { allow, ..Options::default() }, own, 3000));
        // From where the proxy stands it is an address like others.
        let proxy = url::Url::parse("http://10.0.0.1:3128").ok();
        assert!(!back_door(Options { proxy, ..Options::default() }, own, 3000));
    }
}
