//! The tables: medians of the rounds with their range, and what they are to the floors.

use super::contender::{ALL, Contender};
use super::machine;
use super::plan::{Plan, Shape};
use super::results::{Results, Values, Work};
use crate::load::spec::Outcome;
use crate::table::grid;
use std::fmt::Write;

/// A column: its title, what it takes of an outcome, how a number is written, whether its ratio to F1 and F1c stands
/// beside it.
struct Column {
    title: &'static str,
    value: fn(&Outcome) -> f64,
    shown: fn(f64) -> String,
    ratio: bool,
}

const PER_CPU: Column = Column {
    title: "deliveries per CPU second",
    value: |o| o.deliveries as f64 / o.server_cpu,
    shown: short,
    ratio: true,
};
const PER_SECOND: Column =
    Column { title: "deliveries/s", value: |o| o.deliveries as f64 / o.seconds, shown: short, ratio: false };
const EACH: Column = Column {
    title: "CPU a delivery, µs",
    value: |o| o.server_cpu * 1e6 / o.deliveries as f64,
    shown: two,
    ratio: true,
};
const SERVER: Column =
    Column { title: "server's CPU", value: |o| o.server_cpu / o.seconds * 100.0, shown: percent, ratio: false };
const OWN: Column =
    Column { title: "generator's CPU", value: |o| o.own_cpu / o.seconds * 100.0, shown: percent, ratio: false };
const P50: Column = Column { title: "last has it, p50 ms", value: |o| o.last_p50, shown: two, ratio: true };
const P99: Column = Column { title: "p99 ms", value: |o| o.last_p99, shown: two, ratio: true };
const KIB: Column = Column {
    title: "KiB RSS a person",
    value: |o| (o.rss_after as f64 - o.rss_before as f64) / o.clients as f64,
    shown: two,
    ratio: false,
};
const RSS: Column = Column { title: "RSS MiB", value: |o| o.rss_after as f64 / 1024.0, shown: two, ratio: false };
const PEAK: Column = Column { title: "most RSS MiB", value: |o| o.rss_peak as f64 / 1024.0, shown: two, ratio: false };
const CONNECTS: Column = Column {
    title: "connected, in their room, /s",
    value: |o| o.clients as f64 / o.seconds,
    shown: short,
    ratio: true,
};
const POSTS: Column =
    Column { title: "acknowledged posts/s", value: |o| o.acks as f64 / o.seconds, shown: short, ratio: false };
const ACK50: Column = Column { title: "acknowledged, p50 ms", value: |o| o.ack_p50, shown: two, ratio: false };
const ACK99: Column = Column { title: "acknowledged, p99 ms", value: |o| o.ack_p99, shown: two, ratio: false };
const SECONDS: Column = Column { title: "seconds", value: |o| o.seconds, shown: two, ratio: false };

/// Everything, as Markdown.
pub fn report(plan: &Plan, results: &Results) -> String {
    let mut text = format!(
        "\n{}; the load before: {}. Server on core {}, generator on core {}.\n\
         150-byte messages; medians of {} rounds (range); Parlour with PARLOUR_LIMITS=off, SQLite, all else as installed.\n",
        machine::machine(),
        machine::load(),
        super::SERVER,
        super::GENERATOR,
        plan.rounds
    );
    for shape in &plan.shapes {
        for (work, title, columns) in tables() {
            if let Some(rows) = table(results, *shape, work, columns) {
                let _ = write!(text, "\n### {title}: {shape}\n\n{rows}");
            }
        }
    }
    let _ = writeln!(
        text,
        "\n{} deliveries and {} acknowledgements were checked: {} wrong.",
        results.checked,
        results.kept,
        results.wrong.len()
    );
    results.wrong.iter().for_each(|line| _ = writeln!(text, "- WRONG: {line}"));
    for (contender, why) in &results.skipped {
        let counts = if contender.is_needed() { "; WITHOUT IT THESE TABLES DO NOT COUNT" } else { "" };
        let _ = writeln!(text, "- {}: skipped, {why}{counts}.", contender.title());
    }
    for contender in &results.disordered {
        let _ = writeln!(text, "- {}: different people saw different writers in a different order.", contender.title());
    }
    text
}

fn tables() -> [(Work, &'static str, &'static [Column]); 8] {
    [
        (Work::Burst, "Burst", &[PER_CPU, PER_SECOND, P50, SERVER, OWN]),
        (Work::Calm, "20 messages a second", &[EACH, P50, P99, SERVER, OWN]),
        (Work::Connect, "Connected, then idle", &[KIB, RSS, CONNECTS, OWN]),
        (Work::Highest, "Highest rate with p99 < 100 ms", &[PER_SECOND, P99, SERVER, OWN]),
        (Work::Posts, "Durable posts, acknowledged", &[POSTS, ACK50, ACK99, SERVER]),
        (Work::Probed, "Burst, while one posts in another room", &[PER_CPU, ACK50, ACK99, OWN]),
        (Work::Return, "Everybody comes back, 100 messages behind", &[SECONDS, PER_SECOND, SERVER, OWN]),
        (Work::Stalled, "Burst, while a tenth does not read", &[PER_CPU, PER_SECOND, P50, PEAK, OWN]),
    ]
}

fn table(results: &Results, shape: Shape, work: Work, columns: &[Column]) -> Option<String> {
    let mut rows = vec![std::iter::once(String::new()).chain(columns.iter().map(|c| c.title.to_owned())).collect()];
    for contender in ALL.into_iter().filter(|contender| results.has(*contender, shape, work)) {
        let mut row: Vec<String> = vec![contender.title().to_owned()];
        for column in columns {
            let of = |contender| results.of(contender, shape, work, column.value);
            row.push(cell(column, &of(contender), &of(Contender::F1), &of(Contender::F1c)));
        }
        rows.push(row);
    }
    (rows.len() > 1).then(|| grid(&rows))
}

fn cell(column: &Column, values: &Values, f1: &Values, f1c: &Values) -> String {
    let (Some(median), Some((low, high))) = (values.median(), values.range()) else { return "–".to_owned() };
    let mut text = (column.shown)(median);
    if low < high {
        let _ = write!(text, " ({}–{})", (column.shown)(low), (column.shown)(high));
    }
    if column.ratio {
        let ratio = |floor: Option<f64>| floor.map_or("–".to_owned(), |floor| format!("{:.2}", median / floor));
        let _ = write!(text, " · {} × F1, {} × F1c", ratio(f1.median()), ratio(f1c.median()));
    }
    text
}

/// 4.16M, 231k, 87.
fn short(value: f64) -> String {
    match value {
        1e6.. => format!("{:.2}M", value / 1e6),
        1e4.. => format!("{:.0}k", value / 1e3),
        1e3.. => format!("{:.1}k", value / 1e3),
        _ => format!("{value:.0}"),
    }
}

fn two(value: f64) -> String {
    if value < 100.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}

fn percent(value: f64) -> String {
    format!("{value:.0} %")
}
