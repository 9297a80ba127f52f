//! What came of a check.

mod size;
mod text;

pub(crate) use size::copies;

use crate::error::Error;
use crate::finding::{Finding, Level};
use serde::{Deserialize, Serialize};

/// What came of a check: [`Display`](std::fmt::Display) gives it as a person reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The worker: its name in the suite, or the test that checks it.
    pub worker: String,
    /// How many inputs were tried, kept ones included, without those on the way to a smaller one.
    pub cases: u32,
    /// How many bytes crossed for each generated input that was tried, to one child and back.
    pub crossed: Vec<Crossed>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What could not be done: a corrupt file of kept cases, say, which does not keep the other cases from being tried.
    pub errors: Vec<Error>,
}

/// The bytes of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossed {
    /// Of the encoded input. A pool of N workers holds N copies of an input that all of them get.
    pub input: u64,
    /// Of the encoded output; 0 where there is none.
    pub output: u64,
}

impl Report {
    pub(crate) fn new(worker: &str) -> Self {
        let (crossed, findings, errors) = (Vec::new(), Vec::new(), Vec::new());
        Self { worker: worker.to_owned(), cases: 0, crossed, findings, errors }
    }

    /// Whether a test that did this check fails: there is a finding of level `deny`, or something could not be done.
    pub fn fails(&self) -> bool {
        !self.errors.is_empty() || self.findings.iter().any(|finding| finding.kind.level() == Level::Deny)
    }
}

/// Tells a person what does not fail the test.
#[expect(clippy::print_stderr, reason = "a warning has no other way to whoever runs the tests")]
pub(crate) fn warn(report: &Report) {
    if !report.findings.is_empty() {
        eprint!("warning: {report}");
    }
}
