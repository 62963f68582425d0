//! Which addresses are on the public internet.
//!
//! Sources: IANA's registries of special addresses for
//! [IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry/) and
//! [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry/) (RFC 6890 and its successors), multicast
//! (RFC 5771, RFC 4291), and the
//! [address space of IPv6](https://www.iana.org/assignments/ipv6-address-space/), of which 2000::/3 alone is given out.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether anybody on the internet may be at this address: neither this machine nor its network, nor one that is set
/// aside for something. An IPv6 address that carries one of IPv4 is judged by what it carries.
///
/// Stricter than the registries in this: blocks that they call reachable but where nobody serves pages (ORCHID,
/// AMT, 6to4, Teredo, whatever else is in 2001::/23) are refused whole.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => v4(ip),
        IpAddr::V6(ip) => v6(ip),
    }
}

const SPECIAL_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),        // "this network", RFC 791
    ([10, 0, 0, 0], 8),       // private, RFC 1918
    ([100, 64, 0, 0], 10),    // shared by carriers, RFC 6598
    ([127, 0, 0, 0], 8),      // loopback, RFC 1122
    ([168, 63, 129, 16], 32), // Azure's own services inside each of its machines, although the address looks public
    ([169, 254, 0, 0], 16),   // link local, RFC 3927; the clouds' metadata
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments, RFC 6890
    ([192, 0, 2, 0], 24),     // documentation, RFC 5737
    ([192, 88, 99, 0], 24),   // 6to4 relays, RFC 7526
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarks, RFC 2544
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, RFC 1112; with broadcast
];

/// Inside 2000::/3; whatever is outside is refused without a list.
const SPECIAL_V6: &[([u16; 3], u32)] = &[
    ([0x2001, 0, 0], 23),     // protocol assignments, RFC 2928; Teredo is 2001::/32
    ([0x2001, 0xdb8, 0], 32), // documentation, RFC 3849
    ([0x2002, 0, 0], 16),     // 6to4, RFC 3056
    ([0x3fff, 0, 0], 20),     // documentation, RFC 9637
];

fn v4(ip: Ipv4Addr) -> bool {
    let within = |net: [u8; 4], bits: u32| (ip.to_bits() ^ u32::from_be_bytes(net)) >> (32 - bits) == 0;
    !SPECIAL_V4.iter().any(|&(net, bits)| within(net, bits))
}

fn v6(ip: Ipv6Addr) -> bool {
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return v4(mapped);
    }
    let all = ip.to_bits();
    let prefix = |[a, b, c]: [u16; 3]| Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_bits();
    let within = |net: [u16; 3], bits: u32| (all ^ prefix(net)) >> (128 - bits) == 0;
    // NAT64 (RFC 6052): a gateway of the network would bring us to the address inside. With DNS64 every name has one.
    if within([0x64, 0xff9b, 0], 96) {
        return v4(Ipv4Addr::from_bits(all as u32));
    }
    within([0x2000, 0, 0], 3) && !SPECIAL_V6.iter().any(|&(net, bits)| within(net, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the last address of each special block, and their neighbours outside.
    #[test]
    fn special_blocks_end_where_they_end() {
        let inside = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.0",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.0",
            "192.0.2.255",
            "192.88.99.0",
            "192.88.99.255",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.0",
            "198.51.100.255",
            "203.0.113.0",
            "203.0.113.255",
            "224.0.0.0",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.255",
            // IPv6, and IPv4 inside it.
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:0:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
            "64:ff9b:0:0:1::1",
            "100::",
            "100::ffff:ffff:ffff:ffff",
            "100:0:0:1::1",
            "2001::",
            "2001:0:5ef5:79fd:0:0:80ff:fffe",
            "2001:1ff:ffff::1",
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "2002::",
            "2002:7f00:1::",
            "2002:808:808::1",
            "2002:ffff:ffff::",
            "3fff::",
            "3fff:fff:ffff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff00::1",
            "ff02::1",
            "1fff:ffff::1",
        ];
        for text in inside {
            assert!(!is_public(text.parse().expect(text)), "{text}");
        }
        let public = [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2000::1",
            "2001:200::1",
            "2001:db7:ffff::1",
            "2001:db9::1",
            "2003::1",
            "2606:2800:220:1:248:1893:25c8:1946",
            "3ffe:ffff::1",
            "3fff:1000::1",
        ];
        for text in public {
            assert!(is_public(text.parse().expect(text)), "{text}");
        }
    }
}
