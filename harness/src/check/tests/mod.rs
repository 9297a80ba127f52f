//! Whole checks on a machine in memory: the decisions, with no process at all.

mod dependent;
mod generated;
mod machine;
#[path = "../../../tests/generated/model.rs"]
mod model;
#[path = "../../../tests/generated/program.rs"]
mod program;
#[path = "../../../tests/generated/random.rs"]
mod random;
mod row;
mod wavering;

use super::explore::Explorer;
use super::worker::Values;
use crate::report::Report;
use crate::{Config, Context};
use machine::Machine;
use proptest::strategy::Strategy;
use random::Sequence;

/// Checks the worker on `machine` with these inputs, in this order.
fn explore(machine: &mut Machine<'_>, inputs: &[u8]) -> Report {
    let config = Config { cases: inputs.len() as u32, ..Config::default() };
    let subject: Values<u8, Vec<u8>> = Values { inputs: Sequence::new(inputs.to_vec()).boxed(), same: None };
    Explorer::new("worker", &config, &subject, machine, None).run().unwrap()
}

/// All but the reference, the same on every platform.
fn contexts() -> Vec<Context> {
    vec![Context::Inline, Context::Thread, Context::Fork, Context::Pool]
}

/// Number `n` of a sequence without a pattern (splitmix64).
fn scatter(n: u64) -> u64 {
    let mixed = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
