//! The tables: medians of the rounds with their range, and what they are to the floors.

use super::columns::{Column, TABLES};
use super::contender::{ALL, Contender};
use super::plan::{Plan, Shape};
use super::results::{Results, Work};
use crate::table::grid;
use std::fmt::Write;

/// A table for each kind of work and each crowd, as Markdown.
pub fn tables(plan: &Plan, results: &Results) -> String {
    let mut text = String::new();
    for (work, title, columns) in TABLES {
        for shape in &plan.shapes {
            // A crowd of writers is small: what it is to connect them says nothing.
            if work == Work::Connect && matches!(shape, Shape::Alone(_)) {
                continue;
            }
            if let Some(rows) = table(plan, results, *shape, work, columns) {
                let _ = write!(text, "\n### {title}: {shape}\n\n{rows}");
            }
        }
    }
    text
}

/// What was checked, what was wrong, who is missing.
pub fn verdict(results: &Results) -> String {
    let mut text = format!(
        "{} deliveries were checked and {} acknowledged messages read again: {} wrong.\n",
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

fn table(plan: &Plan, results: &Results, shape: Shape, work: Work, columns: &[Column]) -> Option<String> {
    let mut rows = vec![std::iter::once(String::new()).chain(columns.iter().map(|c| c.title.to_owned())).collect()];
    for contender in ALL.into_iter().filter(|contender| results.has(*contender, shape, work)) {
        let mut row: Vec<String> = vec![contender.title().to_owned()];
        row.extend(columns.iter().map(|column| cell(plan, results, contender, shape, work, column)));
        rows.push(row);
    }
    (rows.len() > 1).then(|| grid(&rows))
}

fn cell(plan: &Plan, results: &Results, contender: Contender, shape: Shape, work: Work, column: &Column) -> String {
    let values = results.of(contender, shape, work, column.value);
    let (Some(median), Some((low, high))) = (values.median(), values.range()) else { return "–".to_owned() };
    let mut text = (column.shown)(median);
    if low < high {
        let _ = write!(text, " ({}–{})", (column.shown)(low), (column.shown)(high));
    }
    for floor in column.floors.iter().filter(|floor| **floor != contender) {
        // The disk is measured once a round, with the fewest writers.
        let (at, of) = if floor.is_disk() { (plan.fewest(), Work::Posts) } else { (Some(shape), work) };
        let least = at.and_then(|at| results.of(*floor, at, of, column.value).median()).filter(|least| *least > 0.0);
        if let Some(least) = least {
            let _ = write!(text, " · {:.2} × {}", median / least, floor.short());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::spec::{Outcome, Report};

    /// Two rounds: F1 costs 4 µs a delivery, we half of that and a little more or less.
    fn measured() -> (Plan, Results) {
        let shape = Shape::One(1_000);
        let plan = Plan {
            contenders: vec![Contender::F1, Contender::Parlour],
            shapes: vec![shape],
            rounds: 2,
            seconds: 1.0,
            quick: false,
            basic: true,
            write: false,
        };
        let mut results = Results::default();
        for (contender, server_cpu) in [(Contender::F1, 4.0), (Contender::Parlour, 1.9), (Contender::Parlour, 2.1)] {
            let outcome = Outcome { seconds: 5.0, deliveries: 1_000_000, server_cpu, ..Outcome::default() };
            let report = Report { outcomes: vec![outcome], one_order: true, checked: 1_000_000, ..Report::default() };
            results.add(contender, shape, &[Work::Calm], &report);
        }
        (plan, results)
    }

    #[test]
    fn a_cell_holds_the_median_its_range_and_what_it_is_to_the_floor() {
        let (plan, results) = measured();
        let text = tables(&plan, &results);
        assert!(text.contains("### 20 messages a second: one room of 1000"), "{text}");
        assert!(text.contains("| 2.00 (1.90–2.10) · 0.50 × F1 "), "{text}");
        assert!(!text.contains("Burst"), "what was not measured has no table: {text}");
    }

    #[test]
    fn a_goal_says_what_was_measured_or_that_it_was_not() {
        let (plan, results) = measured();
        let text = crate::fanout::goals::goals(&plan, &results, &crate::table::Table::default());
        let goal =
            |number: &str| text.lines().find(|line| line.starts_with(&format!("| {number} "))).unwrap_or_default();
        assert!(goal("2").contains("0.50 ×"), "{text}");
        assert!(goal("1").contains("not measured in this run"), "{text}");
    }

    #[test]
    fn what_went_wrong_and_who_is_missing_is_said() {
        let (_, mut results) = measured();
        assert!(
            verdict(&results)
                .starts_with("3000000 deliveries were checked and 0 acknowledged messages read again: 0 wrong.")
        );
        results.skip(Contender::Ws, "it is not installed");
        results.fail(Contender::F1, Shape::One(1_000), "client 7 was cut off");
        let text = verdict(&results);
        assert!(text.contains("1 wrong") && text.contains("- WRONG: f1, one room of 1000: client 7"), "{text}");
        assert!(text.contains("Node ws (keeps nothing): skipped, it is not installed; WITHOUT IT"), "{text}");
    }
}
