//! The command line.

mod demo;
mod people;
mod serve;
mod sweep;
mod verify;

use crate::config::{self, Config, Found, SETTINGS, Sources};
use crate::files;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

fn command() -> Command {
    let mut command = Command::new("parlour")
        .about("Real-time chat for teams and communities, on your own server")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("config")
                .long("config")
                .value_name("FILE")
                .env("PARLOUR_CONFIG")
                .global(true)
                .help("A TOML file with settings"),
        )
        .subcommand(Command::new("serve").about("Run the server"))
        .subcommand(
            Command::new("users").about("People's accounts").subcommand_required(true).subcommand(
                Command::new("add")
                    .about("Make many accounts at once; they have no password until somebody sets one")
                    .arg(
                        Arg::new("from")
                            .long("from")
                            .value_name("FILE")
                            .required(true)
                            .help("Lines of username,display_name; - reads standard input"),
                    )
                    .arg(
                        Arg::new("room")
                            .long("room")
                            .value_name("NAME")
                            .action(ArgAction::Append)
                            .help("An open room that all of them join; made where it is missing"),
                    )
                    .arg(
                        Arg::new("tokens")
                            .long("tokens")
                            .action(ArgAction::SetTrue)
                            .help("Log each of them in, and print username,id,token"),
                    ),
            ),
        )
        .subcommand(demo::command())
        .subcommand(Command::new("verify").about("Fold every room anew and compare; beside a running server too"))
        .subcommand(Command::new("sweep").about("Take away files that nothing holds; beside a running server too"))
        .subcommand(Command::new(files::WORKER).hide(true))
        .subcommand(Command::new("config").about("Print every setting, its value and where that came from"));
    for setting in SETTINGS {
        let mut help = setting.help.to_owned();
        if !setting.default.is_empty() {
            help = format!("{help} [default: {}]", setting.default);
        }
        let arg = Arg::new(setting.name).long(setting.name).value_name(setting.value).help(help).global(true);
        command = command.arg(arg);
    }
    command
}

/// Runs the program and answers how it ended.
pub fn main() -> ExitCode {
    // Before anything is read or set: this process is to touch nothing but its picture.
    if std::env::args().nth(1).as_deref() == Some(files::WORKER) {
        return media::worker::main();
    }
    let matches = command().get_matches();
    match dispatch(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("parlour: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line. Whoever reads it may have gone (`head`, a closed terminal): no error of ours.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line beside what the command prints.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn dispatch(matches: &ArgMatches) -> Result<(), String> {
    let (config, found) = settings(matches)?;
    match matches.subcommand() {
        Some(("serve", _)) => run(serve::serve(config)),
        Some(("users", users)) => match users.subcommand() {
            Some(("add", add)) => {
                let from = add.get_one::<String>("from").cloned().unwrap_or_default();
                let rooms = add.get_many::<String>("room").map(|rooms| rooms.cloned().collect()).unwrap_or_default();
                run(people::add(config, from, rooms, add.get_flag("tokens")))
            }
            _ => Err("see parlour users --help".to_owned()),
        },
        Some(("demo", demo)) => run(demo::demo(config, demo::wish(demo))),
        Some(("sweep", _)) => run(sweep::sweep(config)),
        Some(("verify", _)) => run(verify::verify(config)),
        Some(("config", _)) => {
            say(config::show(&found).trim_end());
            Ok(())
        }
        _ => Err("see parlour --help".to_owned()),
    }
}

/// The settings in force. A flag counts wherever it stands: before the command or after it.
fn settings(matches: &ArgMatches) -> Result<(Config, BTreeMap<String, Found>), String> {
    let mut last = matches;
    while let Some((_, inner)) = last.subcommand() {
        last = inner;
    }
    let flags = SETTINGS
        .iter()
        .filter_map(|setting| Some((setting.name, last.get_one::<String>(setting.name)?.clone())))
        .collect();
    let file = last.get_one::<String>("config").map(PathBuf::from);
    let env =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    config::read(&Sources { flags, env: env.collect(), file: file.as_deref() })
}

fn run(work: impl Future<Output = Result<(), String>> + Send + 'static) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime does not start: {error}"))?;
    // Not on this thread, which is none of the runtime's: each connection accepted here would have to wake one of those.
    runtime.block_on(async { tokio::spawn(work).await.map_err(|error| format!("it ended too soon: {error}"))? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn a_flag_counts_before_and_after_the_command() {
        for line in [["parlour", "--data", "x", "serve"], ["parlour", "serve", "--data", "x"]] {
            let matches = command().try_get_matches_from(line).expect("parses");
            let (config, _) = settings(&matches).expect("good settings");
            assert_eq!(config.data, PathBuf::from("x"));
        }
    }
}
