//! The words of a message or an edit: what is made of them before the door, and what only the room knows.

use crate::fault::Fault;
use crate::render::{Rendered, render};
use protocol::event::Said;
use protocol::{Limits, Refusal, RoomId};
use store::{Tx, members};

/// Words on their way into the log. What is costly about them was done before the door.
pub(super) struct Words {
    pub text: String,
    rendered: Rendered,
}

impl Words {
    pub fn new(text: String, limits: &Limits) -> Words {
        Words { rendered: render(&text, limits.text), text }
    }

    /// The words with the members whom they name.
    ///
    /// # Errors
    /// `invalid`: more than `most` of them; or the database failed.
    pub async fn said(self, tx: &mut Tx, room: RoomId, most: u32) -> Result<Said, Fault> {
        let Rendered { html, calls } = self.rendered;
        let names: Vec<String> = calls.names.into_iter().collect();
        let mentions = members::named(tx, room, &names).await?;
        if mentions.len() > most as usize {
            return Err(Refusal::invalid("text", format!("A message can name {most} people.")).into());
        }
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
