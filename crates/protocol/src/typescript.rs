//! The web client's types come from these. `UPDATE=1 cargo test -p parlour-protocol` writes them anew.

use crate::{code, event, file, fold, frame, ids, limits, view};
use ts_rs::{Config, TS};

fn generated() -> String {
    let config = Config::default();
    let mut out =
        String::from("// Generated from crates/protocol: do not edit. UPDATE=1 cargo test -p parlour-protocol\n");
    macro_rules! types {
        ($($name:ty),+ $(,)?) => { $(
            out.push_str("\nexport ");
            out.push_str(&<$name>::decl(&config));
            out.push('\n');
        )+ };
    }
    types!(
        ids::RoomId,
        ids::UserId,
        ids::Seq,
        ids::FileId,
        ids::SessionId,
        ids::Time,
        event::Event,
        event::Body,
        event::Said,
        event::Forwarded,
        event::MemberRole,
        file::FileInfo,
        file::Hints,
        file::FileRef,
        file::FileWith,
        file::Preview,
        fold::Entry,
        fold::What,
        fold::Message,
        fold::Reaction,
        code::Code,
        limits::Limits,
        view::User,
        view::Colour,
        view::ServerRole,
        view::Person,
        view::Me,
        view::LoggedIn,
        view::Session,
        view::Join,
        view::Server,
        view::EmojiBy,
        view::Invite,
        view::Level,
        view::Room,
        view::Mine,
        view::Thread,
        view::ThreadView,
        view::Saved,
        view::Reacted,
        view::Version,
        view::Group,
        view::Cause,
        view::Activity,
        view::Quiet,
        view::Hours,
        view::Why,
        view::Places,
        view::Read,
        view::State,
        view::Member,
        view::Page,
        view::Events,
        view::SentFile,
        view::FileKind,
        view::Upload,
        view::Emoji,
        view::Problem,
        frame::ClientFrame,
        frame::Hello,
        frame::ServerFrame,
        frame::Reset,
    );
    // An optional part that is flattened has no derive: what is mine in a room is there or not as a whole.
    let room = view::Room::decl(&config);
    out.replace(&room, &format!("{} & Partial<Mine>;", room.trim_end_matches(';')))
}

#[test]
fn the_web_clients_types_are_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/wire/types.gen.ts");
    let fresh = generated();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(std::path::Path::new(path).parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, &fresh).expect("the types are written");
    }
    let stands = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stands == fresh, "web/src/wire/types.gen.ts is stale: UPDATE=1 cargo test -p parlour-protocol");
}
