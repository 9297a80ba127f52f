//! One line of `--message-format json`, schema 1.

use crate::model::{Kind, Leg, TestId, Verdict};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Event {
    RunStarted(RunStarted),
    TestFinished(TestFinished),
    Finding(Finding),
    Failure(Failure),
    BinarySkipped(BinarySkipped),
    RunFinished(RunFinished),
    /// A later version may add events: those who read schema 1 skip them.
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RunStarted {
    pub(crate) schema: u32,
    /// Without the ignored ones.
    pub(crate) tests: usize,
    pub(crate) ignored: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TestFinished {
    pub(crate) leg: Leg,
    #[serde(flatten)]
    pub(crate) name: Name,
    pub(crate) verdict: Verdict,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    #[serde(flatten)]
    pub(crate) name: Name,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    #[serde(flatten)]
    pub(crate) name: Name,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BinarySkipped {
    pub(crate) binary: String,
    pub(crate) reason: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RunFinished {
    pub(crate) tests: usize,
    pub(crate) findings: usize,
    pub(crate) exit_code: i32,
}

/// How every event names a test.
#[derive(Debug, Deserialize)]
pub(crate) struct Name {
    pub(crate) package: String,
    pub(crate) binary: String,
    pub(crate) test: String,
}

impl Name {
    /// The id, if the binary's id says which package it is in.
    pub(crate) fn into_id(self) -> Result<TestId, String> {
        let Self { package, binary, test } = self;
        let rest = binary.strip_prefix(&package);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::")) {
            Ok(TestId { binary, test })
        } else {
            Err(format!("the binary `{binary}` is not named after its package `{package}`"))
        }
    }
}
