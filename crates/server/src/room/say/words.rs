//! The words of a message or an edit: what is made of them before the door, and what only the room knows.

use crate::fault::Fault;
use crate::render::{Rendered, render};
use protocol::event::Said;
use protocol::{Limits, Refusal, RoomId};
use store::{Tx, groups, members};

/// Words on their way into the log. What is costly about them was done before the door.
pub(super) struct Words {
    pub text: String,
    rendered: Rendered,
    /// People of groups, at most.
    called: u32,
}

impl Words {
    pub fn new(text: String, limits: &Limits) -> Words {
        Words { rendered: render(&text, limits.text), text, called: limits.group_members }
    }

    /// The words with the members whom they name, themselves or by a group of theirs.
    ///
    /// # Errors
    /// `invalid`: more than `most` of them; or the database failed.
    pub async fn said(self, tx: &mut Tx, room: RoomId, most: u32) -> Result<Said, Fault> {
        let Rendered { html, calls, .. } = self.rendered;
        let names: Vec<String> = calls.names.into_iter().collect();
        let mut mentions = members::named(tx, room, &names).await?;
        let (groups, called) = groups::called(tx, room, &names).await?;
        if mentions.len() + groups > most as usize {
            return Err(Refusal::invalid("text", format!("A message can name {most} people and groups.")).into());
        }
        // One message must not ring for thousands by naming group after group.
        if called.len() > self.called as usize {
            let detail = format!("The groups that a message names can have {} people.", self.called);
            return Err(Refusal::invalid("text", detail).into());
        }
        mentions.extend(called);
        mentions.sort_unstable();
        mentions.dedup();
        Ok(Said {
            text: Some(self.text),
            html,
            mentions,
            everyone: calls.everyone,
            here: calls.here,
            ..Said::default()
        })
    }
}
