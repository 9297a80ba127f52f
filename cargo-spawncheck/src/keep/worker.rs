//! What is kept of a finding about a worker besides: what it says, and its calls.

use crate::worker::{Loss, WorkerFinding};
use serde::{Deserialize, Serialize};
use spawncheck::reproduce::Reproduction;

/// Of a value in words, in characters. Two that begin alike for so long pass for the same.
const LONGEST: usize = 1_000;

/// A worker, and what was found about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptWorker {
    /// What it is called in its test.
    pub(crate) name: String,
    /// What changed, for a `lossy` finding: there may be one about the input and one about the output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lost: Option<String>,
    #[serde(default)]
    pub(crate) input: Option<String>,
    #[serde(default)]
    pub(crate) history: Vec<String>,
    #[serde(default)]
    pub(crate) needs_setup: bool,
    /// Context and what the worker did in it.
    #[serde(default)]
    pub(crate) outcomes: Vec<(String, String)>,
    /// `None`: they cannot be made by others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) calls: Option<KeptCalls>,
}

/// The two processes that show it; scripts as the harness writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptCalls {
    pub(crate) arguments: Vec<String>,
    pub(crate) context: String,
    pub(crate) dirty: String,
    pub(crate) fresh: String,
}

impl KeptWorker {
    pub(crate) fn of(finding: &WorkerFinding) -> Self {
        let WorkerFinding { worker, input, history, needs_setup, outcomes, loss, reproduction, .. } = finding;
        let lost = loss.as_ref().map(|Loss { output, field, .. }| {
            format!("{} {field}", if *output { "output" } else { "input" })
        });
        Self {
            name: worker.clone(),
            lost,
            input: input.as_deref().map(clipped),
            history: history.iter().map(|input| clipped(input)).collect(),
            needs_setup: *needs_setup == Some(true),
            outcomes: outcomes.iter().map(|(context, outcome)| (context.clone(), clipped(outcome))).collect(),
            calls: reproduction.as_ref().map(KeptCalls::of),
        }
    }

    /// What it did in a context.
    pub(crate) fn outcome(&self, context: &str) -> Option<&str> {
        self.outcomes.iter().find(|(known, _)| known == context).map(|(_, outcome)| outcome.as_str())
    }
}

impl KeptCalls {
    fn of(calls: &Reproduction) -> Self {
        let Reproduction { arguments, context, dirty, fresh, .. } = calls;
        let (arguments, context) = (arguments.clone(), context.clone());
        Self { arguments, context, dirty: dirty.to_string(), fresh: fresh.to_string() }
    }
}

/// As much of a text as is kept.
pub(crate) fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, clipped};

    #[test]
    fn long_values_are_clipped_between_characters() {
        assert_eq!(clipped("a"), "a");
        let long = "ü".repeat(LONGEST);
        assert_eq!(clipped(&long), long);
        assert_eq!(clipped(&format!("{long}x")), format!("{long}..."));
    }
}
