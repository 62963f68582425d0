//! A room's own facts: name, topic, archive.

use super::create::free;
use super::door::enter;
use super::read::view;
use crate::core::Core;
use crate::fault::Fault;
use crate::policy::{Act, decide};
use protocol::view::Room;
use protocol::{Body, RoomId, UserId, text};
use std::sync::Arc;
use store::{Lane, log};

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Settle {
    pub name: Option<String>,
    pub topic: Option<String>,
    pub archived: Option<bool>,
    /// Links show what is behind them.
    pub previews: Option<bool>,
}

/// Renames, gives a topic, archives or brings back; what is as asked already changes nothing.
///
/// # Errors
/// `invalid`, `taken`, what the policy refuses, or the database failed.
pub async fn settle(core: &Arc<Core>, user: UserId, room: RoomId, wish: Settle) -> Result<Room, Fault> {
    let name = wish.name.map(|name| text::line("name", &name, 1, core.limits.room_name)).transpose()?;
    let topic = wish.topic.map(|topic| text::line("topic", &topic, 0, core.limits.topic)).transpose()?;
    let archived = wish.archived;
    let cursors = Arc::clone(&core.cursors);
    // Names are unique on the server: the server's lane first, then the room's row.
    let answer = core.store.write(Lane::Server, move |tx| {
        Box::pin(async move {
            let (mut row, actor) = enter(tx, room, user, Act::Browse).await?;
            let unarchives = archived == Some(false) && row.archived;
            let mut bodies = Vec::new();
            if let Some(archived) = archived {
                decide(Act::Archive, &actor, &row)?;
                if archived != row.archived {
                    bodies.push(if archived { Body::Archived } else { Body::Unarchived });
                }
            }
            // A room that this very request brings back can be changed by it.
            let mut seen = row.clone();
            seen.archived &= !unarchives;
            if let Some(name) = name {
                decide(Act::Rename, &actor, &seen)?;
                if name != row.name {
                    free(tx, &name, row.private, room).await?;
                    bodies.push(Body::Renamed { name });
                }
            }
            if let Some(topic) = topic {
                decide(Act::SetTopic, &actor, &seen)?;
                if topic != row.topic {
                    bodies.push(Body::Topic { topic });
                }
            }
            if let Some(previews) = wish.previews {
                decide(Act::SetPreviews, &actor, &seen)?;
                if previews != row.previews {
                    bodies.push(if previews { Body::PreviewsOn } else { Body::PreviewsOff });
                }
            }
            for body in bodies {
                log::append(tx, &mut row, user, body).await?;
            }
            view(tx, &cursors, user, room).await
        })
    });
    answer.await
}
