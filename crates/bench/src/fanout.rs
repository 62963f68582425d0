//! One message to many: the product, its peers and what the machine itself can do, side by side in one run.
//!
//! `contender` says who takes part and how each is started, `peers` for those that others wrote, on one core; the generator (`load`) runs on another.
//! `plan` says what is done, `round` does it with each of them in turn, `results` keeps what came of it, `report`
//! prints it and `document` writes it down, with the `machine` that it was measured on.

mod args;
mod contender;
mod machine;
mod peers;
mod plan;
mod report;
mod results;
mod round;

pub use args::{command, plan};
pub use contender::Setup;
pub use plan::Plan;

use crate::Result;
use results::Results;

/// The server's core, and the generator's.
pub const SERVER: usize = 0;
pub const GENERATOR: usize = 1;

/// # Errors
/// We ourselves are not among those that could be measured.
pub async fn fanout(plan: &Plan, setup: &Setup) -> Result<()> {
    let mut results = Results::default();
    let mut homes = contender::Homes::default();
    for round in 0..plan.rounds {
        for shape in &plan.shapes {
            let mut turn: Vec<_> = plan.contenders.clone();
            // Whoever is measured after a loud neighbour in one round is measured before it in the next.
            if round % 2 == 1 {
                turn.reverse();
            }
            for contender in turn.into_iter().filter(|contender| plan.has(*contender, *shape)) {
                if let Some(why) = setup.missing(contender) {
                    results.skip(contender, &why);
                    continue;
                }
                eprintln!("round {} of {}: {}, {shape}", round + 1, plan.rounds, contender.name());
                round::round(plan, setup, &mut homes, contender, shape, &mut results).await;
            }
        }
    }
    print!("{}", report::report(plan, &results));
    Ok(())
}
