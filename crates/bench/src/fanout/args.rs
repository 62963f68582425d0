//! `fanout` on the command line.

use super::contender::{ALL, Contender};
use super::plan::{Plan, Shape};
use crate::Result;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::path::PathBuf;

pub fn command() -> Command {
    let names: Vec<&str> = ALL.iter().map(|contender| contender.name()).collect();
    Command::new("fanout")
        .about("One message to many: Parlour, its peers and the machine's own limits, side by side")
        .arg(Arg::new("basic").long("basic").action(ArgAction::SetTrue).help("Only connecting, bursts and a calm pace"))
        .arg(flag("write", "Write docs/BENCHMARKS.md anew; measures start, pages and sizes as well"))
        .arg(flag("optional", "prosody, ejabberd and synapse as well, which bin/bench installs then"))
        .arg(number("rounds", "How often, in turns [default: 5, quick: 1]"))
        .arg(number("seconds", "How long each step is measured [default: 4, quick: 1]"))
        .arg(
            number("clients", "So many in one room [default: 100,1000,9000,18000, quick: 1000]")
                .value_delimiter(',')
                .action(ArgAction::Append),
        )
        .arg(
            number("rooms", "So many rooms of ten; 0: none [default: 200, quick: 20]")
                .value_delimiter(',')
                .action(ArgAction::Append),
        )
        .arg(
            number("writers", "So many who post, each in a room of their own; 0: none [default: 1,16,64, quick: 1,16]")
                .value_delimiter(',')
                .action(ArgAction::Append),
        )
        .arg(
            Arg::new("contenders")
                .long("contenders")
                .value_delimiter(',')
                .action(ArgAction::Append)
                .value_parser(names)
                .help("Only these, optional or not"),
        )
        .arg(path("peers", "How the peers are set up").default_value("crates/bench/peers"))
        .arg(path("python", "The Python that has Flask-SocketIO").default_value("python3"))
        .arg(path("synapse", "The Python that has Synapse").default_value("python3"))
}

fn path(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("PATH").value_parser(value_parser!(PathBuf)).help(help)
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn number(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("N").value_parser(value_parser!(usize)).help(help)
}

/// # Errors
/// A number makes no sense.
pub fn plan(matches: &ArgMatches) -> Result<Plan> {
    let quick = matches.get_flag("quick");
    let basic = matches.get_flag("basic");
    let one = |name: &str, usual: usize, small: usize| {
        matches.get_one(name).copied().unwrap_or(if quick { small } else { usual })
    };
    let many = |name: &str, usual: &[usize], small: &[usize]| -> Vec<usize> {
        let given: Option<Vec<usize>> = matches.get_many(name).map(|given| given.copied().collect());
        given.unwrap_or_else(|| if quick { small } else { usual }.to_vec()).into_iter().filter(|n| *n > 0).collect()
    };
    let clients = many("clients", &[100, 1_000, 9_000, 18_000], &[1_000]);
    if clients.iter().any(|many| *many < 10) {
        return Err("--clients: at least 10, four of them write".to_owned());
    }
    let mut shapes: Vec<Shape> = clients.into_iter().map(Shape::One).collect();
    if !basic {
        shapes.extend(many("rooms", &[200], &[20]).into_iter().map(Shape::Tens));
        shapes.extend(many("writers", &[1, 16, 64], &[1, 16]).into_iter().map(Shape::Alone));
    }
    let named: Option<Vec<&String>> = matches.get_many("contenders").map(Iterator::collect);
    let contenders = match named {
        Some(named) => named.into_iter().filter_map(|name| Contender::named(name)).collect(),
        None => {
            let optional = matches.get_flag("optional");
            ALL.into_iter().filter(|contender| optional || !contender.is_optional()).collect()
        }
    };
    let (rounds, seconds) = (one("rounds", 5, 1), one("seconds", 4, 1) as f64);
    Ok(Plan { contenders, shapes, rounds, seconds, quick, basic, write: matches.get_flag("write") })
}
