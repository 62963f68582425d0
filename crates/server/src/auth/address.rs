//! Where a request came from. What a proxy says is believed only of proxies that the settings name: otherwise
//! anybody could write the address that the rates are counted by.

use crate::config::Config;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Who knocks, before we know who it is.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The address that rates are counted by.
    pub address: IpAddr,
    /// It came by TLS, as far as we can know.
    pub tls: bool,
    /// The host and port that the browser sees.
    pub host: Option<String>,
    /// From this very machine, by a loopback name, through no proxy.
    pub here: bool,
}

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// An address as rates count it: of IPv6 the network of 64 bits, as one house has all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressKey(IpAddr);

impl AddressKey {
    pub fn of(address: IpAddr) -> AddressKey {
        AddressKey(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
            v4 => v4,
        })
    }
}

const FORWARDING: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

impl Visitor {
    pub fn of(parts: &Parts, config: &Config) -> Visitor {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.0.ip());
        Visitor::new(peer.to_canonical(), &parts.headers, config)
    }

    fn new(peer: IpAddr, headers: &HeaderMap, config: &Config) -> Visitor {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let trusted = config.trusts(peer);
        let host = match text("x-forwarded-host").filter(|_| trusted) {
            Some(host) => Some(host),
            None => text(header::HOST.as_str()),
        };
        let forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
        Visitor {
            address: if trusted { client(peer, headers, config) } else { peer },
            tls: trusted && text("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
            host: host.map(str::to_ascii_lowercase),
            here: peer.is_loopback() && !forwarded && host.is_some_and(is_loopback),
        }
    }

    pub fn key(&self) -> AddressKey {
        AddressKey::of(self.address)
    }
}

/// The last address of X-Forwarded-For that is no proxy of ours: what stands before it, anybody can write.
fn client(peer: IpAddr, headers: &HeaderMap, config: &Config) -> IpAddr {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let mut client = peer;
    for item in lines.iter().flat_map(|line| line.split(',')).rev() {
        let item = item.trim();
        let address = item.parse::<IpAddr>().or_else(|_| item.parse::<SocketAddr>().map(|socket| socket.ip()));
        let Ok(address) = address else { break };
        client = address.to_canonical();
        if !config.trusts(client) {
            break;
        }
    }
    client
}

/// A Host that names this machine: `localhost`, 127.0.0.0/8 or `[::1]`, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(peer: &str, headers: &[(&'static str, &str)], proxies: &[&str]) -> Visitor {
        let mut config = Config::in_folder("x");
        config.trusted_proxies = proxies.iter().map(|net| net.parse().expect("a network")).collect();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a value"));
        }
        Visitor::new(peer.parse().expect("an address"), &map, &config)
    }

    #[test]
    fn a_forged_forwarding_header_is_ignored() {
        let forged = [("x-forwarded-for", "9.9.9.9"), ("x-forwarded-proto", "https"), ("host", "chat.example")];
        let stranger = visitor("8.8.8.8", &forged, &["10.0.0.0/8"]);
        assert_eq!((stranger.address.to_string().as_str(), stranger.tls), ("8.8.8.8", false));
        let behind =
            visitor("10.1.1.1", &[("x-forwarded-for", "1.1.1.1, 9.9.9.9, 10.2.2.2"), forged[1]], &["10.0.0.0/8"]);
        assert_eq!((behind.address.to_string().as_str(), behind.tls), ("9.9.9.9", true));
    }

    #[test]
    fn only_this_machine_by_its_own_name_and_no_proxy_is_here() {
        for (peer, host, extra, here) in [
            ("127.0.0.1", "localhost:8080", None, true),
            ("::1", "[::1]:8080", None, true),
            ("127.0.0.1", "127.0.0.1", None, true),
            // A name of the attacker's that resolves to this machine.
            ("127.0.0.1", "evil.example", None, false),
            ("127.0.0.1", "localhost.evil.example", None, false),
            ("127.0.0.1", "localhost", Some("x-forwarded-for"), false),
            ("127.0.0.1", "localhost", Some("forwarded"), false),
            ("192.168.1.5", "localhost", None, false),
        ] {
            let mut headers = vec![("host", host)];
            headers.extend(extra.map(|name| (name, "1.2.3.4")));
            assert_eq!(visitor(peer, &headers, &[]).here, here, "{peer} {host} {extra:?}");
        }
    }

    #[test]
    fn a_house_of_ipv6_is_one_address() {
        let key = |text: &str| AddressKey::of(text.parse().expect("an address"));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:1.2.3.4"), key("1.2.3.4"));
    }
}
