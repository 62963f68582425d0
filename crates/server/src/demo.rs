//! `parlour demo`: fills an empty server with a community that has talked for some days, for a first look, for
//! pictures and, made large, for measurements. All of it goes through the write door, as if people had done it.
//!
//! The talk itself stands in `demo/talk.txt`, with a word on its form.

mod clock;
mod fill;
mod people;
mod play;
mod script;

use crate::app::App;
use crate::fault::Fault;
use clock::{Clock, DAY, MINUTE};
use serde::{Deserialize, Serialize};

/// How large it is to be.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wish {
    /// Messages in the Lobby, in all; fewer than its own talk has change nothing.
    #[serde(default)]
    pub messages: usize,
    /// People, in all; fewer than talk change nothing.
    #[serde(default)]
    pub people: usize,
    /// For those who talk; without it one is made up.
    #[serde(default)]
    pub password: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Furnished {
    pub community: String,
    pub people: usize,
    pub rooms: usize,
    pub messages: usize,
    /// The owner's.
    pub username: String,
    pub password: String,
    /// Others who have the same password.
    pub others: Vec<String>,
}

/// Furnishes an empty server.
///
/// # Errors
/// A text for people: there are accounts already, or something could not be written.
pub async fn furnish(app: &App, wish: Wish) -> Result<Furnished, String> {
    let script = script::parse(include_str!("demo/talk.txt"))?;
    let password = wish.password.clone().unwrap_or_else(people::password);
    if password.chars().count() < app.config.limits.password_min as usize {
        return Err(format!("a password needs {} characters or more", app.config.limits.password_min));
    }
    let said = script.rooms.iter().find(|room| room.name == play::LOBBY).map_or(0, |room| room.messages());
    let filler = wish.messages.saturating_sub(said);
    let clock = Clock::now(script.last_minute_today());
    // The talk of a week stands at the end of what is made up; six weeks ago they moved in.
    let opened = clock.at(script.first_day(), 0) - 36 * DAY;
    let founded = protocol::Time(opened - fill::span(filler) - MINUTE);

    let report = |fault: Fault| fault.refusal().detail;
    let crowd = people::settle(app, &script, &wish, &password, founded).await.map_err(report)?;
    fill::fill(app, &crowd, filler, protocol::Time(opened)).await.map_err(report)?;
    let rooms = play::play(app, &script, &crowd, &clock, protocol::Time(opened)).await.map_err(report)?;
    let talkers = script.people.iter().filter(|person| person.talks).map(|person| person.username.clone());
    let mut talkers: Vec<String> = talkers.collect();
    Ok(Furnished {
        community: script.community.clone(),
        people: crowd.everybody.len(),
        rooms,
        messages: filler + script.rooms.iter().map(script::Room::messages).sum::<usize>(),
        username: talkers.remove(0),
        password,
        others: talkers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::verify;

    #[tokio::test]
    async fn an_empty_server_is_furnished_once_and_holds_together() {
        furnished(None).await;
    }

    #[tokio::test]
    async fn the_same_on_postgresql() {
        let database = store::testing::database();
        furnished(Some(database.url().to_owned())).await;
    }

    async fn furnished(database: Option<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { database, ..Config::in_folder(folder.path()) };
        let app = App::open(config).await.expect("opens");
        let wish = Wish { messages: 600, people: 120, password: Some("a good password".into()) };
        let made = furnish(&app, wish.clone()).await.expect("furnished");
        assert_eq!((made.community.as_str(), made.username.as_str(), made.people), ("Ferry Lane", "maren", 120));
        assert_eq!(verify::check(&app).await.expect("verified"), Vec::<String>::new());
        let again = furnish(&app, wish).await.expect_err("refused");
        assert!(again.contains("accounts already"), "{again}");
        app.core.close().await;
    }
}
