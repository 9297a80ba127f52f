//! Two suites, one after the other: one finding, for `largest`.
//!
//! A child is started for one worker and runs `main` up to the `run` that has it. For `subtotal` that is the first. A child
//! for `largest` comes by the first as well, where it would have to hand out the work for `subtotal`.

use missing_guard::{largest, subtotal};
use spawncheck::{Suite, any};
use std::process::ExitCode;

fn main() -> ExitCode {
    let first = Suite::new("subtotals").worker("subtotal", subtotal, any::<Vec<u32>>()).run();
    let second = Suite::new("maxima").worker("largest", largest, any::<Vec<u32>>()).run();
    if first == ExitCode::SUCCESS { second } else { first }
}
