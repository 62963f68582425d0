//! Which URLs are read at all.

use outbound::Refusal::{self, Credentials, Host, Inside, Port, Scheme, TooLong, Unreadable};
use outbound::guard::{self, Guard};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Spellings of addresses inside; `{}` is where a port or a path goes on.
pub const SPELLINGS: [&str; 43] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0x7f000001",
    "0x7F.1",
    "0x7f.0x0.0x0.0x1",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.0.0.0x1",
    "１２７.0.0.1",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "127%2e0%2E0.1",
    "%31%32%37.0.0.1",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "172.16.0.1",
    "192.168.1.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:169.254.169.254]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:5ef5:79fd:0:0:80ff:fffe]",
    "[fd00:ec2::254]",
    "[fe80::1]",
];

fn refused(text: &str, why: Refusal) {
    assert_eq!(guard::parse(text).err(), Some(why), "{text}");
}

#[test]
fn every_spelling_of_an_address_inside_is_refused() {
    for host in SPELLINGS {
        for text in [
            format!("http://{host}/"),
            format!("https://{host}:8080/x?y#z"),
            format!("HTTP:\\\\{host}\\"),
            format!("http:{host}"),
            format!("http:////{host}"),
        ] {
            refused(&text, Inside);
        }
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for (text, why) in [
        ("", Unreadable),
        ("/path", Unreadable),
        ("example.com", Unreadable),
        ("http://", Unreadable),
        ("http://[fe80::1%25eth0]/", Unreadable),
        ("http://[fe80::1%eth0]/", Unreadable),
        ("http://[::1/", Unreadable),
        ("http://1.2.3.256/", Unreadable),
        ("http://1.2.3.4.5/", Unreadable),
        ("http://0x/", Inside),
        ("http://a b/", Unreadable),
        ("http://exa%00mple.com/", Unreadable),
        ("http://exa%2fmple.com/", Unreadable),
        ("http://exa%0d%0ample.com/", Unreadable),
        ("http://example.com/\r\nx-evil: 1", Unreadable),
        ("http://exam\tple.com/", Unreadable),
        ("http://example.com/\0", Unreadable),
        ("http://example.com:99999/", Unreadable),
        ("http://%/", Unreadable),
        ("http://xn--a/", Unreadable),
        ("ftp://example.com/", Scheme),
        ("file:///etc/passwd", Scheme),
        ("gopher://example.com:6379/_x", Scheme),
        ("javascript:alert(1)", Scheme),
        ("data:text/html,x", Scheme),
        ("ws://example.com/", Scheme),
        ("blob:https://example.com/x", Scheme),
        ("http://user@example.com/", Credentials),
        ("http://user:pass@example.com/", Credentials),
        ("http://:pass@example.com/", Credentials),
        ("https://example.com@127.0.0.1/", Credentials),
        ("http://example.com:22/", Port),
        ("http://example.com:25/", Port),
        ("https://example.com:6379/", Port),
        ("http://example.com:0/", Port),
        ("http://127.0.0.1:6379/", Port),
        ("http://example..com/", Host),
        ("http://.example.com/", Host),
        ("http://example.com../", Host),
        ("http://./", Host),
    ] {
        refused(text, why);
    }
    refused(&format!("http://example.com/{}", "a".repeat(guard::LONGEST)), TooLong);
    // Three times as long when it is encoded.
    refused(&format!("http://example.com/{}", "ä".repeat(guard::LONGEST / 2 - 20)), TooLong);
    refused(&format!("http://{}.com/", "a".repeat(64)), Host);
    refused(&format!("http://{}com/", "a.".repeat(130)), Host);
}

#[test]
fn what_is_public_is_read() {
    for (text, host, port, url) in [
        ("http://example.com", "example.com", 80, "http://example.com/"),
        ("https://EXAMPLE.com:443/a b?c d#e", "example.com", 443, "https://example.com/a%20b?c%20d"),
        ("https://example.com.:8443/", "example.com.", 8443, "https://example.com.:8443/"),
        ("http://bücher.example/", "xn--bcher-kva.example", 80, "http://xn--bcher-kva.example/"),
        ("http://ｅxample.com/", "example.com", 80, "http://example.com/"),
        ("http://134744072/", "8.8.8.8", 80, "http://8.8.8.8/"),
        ("http://[2606:4700::1111]:8080/", "[2606:4700::1111]", 8080, "http://[2606:4700::1111]:8080/"),
        ("http://example.com/%0d%0ax", "example.com", 80, "http://example.com/%0d%0ax"),
        ("http://a/", "a", 80, "http://a/"),
    ] {
        let target = guard::parse(text).unwrap();
        assert_eq!((target.host(), target.port(), target.url().as_str()), (host, port, url));
    }
}

#[test]
fn the_operator_allows_networks() {
    let guard = Guard::new(vec!["10.1.0.0/16".parse().unwrap(), "fd00:1::/32".parse().unwrap()]);
    for (host, permitted) in [
        ("10.1.2.3", true),
        ("10.1", false),
        ("10.2.0.1", false),
        ("[::ffff:10.1.2.3]", true),
        ("[fd00:1::5]", true),
        ("[fd00:2::5]", false),
        // Whoever allows a network did not allow ways around to it.
        ("[64:ff9b::10.1.2.3]", false),
        ("8.8.8.8", true),
    ] {
        assert_eq!(guard.parse(&format!("http://{host}/")).is_ok(), permitted, "{host}");
    }
}

/// Another's opinion of what is special; less complete than ours.
fn std_says_special(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
        }
    }
}

fn special() -> impl Strategy<Value = Ipv4Addr> {
    let net = prop::sample::select(vec![
        ([10, 0, 0, 0], 8),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([192, 168, 0, 0], 16),
    ]);
    (net, any::<u32>())
        .prop_map(|((net, bits), low)| Ipv4Addr::from_bits(Ipv4Addr::from(net).to_bits() | (low & (u32::MAX >> bits))))
}

/// One number of an address, as decimal, octal or hexadecimal, perhaps with more zeroes.
fn number(value: u32, base: u8, zeroes: usize) -> String {
    match base % 3 {
        0 => value.to_string(),
        1 => format!("0{}{value:o}", "0".repeat(zeroes)),
        _ => format!("0x{}{value:x}", "0".repeat(zeroes)),
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = guard::parse(&text);
        let _ = guard::parse(&format!("http://{text}"));
    }

    #[test]
    fn what_is_accepted_is_not_special(host in "[0-9a-fA-Fx.:%\\[\\]。１２７]{1,24}") {
        if let Ok(target) = guard::parse(&format!("http://{host}/")) {
            match target.literal() {
                Some(ip) => prop_assert!(!std_says_special(ip), "{host} is {ip}"),
                // What resolvers would take for an address must not pass as a name.
                None => prop_assert!(!target.host().trim_end_matches('.').rsplit('.').next().unwrap()
                    .chars().all(|c| c.is_ascii_digit()), "{host}"),
            }
        }
    }

    #[test]
    fn no_way_of_writing_helps(ip in special(), parts in 1usize..=4, bases: [u8; 4], zeroes in 0usize..4, dot: bool) {
        let [a, b, c, d] = ip.octets().map(u32::from);
        let numbers = match parts {
            1 => vec![ip.to_bits()],
            2 => vec![a, ip.to_bits() & 0xff_ffff],
            3 => vec![a, b, ip.to_bits() & 0xffff],
            _ => vec![a, b, c, d],
        };
        let host = numbers.iter().zip(bases).map(|(&n, base)| number(n, base, zeroes)).collect::<Vec<_>>().join(".");
        let host = if dot { host + "." } else { host };
        prop_assert_eq!(guard::parse(&format!("http://{host}/")).err(), Some(Inside), "{}", host);
        let low = u128::from(ip.to_bits());
        for carrier in [0, 0xffff << 32, 0xffff << 48, 0x64_ff9b << 96, (0x2002 << 112) | (low << 80)] {
            let ip = Ipv6Addr::from_bits(carrier | low);
            prop_assert_eq!(guard::parse(&format!("http://[{ip}]/")).err(), Some(Inside), "{}", ip);
        }
    }

    #[test]
    fn std_finds_nothing_special_among_the_public(bits: u128, v4: u32) {
        for ip in [IpAddr::from(Ipv6Addr::from_bits(bits)), Ipv4Addr::from_bits(v4).into()] {
            prop_assert!(!(guard::is_public(ip) && std_says_special(ip)), "{ip}");
        }
    }
}
