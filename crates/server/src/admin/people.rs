//! `users add`: all of them, or with the first bad line none.

use super::{Added, NewPerson};
use crate::app::App;
use crate::auth::Token;
use crate::fault::{Fault, Result};
use crate::room;
use futures_util::FutureExt;
use protocol::view::ServerRole;
use protocol::{Refusal, RoomId, UserId, text};
use std::collections::HashMap;
use store::{Lane, Tx, facts, rooms, sessions, users};

pub async fn add(app: &App, people: Vec<NewPerson>, rooms: Vec<String>, tokens: bool) -> Result<Vec<Added>, String> {
    let checked = check(app, &people)?;
    let limits = &app.config.limits;
    let rooms = rooms.iter().map(|name| text::line("name", name, 1, limits.room_name));
    let rooms: Vec<String> =
        rooms.collect::<Result<_, _>>().map_err(|refusal| format!("--room: {}", refusal.detail))?;
    if let Some(name) = closed(app, rooms.clone()).await.map_err(|fault| fault.refusal().detail)? {
        return Err(format!("--room: {name} is archived, nobody can be added to it"));
    }
    let added = app.store.write(Lane::Server, move |tx| make(tx, checked, tokens).boxed()).await;
    let added = added.map_err(|fault| fault.refusal().detail)?;
    let ids: Vec<UserId> = added.iter().map(|person| UserId(person.id)).collect();
    seat(app, &ids, rooms).await.map_err(|fault| {
        format!("the accounts were made, but not all rooms were joined: {}", fault.refusal().detail)
    })?;
    Ok(added)
}

/// The first of these open rooms that takes nobody any more.
async fn closed(app: &App, names: Vec<String>) -> Result<Option<String>> {
    let read = app.store.read(move |tx| {
        async move {
            for name in names {
                if rooms::named(tx, &name).await?.is_some_and(|room| room.archived) {
                    return Ok(Some(name));
                }
            }
            Ok::<_, Fault>(None)
        }
        .boxed()
    });
    read.await
}

/// The accounts as they will be, with their lines; or the first line that cannot be.
fn check(app: &App, people: &[NewPerson]) -> Result<Vec<(usize, users::New)>, String> {
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(people.len());
    let mut checked = Vec::with_capacity(people.len());
    for person in people {
        let bad = |refusal: Refusal| format!("line {}: {}", person.line, refusal.detail);
        let username = text::username(&person.username).map_err(bad)?;
        let name = match person.name.as_str() {
            "" => username.clone(),
            name => text::line("display_name", name, 1, app.config.limits.display_name).map_err(bad)?,
        };
        if let Some(line) = seen.insert(username.clone(), person.line) {
            return Err(format!("line {}: {username} stands in line {line} already", person.line));
        }
        checked.push((person.line, users::New { username, name, password: None, role: ServerRole::Member }));
    }
    Ok(checked)
}

async fn make(tx: &mut Tx, people: Vec<(usize, users::New)>, tokens: bool) -> Result<Vec<Added>> {
    for (line, new) in &people {
        if users::is_taken(tx, &new.username).await? {
            return Err(Refusal::invalid("username", format!("line {line}: {} is taken", new.username)).into());
        }
    }
    let mut added = Vec::with_capacity(people.len());
    for (_, new) in people {
        let user = users::create(tx, &new).await?;
        let mut token = None;
        if tokens {
            let fresh = Token::random();
            sessions::create(tx, user, &fresh.hash(), "parlour users add").await?;
            token = Some(fresh.text());
        }
        added.push(Added { username: new.username, id: user.0, token });
    }
    Ok(added)
}

/// They join the Lobby, where there is one, and the rooms that were named.
async fn seat(app: &App, people: &[UserId], names: Vec<String>) -> Result<()> {
    let core = &app.core;
    let Some(first) = people.first().copied() else { return Ok(()) };
    let (lobby, owner, there) = app
        .store
        .read(move |tx| {
            async move {
                let lobby = facts::lobby(tx).await?;
                let owner = users::first_owner(tx).await?;
                let mut there: Vec<Result<RoomId, String>> = Vec::new();
                for name in names {
                    there.push(rooms::named(tx, &name).await?.map(|room| room.id).ok_or(name));
                }
                Ok::<_, Fault>((lobby, owner, there))
            }
            .boxed()
        })
        .await?;
    let mut seats: Vec<RoomId> = lobby.into_iter().collect();
    for room in there {
        let room = match room {
            Ok(room) => room,
            Err(name) => {
                let new = room::NewRoom { name, topic: String::new(), private: false };
                room::create(core, owner.unwrap_or(first), new).await?.id
            }
        };
        if !seats.contains(&room) {
            seats.push(room);
        }
    }
    for room in seats {
        // Any member of an open room may add people: the first of them comes in and brings the others.
        match room::join(core, first, room).await {
            Ok(_) => {}
            // The Lobby was archived.
            Err(Fault::Refused(_)) if Some(room) == lobby => continue,
            Err(fault) => return Err(fault),
        }
        room::add(core, first, room, people.to_vec()).await?;
    }
    Ok(())
}
