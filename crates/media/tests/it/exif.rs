//! Builds Exif.

/// What must not be found in a file any more: the degrees, and how they were found.
pub const DEGREES: [u8; 4] = [0xd1, 0xce, 0xfa, 0xce];
pub const METHOD: &[u8] = b"ASCII\0\0\0satellites";
/// What must still be there.
pub const MAKER: &[u8] = b"Maker of cameras\0";
pub const TAKEN: &[u8] = b"2026:05:04 03:02:01\0";

/// Where in [`tiff`] the entries of the position lie.
pub const ENTRIES: std::ops::Range<usize> = 82..130;

#[derive(Clone, Copy, Debug)]
pub enum Order {
    Little,
    Big,
}

struct Tiff {
    order: Order,
    bytes: Vec<u8>,
}

impl Tiff {
    fn u16(&mut self, n: u16) {
        self.bytes.extend(match self.order {
            Order::Little => n.to_le_bytes(),
            Order::Big => n.to_be_bytes(),
        });
    }

    fn u32(&mut self, n: u32) {
        self.bytes.extend(match self.order {
            Order::Little => n.to_le_bytes(),
            Order::Big => n.to_be_bytes(),
        });
    }

    /// An entry whose value stands in it, or is the offset of it.
    fn entry(&mut self, tag: u16, kind: u16, count: u32, value: u32) {
        self.u16(tag);
        self.u16(kind);
        self.u32(count);
        if kind == 3 {
            self.u16(value as u16);
            self.u16(0);
        } else {
            self.u32(value);
        }
    }
}

/// A TIFF with an orientation, a maker, a date and a position.
pub fn tiff(order: Order, orientation: u8) -> Vec<u8> {
    let magic = match order {
        Order::Little => b"II*\0",
        Order::Big => b"MM\0*",
    };
    let mut tiff = Tiff { order, bytes: magic.to_vec() };
    // Each directory takes 2 + 12 n + 4 bytes.
    let (first, sub, gps) = (8, 8 + 54, 8 + 54 + 18);
    let (maker, taken, degrees, method) = (gps + 54, gps + 54 + 17, gps + 54 + 37, gps + 54 + 37 + 24);
    tiff.u32(first);
    tiff.u16(4);
    tiff.entry(0x010f, 2, MAKER.len() as u32, maker);
    tiff.entry(0x0112, 3, 1, orientation.into());
    tiff.entry(0x8769, 4, 1, sub);
    tiff.entry(0x8825, 4, 1, gps);
    tiff.u32(0);
    tiff.u16(1);
    tiff.entry(0x9003, 2, TAKEN.len() as u32, taken);
    tiff.u32(0);
    tiff.u16(4);
    tiff.entry(1, 2, 2, u32::from_le_bytes(*b"N\0\0\0"));
    tiff.entry(2, 5, 3, degrees);
    tiff.entry(5, 1, 1, 1);
    tiff.entry(27, 7, METHOD.len() as u32, method);
    tiff.u32(0);
    tiff.bytes.extend_from_slice(MAKER);
    tiff.bytes.extend_from_slice(TAKEN);
    for _ in 0..6 {
        tiff.bytes.extend_from_slice(&DEGREES);
    }
    tiff.bytes.extend_from_slice(METHOD);
    tiff.bytes
}

pub fn xmp(with: &str) -> Vec<u8> {
    let tags = "x:xmpmeta><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'";
    format!("<?xpacket begin='\u{feff}'?><{tags}><rdf:Description {with}/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>")
        .into_bytes()
}
