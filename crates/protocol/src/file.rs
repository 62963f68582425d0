//! What people send beside words: files, and what a link shows of its page.

use crate::ids::FileId;
use serde::{Deserialize, Serialize};

/// A file as everybody sees it who may. Its bytes are at `files/{id}`, a small picture of it at
/// `files/{id}/thumbnail?w=`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileInfo {
    pub id: FileId,
    pub name: String,
    /// Its media type, by what the bytes say.
    pub r#type: String,
    /// Bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: i64,
    /// Pixels, upright. Of a picture they are measured; of a film its sender said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub height: Option<u32>,
    /// A picture of 30 bytes, in base64, to show until the real one is there (<https://evanw.github.io/thumbhash>).
    /// There where the server can make thumbnails of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub thumbhash: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub animated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub duration_ms: Option<u32>,
    /// How loud it is along its length, 0 to 31; at most 100 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<u8>>"))]
    pub waveform: Vec<u8>,
    /// Spoken for this message, not a piece of music.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub voice: bool,
    /// What it shows, in words, for those who cannot see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub alt: Option<String>,
    /// Hidden until one asks to see it.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub spoiler: bool,
}

/// What a sender says of a file that the server does not find out: believed within bounds, and shown only.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct Hints {
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub duration_ms: Option<u32>,
    pub waveform: Option<Vec<u8>>,
    pub voice: Option<bool>,
}

/// A file that is sent with a message: its id, or its id and what is said of it here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum FileRef {
    Id(FileId),
    With(FileWith),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileWith {
    pub id: FileId,
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub alt: Option<String>,
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub spoiler: bool,
}

impl From<FileRef> for FileWith {
    fn from(file: FileRef) -> FileWith {
        match file {
            FileRef::Id(id) => FileWith { id, alt: None, spoiler: false },
            FileRef::With(with) => with,
        }
    }
}

/// What a link of a message shows of its page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Preview {
    /// As it stands in the text.
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub description: Option<String>,
    /// A copy of its picture, kept here: no page of ours asks the other site for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub image: Option<FileInfo>,
}

fn is_false(value: &bool) -> bool {
    !value
}
