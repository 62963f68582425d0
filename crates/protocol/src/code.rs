//! Why something was refused, and why a socket was closed. Both are stable: programs rely on them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The stable name of a refusal, in problem documents and in `refused` frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    Invalid,
    Unauthenticated,
    Forbidden,
    NotMember,
    ReadOnly,
    NotFound,
    MethodNotAllowed,
    Timeout,
    Taken,
    LastOwner,
    FixedMembers,
    /// A piece of a file that does not go on where the last one ended.
    WrongOffset,
    /// Of a protocol that is spoken over HTTP: `Tus-Resumable`.
    UnknownVersion,
    TooLarge,
    /// What stands before the body: the address and the headers.
    HeadTooLarge,
    UnsupportedMediaType,
    /// No byte of the file lies in the range that was asked for.
    OutOfRange,
    RateLimited,
    Internal,
    Busy,
    Unavailable,
    StorageFull,
}

impl Code {
    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        match self {
            Code::Invalid => 400,
            Code::Unauthenticated => 401,
            Code::Forbidden | Code::NotMember | Code::ReadOnly => 403,
            Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::Timeout => 408,
            Code::Taken | Code::LastOwner | Code::FixedMembers | Code::WrongOffset => 409,
            Code::UnknownVersion => 412,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType => 415,
            Code::OutOfRange => 416,
            Code::RateLimited => 429,
            Code::HeadTooLarge => 431,
            Code::Internal => 500,
            Code::Busy | Code::Unavailable => 503,
            Code::StorageFull => 507,
        }
    }

    /// A short title for people; the detail says more.
    pub fn title(self) -> &'static str {
        match self {
            Code::Invalid => "That input does not fit",
            Code::Unauthenticated => "Not logged in",
            Code::Forbidden => "Not allowed",
            Code::NotMember => "Not a member of this room",
            Code::ReadOnly => "This room is archived",
            Code::NotFound => "Not found",
            Code::MethodNotAllowed => "That method does nothing here",
            Code::Timeout => "The request took too long to arrive",
            Code::Taken => "Already taken",
            Code::LastOwner => "The last owner cannot go",
            Code::FixedMembers => "The people of a direct room are fixed",
            Code::WrongOffset => "Not where the last piece ended",
            Code::UnknownVersion => "Not in that version",
            Code::TooLarge => "Too large",
            Code::HeadTooLarge => "Too many headers",
            Code::OutOfRange => "Outside the file",
            Code::UnsupportedMediaType => "Send application/json",
            Code::RateLimited => "Too many requests",
            Code::Internal => "Something went wrong",
            Code::Busy => "Busy, try again",
            Code::Unavailable => "Unavailable, try again",
            Code::StorageFull => "The disk is full",
        }
    }
}

/// A refusal: what was wrong, and where. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    /// The field of the request that is at fault.
    pub field: Option<&'static str>,
    pub detail: String,
    /// How long to wait before another try, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    pub fn new(code: Code, detail: impl Into<String>) -> Refusal {
        Refusal { code, field: None, detail: detail.into(), retry_after_ms: None }
    }

    /// Input that does not fit, with the field that is at fault.
    pub fn invalid(field: &'static str, detail: impl Into<String>) -> Refusal {
        Refusal { field: Some(field), ..Refusal::new(Code::Invalid, detail) }
    }

    pub fn not_found() -> Refusal {
        Refusal::new(Code::NotFound, "There is nothing here, or it is not for you.")
    }

    pub fn rate_limited(wait_ms: u64) -> Refusal {
        Refusal {
            retry_after_ms: Some(wait_ms.max(1)),
            ..Refusal::new(Code::RateLimited, "That was a lot at once. Wait a moment.")
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "{field}: {}", self.detail),
            None => f.write_str(&self.detail),
        }
    }
}

impl std::error::Error for Refusal {}

/// Why the server closed a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Close {
    /// The client asked for it, or the peer is gone.
    Normal,
    /// The frame broke the WebSocket protocol.
    Protocol,
    /// The frame was not UTF-8.
    NotText,
    /// The frame was too large.
    TooLarge,
    /// The server stops; come back after the given time.
    Restart,
    /// The queue out was full: come back with cursors.
    Slow,
    /// Nothing was heard for too long.
    Dead,
    BadHello,
    SessionOver,
    NoHello,
    TooManySockets,
}

impl Close {
    /// The close code on the wire.
    pub fn code(self) -> u16 {
        match self {
            Close::Normal => 1000,
            Close::Protocol => 1002,
            Close::NotText => 1007,
            Close::TooLarge => 1009,
            Close::Restart => 1012,
            Close::Slow => 4001,
            Close::Dead => 4002,
            Close::BadHello => 4400,
            Close::SessionOver => 4401,
            Close::NoHello => 4408,
            Close::TooManySockets => 4429,
        }
    }

    /// Whether a client should connect again by itself.
    pub fn reconnect(self) -> bool {
        matches!(self, Close::Restart | Close::Slow | Close::Dead)
    }

    pub fn reason(self) -> &'static str {
        match self {
            Close::Normal => "",
            Close::Protocol => "protocol",
            Close::NotText => "not_text",
            Close::TooLarge => "too_large",
            Close::Restart => "restart",
            Close::Slow => "slow",
            Close::Dead => "dead",
            Close::BadHello => "bad_hello",
            Close::SessionOver => "session_over",
            Close::NoHello => "no_hello",
            Close::TooManySockets => "too_many_sockets",
        }
    }
}
