//! Which tests can be the culprits.

use crate::finding::Leg;
use crate::run::{Executor, Legs, Observation, Schedule};
use crate::suite::TestId;

/// The tests that ran before `test` in the same process of the in-process leg, in order.
///
/// That leg goes on in a new process after a test that ended the old one, and where a process could take no more tests: see
/// [`crate::run::execute_all`].
pub(super) fn before(test: usize, schedule: &Schedule, executor: &dyn Executor, legs: &Legs) -> Vec<usize> {
    let mut rest = schedule.clone();
    loop {
        let reach = executor.reach(&rest).clamp(1, rest.tests.len().max(1));
        let together = &rest.tests[..reach.min(rest.tests.len())];
        let ends = |test: &usize| {
            let seen = legs.get(Leg::InProcess, TestId { binary: schedule.binary, test: *test });
            seen.is_some_and(Observation::ends_process)
        };
        let length = together.iter().position(ends).map_or(together.len(), |at| at + 1);
        if let Some(at) = together[..length].iter().position(|other| *other == test) {
            return together[..at].to_vec();
        }
        if length == 0 {
            return Vec::new();
        }
        rest.tests.drain(..length);
    }
}
