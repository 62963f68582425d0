//! People begin to follow a thread by what others write: their devices learn of it, beside the room's own tail.

use super::conn::Conn;
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
                        core.hub.to_member(room, standing.user, standing.head, &frame).await;
                    }
                }
                // A client that comes back asks for all of its places.
                Err(error) => tracing::warn!(%room, %root, %error, "who follows a thread could not be told"),
            }
        });
    }

    /// A frame for those devices of a member at `head` that follow the room: none after the `gone` of a removal. One that
    /// is being greeted does not follow yet, and was told in its welcome that it will. One whose joining is on its way
    /// through the tail follows when that has passed.
    async fn to_member(&self, room: RoomId, user: UserId, head: Seq, frame: &ServerFrame) {
        let frame = Frame::json(frame);
        let follows = |conn: &Conn| self.tail_of(room).is_some_and(|tail| tail.push_to(conn.id, &frame));
        for conn in self.conns_of(user) {
            if follows(&conn) {
                continue;
            }
            if conn.is_greeting() {
                conn.push(frame.clone());
                continue;
            }
            self.passed(room, head).await;
            follows(&conn);
        }
    }
}
