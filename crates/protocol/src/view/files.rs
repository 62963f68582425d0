//! Files, on their way here and once they were sent.

use crate::file::FileInfo;
use crate::ids::{RoomId, Seq, Time, UserId};
use serde::{Deserialize, Serialize};

/// A file where it was sent: what the list of files shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SentFile {
    #[serde(flatten)]
    pub file: FileInfo,
    pub room: RoomId,
    pub seq: Seq,
    pub author: UserId,
    pub at: Time,
}

/// What a list of files is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Pictures and films.
    Media,
    /// Sound: music and what people spoke.
    Audio,
    /// Texts, PDF, office files.
    Document,
    Other,
}

impl FileKind {
    pub const ALL: [FileKind; 4] = [FileKind::Media, FileKind::Audio, FileKind::Document, FileKind::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            FileKind::Media => "media",
            FileKind::Audio => "audio",
            FileKind::Document => "document",
            FileKind::Other => "other",
        }
    }

    /// Of a media type.
    pub fn of(mime: &str) -> FileKind {
        let office = ["officedocument", "opendocument", "msword", "ms-excel", "ms-powerpoint", "rtf", "epub"];
        match mime {
            _ if mime.starts_with("image/") || mime.starts_with("video/") => FileKind::Media,
            _ if mime.starts_with("audio/") => FileKind::Audio,
            _ if mime.starts_with("text/") || mime == "application/pdf" || mime == "application/json" => {
                FileKind::Document
            }
            _ if office.iter().any(|word| mime.contains(word)) => FileKind::Document,
            _ => FileKind::Other,
        }
    }
}

/// A file on its way here, piece by piece (<https://tus.io>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Upload {
    pub id: String,
    /// Bytes that are here.
    #[cfg_attr(test, ts(type = "number"))]
    pub offset: i64,
    #[cfg_attr(test, ts(type = "number"))]
    pub size: i64,
    /// What became of it, once all of it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub file: Option<FileInfo>,
}
