//! The events of a report, as they are read back. What is not needed is not read.

use crate::explanation::{Carrier, Cause, Channel};
use crate::finding::{Kind, Leg, Level, Verdict};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A later version of the same schema may add events and fields: both are skipped.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Event {
    BinarySkipped(OfBinary),
    BinaryFailed(OfBinary),
    Limited(OfBinary),
    TestFinished(Finished),
    Failure(Failed),
    Finding(Box<Finding>),
    Unconfirmed(Unconfirmed),
    RunFinished(End),
    #[serde(other)]
    Other,
}

/// Enough of the first event to tell whether the rest can be understood.
#[derive(Debug, Deserialize)]
pub(super) struct First {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) schema: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Start {
    pub(super) version: String,
    pub(super) os: String,
    pub(super) arch: String,
    pub(super) target: Option<String>,
    pub(super) commit: Option<String>,
    pub(super) partition: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OfBinary {
    pub(super) package: String,
    pub(super) binary: String,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct TestName {
    pub(super) package: String,
    pub(super) binary: String,
    pub(super) test: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Finished {
    pub(super) leg: Leg,
    #[serde(flatten)]
    pub(super) name: TestName,
    pub(super) verdict: Verdict,
    #[serde(default)]
    pub(super) duration_ms: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Failed {
    #[serde(flatten)]
    pub(super) name: TestName,
    pub(super) output: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Unconfirmed {
    #[serde(flatten)]
    pub(super) name: TestName,
    pub(super) in_process: Option<Verdict>,
    pub(super) spawned: Option<Verdict>,
}

#[derive(Debug, Deserialize)]
pub(super) struct End {
    pub(super) wall_ms: f64,
    pub(super) exit_code: u8,
}

/// Of a test, or of a worker: what only one of them has is empty in the other.
#[derive(Debug, Deserialize)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    pub(super) level: Level,
    #[serde(flatten)]
    pub(super) name: TestName,
    pub(super) in_process: Option<Verdict>,
    pub(super) spawned: Option<Verdict>,
    pub(super) culprits: Option<Vec<String>>,
    #[serde(default = "yes")]
    pub(super) minimal: bool,
    #[serde(default)]
    pub(super) causes: Vec<Cause>,
    #[serde(default)]
    pub(super) also: Vec<Carrier>,
    #[serde(default)]
    pub(super) other_order: bool,
    #[serde(default)]
    pub(super) suspects: Vec<Suspect>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
    pub(super) evidence: Option<Evidence>,
    pub(super) help: String,
    pub(super) accepted: Option<String>,
    pub(super) replay: String,
    pub(super) worker: Option<String>,
    pub(super) input: Option<String>,
    #[serde(default)]
    pub(super) outcomes: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) history: Vec<String>,
    pub(super) needs_setup: Option<bool>,
    pub(super) field: Option<String>,
    /// Whether that is one of the `input` or of the `output`.
    pub(super) value: Option<String>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) message: Option<String>,
}

impl Finding {
    /// How many things its lists hold.
    pub(super) fn parts(&self) -> usize {
        let Self { culprits, causes, also, suspects, notes, outcomes, history, .. } = self;
        let of_causes = causes.iter().map(|cause| cause.together_with.len()).sum::<usize>();
        let of_suspects = suspects.iter().map(|suspect| suspect.tests.len()).sum::<usize>();
        let lists =
            [culprits.as_ref().map_or(0, Vec::len), causes.len(), also.len(), suspects.len(), notes.len()];
        lists.iter().sum::<usize>() + outcomes.len() + history.len() + of_causes + of_suspects
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Suspect {
    pub(super) channel: Channel,
    pub(super) name: String,
    pub(super) tests: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Evidence {
    pub(super) text: String,
}

fn yes() -> bool {
    true
}
