//! How a `client_id` lies in the database: a UUID as its 16 bytes, which keeps the unique index small and,
//! for version 7, appends at its end.

/// 16 bytes for a UUID in its usual form (small letters, four dashes). Any other text follows a zero byte, and
/// is never 16 bytes long.
pub(crate) fn pack(id: &str) -> Vec<u8> {
    if let Some(bytes) = uuid(id) {
        return bytes.to_vec();
    }
    let mut bytes = Vec::with_capacity(id.len() + 2);
    bytes.push(0);
    bytes.extend_from_slice(id.as_bytes());
    if bytes.len() == 16 {
        bytes.push(0);
    }
    bytes
}

/// The text that [`pack`] was given.
pub(crate) fn unpack(bytes: &[u8]) -> String {
    if let Ok(uuid) = <[u8; 16]>::try_from(bytes) {
        let hex: String = uuid.iter().map(|byte| format!("{byte:02x}")).collect();
        return format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    }
    let text = bytes.strip_prefix(&[0]).unwrap_or(bytes);
    let text = text.strip_suffix(&[0]).unwrap_or(text);
    String::from_utf8_lossy(text).into_owned()
}

fn uuid(id: &str) -> Option<[u8; 16]> {
    let id = id.as_bytes();
    if id.len() != 36 || [8, 13, 18, 23].iter().any(|&i| id[i] != b'-') {
        return None;
    }
    let mut digits = id.iter().filter(|&&b| b != b'-').map(|&b| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    });
    let mut out = [0; 16];
    for byte in &mut out {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    digits.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_id_comes_back_as_it_was() {
        let uuid = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        assert_eq!(pack(uuid).len(), 16);
        let upper = uuid.to_uppercase();
        for id in [uuid, &upper, "a", "x".repeat(14).as_str(), &"x".repeat(15), &"x".repeat(16), &"x".repeat(64)] {
            assert_eq!(unpack(&pack(id)), id);
            assert!(id == uuid || pack(id).len() != 16);
        }
    }
}
