//! `parlour demo`.

use super::{complain, say};
use crate::admin::{self, Request};
use crate::config::Config;
use crate::demo::{Furnished, Wish};
use clap::{Arg, ArgMatches, Command, value_parser};

pub fn command() -> Command {
    let number = |name: &'static str, help: &'static str| {
        let parser = value_parser!(u32).range(..=100_000_000);
        Arg::new(name).long(name).value_name("N").value_parser(parser).default_value("0").help(help)
    };
    Command::new("demo")
        .about("Fill an empty server with a community that has talked for a week")
        .arg(number("messages", "Messages in the Lobby, in all: made up where the talk has fewer"))
        .arg(number("people", "People, in all: made up where the talk has fewer"))
        .arg(
            Arg::new("password")
                .long("password")
                .value_name("PASSWORD")
                .help("For those who talk; without it one is made up and printed"),
        )
}

pub fn wish(matches: &ArgMatches) -> Wish {
    let number = |name| matches.get_one::<u32>(name).map_or(0, |number| *number as usize);
    Wish {
        messages: number("messages"),
        people: number("people"),
        password: matches.get_one::<String>("password").cloned(),
    }
}

pub async fn demo(config: Config, wish: Wish) -> Result<(), String> {
    if wish.messages > 100_000 {
        complain(&format!("{} messages: this takes a while.", wish.messages));
    }
    let made: Furnished = admin::ask(config, Request::Demo(wish)).await?;
    say(&format!(
        "{} is furnished: {} people, {} rooms, {} messages.",
        made.community, made.people, made.rooms, made.messages
    ));
    say(&format!("Log in as: {}", made.username));
    say(&format!("Password:  {}", made.password));
    let (some, more) = made.others.split_at(made.others.len().min(3));
    say(&format!("The same password opens for {} and {} others.", some.join(", "), more.len()));
    Ok(())
}
