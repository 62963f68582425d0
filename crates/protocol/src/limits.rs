//! Every limit, with its default, in one place. `GET /api/v1/limits` shows those in force.

use serde::{Deserialize, Serialize};

/// Sizes in bytes, times in milliseconds, unless a name says otherwise. Rates are per node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Text of a message.
    #[cfg_attr(test, ts(type = "number"))]
    pub text: usize,
    #[cfg_attr(test, ts(type = "number"))]
    pub body: usize,
    pub json_depth: u32,
    /// For the head of a request to arrive; an idle connection is closed after it too.
    #[cfg_attr(test, ts(type = "number"))]
    pub header_ms: u64,
    /// For the body of a request to arrive.
    #[cfg_attr(test, ts(type = "number"))]
    pub body_ms: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub frame: usize,
    /// What may wait for one socket before it is closed `slow`.
    #[cfg_attr(test, ts(type = "number"))]
    pub queue: usize,
    #[cfg_attr(test, ts(type = "number"))]
    pub ping_ms: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub dead_ms: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub hello_ms: u64,
    pub sockets: u32,
    pub cursors: u32,
    pub watch_users: u32,
    pub watch_rooms: u32,
    /// More events behind than this in one room: `reset`.
    #[cfg_attr(test, ts(type = "number"))]
    pub behind_room: i64,
    #[cfg_attr(test, ts(type = "number"))]
    pub behind_all: i64,
    pub messages_per_second: u32,
    pub messages_burst: u32,
    pub commands_per_second: u32,
    pub commands_burst: u32,
    pub rooms_per_hour: u32,
    pub accounts_per_hour: u32,
    /// Failures after which an account's logins are delayed.
    pub login_failures: u32,
    /// The longest such delay.
    #[cfg_attr(test, ts(type = "number"))]
    pub login_delay_ms: u64,
    /// Failed logins in ten minutes from one address.
    pub login_failures_address: u32,
    pub hashes_waiting: u32,
    /// One file.
    #[cfg_attr(test, ts(type = "number"))]
    pub upload: u64,
    /// For the next bytes of a file to arrive.
    #[cfg_attr(test, ts(type = "number"))]
    pub upload_idle_ms: u64,
    /// Files on their way here from one person.
    pub uploads: u32,
    /// All files of one person together; 0: as much as there is room for.
    #[cfg_attr(test, ts(type = "number"))]
    pub files_person: u64,
    /// All files together; 0: as much as there is room for.
    #[cfg_attr(test, ts(type = "number"))]
    pub files_server: u64,
    /// How long a file is kept that stands in no message.
    #[cfg_attr(test, ts(type = "number"))]
    pub unsent_ms: u64,
    /// Files with one message.
    pub files: u32,
    /// Code points.
    pub file_name: u32,
    /// Code points.
    pub alt: u32,
    /// Of a picture that is decoded; a larger one is a file like any other.
    pub pixels: u32,
    /// For a picture to be decoded.
    #[cfg_attr(test, ts(type = "number"))]
    pub picture_ms: u64,
    /// Links of a message that show what is behind them.
    pub previews: u32,
    /// For all that a link needs to be looked at.
    #[cfg_attr(test, ts(type = "number"))]
    pub preview_ms: u64,
    /// Emoji of the community's own.
    pub emoji: u32,
    /// Different emoji that one person puts to a message.
    pub reactions: u32,
    /// Different emoji below a message.
    pub reactions_message: u32,
    /// Pinned messages of a room.
    pub pins: u32,
    /// Messages that one person puts aside.
    pub saved: u32,
    pub groups: u32,
    pub group_members: u32,
    pub keywords: u32,
    /// Code points.
    pub keyword: u32,
    pub mentions: u32,
    pub direct: u32,
    /// Code points.
    pub display_name: u32,
    /// Code points.
    pub room_name: u32,
    /// Code points.
    pub topic: u32,
    /// Code points.
    pub status: u32,
    pub password_min: u32,
    #[cfg_attr(test, ts(type = "number"))]
    pub password_max: usize,
    #[cfg_attr(test, ts(type = "number"))]
    pub client_id: usize,
    #[cfg_attr(test, ts(type = "number"))]
    pub settings: usize,
    pub page: u32,
    pub page_messages: u32,
    pub page_events: u32,
    pub tail_events: u32,
    #[cfg_attr(test, ts(type = "number"))]
    pub tail_bytes: usize,
    #[cfg_attr(test, ts(type = "number"))]
    pub tails_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            text: 16 << 10,
            body: 128 << 10,
            json_depth: 32,
            header_ms: 30_000,
            body_ms: 30_000,
            frame: 64 << 10,
            queue: 256 << 10,
            ping_ms: 25_000,
            dead_ms: 60_000,
            hello_ms: 5_000,
            sockets: 20,
            cursors: 1_000,
            watch_users: 500,
            watch_rooms: 8,
            behind_room: 500,
            behind_all: 5_000,
            messages_per_second: 2,
            messages_burst: 20,
            commands_per_second: 10,
            commands_burst: 50,
            rooms_per_hour: 10,
            accounts_per_hour: 20,
            login_failures: 5,
            login_delay_ms: 15 * 60_000,
            login_failures_address: 20,
            hashes_waiting: 64,
            upload: 100 << 20,
            upload_idle_ms: 30_000,
            uploads: 20,
            files_person: 10 << 30,
            files_server: 0,
            unsent_ms: 24 * 3_600_000,
            files: 20,
            file_name: 255,
            alt: 1_000,
            pixels: 32_000_000,
            picture_ms: 15_000,
            previews: 3,
            preview_ms: 10_000,
            emoji: 1_000,
            reactions: 20,
            reactions_message: 50,
            pins: 100,
            saved: 5_000,
            groups: 200,
            group_members: 500,
            keywords: 50,
            keyword: 40,
            mentions: 50,
            direct: 10,
            display_name: 64,
            room_name: 80,
            topic: 1024,
            status: 100,
            password_min: 8,
            password_max: 1024,
            client_id: 64,
            settings: 8 << 10,
            page: 50,
            page_messages: 200,
            page_events: 1_000,
            tail_events: 512,
            tail_bytes: 128 << 10,
            tails_bytes: 32 << 20,
        }
    }
}
