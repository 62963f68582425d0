//! The community itself, and how it refuses.

use crate::ids::{FileId, Time, UserId};
use serde::{Deserialize, Serialize};

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Join {
    Anyone,
    Invited,
    Nobody,
}

impl Join {
    pub fn as_str(self) -> &'static str {
        match self {
            Join::Anyone => "anyone",
            Join::Invited => "invited",
            Join::Nobody => "nobody",
        }
    }

    pub fn parse(name: &str) -> Option<Join> {
        [Join::Anyone, Join::Invited, Join::Nobody].into_iter().find(|join| join.as_str() == name)
    }
}

/// The community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Server {
    pub name: String,
    pub join: Join,
    /// Whether links show what is behind them, where a room does not say otherwise.
    pub previews: bool,
    /// Whether the older texts of an edited message are kept, for everybody who may read it.
    pub history: bool,
    /// Who may add emoji of the community's own.
    pub emoji: EmojiBy,
    pub version: String,
    /// The time at which this history began; restoring a backup starts a new one.
    pub epoch: Time,
    /// There is no owner yet: the next account becomes it.
    pub setup: bool,
    /// That first account needs the code that the program printed.
    pub setup_code: bool,
}

/// Who may add emoji of the community's own. Whoever added one may take it away; admins any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EmojiBy {
    #[default]
    Admins,
    Anyone,
}

impl EmojiBy {
    pub fn as_str(self) -> &'static str {
        match self {
            EmojiBy::Admins => "admins",
            EmojiBy::Anyone => "anyone",
        }
    }

    pub fn parse(name: &str) -> Option<EmojiBy> {
        [EmojiBy::Admins, EmojiBy::Anyone].into_iter().find(|by| by.as_str() == name)
    }
}

/// A link to join with: `/join#CODE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invite {
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    pub code: String,
    pub by: UserId,
    pub created_at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub expires_at: Option<Time>,
    pub uses: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub max_uses: Option<u32>,
}

/// An emoji of this community's own: `:name:` in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Emoji {
    pub name: String,
    pub file: FileId,
    pub by: UserId,
    pub at: Time,
    /// Where it is another name of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub alias_of: Option<String>,
}

/// A refusal on HTTP (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub code: crate::Code,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub field: Option<String>,
    pub request_id: String,
}
