//! One line of what a binary tells, as the `spawncheck` crate writes it.

use super::{Loss, WorkerFinding};
use crate::explanation::Explanation;
use crate::finding::Kind;
use crate::suite::{Binary, TestId};
use serde::Deserialize;
use spawncheck::reproduce::Reproduction;
use std::collections::BTreeMap;

/// A finding. What is there besides is for others.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    #[serde(rename = "type")]
    _type: Type,
    kind: WorkerKind,
    package: String,
    test: String,
    worker: String,
    input: Option<String>,
    #[serde(default)]
    outcomes: BTreeMap<String, String>,
    #[serde(default)]
    history: Vec<String>,
    needs_setup: Option<bool>,
    message: Option<String>,
    /// What could not be done, which fails the test as well.
    #[serde(default)]
    errors: Vec<String>,
    #[serde(flatten)]
    loss: Option<LossFields>,
    reproduction: Option<Calls>,
}

/// How to see it again.
#[derive(Debug, Deserialize)]
struct Calls {
    arguments: Vec<String>,
    context: String,
    dirty: String,
    fresh: String,
    inline: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Type {
    Finding,
}

/// The kinds of that crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WorkerKind {
    Diverges,
    Lossy,
    Recursive,
    Oversized,
    Flaky,
}

#[derive(Debug, Deserialize)]
struct LossFields {
    field: String,
    value: LossyValue,
    before: String,
    after: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LossyValue {
    Input,
    Output,
}

/// Contexts in the order in which they are shown; those of the user's own come before the last.
const CONTEXTS: [&str; 4] = ["inline", "thread", "fork", "pool"];
const REFERENCE: &str = "spawn";

impl Line {
    pub(super) fn parse(bytes: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes)
    }

    /// The test that it is about, if that is one of this binary.
    pub(super) fn test_of(&self, binary: &Binary) -> Option<usize> {
        // Another package's binaries may run inside of a test, with the same variable.
        let named = |(_, test): &(usize, &crate::suite::Test)| test.name == self.test;
        let found = binary.tests.iter().enumerate().find(named);
        found.filter(|_| self.package == binary.package).map(|(index, _)| index)
    }

    /// Whether the crate makes the test fail for it, whatever our own levels are.
    pub(super) fn fails_its_test(&self) -> bool {
        matches!(self.kind, WorkerKind::Diverges | WorkerKind::Lossy | WorkerKind::Recursive)
    }

    /// Whether the check could not do something besides.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(super) fn into_finding(self, test: TestId) -> WorkerFinding {
        let loss = self.loss.map(|LossFields { field, value, before, after }| Loss {
            output: value == LossyValue::Output,
            field,
            before,
            after,
        });
        let mut outcomes: Vec<_> = self.outcomes.into_iter().collect();
        outcomes.sort_by_key(|(context, _)| place(context));
        WorkerFinding {
            kind: self.kind.into(),
            test,
            worker: self.worker,
            input: self.input,
            outcomes,
            history: self.history,
            needs_setup: self.needs_setup,
            loss,
            message: self.message,
            explanation: Explanation::default(),
            reproduction: self.reproduction.and_then(Calls::parse),
        }
    }
}

impl Calls {
    /// `None` where somebody else has written it.
    fn parse(self) -> Option<Reproduction> {
        let Self { arguments, context, dirty, fresh, inline } = self;
        let inline = inline.map(|script| script.parse()).transpose().ok()?;
        Some(Reproduction {
            arguments,
            context,
            dirty: dirty.parse().ok()?,
            fresh: fresh.parse().ok()?,
            inline,
        })
    }
}

/// A sort key: where a context stands among the others.
pub(crate) fn place(context: &str) -> usize {
    match CONTEXTS.iter().position(|known| *known == context) {
        Some(place) => place,
        None if context == REFERENCE => CONTEXTS.len() + 1,
        None => CONTEXTS.len(),
    }
}

impl From<WorkerKind> for Kind {
    fn from(kind: WorkerKind) -> Self {
        match kind {
            WorkerKind::Diverges => Self::Diverges,
            WorkerKind::Lossy => Self::Lossy,
            WorkerKind::Recursive => Self::Recursive,
            WorkerKind::Oversized => Self::Oversized,
            WorkerKind::Flaky => Self::Flaky,
        }
    }
}
