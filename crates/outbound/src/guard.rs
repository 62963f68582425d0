//! Which addresses may be talked to at all.
//!
//! A URL is read as browsers read it (WHATWG, crate `url`), so all spellings of one address are one address here:
//! `127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1`, `１２７.0.0.1` and `127%2e0.0.1` are 127.0.0.1 before they are judged.

mod ip;
mod ports;

pub use ip::is_public;

use crate::error::Refusal;
use ipnet::IpNet;
use std::net::IpAddr;
use url::{Host, Url};

/// Bytes of a URL. Servers commonly refuse more than 8 KiB for a whole line of a request.
pub const LONGEST: usize = 8 * 1024;

/// A URL that was judged; only [`parse`] and [`Guard::parse`] make one. Where the host is a name, its addresses are still
/// to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address, where the URL names one instead of a host name.
    pub fn literal(&self) -> Option<IpAddr> {
        match self.0.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain(_)) | None => None,
        }
    }

    /// The host as it stands in the URL; IPv6 in brackets.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(80)
    }
}

/// Reads and judges a URL, allowing public addresses only. Pure: no name is resolved.
///
/// # Errors
/// Says why it is not talked to.
pub fn parse(text: &str) -> Result<Target, Refusal> {
    Guard::default().parse(text)
}

/// The judge, with the networks that the operator allows although they are not public.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allow: Vec<IpNet>,
}

impl Guard {
    pub fn new(allow: Vec<IpNet>) -> Guard {
        Guard { allow }
    }

    /// As [`parse`], with the networks that are allowed here.
    ///
    /// # Errors
    /// Says why it is not talked to.
    pub fn parse(&self, text: &str) -> Result<Target, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::TooLong);
        }
        // The standard drops these silently; nobody who means well writes them, and none may reach a request's head.
        if text.contains(|c: char| c.is_control()) {
            return Err(Refusal::Unreadable);
        }
        let mut url = Url::parse(text).map_err(|_| Refusal::Unreadable)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.as_str().len() > LONGEST {
            return Err(Refusal::TooLong);
        }
        url.set_fragment(None);
        let target = Target(url);
        if ports::is_bad(target.port()) {
            return Err(Refusal::Port);
        }
        match (target.literal(), target.0.host()) {
            (Some(ip), _) if !self.permits(ip) => return Err(Refusal::Inside),
            (None, Some(Host::Domain(name))) if !is_name(name) => return Err(Refusal::Host),
            (None, None) => return Err(Refusal::Host),
            _ => {}
        }
        Ok(target)
    }

    /// Whether this address is public, or in a network that is allowed here.
    pub fn permits(&self, ip: IpAddr) -> bool {
        self.allows(ip) || is_public(ip)
    }

    /// Whether the operator named a network with this address in it.
    pub fn allows(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.allow.iter().any(|net| net.contains(&ip))
    }
}

/// Sizes of RFC 1035, 2.3.4. `url` has already seen to the signs.
fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}
