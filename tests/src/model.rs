//! The words of the JSON events.

use serde::Deserialize;
use std::fmt;

/// One test of a run: names are unique only within a binary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestId {
    pub binary: String,
    pub test: String,
}

impl TestId {
    #[must_use]
    pub fn new(binary: impl Into<String>, test: impl Into<String>) -> Self {
        Self { binary: binary.into(), test: test.into() }
    }
}

impl fmt::Display for TestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.binary, self.test)
    }
}

/// One of the two ways in which a test is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    InProcess,
    Spawned,
}

/// What became of a test in one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Passed,
    Failed,
    Crashed,
    TimedOut,
    Ignored,
    NotRun,
}

impl Verdict {
    /// Whether a test that has it in both legs is an ordinary failure.
    #[must_use]
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::Crashed | Self::TimedOut)
    }
}

/// What a finding says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Brittle,
    Victim,
    Repeat,
    Racy,
    Environment,
    Contention,
    Leak,
    Flaky,
}
