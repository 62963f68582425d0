//! `parlour-bench`: measures the release program and prints one table.

#![forbid(unsafe_code)]

use bench::fanout::{self, Setup};
use bench::floor::{broadcast, epoll, epoll::Floor};
use bench::load;
use bench::measure::{Plan, conversation, files, latency, pages, people, sizes, start, writers};
use bench::program::Program;
use bench::table::Table;
use bench::{Result, failed};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

const PARTS: [&str; 8] = ["sizes", "start", "people", "latency", "writers", "files", "conversation", "pages"];

fn command() -> Command {
    let path = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("PATH").value_parser(value_parser!(PathBuf)).help(help).global(true)
    };
    Command::new("parlour-bench")
        .about("Measures the program: memory, start, latency, sends a second, files, pages, sizes")
        .arg(path("parlour", "The program [default: beside this one, else target/release/parlour]"))
        .arg(path("web", "The built web client").default_value("web/dist"))
        .arg(path("folder", "Where the data folders are made: this disk is measured [default: the temporary folder]"))
        .arg(
            Arg::new("quick")
                .long("quick")
                .action(ArgAction::SetTrue)
                .help("Less of everything: to see that it works")
                .global(true),
        )
        .arg(
            Arg::new("messages")
                .long("messages")
                .value_name("N")
                .value_parser(value_parser!(u32))
                .help("In the large room [default: 1000000, quick: 20000]")
                .global(true),
        )
        .arg(Arg::new("only").long("only").action(ArgAction::Append).value_parser(PARTS).help("Only this part"))
        .subcommand(fanout::command())
        .subcommand(Command::new("load").about("The load generator").hide(true))
        .subcommand(
            Command::new("floor")
                .about("A server to compare with")
                .hide(true)
                .arg(Arg::new("name").required(true).value_parser(["f1", "f1c", "f1h", "f2"]))
                .arg(Arg::new("address").required(true).value_parser(value_parser!(SocketAddr))),
        )
        .subcommand(
            Command::new("disk")
                .about("What the disk can do")
                .hide(true)
                .arg(Arg::new("name").required(true).value_parser(["f3", "f3g", "f4"]))
                .arg(Arg::new("seconds").required(true).value_parser(value_parser!(f64)))
                .arg(Arg::new("posts").required(true).value_parser(value_parser!(usize)))
                .arg(Arg::new("at").required(true).value_parser(value_parser!(PathBuf))),
        )
}

fn main() -> ExitCode {
    let matches = command().get_matches();
    let done = match matches.subcommand() {
        Some(("load", _)) => load::main(),
        Some(("floor", floor)) => stand(floor),
        Some(("disk", given)) => disk(given),
        Some(("fanout", given)) => block_on(side_by_side(given)),
        _ => block_on(run(&matches)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parlour-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn block_on(future: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Runtime::new().map_err(failed("the runtime"))?.block_on(future)
}

/// Serves as one of the floors, until it is killed.
fn stand(matches: &ArgMatches) -> Result<()> {
    let address = *matches.get_one::<SocketAddr>("address").ok_or("no address")?;
    match matches.get_one::<String>("name").map(String::as_str) {
        Some("f2") => broadcast::serve(address),
        Some("f1c") => epoll::serve(address, Floor::F1c),
        Some("f1h") => epoll::serve(address, Floor::F1h),
        _ => epoll::serve(address, Floor::F1),
    }
}

fn disk(matches: &ArgMatches) -> Result<()> {
    let name = matches.get_one::<String>("name").ok_or("no name")?;
    let (seconds, posts) = (matches.get_one::<f64>("seconds"), matches.get_one::<usize>("posts"));
    let at = matches.get_one::<PathBuf>("at").ok_or("no folder")?;
    fanout::time_disk(name, at, *seconds.ok_or("no time")?, *posts.ok_or("no number")?)
}

async fn side_by_side(matches: &ArgMatches) -> Result<()> {
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned().unwrap_or_default();
    let usual = usual(matches)?;
    let plan = fanout::plan(matches)?;
    let mut rest = Table::default();
    if plan.write {
        measure(&usual, &["sizes", "start", "pages"], &mut rest).await?;
    }
    let Plan { program, folder, .. } = usual;
    let setup = Setup { program, folder, peers: path("peers"), python: path("python"), synapse: path("synapse") };
    if fanout::fanout(&plan, &setup, &rest).await? { Ok(()) } else { Err("something was wrong: see above".to_owned()) }
}

/// What all parts have in common.
fn usual(matches: &ArgMatches) -> Result<Plan> {
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let quick = matches.get_flag("quick");
    Ok(Plan {
        program: Program { path: path("parlour").map_or_else(program, Ok)?, core: None },
        folder: path("folder").unwrap_or_else(std::env::temp_dir),
        web: path("web").unwrap_or_default(),
        quick,
        messages: matches.get_one("messages").copied().unwrap_or(if quick { 20_000 } else { 1_000_000 }),
    })
}

async fn run(matches: &ArgMatches) -> Result<()> {
    let plan = usual(matches)?;
    let only: Vec<&String> = matches.get_many("only").map(Iterator::collect).unwrap_or_default();
    let mut table = Table::default();
    let before = load();
    let parts = PARTS.into_iter().filter(|part| only.is_empty() || only.iter().any(|only| only == part));
    measure(&plan, &parts.collect::<Vec<_>>(), &mut table).await?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\nThe server with PARLOUR_LIMITS=off, SQLite, {cores} cores shared with the load; 150-byte messages.");
    println!("The machine's load before: {before} (times mean little where others work on it too).\n");
    print!("{}", table.print());
    Ok(())
}

async fn measure(plan: &Plan, parts: &[&str], table: &mut Table) -> Result<()> {
    for part in parts {
        eprintln!("{part}");
        match *part {
            "sizes" => sizes::sizes(plan, table)?,
            "start" => start::empty(plan, table).await?,
            "people" => people::connected(plan, table).await?,
            "latency" => latency::latency(plan, table).await?,
            "writers" => writers::writers(plan, table).await?,
            "files" => files::files(plan, table).await?,
            "conversation" => conversation::conversation(plan, table).await?,
            _ => pages::pages(plan, table).await?,
        }
    }
    Ok(())
}

/// How many tasks wanted a core in the last minute.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

/// Cargo puts both beside each other.
fn program() -> Result<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|here| Some(here.parent()?.join("parlour")));
    let usual = PathBuf::from("target/release/parlour");
    let found = beside.into_iter().chain([usual]).find(|path| path.is_file());
    found.ok_or_else(|| "there is no program to measure: run bin/build, or name it by --parlour".to_owned())
}
