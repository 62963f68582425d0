//! Who may do what: one table, asked by every path, inside the transaction that does it.
//!
//! What a person may not see does not exist for them: an outsider gets `not_found` for a private room in every
//! case, before anything else is looked at.

use protocol::event::MemberRole;
use protocol::view::{EmojiBy, ServerRole};
use protocol::{Code, Refusal, UserId};
use store::rooms::RoomRow;

/// Something that a person does with a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// See its log, members, typing; keep a cursor, a draft and a level.
    Read,
    /// See that it is there, with its name, topic and size.
    Browse,
    Post,
    /// Change the text of one's own message.
    Edit,
    DeleteOwn,
    DeleteOthers,
    /// Put an emoji to a message, or take one's own back.
    React,
    /// Keep a message at hand for everybody in the room, or not any more.
    Pin,
    Join,
    Add,
    Leave,
    Remove,
    Ban,
    SetRole,
    Rename,
    SetTopic,
    SetPreviews,
    Archive,
}

/// What an act needs in one kind of room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Anyone,
    Member,
    Owner,
    /// The people of a direct room never change.
    Fixed,
    /// There is no such thing in this kind of room.
    Nobody,
}

/// One row a right: in an open room, in a private one, in a direct one; and whether an archived room allows it.
pub const TABLE: &[(Act, Need, Need, Need, bool)] = {
    use Act::*;
    use Need::{Anyone, Fixed, Member, Nobody, Owner};
    &[
        (Read, Member, Member, Member, true),
        (Browse, Anyone, Member, Member, true),
        (Post, Member, Member, Member, false),
        (Edit, Member, Member, Member, false),
        (DeleteOwn, Member, Member, Member, true),
        (DeleteOthers, Owner, Owner, Nobody, true),
        (React, Member, Member, Member, false),
        (Pin, Member, Member, Member, false),
        (Join, Anyone, Member, Fixed, false),
        (Add, Member, Owner, Fixed, false),
        (Leave, Member, Member, Fixed, true),
        (Remove, Owner, Owner, Fixed, true),
        (Ban, Owner, Owner, Fixed, true),
        (SetRole, Owner, Owner, Fixed, true),
        (Rename, Owner, Owner, Nobody, false),
        (SetTopic, Member, Member, Nobody, false),
        // The two of a direct room are equals.
        (SetPreviews, Owner, Owner, Member, false),
        (Archive, Owner, Owner, Nobody, true),
    ]
};

/// Who acts, as the transaction reads it.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    pub user: UserId,
    pub server: ServerRole,
    /// The role in the room in question; `None` for who is not a member.
    pub member: Option<MemberRole>,
}

/// Whether `actor` may do this with the room.
///
/// # Errors
/// The refusal that the person sees.
pub fn decide(act: Act, actor: &Actor, room: &RoomRow) -> Result<(), Refusal> {
    if room.private && actor.member.is_none() {
        return Err(Refusal::not_found());
    }
    let Some((_, open, private, direct, archived)) = TABLE.iter().find(|row| row.0 == act) else {
        return Err(Refusal::new(Code::Forbidden, "Nobody may do that."));
    };
    let need = match (room.direct, room.private) {
        (true, _) => direct,
        (false, true) => private,
        (false, false) => open,
    };
    // Who runs the server keeps order in the rooms that everybody can see, and in no others.
    let moderates = actor.server >= ServerRole::Admin && !room.private;
    match need {
        Need::Anyone => {}
        Need::Fixed => {
            return Err(Refusal::new(
                Code::FixedMembers,
                "The people of a direct room never change; start another one.",
            ));
        }
        Need::Nobody => return Err(Refusal::new(Code::Forbidden, "That cannot be done in a direct room.")),
        Need::Member if actor.member.is_none() => {
            return Err(Refusal::new(Code::NotMember, "Join this room first."));
        }
        Need::Member => {}
        Need::Owner if actor.member == Some(MemberRole::Owner) || moderates => {}
        Need::Owner if actor.member.is_none() => {
            return Err(Refusal::new(Code::NotMember, "Join this room first."));
        }
        Need::Owner => return Err(Refusal::new(Code::Forbidden, "Only an owner of this room may do that.")),
    }
    if room.archived && !archived {
        return Err(Refusal::new(Code::ReadOnly, "This room is archived: it can be read, not written in."));
    }
    Ok(())
}

/// Something that a person does with the server as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServerAct {
    /// Its name, and who may join.
    Change,
    /// Make links to join with, and see all of them.
    Invite,
    BanAccount,
    /// Add emoji of the community's own, and take them away ([`decide_emoji`] says who else may).
    Emoji,
    /// Say which groups there are, and who is in them.
    Groups,
    /// Make admins and owners.
    SetRole,
}

/// Whether a person of this standing may.
///
/// # Errors
/// The refusal that the person sees.
pub fn decide_server(act: ServerAct, role: ServerRole) -> Result<(), Refusal> {
    let need = match act {
        ServerAct::Change | ServerAct::Invite | ServerAct::BanAccount | ServerAct::Groups | ServerAct::Emoji => {
            ServerRole::Admin
        }
        ServerAct::SetRole => ServerRole::Owner,
    };
    if role >= need {
        Ok(())
    } else {
        Err(Refusal::new(Code::Forbidden, "Only those who run this server may do that."))
    }
}

/// Whether a person may add an emoji, or change or remove one that `whose` added. Where everybody may add, each
/// may do as they like with their own.
///
/// # Errors
/// The refusal that the person sees.
pub fn decide_emoji(rule: EmojiBy, role: ServerRole, me: UserId, whose: Option<UserId>) -> Result<(), Refusal> {
    match rule {
        EmojiBy::Admins => decide_server(ServerAct::Emoji, role),
        EmojiBy::Anyone if whose.is_none_or(|whose| whose == me) => Ok(()),
        EmojiBy::Anyone => decide_server(ServerAct::Emoji, role)
            .map_err(|refusal| Refusal { detail: "Somebody else added this one.".into(), ..refusal }),
    }
}
