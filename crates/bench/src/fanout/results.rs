//! What came of it: for each contender, crowd and kind of work one outcome a round.

use super::contender::Contender;
use super::plan::Shape;
use crate::load::spec::{Outcome, Report};
use std::collections::BTreeMap;

/// What a step is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    Connect,
    Burst,
    Calm,
    /// A burst, while somebody posts in another room.
    Probed,
    Return,
    Stall,
    /// A burst, while some do not read.
    Stalled,
    Highest,
    Posts,
}

#[derive(Default)]
pub struct Results {
    outcomes: BTreeMap<(Contender, Shape, Work), Vec<Outcome>>,
    pub checked: u64,
    pub kept: u64,
    /// What went wrong, in words.
    pub wrong: Vec<String>,
    /// Who gave different receivers a different order, which is not wrong where nobody promises one.
    pub disordered: Vec<Contender>,
    /// Who could not be measured, and why.
    pub skipped: BTreeMap<Contender, String>,
}

impl Results {
    pub fn add(&mut self, contender: Contender, shape: Shape, works: &[Work], report: &Report) {
        self.checked += report.checked;
        self.kept += report.kept;
        for (work, outcome) in works.iter().zip(&report.outcomes) {
            self.outcomes.entry((contender, shape, *work)).or_default().push(*outcome);
        }
        if let Some(broken) = &report.broken {
            self.fail(contender, shape, broken);
        }
        if report.wrong.any() {
            self.fail(contender, shape, &format!("{:?}", report.wrong));
        }
        if !report.one_order && !self.disordered.contains(&contender) {
            self.disordered.push(contender);
        }
    }

    pub fn fail(&mut self, contender: Contender, shape: Shape, why: &str) {
        let line = format!("{}, {shape}: {why}", contender.name());
        eprintln!("  WRONG: {line}");
        self.wrong.push(line);
    }

    pub fn skip(&mut self, contender: Contender, why: &str) {
        if self.skipped.insert(contender, why.to_owned()).is_none() {
            eprintln!("skipped: {}: {why}", contender.name());
        }
    }

    /// One value of each round.
    pub fn of(&self, contender: Contender, shape: Shape, work: Work, value: impl Fn(&Outcome) -> f64) -> Values {
        let outcomes = self.outcomes.get(&(contender, shape, work));
        Values::new(outcomes.into_iter().flatten().map(value).collect())
    }

    pub fn has(&self, contender: Contender, shape: Shape, work: Work) -> bool {
        self.outcomes.contains_key(&(contender, shape, work))
    }
}

/// The same thing, measured several times.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<f64>);

impl Values {
    fn new(mut values: Vec<f64>) -> Values {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        Values(values)
    }

    /// `None` where it was not measured.
    pub fn median(&self) -> Option<f64> {
        let Values(values) = self;
        let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
        Some(f64::midpoint(*low, *high))
    }

    pub fn range(&self) -> Option<(f64, f64)> {
        Some((*self.0.first()?, *self.0.last()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        let median = |values: &[f64]| Values::new(values.to_vec()).median();
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 9.0]), Some(3.0));
        assert_eq!(median(&[f64::NAN, 1.0]), Some(1.0));
        assert_eq!(Values::new(vec![2.0, 1.0]).range(), Some((1.0, 2.0)));
    }
}
