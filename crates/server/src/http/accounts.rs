//! `accounts`: somebody new.

use super::Body;
use crate::app::App;
use crate::auth::{DEVICE, SESSION, Token, Visitor, give, setup, tokens};
use crate::fault::{Fault, Result};
use crate::quiet;
use crate::room;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use futures_util::FutureExt;
use protocol::view::{Join, LoggedIn, Me, Problem, ServerRole};
use protocol::{Code, Refusal, RoomId, UserId, text};
use serde::Deserialize;
use store::facts::Fact;
use store::{Lane, Tx, facts, invites, sessions, users};

#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewAccount {
    username: String,
    password: String,
    #[serde(default, alias = "name")]
    display_name: Option<String>,
    /// The code of an invite.
    #[serde(default)]
    invite: Option<String>,
    /// What the program printed; for the first account, where it does not come from the same machine.
    #[serde(default)]
    setup_code: Option<String>,
}

/// What decides whether an account may be made.
#[derive(Clone)]
struct Entry {
    username: String,
    invite: Option<String>,
    /// This visitor may become the owner, if there is none.
    may_own: Result<(), Refusal>,
}

/// Register. The first account owns the server.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = NewAccount, responses(
    (status = 201, body = LoggedIn), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem), (status = 429, body = Problem)), security(()))]
pub async fn create(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Body(input): Body<NewAccount>,
) -> Result<(StatusCode, HeaderMap, Json<LoggedIn>)> {
    let limits = &app.config.limits;
    let username = text::username(&input.username)?;
    text::password("password", &input.password, limits)?;
    let name = match input.display_name.as_deref().filter(|name| !name.trim().is_empty()) {
        Some(name) => text::line("display_name", name, 1, limits.display_name)?,
        None => username.clone(),
    };
    let may_own = setup::allows(&visitor, input.setup_code.as_deref(), &app.auth.setup_code);
    let entry =
        Entry { username: username.clone(), invite: input.invite.clone().filter(|code| !code.is_empty()), may_own };

    // A first look, so that what cannot be is refused before it costs a hash and a place in the rate.
    let look = entry.clone();
    let as_owner = app.store.read(move |tx| async move { Ok::<_, Fault>(admit(tx, &look).await?.0) }.boxed()).await;
    let as_owner = match as_owner {
        Err(Fault::Refused(refusal)) if refusal.code == Code::Forbidden => {
            // Guessing a set-up code or an invite is slowed as guessing a password is.
            app.auth.rates.account(visitor.key())?;
            return Err(refusal.into());
        }
        other => other?,
    };
    if !as_owner {
        app.auth.rates.account(visitor.key())?;
    }
    let password = Some(app.auth.passwords.hash(input.password).await?);

    let (token, device) = (Token::random(), tokens(&headers, DEVICE).next().unwrap_or_else(Token::random));
    let (hash, device_hash, label) = (token.hash(), device.hash(), super::sessions::label(&headers));
    let new = users::New { username, name, password, role: ServerRole::Member };
    let made = app.store.write(Lane::Server, move |tx| make(tx, entry, new, hash, device_hash, label).boxed()).await?;
    if made.me.role == ServerRole::Owner {
        // Those who came by `users add` before there was a Lobby.
        if let Some(lobby) = made.lobby.filter(|_| !made.others.is_empty()) {
            room::add(&app.core, made.me.user.id, lobby, made.others).await?;
        }
    } else {
        room::join_first(&app.core, made.me.user.id).await?;
    }
    app.metrics.logins.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut cookies = HeaderMap::new();
    give(&mut cookies, SESSION, &token, &visitor, &app.config);
    give(&mut cookies, DEVICE, &device, &visitor, &app.config);
    Ok((StatusCode::CREATED, cookies, Json(LoggedIn { user: made.me, token: token.text() })))
}

struct Made {
    me: Me,
    lobby: Option<RoomId>,
    others: Vec<UserId>,
}

/// Makes the account, its session and, for the first one, the Lobby: all checks first, then all writes.
async fn make(
    tx: &mut Tx,
    entry: Entry,
    mut new: users::New,
    hash: [u8; 32],
    device: [u8; 32],
    label: String,
) -> Result<Made> {
    // Decided here, where no other account is made beside it: of a hundred first visitors one is the owner.
    let (owns, invite) = admit(tx, &entry).await?;
    let others = if owns { users::all(tx).await? } else { Vec::new() };
    if owns {
        new.role = ServerRole::Owner;
    }
    let user = users::create(tx, &new).await?;
    if let Some(invite) = invite {
        invites::redeem(tx, invite).await?;
    }
    sessions::create(tx, user, &hash, &label).await?;
    sessions::know_device(tx, user, &device).await?;
    facts::record(tx, Fact::UserAdded { user }).await?;
    let mut lobby = None;
    if owns {
        let room = room::first(tx, user).await?;
        facts::set_lobby(tx, room).await?;
        lobby = Some(room);
    }
    let me = quiet::me(tx, user).await?.ok_or_else(Refusal::not_found)?;
    Ok(Made { me, lobby, others })
}

/// Whether that account may be made: as the owner? With which invite?
async fn admit(tx: &mut Tx, entry: &Entry) -> Result<(bool, Option<i64>)> {
    let owns = !users::has_owner(tx).await?;
    let mut invite = None;
    if owns {
        entry.may_own.clone()?;
    } else {
        let join = facts::server(tx).await?.join;
        if join == Join::Nobody {
            return Err(Refusal::new(Code::Forbidden, super::invites::CLOSED).into());
        }
        match &entry.invite {
            Some(code) => invite = Some(super::invites::good(tx, code).await?.id),
            None if join == Join::Invited => {
                let detail = "To join one needs an invite from somebody who is here.";
                return Err(Refusal { field: Some("invite"), ..Refusal::new(Code::Forbidden, detail) }.into());
            }
            None => {}
        }
    }
    if users::is_taken(tx, &entry.username).await? {
        return Err(Refusal { code: Code::Taken, ..Refusal::invalid("username", "That name is taken.") }.into());
    }
    Ok((owns, invite))
}
