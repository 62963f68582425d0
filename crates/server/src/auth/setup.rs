//! Who may make the first account, which owns the server: who sits at this machine, or who can read what the
//! program printed. Otherwise the first stranger to find an open port would own the community.

use super::{Token, Visitor};
use crate::fault::Fault;
use futures_util::FutureExt;
use hmac::{Hmac, KeyInit, Mac};
use protocol::{Code, Refusal};
use sha2::Sha256;
use store::{Lane, Store, Tx, facts};

/// Easy to read aloud: no 0, 1, i, l, o.
const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// The secret of this database, from which the set-up code and the tickets come: the same on every node and after a
/// restart.
///
/// # Errors
/// The database failed.
pub async fn secret(store: &Store) -> Result<String, Fault> {
    let there: Option<String> =
        store.read(|tx| async move { Ok::<_, Fault>(facts::secret(tx).await?) }.boxed()).await?;
    match there {
        Some(secret) => Ok(secret),
        None => {
            let fresh = Token::random().text();
            store.write(Lane::Server, move |tx| keep_first(tx, fresh).boxed()).await
        }
    }
}

/// Two nodes may start at once: the first one's secret stands.
async fn keep_first(tx: &mut Tx, fresh: String) -> Result<String, Fault> {
    if let Some(secret) = facts::secret(tx).await? {
        return Ok(secret);
    }
    facts::set_secret(tx, &fresh).await?;
    Ok(fresh)
}

/// The set-up code.
pub fn code(secret: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(b"the set-up code");
    let bytes = mac.finalize().into_bytes();
    let letters = bytes.iter().take(12).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    let letters: String = letters.collect();
    format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..])
}

/// Whether this visitor may become the owner. Compared in constant time, without regard to dashes and case.
pub fn allows(visitor: &Visitor, given: Option<&str>, code: &str) -> Result<(), Refusal> {
    if visitor.here {
        return Ok(());
    }
    let plain = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    let (given, code) = (given.map(plain).unwrap_or_default(), plain(code));
    let differs = given.iter().zip(&code).fold(0, |sum, (a, b)| sum | (a ^ b));
    if !code.is_empty() && given.len() == code.len() && differs == 0 {
        return Ok(());
    }
    Err(Refusal {
        field: Some("setup_code"),
        ..Refusal::new(
            Code::Forbidden,
            "The first account needs the set-up code that the program printed when it started.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    #[test]
    fn a_stranger_needs_the_code() {
        let code = code("some secret");
        assert_eq!(code.len(), 14);
        assert_eq!(super::code("some secret"), code);
        assert_ne!(super::code("another"), code);
        let mut visitor = Visitor { address: IpAddr::V4(Ipv4Addr::LOCALHOST), tls: false, host: None, here: false };
        assert!(allows(&visitor, Some(&code), &code).is_ok());
        assert!(allows(&visitor, Some(&code.replace('-', " ").to_uppercase()), &code).is_ok());
        for bad in [None, Some(""), Some("wrong"), Some(&code[1..])] {
            assert!(allows(&visitor, bad, &code).is_err(), "{bad:?}");
        }
        assert!(allows(&visitor, Some(""), "").is_err());
        visitor.here = true;
        assert!(allows(&visitor, None, &code).is_ok());
    }
}
