//! What can go wrong below the product's own rules.

use std::fmt;

/// A failure of the database, not of the request.
#[derive(Clone, Debug)]
pub enum Error {
    /// Too many wait, or another process holds the lock: try again.
    Busy,
    /// The disk is full. Nothing was written.
    Full,
    /// It cannot be reached, or stopped taking writes.
    Unavailable(String),
    /// A row that must be unique is there already.
    Conflict,
    /// Anything else: a bug or a broken file.
    Other(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Busy => f.write_str("the database is busy"),
            Error::Full => f.write_str("the disk is full"),
            Error::Unavailable(why) => write!(f, "the database is unavailable: {why}"),
            Error::Conflict => f.write_str("a row that must be unique is there already"),
            Error::Other(why) => write!(f, "the database failed: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked, DiskFull, SystemIoFailure};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Error::Busy,
            Some(DiskFull) => Error::Full,
            Some(SystemIoFailure) => Error::Unavailable(error.to_string()),
            Some(ConstraintViolation) => Error::Conflict,
            _ => Error::Other(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        use tokio_postgres::error::SqlState;
        match error.code() {
            Some(code) if *code == SqlState::UNIQUE_VIOLATION => Error::Conflict,
            Some(code) if *code == SqlState::DISK_FULL => Error::Full,
            Some(code)
                if [
                    SqlState::T_R_DEADLOCK_DETECTED,
                    SqlState::T_R_SERIALIZATION_FAILURE,
                    SqlState::LOCK_NOT_AVAILABLE,
                    SqlState::TOO_MANY_CONNECTIONS,
                ]
                .contains(code) =>
            {
                Error::Busy
            }
            // It is shut down, the line broke, or it stands by for another that takes the writes.
            Some(code) if ["57P", "08", "25006"].iter().any(|class| code.code().starts_with(class)) => {
                Error::Unavailable(error.to_string())
            }
            // The text of a database error names the statement's parts, never its values.
            Some(_) => Error::Other(
                error
                    .as_db_error()
                    .map_or_else(|| error.to_string(), |db| format!("{}: {}", db.code().code(), db.message())),
            ),
            None => Error::Unavailable(error.to_string()),
        }
    }
}

/// Why the database could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Another process serves this data folder.
    Locked(String),
    /// A newer program wrote it.
    Newer { schema: i64, ours: i64 },
    /// Everything else.
    Failed(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Locked(folder) => {
                write!(
                    f,
                    "another Parlour is running on {folder}; stop it first, or give this one another --data folder"
                )
            }
            OpenError::Newer { schema, ours } => write!(
                f,
                "the database has schema {schema}, written by a newer Parlour; this one knows schemas up to {ours}. \
                 Start the newer program; nothing was changed"
            ),
            OpenError::Failed(why) => write!(f, "the database cannot be opened: {why}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<Error> for OpenError {
    fn from(error: Error) -> OpenError {
        OpenError::Failed(error.to_string())
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> OpenError {
        OpenError::Failed(error.to_string())
    }
}
