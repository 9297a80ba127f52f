//! What is found.

use crate::reproduce::Reproduction;
use crate::{Context, Outcome};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something about a worker that its user should know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The worker: its name in the suite, or the test that checks it.
    pub worker: String,
    /// The test that it belongs to, as `--exact` takes it.
    pub test: String,
    /// `Debug` rendering of the smallest input that shows it, where it depends on one.
    pub input: Option<String>,
    /// `Diverges`, `Flaky`: what the worker did in each context, the reference last.
    pub outcomes: Vec<(Context, Outcome)>,
    /// `Diverges`: `Debug` renderings of the inputs of the calls that must come before, in their order.
    pub history: Vec<String>,
    /// `Diverges`: whether it takes setup to show it.
    pub needs_setup: bool,
    /// `Diverges`: how many inputs differed, and how many were tried.
    pub counts: (u32, u32),
    /// `Lossy`: what changed on its way.
    pub loss: Option<Loss>,
    /// `Oversized`: bytes of the largest encoded input.
    pub bytes: u64,
    /// What there is to say besides, e.g. where a child came to dispatch work again.
    pub message: String,
    /// The file that keeps it, where it was kept.
    pub kept: Option<String>,
    /// `Diverges`: the calls that show it, for other programs.
    #[serde(skip)]
    pub(crate) reproduction: Option<Reproduction>,
}

/// What changed in a round trip through serialization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Whether it was the output; else the input.
    pub output: bool,
    /// The path of the first field that changed, such as `items[2].note`; empty for the value itself.
    pub field: String,
    /// `Debug` rendering of that field before.
    pub before: String,
    /// The same after.
    pub after: String,
}

/// The kinds of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The outcome depends on inherited state.
    Diverges,
    /// An input or output is not equal to itself after a round trip through serialization.
    Lossy,
    /// A child comes to dispatch work again instead of serving.
    Recursive,
    /// An input is larger than [`Config::max_payload`](crate::Config::max_payload).
    Oversized,
    /// The outcome changes between identical fresh children.
    Flaky,
}

/// Whether a finding fails the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// It does.
    Deny,
    /// It is told only.
    Warn,
}

impl Kind {
    /// Its level.
    pub fn level(self) -> Level {
        match self {
            Self::Diverges | Self::Lossy | Self::Recursive => Level::Deny,
            Self::Oversized | Self::Flaky => Level::Warn,
        }
    }
}

/// As in the events: `diverges`, `lossy`, `recursive`, `oversized`, `flaky`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Diverges => "diverges",
            Self::Lossy => "lossy",
            Self::Recursive => "recursive",
            Self::Oversized => "oversized",
            Self::Flaky => "flaky",
        })
    }
}

impl Finding {
    /// One of this kind with nothing else to say yet. Its test is called as the worker, until whoever runs it says otherwise.
    pub(crate) fn new(kind: Kind, worker: &str) -> Self {
        Self {
            kind,
            worker: worker.to_owned(),
            test: worker.to_owned(),
            input: None,
            outcomes: Vec::new(),
            history: Vec::new(),
            needs_setup: false,
            counts: (0, 0),
            loss: None,
            bytes: 0,
            message: String::new(),
            kept: None,
            reproduction: None,
        }
    }
}
