//! What is done: which crowds, which steps, how long, how often.

use super::contender::{ALL, Contender};
use super::results::Work;
use crate::load::spec::Step;
use std::fmt;

pub struct Plan {
    pub contenders: Vec<Contender>,
    pub shapes: Vec<Shape>,
    pub rounds: usize,
    /// How long each step is measured.
    pub seconds: f64,
    pub quick: bool,
    /// Only connecting, bursts and a calm pace.
    pub basic: bool,
    /// docs/BENCHMARKS.md is written anew.
    pub write: bool,
}

/// How people are spread over rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// All in one room.
    One(usize),
    /// So many rooms of ten.
    Tens(usize),
    /// So many people who post, each in a room of their own.
    Alone(usize),
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::One(many) => write!(f, "one room of {many}"),
            Shape::Tens(rooms) => write!(f, "{rooms} rooms of 10"),
            Shape::Alone(many) => write!(f, "writers with a room each: {many}"),
        }
    }
}

/// The largest crowd that is spoken to.
const LARGEST: usize = 9_000;
/// Writers in a room: a few, so that they are not what is measured.
pub const WRITERS: usize = 4;
/// Messages on their way, in a burst.
const OUTSTANDING: usize = 32;
/// Messages a second, at a calm pace.
const CALM: f64 = 20.0;
/// How far behind everybody is who comes back.
pub const BEHIND: usize = 100;

impl Plan {
    /// What this one does with such a crowd, in this order, and what each step is.
    pub fn steps(&self, contender: Contender, shape: Shape) -> Vec<(Work, Step)> {
        let seconds = self.seconds;
        if contender.dialect().is_none() {
            return vec![(Work::Posts, Step::Posts { seconds })];
        }
        let burst = |probe| Step::Saturate { seconds, outstanding: OUTSTANDING, probe };
        let mut steps = vec![(Work::Connect, Step::Connect { rest: if self.quick { 1.0 } else { 3.0 } })];
        match shape {
            // All that it is there for.
            _ if contender == Contender::F1h => {}
            // A crowd that is there to be counted.
            Shape::One(many) if many > LARGEST => {}
            Shape::One(_) => {
                steps.push((Work::Burst, burst(false)));
                steps.push((Work::Calm, Step::Pace { seconds, rate: CALM }));
                if !self.basic && contender.is_ours() {
                    steps.push((Work::Probed, burst(true)));
                    steps.push((Work::Return, Step::Reconnect { behind: BEHIND }));
                }
                if !self.basic && contender.is_bare() {
                    steps.push((Work::Stall, Step::Stall { part: 0.1 }));
                    steps.push((Work::Stalled, burst(false)));
                }
            }
            Shape::Tens(rooms) => {
                steps.push((Work::Burst, Step::Saturate { seconds, outstanding: 2, probe: false }));
                steps.push((Work::Highest, Step::Highest { seconds: seconds / 2.0, from: 20.0 * rooms as f64 }));
            }
            Shape::Alone(_) => steps.push((Work::Posts, Step::Posts { seconds })),
        }
        steps
    }

    /// The fewest writers, in whose round the disk is measured as well.
    pub fn fewest(&self) -> Option<Shape> {
        self.shapes.iter().copied().find(|shape| matches!(shape, Shape::Alone(_)))
    }

    /// Who takes part only where it is asked for, and was not. In a sentence, where there is anybody.
    pub fn left_out(&self) -> Option<String> {
        let out = |contender: &Contender| contender.is_optional() && !self.contenders.contains(contender);
        let names: Vec<&str> = ALL.into_iter().filter(out).map(Contender::name).collect();
        (!names.is_empty())
            .then(|| format!("Not measured, since `--optional` did not ask for them: {}.", names.join(", ")))
    }

    /// Whether this one is measured with such a crowd.
    pub fn has(&self, contender: Contender, shape: Shape) -> bool {
        match shape {
            Shape::One(many) => contender.dialect().is_some() && many <= contender.most(),
            Shape::Tens(_) => contender.is_bare() || contender == Contender::F1h,
            Shape::Alone(many) => match contender {
                Contender::F3g => many > 1,
                // One commit after the other is the same for however many.
                Contender::F3 | Contender::F4 => Some(shape) == self.fewest(),
                _ => contender.acknowledges(),
            },
        }
    }
}
