//! What Parlour aims at, and what this run says to it.

use super::columns::{
    ACK50, ACK99, CONNECTS, Column, EACH, KIB, P50, PEAK, PER_CPU, PER_SECOND, POSTS, SECONDS, short, two,
};
use super::contender::Contender;
use super::plan::{Plan, Shape};
use super::results::{Results, Work};
use crate::table::{Table, grid};

/// The goals as a Markdown table. `rest` are the rows of the other parts, where they were measured as well.
pub fn goals(plan: &Plan, results: &Results, rest: &Table) -> String {
    let view = View { plan, results };
    let (small, large) = (Shape::One(1_000), Shape::One(9_000));
    let row = |number: &str, what: &str, goal: &str, stretch: &str, measured: String| {
        let measured = if measured.is_empty() { "not measured in this run".to_owned() } else { measured };
        [number, what, goal, stretch, &measured].map(str::to_owned).to_vec()
    };
    let told = |what: &[&str]| join(what.iter().map(|what| rest.value(what).map(str::to_owned)), " · ");
    grid(&[
        ["#", "what", "goal", "stretch", "measured"].map(str::to_owned).to_vec(),
        row(
            "1",
            "burst, deliveries a CPU second, 1,000 · 9,000",
            "≥ 11 × F1",
            "≥ 0.85 × F1c",
            view.burst(&[small, large]),
        ),
        row(
            "2",
            "CPU a delivery, 20 messages/s into 1,000",
            "≤ 1.12 × F1",
            "≤ 1.0 ×",
            view.to_floor(Contender::F1, small, Work::Calm, &EACH),
        ),
        row(
            "3",
            "post until the last of 1,000 has it, p50",
            "≤ 1.3 × (F1 + one fdatasync)",
            "0.7 ×",
            view.until_the_last(small),
        ),
        row("4", "RSS a person, 9,000 · 18,000", "≤ 3 KiB", "1.5 KiB", view.memory()),
        row("5", "durable posts/s, 1 · 16 · 64 writers", "≥ 0.8 · 2 · 4 × F3", "3 · 6 × at 16 · 64", view.posts()),
        row(
            "5b",
            "200 rooms of 10, highest deliveries/s with p99 < 100 ms",
            "≥ 0.5 × F1c",
            "≥ 0.8 ×",
            view.to_floor(Contender::F1c, Shape::Tens(200), Work::Highest, &PER_SECOND),
        ),
        row(
            "6",
            "acknowledged, p99, one writer, idle · during goal 1",
            "≤ 4 × F4's p99 · ≤ 5 × idle",
            "0.35 ms · 3 ×",
            view.acknowledged(small),
        ),
        row(
            "7",
            "connect, authenticate, follow, /s, 9,000",
            "≥ 0.7 × F1's handshakes",
            "0.9 ×",
            view.to_floor(Contender::F1, large, Work::Connect, &CONNECTS),
        ),
        row(
            "8",
            "all come back, each 100 messages behind, 1,000 · 9,000",
            "≤ 2 × goal 7's time",
            "",
            view.back(&[small, large]),
        ),
        row("9", "burst, a tenth stalled, 1,000 · 9,000", "≥ 0.95 × goal 1", "0.99 ×", view.stalled(&[small, large])),
        row(
            "10",
            "idle RSS · start with the large room · binary",
            "≤ 12 MB · 50 ms · 25 MB",
            "8 · 25 · 15",
            told(&["memory (RSS), idle", "start to the first answered request", "the program, web client inside"]),
        ),
        row("11", "newest page of 50, the large room", "p99 ≤ 1 ms", "0.4 ms", told(&["newest page of 50 over HTTP"])),
        row(
            "13",
            "the page in a browser",
            "≤ 60 KB · 1.2 s · 50 ms · 0.02",
            "40 KB · 0.8 s",
            "by `bin/bench feel`".to_owned(),
        ),
        row(
            "14",
            "CPU a delivery, 20 messages/s, from 1,000 to 9,000",
            "≤ 1.5 × F1's own growth",
            "",
            view.growth(small, large),
        ),
    ])
}

struct View<'a> {
    plan: &'a Plan,
    results: &'a Results,
}

const US: Contender = Contender::Parlour;

impl View<'_> {
    fn median(&self, contender: Contender, shape: Shape, work: Work, column: &Column) -> Option<f64> {
        self.results.of(contender, shape, work, column.value).median()
    }

    fn ours(&self, shape: Shape, work: Work, column: &Column) -> Option<f64> {
        self.median(US, shape, work, column)
    }

    fn disk(&self, contender: Contender, column: &Column) -> Option<f64> {
        self.median(contender, self.plan.fewest()?, Work::Posts, column)
    }

    fn to_floor(&self, floor: Contender, shape: Shape, work: Work, column: &Column) -> String {
        let ratio = ratio(self.ours(shape, work, column), self.median(floor, shape, work, column));
        ratio.map_or(String::new(), |ratio| format!("{ratio:.2} ×"))
    }

    fn burst(&self, shapes: &[Shape]) -> String {
        let one = |shape: &Shape| {
            let ours = self.ours(*shape, Work::Burst, &PER_CPU);
            let to = |floor| ratio(ours, self.median(floor, *shape, Work::Burst, &PER_CPU));
            Some(format!("{:.2} × F1, {:.2} × F1c", to(Contender::F1)?, to(Contender::F1c)?))
        };
        join(shapes.iter().map(one), " · ")
    }

    fn until_the_last(&self, shape: Shape) -> String {
        let one = || {
            let floor = self.median(Contender::F1, shape, Work::Calm, &P50)? + self.disk(Contender::F4, &ACK50)?;
            let ours = self.ours(shape, Work::Calm, &P50)?;
            Some(format!("{:.2} × ({} ms)", ours / floor, two(ours)))
        };
        one().unwrap_or_default()
    }

    fn memory(&self) -> String {
        let one = |many| self.ours(Shape::One(many), Work::Connect, &KIB).map(|kib| format!("{kib:.1} KiB"));
        join([9_000, 18_000].into_iter().map(one), " · ")
    }

    fn posts(&self) -> String {
        let one = |many| ratio(self.ours(Shape::Alone(many), Work::Posts, &POSTS), self.disk(Contender::F3, &POSTS));
        join([1, 16, 64].into_iter().map(|many| one(many).map(|ratio| format!("{ratio:.2} ×"))), " · ")
    }

    fn acknowledged(&self, shape: Shape) -> String {
        let idle = self.ours(Shape::Alone(1), Work::Posts, &ACK99);
        let busy = ratio(self.ours(shape, Work::Probed, &ACK99), idle);
        let to_disk = ratio(idle, self.disk(Contender::F4, &ACK99));
        let idle = idle.zip(to_disk).map(|(ms, ratio)| format!("{ratio:.2} × ({} ms)", two(ms)));
        join([idle, busy.map(|ratio| format!("{ratio:.2} × idle"))].into_iter(), " · ")
    }

    fn back(&self, shapes: &[Shape]) -> String {
        let one = |shape: &Shape| {
            let seconds = self.ours(*shape, Work::Return, &SECONDS)?;
            let first = self.ours(*shape, Work::Connect, &SECONDS)?;
            Some(format!("{:.2} × ({} s)", seconds / first, two(seconds)))
        };
        join(shapes.iter().map(one), " · ")
    }

    fn stalled(&self, shapes: &[Shape]) -> String {
        let one = |shape: &Shape| {
            let ratio = ratio(self.ours(*shape, Work::Stalled, &PER_CPU), self.ours(*shape, Work::Burst, &PER_CPU))?;
            Some(format!("{ratio:.2} ×, most RSS {} MiB", two(self.ours(*shape, Work::Stalled, &PEAK)?)))
        };
        join(shapes.iter().map(one), " · ")
    }

    fn growth(&self, from: Shape, to: Shape) -> String {
        let of = |contender| {
            ratio(self.median(contender, to, Work::Calm, &EACH), self.median(contender, from, Work::Calm, &EACH))
        };
        let grown = ratio(of(US), of(Contender::F1));
        grown.map_or(String::new(), |ratio| format!("{ratio:.2} ×"))
    }
}

fn ratio(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(a? / b.filter(|b| *b > 0.0)?)
}

/// What of it was measured; nothing where nothing was.
fn join(parts: impl Iterator<Item = Option<String>>, between: &str) -> String {
    let parts: Vec<Option<String>> = parts.collect();
    if parts.iter().all(Option::is_none) {
        return String::new();
    }
    parts.into_iter().map(|part| part.unwrap_or_else(|| "–".to_owned())).collect::<Vec<_>>().join(between)
}

/// The one figure to say aloud: deliveries a CPU second beside the best of the peers.
pub fn best_peer(results: &Results, shape: Shape) -> Option<String> {
    let of = |contender| Some((contender, results.of(contender, shape, Work::Burst, PER_CPU.value).median()?));
    let peers = super::contender::ALL.into_iter().filter(|contender| contender.is_peer()).filter_map(of);
    let (peer, theirs) = peers.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (_, ours) = of(US)?;
    let (ratio, ours, theirs) = (ours / theirs, short(ours), short(theirs));
    Some(format!(
        "In a burst, {shape}: {ours} deliveries a CPU second; the best peer, {}: {theirs} ({ratio:.2} ×).",
        peer.name()
    ))
}
