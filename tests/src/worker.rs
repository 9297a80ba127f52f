//! What the harness appends to the file of `SPAWNCHECK_EVENTS`, a line for each finding.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A finding about a worker.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct WorkerFinding {
    /// Its id, as in [`TestId`](crate::TestId).
    pub binary: String,
    pub test: String,
    pub worker: String,
    pub kind: WorkerKind,
    pub input: Option<String>,
    /// By context.
    pub outcomes: BTreeMap<String, String>,
    /// How many earlier calls it takes.
    #[serde(deserialize_with = "length")]
    pub history: usize,
    /// `Diverges` only.
    pub needs_setup: Option<bool>,
    /// `Lossy` only.
    pub field: Option<String>,
}

/// What it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkerKind {
    Diverges,
    Lossy,
    Recursive,
    Oversized,
    Flaky,
}

impl WorkerKind {
    /// Whether it makes a test fail.
    #[must_use]
    pub fn is_denied(self) -> bool {
        matches!(self, Self::Diverges | Self::Lossy | Self::Recursive)
    }
}

fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    Ok(Vec::<String>::deserialize(deserializer)?.len())
}
