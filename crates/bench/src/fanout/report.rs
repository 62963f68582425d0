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
