//! A worker, how it is tried, and what is found about it: the rows of these tests.

use super::machine::Machine;
use super::program::Term::{Held, Input};
use super::program::{Op, Place, Program, Step};
use super::{contexts, explore};
use crate::Context;
use crate::finding::{Finding, Kind};
use crate::report::Report;

/// From one run to the next, in calls.
pub(super) const FAR: u64 = 1_000_003;

/// What is found: kind, smallest input, history, whether it needs setup.
pub(super) type Found<'a> = (Kind, &'a str, &'a [&'a str], bool);

/// A worker and how it is tried.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) setup: Vec<Step>,
    pub(super) worker: Vec<Step>,
    pub(super) contexts: Vec<Context>,
    pub(super) inputs: Vec<u8>,
    /// What the call with this number finds as noise.
    pub(super) noise: fn(u64) -> u8,
    /// What the template has set before it serves.
    pub(super) stale: Option<(Place, u8)>,
}

/// A row with nothing particular about it: each pair of inputs occurs.
pub(super) fn worker(steps: &[Step]) -> Row {
    let inputs = vec![3, 3, 0, 2, 2, 1, 1, 0, 0, 3, 1, 2, 0, 1, 3, 2, 3];
    let (setup, worker, contexts) = (Vec::new(), steps.to_vec(), contexts());
    Row { setup, worker, contexts, inputs, noise: |_| 0, stale: None }
}

impl Row {
    pub(super) fn after(self, setup: &[Step]) -> Self {
        Self { setup: setup.to_vec(), ..self }
    }

    /// Checks the worker; calls are numbered from there.
    pub(super) fn run(&self, first_call: u64) -> Report {
        let program = Program { setup: self.setup.clone(), worker: self.worker.clone() };
        let mut machine = Machine::new(&program, &self.contexts, self.stale, self.noise, first_call);
        explore(&mut machine, &self.inputs)
    }
}

pub(super) fn always(op: Op) -> Step {
    Step { when: None, op }
}

pub(super) fn on(input: u8, op: Op) -> Step {
    Step { when: Some((Input, input)), op }
}

pub(super) fn when(place: Place, number: u8, op: Op) -> Step {
    Step { when: Some((Held(place), number)), op }
}

#[track_caller]
pub(super) fn check(row: Row, expected: &[Found<'_>]) {
    // Whatever wavers does so differently each time.
    for first_call in (0..20).map(|run| run * FAR) {
        let report = row.run(first_call);
        let same = |(kind, input, history, needs_setup): &Found<'_>, finding: &Finding| {
            (*kind, *needs_setup) == (finding.kind, finding.needs_setup)
                && finding.input.as_deref() == Some(*input)
                && history.iter().eq(&finding.history)
        };
        let findings = &report.findings;
        let as_expected = findings.len() == expected.len()
            && expected.iter().zip(findings).all(|(expected, finding)| same(expected, finding));
        assert!(as_expected, "expected {expected:?}, but:\n{report}");
    }
}
