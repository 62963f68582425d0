//! docs/BENCHMARKS.md: all but what people wrote in it.

use super::contender::ALL;
use super::plan::{Plan, Shape};
use super::results::Results;
use super::start::Setup;
use super::{goals, machine, report};
use crate::table::Table;
use crate::{Result, failed};
use std::fmt::Write;
use std::path::Path;

const FILE: &str = "docs/BENCHMARKS.md";
/// What follows this line is written by hand, and kept.
const MARK: &str = "<!-- bin/bench keeps what follows this line: it is written by hand. -->";
const BY_HAND: &str = "\n## What was tried and dropped\n\nNothing yet.\n";

/// How it was done, as one has to know it to read the tables.
const METHOD: &str = "\
- Each contender runs with its production settings on core 0 alone (`taskset`), the load generator on core 1; they \
take turns within a round, in the other order every second round. Figures are medians of the rounds, with the range.
- Parlour differs from its defaults in `PARLOUR_LIMITS=off` alone: real accounts, sessions and memberships, SQLite, \
every message on the disk before it is acknowledged. **The peers keep nothing**, but for those whose names \
say that they do.
- What the peers' configurations differ in from how they are installed stands in them, in `crates/bench/peers/`: \
flood limits, look-ups and limits for each address are off, queues are sized so that no delivery is lost.
- Messages are 150 bytes and bear their number. Every delivery is checked: each exactly once, each writer's in order; \
Parlour's `seq` without a hole. At the end each acknowledged message is read again over HTTP, and all that was said \
from the archives.
- A *burst* has 32 messages on their way, always, by 4 writers; in rooms of ten 2 a room. CPU is user and system time of \
the server and its children, from `/proc`. What the last has is timed from the send. Who cannot keep up with 20 \
messages a second shows it by times of seconds.
- The *highest rate* is doubled until the last has it too late, then narrowed down to a tenth. F1c joins the more the \
longer it may take, so that it ends where the generator does.
- The floors ask nobody who they are and keep nothing. F1: a bare epoll server, one send a delivery. F1c: the same, all \
that waits for a socket joined in one write. F1h: F1, which is asked once more before one is in (`hello`, `welcome`), \
as Parlour is. F2: axum's WebSockets and Tokio's broadcast channel as they come. F3: SQLite, WAL, synchronous=FULL, one \
commit a post. F3g: the same, one commit for as many posts as there are writers. F4: a page of 4 KiB and fdatasync, in \
a loop.
- IRC servers tell everybody of each who comes; their memory still holds what that took. inspircd is \
not measured with more than 9,000, ngircd with 3,000: to gather more takes it a quarter of an hour.
";

/// The same of those who take part where they are asked for.
const OPTIONAL: &str = "\
- prosody and ejabberd speak XMPP over WebSocket. Everybody is let in without a password (SASL ANONYMOUS), rooms tell \
nobody who comes and goes, and the archive is on: prosody's in files of its own, which do not wait for the disk, \
ejabberd's in SQLite as it comes, a commit a message. prosody says nothing before it has read all that waits: a burst \
in which it is so is measured until it is said. Neither is measured with more than 1,000, whom to gather takes \
prosody half a minute.
- Synapse is one process with SQLite, and is asked for posts alone, by writers with a room each: its fan-out, by long \
polls, is not measured.
";

/// Writes it anew. `rest` are the rows of the other parts.
///
/// # Errors
/// The file cannot be written.
pub fn write(plan: &Plan, setup: &Setup, results: &Results, load: &str, rest: &Table) -> Result<()> {
    let old = std::fs::read_to_string(FILE).unwrap_or_default();
    let text = text(plan, setup, results, load, rest) + &by_hand(&old);
    std::fs::write(Path::new(FILE), text).map_err(failed(FILE))
}

fn text(plan: &Plan, setup: &Setup, results: &Results, load: &str, rest: &Table) -> String {
    let mut text = "# Benchmarks\n\nWritten by `bin/bench fanout --write`, all in one run.\n\n".to_owned();
    let _ = writeln!(text, "{}\n", machine::line(load));
    let _ = writeln!(
        text,
        "{}, {} rounds of {} s each. {}",
        machine::date(),
        plan.rounds,
        plan.seconds,
        report::verdict(results)
    );
    for shape in [Shape::One(1_000), Shape::One(9_000)] {
        if let Some(line) = goals::best_peer(results, shape) {
            let _ = writeln!(text, "{line}\n");
        }
    }
    let _ = write!(text, "## Goals\n\n{}", goals::goals(plan, results, rest));
    let _ = write!(text, "\n## How\n\n{METHOD}{}\n| who | version |\n|---|---|\n", optional(plan));
    for contender in ALL.into_iter().filter(|contender| plan.contenders.contains(contender)) {
        let _ = writeln!(text, "| {} | {} |", contender.title(), setup.version(contender));
    }
    let _ = write!(text, "\n## Tables\n{}", report::tables(plan, results));
    if !rest.is_empty() {
        let _ = write!(text, "\n### Start, pages, sizes: not bound to a core\n\n{}", rest.print());
    }
    text
}

/// How those who are optional were measured, and who of them was not.
fn optional(plan: &Plan) -> String {
    let measured = plan.contenders.iter().any(|contender| contender.is_optional());
    let left_out = plan.left_out().map(|line| format!("- {line}\n"));
    if measured { OPTIONAL } else { "" }.to_owned() + &left_out.unwrap_or_default()
}

/// The part that is kept, its mark included.
fn by_hand(old: &str) -> String {
    let kept = old.split_once(MARK).map_or(BY_HAND, |(_, kept)| kept);
    format!("\n{MARK}{kept}")
}

/// The same for the screen.
pub fn summary(plan: &Plan, results: &Results, load: &str, rest: &Table) -> String {
    let goals = goals::goals(plan, results, rest);
    let (line, verdict) = (machine::line(load), report::verdict(results));
    format!("\n{line}\n{}\n\n## Goals\n\n{goals}\n{verdict}", report::tables(plan, results))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fanout::contender::Contender;

    #[test]
    fn who_is_optional_is_spoken_of_where_measured_and_where_not() {
        let plan = |contenders: &[Contender]| Plan {
            contenders: contenders.to_vec(),
            shapes: Vec::new(),
            rounds: 1,
            seconds: 1.0,
            quick: true,
            basic: true,
            write: false,
        };
        let left_out = |names: &str| format!("- Not measured, since `--optional` did not ask for them: {names}.\n");
        assert_eq!(optional(&plan(&[Contender::F1])), left_out("prosody, ejabberd, synapse"));
        assert_eq!(optional(&plan(&[Contender::Synapse])), OPTIONAL.to_owned() + &left_out("prosody, ejabberd"));
        assert_eq!(optional(&plan(&ALL)), OPTIONAL);
    }

    #[test]
    fn what_is_written_by_hand_is_kept() {
        assert!(by_hand("").ends_with(BY_HAND));
        let old = format!("# Old\n\n{MARK}\n## Mine\n\nKept.\n");
        assert_eq!(by_hand(&old), format!("\n{MARK}\n## Mine\n\nKept.\n"));
        assert_eq!(by_hand(&by_hand(&old)), by_hand(&old));
    }
}
