//! Who lives there: those of the script, and as many more as are wished for.

use super::Wish;
use super::fill::Dice;
use super::script::{Group, Script};
use crate::app::App;
use crate::fault::{Fault, Result};
use crate::room;
use futures_util::FutureExt;
use protocol::view::{Colour, Join, ServerRole};
use protocol::{Code, Refusal, RoomId, Time, UserId, text};
use std::collections::HashMap;
use store::facts::{self, Fact, ServerChange};
use store::users::{self, Change, New};
use store::{Lane, Tx, as_of, groups};

/// Everybody, by user name and in the order in which they came.
pub struct Crowd {
    pub named: HashMap<String, UserId>,
    pub everybody: Vec<UserId>,
    /// Those of the script.
    pub residents: Vec<UserId>,
    pub owner: UserId,
    pub lobby: RoomId,
}

struct Newcomer {
    new: New,
    colour: Option<Colour>,
    status: String,
}

/// Makes the accounts and the Lobby, where all of them are.
pub async fn settle(app: &App, script: &Script, wish: &Wish, password: &str, at: Time) -> Result<Crowd> {
    // One hash for all who talk: it costs a fair part of a second, and this is no place with secrets.
    let phc = app.auth.passwords.hash(password.to_owned()).await?;
    let mut people: Vec<Newcomer> = script
        .people
        .iter()
        .enumerate()
        .map(|(i, person)| Newcomer {
            new: New {
                username: person.username.clone(),
                name: person.name.clone(),
                password: person.talks.then(|| phc.clone()),
                role: if i == 0 { ServerRole::Owner } else { ServerRole::Member },
            },
            colour: Colour::parse(&person.colour),
            status: person.status.clone(),
        })
        .collect();
    people.extend((people.len()..wish.people).map(passer_by));
    let (name, groups) = (script.community.clone(), script.groups.clone());
    let made = app.store.write(Lane::Server, move |tx| make(tx, people, groups, name).boxed());
    let (made, lobby) = as_of(at, made).await?;
    let crowd = Crowd {
        owner: made[0].1,
        everybody: made.iter().map(|(_, id)| *id).collect(),
        residents: made.iter().take(script.people.len()).map(|(_, id)| *id).collect(),
        named: made.into_iter().collect(),
        lobby,
    };
    as_of(at, room::add(&app.core, crowd.owner, lobby, crowd.everybody.clone())).await?;
    Ok(crowd)
}

async fn make(
    tx: &mut Tx,
    people: Vec<Newcomer>,
    groups: Vec<Group>,
    community: String,
) -> Result<(Vec<(String, UserId)>, RoomId)> {
    if users::has_owner(tx).await? || !users::all(tx).await?.is_empty() {
        let detail = "this server has accounts already; a demo needs an empty one (another --data folder will do)";
        return Err(Refusal::new(Code::Forbidden, detail).into());
    }
    let change = ServerChange { name: Some(community), join: Some(Join::Anyone), ..ServerChange::default() };
    facts::change_server(tx, change).await?;
    let mut made = Vec::with_capacity(people.len());
    for person in people {
        let id = users::create(tx, &person.new).await?;
        facts::record(tx, Fact::UserAdded { user: id }).await?;
        if person.colour.is_some() || !person.status.is_empty() {
            let change = Change { colour: person.colour, status: Some(person.status), ..Change::default() };
            users::change(tx, id, &change).await?;
        }
        made.push((person.new.username, id));
    }
    for group in groups {
        let mut members: Vec<UserId> =
            made.iter().filter(|(name, _)| group.people.contains(name)).map(|(_, id)| *id).collect();
        members.sort_unstable();
        groups::create(tx, &group.name, &group.title, &members).await?;
    }
    let owner = made.first().map(|(_, id)| *id).ok_or_else(|| Fault::from(Refusal::not_found()))?;
    let lobby = room::first(tx, owner).await?;
    facts::set_lobby(tx, lobby).await?;
    Ok((made, lobby))
}

const FIRST: &[&str] = &[
    "Ada", "Aisha", "Alun", "Anwen", "Arjun", "Beatriz", "Cai", "Chiara", "Dafydd", "Dilys", "Ewa", "Farid", "Femi",
    "Freya", "Gethin", "Grace", "Hana", "Hugo", "Ines", "Isaac", "Jun", "Kasia", "Kofi", "Lars", "Lina", "Marek",
    "Megan", "Mina", "Nadia", "Nia", "Oscar", "Petra", "Rhys", "Rosa", "Sami", "Sefa", "Tegan", "Theo", "Uma", "Wen",
];
const LAST: &[&str] = &[
    "Abbott", "Achebe", "Bauer", "Bevan", "Bianchi", "Chen", "Costa", "Davies", "Dubois", "Evans", "Farah", "Fischer",
    "Gill", "Greene", "Haas", "Hughes", "Ibrahim", "Ito", "Jansen", "Jones", "Kaur", "Kowalska", "Lewis", "Lind",
    "Mbeki", "Morgan", "Novak", "Nunes", "Okafor", "Parry", "Quinn", "Rees", "Rossi", "Saito", "Silva", "Thomas",
    "Usman", "Vaughan", "Wright", "Yilmaz",
];

/// Somebody without a password and a word to say. The number keeps user names apart.
fn passer_by(n: usize) -> Newcomer {
    let mut dice = Dice::of(n as u64);
    let (first, last) = (dice.pick(FIRST), dice.pick(LAST));
    let username = format!("{}.{}{n}", first.to_lowercase(), last.to_lowercase());
    let name = format!("{first} {last}");
    debug_assert!(text::username(&username).is_ok());
    let new = New { username, name, password: None, role: ServerRole::Member };
    Newcomer { new, colour: Some(Colour::ALL[n % Colour::ALL.len()]), status: String::new() }
}

/// Easy to type from a screen: four times four letters, 79 bits.
pub fn password() -> String {
    const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let mut bytes = [0_u8; 16];
    // Without random bytes there is no password: better none that opens than one that can be guessed.
    if getrandom::fill(&mut bytes).is_err() {
        return String::new();
    }
    let letters: Vec<String> = bytes.iter().map(|b| char::from(LETTERS[usize::from(*b) % 31]).to_string()).collect();
    letters.chunks(4).map(|four| four.concat()).collect::<Vec<_>>().join("-")
}
