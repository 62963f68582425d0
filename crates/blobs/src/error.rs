//! What can go wrong with a file's bytes.

use std::fmt;
use std::io;

/// A failure of the place, not of the request. No text in it holds a secret.
#[derive(Clone, Debug)]
pub enum Error {
    /// There is no blob with this key.
    NotFound,
    /// The disk, or what the store grants, is full. Nothing of the blob is visible.
    Full,
    /// It cannot be reached, or does not answer in time: the same may go well later.
    Unavailable(String),
    /// Anything else: refused credentials, a broken disk, a key that cannot be one.
    Other(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("there is no such file"),
            Error::Full => f.write_str("there is no room for more files"),
            Error::Unavailable(why) => write!(f, "the store of files is unavailable: {why}"),
            Error::Other(why) => write!(f, "the store of files failed: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::NotFound => Error::NotFound,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
            _ => Error::Other(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_a_name() {
        // ENOSPC and EDQUOT, the same numbers on every Linux that we build for.
        for (number, full) in [(28, true), (122, true), (5, false), (13, false)] {
            let error = Error::from(io::Error::from_raw_os_error(number));
            assert_eq!(matches!(error, Error::Full), full, "{number}: {error}");
        }
        assert!(matches!(Error::from(io::Error::from_raw_os_error(2)), Error::NotFound));
    }
}
