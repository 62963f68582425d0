//! Numbers that name things, and points in time.

use jiff::SignedDuration;
use jiff::civil::{DateTime, datetime};
use jiff::fmt::temporal::Pieces;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(type = "number"))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// A room. 0 is the server's own log, which no client reads.
    RoomId
}
number! {
    /// A person's account. Never given again.
    UserId
}
number! {
    /// An event's place in its room's log: 1, 2, 3 … without holes. 0 stands before the first.
    Seq
}
number! {
    /// A file that somebody sent. Never given again.
    FileId
}
number! {
    /// A login of one person on one device.
    SessionId
}

impl RoomId {
    /// The log of the server's own facts.
    pub const SERVER: RoomId = RoomId(0);
}

impl Seq {
    /// The number that follows.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

/// A point in time: milliseconds since 1970, UTC. In JSON an RFC 3339 text with milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "string"))]
#[schema(value_type = String, format = DateTime)]
pub struct Time(pub i64);

const EPOCH: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

impl Time {
    /// Reads an RFC 3339 text; `None` where it is none, or names a year after 9999 in UTC.
    pub fn parse(text: &str) -> Option<Time> {
        let pieces = Pieces::parse(text).ok()?;
        let local = pieces.date().to_datetime(pieces.time()?);
        let offset = pieces.to_numeric_offset()?;
        let since = local.duration_since(EPOCH) - SignedDuration::from_secs(offset.seconds().into());
        // `Timestamp` would end a day before the year does, as it must be shown in any zone.
        EPOCH.checked_add(since).ok()?;
        i64::try_from(since.as_millis()).ok().map(Time)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Clamped, not refused: a number that a database gave must never stop a page.
        let stamp = EPOCH.checked_add(SignedDuration::from_millis(self.0)).unwrap_or(EPOCH);
        write!(f, "{stamp:.3}Z")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| serde::de::Error::custom("expected an RFC 3339 time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_as_it_is_written() {
        for (ms, text) in [(0, "1970-01-01T00:00:00.000Z"), (1_763_913_252_345, "2025-11-23T15:54:12.345Z")] {
            assert_eq!(Time(ms).to_string(), text);
            assert_eq!(Time::parse(text), Some(Time(ms)));
        }
        let last = Time(253_402_300_799_000);
        for text in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000+00:00", "9999-12-31T14:59:59-09:00"] {
            assert_eq!(Time::parse(text), Some(last));
        }
        assert_eq!(last.to_string(), "9999-12-31T23:59:59.000Z");
        assert_eq!(Time::parse("1969-12-31T23:59:59.999Z"), Some(Time(-1)));
        for text in
            ["yesterday", "2025-11-23", "2025-11-23T15:54:12", "9999-12-31T23:59:59-01:00", "10000-01-01T00:00:00Z"]
        {
            assert_eq!(Time::parse(text), None, "{text}");
        }
        for ms in [i64::MIN, i64::MAX] {
            assert_eq!(Time(ms).to_string(), "1970-01-01T00:00:00.000Z");
        }
    }
}
