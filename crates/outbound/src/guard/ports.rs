//! Ports where something else than HTTP listens, which a request could be made to speak to.

/// The "bad ports" of the Fetch standard (<https://fetch.spec.whatwg.org/#port-blocking>), and a few databases and
/// consoles behind them that take orders from whoever connects. Sorted.
const BAD: [u16; 93] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530,
    531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1719, 1720, 1723, 2049, 2375, 3306,
    3389, 3659, 4045, 4190, 5060, 5061, 5432, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    11211, 27017,
];

pub(super) fn is_bad(port: u16) -> bool {
    BAD.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(BAD.is_sorted());
        for port in [0, 22, 25, 6379, 6667, 27017] {
            assert!(is_bad(port), "{port}");
        }
        for port in [80, 443, 3000, 8080, 8443, 9418, 65535] {
            assert!(!is_bad(port), "{port}");
        }
    }
}
