//! What stands in the tables: which kinds of work, and what of each.

use super::contender::Contender;
use super::results::Work;
use crate::load::spec::Outcome;

/// Its title, what it takes of an outcome, how a number is written, and to which floors it is held.
pub struct Column {
    pub title: &'static str,
    pub value: fn(&Outcome) -> f64,
    pub shown: fn(f64) -> String,
    pub floors: &'static [Contender],
}

const BOTH: &[Contender] = &[Contender::F1, Contender::F1c];

const fn column(title: &'static str, value: fn(&Outcome) -> f64, shown: fn(f64) -> String) -> Column {
    Column { title, value, shown, floors: &[] }
}

impl Column {
    const fn to(self, floors: &'static [Contender]) -> Column {
        Column { floors, ..self }
    }
}

pub const PER_CPU: Column = column("deliveries a CPU second", |o| o.deliveries as f64 / o.server_cpu, short).to(BOTH);
pub const PER_SECOND: Column = column("deliveries/s", |o| o.deliveries as f64 / o.seconds, short);
pub const EACH: Column = column("CPU a delivery, µs", |o| o.server_cpu * 1e6 / o.deliveries as f64, two).to(BOTH);
const SERVER: Column = column("server's CPU", |o| o.server_cpu / o.seconds * 100.0, percent);
const OWN: Column = column("generator's CPU", |o| o.own_cpu / o.seconds * 100.0, percent);
pub const P50: Column = column("the last has it, p50 ms", |o| some(o.last_p50), two).to(&[Contender::F1]);
const P99: Column = column("p99 ms", |o| some(o.last_p99), two).to(&[Contender::F1]);
pub const KIB: Column =
    column("KiB RSS a person", |o| (o.rss_after as f64 - o.rss_before as f64) / o.clients as f64, two);
const RSS: Column = column("RSS MiB", |o| o.rss_after as f64 / 1024.0, two);
pub const PEAK: Column = column("most RSS MiB", |o| o.rss_peak as f64 / 1024.0, two);
pub const CONNECTS: Column =
    column("connected, in their room, /s", |o| o.clients as f64 / o.seconds, short).to(&[Contender::F1]);
const CONNECT: Column = column("CPU a person, µs", |o| o.server_cpu * 1e6 / o.clients as f64, two);
pub const POSTS: Column = column("posts/s", |o| o.acks as f64 / o.seconds, short).to(&[Contender::F3]);
pub const ACK50: Column = column("on disk and acknowledged, p50 ms", |o| o.ack_p50, two).to(&[Contender::F4]);
pub const ACK99: Column = column("p99 ms", |o| o.ack_p99, two).to(&[Contender::F4]);
pub const SECONDS: Column = column("seconds", |o| o.seconds, two);
const HIGHEST: Column = Column { floors: BOTH, ..PER_SECOND };

/// A table for each kind of work.
pub const TABLES: [(Work, &str, &[Column]); 8] = [
    (Work::Burst, "Burst", &[PER_CPU, PER_SECOND, P50, SERVER, OWN]),
    (Work::Calm, "20 messages a second", &[EACH, P50, P99, SERVER, OWN]),
    (Work::Connect, "Connected, then idle", &[KIB, RSS, CONNECTS, CONNECT, OWN]),
    (Work::Highest, "Highest rate with p99 < 100 ms", &[HIGHEST, P99, SERVER, OWN]),
    (Work::Posts, "Durable posts", &[POSTS, ACK50, ACK99, SERVER]),
    (Work::Probed, "Burst, while one posts in another room", &[PER_CPU, ACK50, ACK99, OWN]),
    (Work::Return, "Everybody comes back, 100 messages behind", &[SECONDS, PER_SECOND, SERVER, OWN]),
    (Work::Stalled, "Burst, while a tenth does not read", &[PER_CPU, PER_SECOND, P50, PEAK, OWN]),
];

/// Not a number where no message came to its end in the time.
fn some(time: f64) -> f64 {
    if time > 0.0 { time } else { f64::NAN }
}

/// 4.16M, 231k, 87.
pub fn short(value: f64) -> String {
    match value {
        1e6.. => format!("{:.2}M", value / 1e6),
        1e4.. => format!("{:.0}k", value / 1e3),
        1e3.. => format!("{:.1}k", value / 1e3),
        _ => format!("{value:.0}"),
    }
}

pub fn two(value: f64) -> String {
    if value < 100.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}

fn percent(value: f64) -> String {
    format!("{value:.0} %")
}
