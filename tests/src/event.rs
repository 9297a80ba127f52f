//! One line of `--message-format json`, schema 1.

use crate::model::{Kind, Leg, TestId, Verdict};
use crate::worker::WorkerFinding;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Event {
    RunStarted(RunStarted),
    TestFinished(TestFinished),
    Finding(Finding),
    Failure(Failure),
    BinarySkipped(BinarySkipped),
    Limited(Limited),
    RunFinished(RunFinished),
    /// A later version may add events: those who read schema 1 skip them.
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RunStarted {
    pub(crate) schema: u32,
    pub(crate) os: String,
    pub(crate) arch: String,
    pub(crate) target: Option<String>,
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

/// About a worker, or else about a test.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Finding {
    Worker(ExplainedWorker),
    Test(TestFinding),
}

#[derive(Debug, Deserialize)]
pub(crate) struct ExplainedWorker {
    #[serde(flatten)]
    pub(crate) finding: WorkerFinding,
    #[serde(flatten)]
    pub(crate) explanation: Explanation,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TestFinding {
    pub(crate) kind: Kind,
    #[serde(flatten)]
    pub(crate) name: Name,
    #[serde(flatten)]
    pub(crate) explanation: Explanation,
}

/// How a finding comes about.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Explanation {
    /// `None`: none were searched for, or none could be named.
    pub culprits: Option<Vec<String>>,
    pub causes: Vec<Cause>,
    /// How many processes the search for culprits took.
    pub runs: Option<usize>,
    /// Why no more is known.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What a racy test shares with others.
    #[serde(default)]
    pub suspects: Vec<Suspected>,
}

/// Something that a test changes, and others too.
#[derive(Clone, Debug, Deserialize)]
pub struct Suspected {
    pub channel: String,
    pub name: String,
    pub tests: Vec<String>,
}

/// Something that carries state from one test to the next, and whether that was shown.
#[derive(Clone, Debug, Deserialize)]
pub struct Cause {
    #[serde(flatten)]
    pub carrier: Carrier,
    pub confirmed: bool,
    /// Names of others, if it took all of them together.
    #[serde(default)]
    pub together_with: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Carrier {
    pub channel: String,
    pub name: String,
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    pub location: Option<String>,
    pub fresh: String,
    pub inherited: String,
}

impl Explanation {
    /// What was shown to carry the state.
    #[must_use]
    pub fn confirmed(&self) -> Vec<&Carrier> {
        self.causes.iter().filter(|cause| cause.confirmed).map(|cause| &cause.carrier).collect()
    }

    /// Whether `text` is in a note, or what a cause is called, confirmed or not.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        let carriers = self.causes.iter().map(|cause| &cause.carrier);
        self.notes.iter().any(|note| note.contains(text))
            || carriers.into_iter().any(|carrier| carrier.channel == text || carrier.name == text)
    }
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
pub(crate) struct Limited {
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
