//! One message to many: the product, its peers and what the machine itself can do, side by side in one run.
//!
//! `contender` says who takes part, `start` starts each on one core, those that others wrote by `peers` and `synapse`; the generator (`load`) runs on another.
//! `plan` says what is done, `round` does it with each of them in turn, `results` keeps what came of it, `report`
//! makes tables of it by `columns`, `goals` says what they mean, and `document` writes all down, with the
//! `machine` that it was measured on.

mod args;
mod columns;
mod contender;
mod disk;
mod document;
mod goals;
mod machine;
mod peers;
mod plan;
mod report;
mod results;
mod round;
mod start;
mod synapse;

pub use args::{command, plan};
pub use disk::time as time_disk;
pub use plan::Plan;
pub use start::Setup;

use crate::Result;
use crate::table::Table;
use results::Results;

/// The server's core, and the generator's.
pub const SERVER: usize = 0;
pub const GENERATOR: usize = 1;

/// Measures, and answers whether nothing was wrong. `rest` are the rows of the other parts, which the goals speak of
/// as well.
///
/// # Errors
/// The document cannot be written.
pub async fn fanout(plan: &Plan, setup: &Setup, rest: &Table) -> Result<bool> {
    let load = machine::load();
    plan.left_out().into_iter().for_each(|line| eprintln!("{line}"));
    let mut results = Results::default();
    let mut homes = start::Homes::default();
    for round in 0..plan.rounds {
        for shape in &plan.shapes {
            let mut turn: Vec<_> = plan.contenders.clone();
            // Whoever is measured after a loud neighbour in one round is measured before it in the next.
            if round % 2 == 1 {
                turn.reverse();
            }
            for contender in turn.into_iter().filter(|contender| plan.has(*contender, *shape)) {
                if results.skipped.contains_key(&contender) {
                    continue;
                }
                if let Some(why) = setup.missing(contender) {
                    results.skip(contender, &why);
                    continue;
                }
                eprintln!("round {} of {}: {}, {shape}", round + 1, plan.rounds, contender.name());
                round::round(plan, setup, &mut homes, contender, shape, &mut results).await;
            }
        }
    }
    println!("{}", document::summary(plan, &results, &load, rest));
    if plan.write {
        document::write(plan, setup, &results, &load, rest)?;
    }
    Ok(results.wrong.is_empty())
}
