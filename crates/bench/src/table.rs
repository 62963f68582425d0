//! One table: what, how much, and the aim where there is one.

use std::time::Duration;

#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 3]>,
}

impl Table {
    pub fn row(&mut self, what: impl Into<String>, value: impl Into<String>, aim: &str) {
        let row = [what.into(), value.into(), aim.to_owned()];
        // Seen at once as well: a whole run takes minutes.
        eprintln!("  {}: {}", row[0], row[1]);
        self.rows.push(row);
    }

    /// What was measured under a name that begins so: the last of them.
    pub fn value(&self, what: &str) -> Option<&str> {
        self.rows.iter().rev().find(|row| row[0].starts_with(what)).map(|row| row[1].as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As Markdown.
    pub fn print(&self) -> String {
        let mut rows = vec![["what".to_owned(), "measured".to_owned(), "aim".to_owned()]];
        rows.extend(self.rows.iter().cloned());
        grid(&rows.into_iter().map(Vec::from).collect::<Vec<_>>())
    }
}

/// Rows as a Markdown table; the first is its head.
pub fn grid(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (i, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} "));
        text.push_str(&format!("|{}|\n", cells.collect::<Vec<_>>().join("|")));
        if i == 0 {
            let lines: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
            text.push_str(&format!("|{}|\n", lines.join("|")));
        }
    }
    text
}

/// Durations, from which one asks for percentiles.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl From<Vec<Duration>> for Times {
    fn from(times: Vec<Duration>) -> Times {
        Times(times)
    }
}

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub fn each(&self, then: impl FnMut(Duration)) {
        self.0.iter().copied().for_each(then);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The time that `percent` of them do not exceed.
    pub fn at(&self, percent: usize) -> Duration {
        let mut times = self.0.clone();
        times.sort_unstable();
        let rank = (times.len() * percent).div_ceil(100).max(1);
        times.get(rank - 1).copied().unwrap_or_default()
    }

    /// p50 and p99.
    pub fn shown(&self) -> String {
        format!("p50 {} · p99 {}", ms(self.at(50)), ms(self.at(99)))
    }
}

pub fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 10.0 { format!("{ms:.2} ms") } else { format!("{ms:.0} ms") }
}

pub fn mib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut times = Times::default();
        assert_eq!(times.at(50), Duration::ZERO);
        for n in (1..=200).rev() {
            times.add(Duration::from_millis(n));
        }
        assert_eq!(
            (times.at(50), times.at(99), times.at(100)),
            (Duration::from_millis(100), Duration::from_millis(198), Duration::from_millis(200))
        );
    }

    #[test]
    fn columns_are_as_wide_as_their_widest() {
        let mut table = Table::default();
        table.row("a", "1", "");
        let lines: Vec<String> = table.print().lines().map(str::to_owned).collect();
        assert_eq!(lines, ["| what | measured | aim |", "|------|----------|-----|", "| a    | 1        |     |"]);
    }
}
