//! What the operator sets.

use crate::error::Misconfigured;
use crate::resolve::{Resolve, System};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::HeaderValue;
use ipnet::IpNet;
use rustls::pki_types::CertificateDer;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How a [`Client`](crate::Client) goes out. Proxies that the environment names are not asked.
pub struct Options {
    /// What this program calls itself.
    pub user_agent: String,
    /// Networks that may be talked to although they are not public.
    pub allow: Vec<IpNet>,
    /// `http://[user:password@]host:port`, through which everything goes. It may be inside.
    pub proxy: Option<Url>,
    /// Asked for the proxy's name, too.
    pub resolver: Arc<dyn Resolve>,
    /// Authorities that are trusted beside those of the machine.
    pub roots: Vec<CertificateDer<'static>>,
    /// Time for one lookup, for one attempt to connect, for one TLS handshake. An attempt after which there are other
    /// addresses to try gets half.
    pub step: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            user_agent: concat!("Parlour/", env!("CARGO_PKG_VERSION"), " (+link preview)").to_owned(),
            allow: Vec::new(),
            proxy: None,
            resolver: Arc::new(System::default()),
            roots: Vec::new(),
            step: Duration::from_secs(4),
        }
    }
}

/// Where everything goes through, taken apart.
#[derive(Debug)]
pub(super) struct Proxy {
    pub host: ProxyHost,
    pub port: u16,
    /// Marked as sensitive, so that no `Debug` shows it.
    pub authorization: Option<HeaderValue>,
}

#[derive(Debug)]
pub(super) enum ProxyHost {
    Name(String),
    Ip(IpAddr),
}

impl Proxy {
    pub(super) fn read(url: &Url) -> Result<Proxy, Misconfigured> {
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if url.scheme() != "http" || !bare {
            return Err(Misconfigured::Proxy);
        }
        let host = match url.host().ok_or(Misconfigured::Proxy)? {
            Host::Domain(name) => ProxyHost::Name(name.to_owned()),
            Host::Ipv4(ip) => ProxyHost::Ip(ip.into()),
            Host::Ipv6(ip) => ProxyHost::Ip(ip.into()),
        };
        let port = url.port_or_known_default().ok_or(Misconfigured::Proxy)?;
        let authorization = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some(basic(user, password.unwrap_or_default())?),
        };
        Ok(Proxy { host, port, authorization })
    }
}

/// RFC 7617, of a name and a password as they stand in a URL.
fn basic(user: &str, password: &str) -> Result<HeaderValue, Misconfigured> {
    let plain = |text: &str| percent_decoded(text.as_bytes());
    let both = [plain(user), plain(password)].join(&b':');
    let mut value =
        HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(both))).map_err(|_| Misconfigured::Proxy)?;
    value.set_sensitive(true);
    Ok(value)
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let hex = |at: usize| text.get(at).and_then(|&byte| (byte as char).to_digit(16));
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_from_its_url() {
        let read = |text: &str| Proxy::read(&Url::parse(text).expect(text));
        let proxy = read("http://us%65r:p%40ss@proxy.example:3128").expect("a proxy");
        assert_eq!(proxy.port, 3128);
        let authorization = proxy.authorization.expect("with a password");
        assert_eq!(authorization, format!("Basic {}", STANDARD.encode("user:p@ss")));
        assert_eq!(format!("{authorization:?}"), "Sensitive");
        assert!(read("http://10.0.0.1:8080").is_ok());
        for wrong in ["https://proxy.example:1", "socks5://proxy.example:1", "http://proxy.example/path"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
