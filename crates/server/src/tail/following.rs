//! People begin to follow a thread by what others write: their devices learn of it, beside the room's own tail.

use super::hub::{Hub, runtime};
use crate::wire::Frame;
use protocol::frame::ServerFrame;
use protocol::{RoomId, Seq, UserId};

impl Hub {
    /// Reads what is theirs after the commit, and tells it. Called by the writer: never waits.
    pub(super) fn tell_following(&self, room: RoomId, root: Seq, mut users: Vec<UserId>) {
        users.retain(|user| !self.conns_of(*user).is_empty());
        let (Some(core), Ok(runtime)) = (self.core(), runtime(self)) else { return };
        if users.is_empty() {
            return;
        }
        runtime.spawn(async move {
            match crate::room::standings(&core, room, root, users).await {
                Ok(standings) => {
                    for standing in standings {
                        let frame = ServerFrame::Thread { thread: standing.thread, head: standing.head };
                        core.hub.to_member(room, standing.user, &frame);
                    }
                }
                // A client that comes back asks for all of its places.
                Err(error) => tracing::warn!(%room, %root, %error, "who follows a thread could not be told"),
            }
        });
    }

    /// A frame for those devices of a person that follow the room: none after the `gone` of a removal. One that is
    /// being greeted does not follow yet, and was told in its welcome that it will.
    fn to_member(&self, room: RoomId, user: UserId, frame: &ServerFrame) {
        let frame = Frame::json(frame);
        let tail = self.tail_of(room);
        for conn in self.conns_of(user) {
            let follows = tail.as_ref().is_some_and(|tail| tail.push_to(conn.id, &frame));
            if !follows && conn.is_greeting() {
                conn.push(frame.clone());
            }
        }
    }
}
