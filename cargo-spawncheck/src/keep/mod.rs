//! Findings are kept in the target directory, so that `replay` can show one again without looking for it anew.
//!
//! One file for all runs: what a run did not look at stays. It is read as what it is, a file that anybody may have
//! written. A database was rejected: the whole of it is rarely larger than a few kilobytes.

mod merge;
mod store;
mod worker;

pub(crate) use merge::merge;
pub(crate) use store::Store;
pub(crate) use worker::{KeptCalls, KeptWorker, clipped};

use crate::explanation::Cause;
use crate::finding::{Kind, Verdict};
use serde::{Deserialize, Serialize};

/// Root, binary, test, kind, and the worker with what is lost.
type Identity<'a> = (&'a str, &'a str, &'a str, Kind, Option<(&'a str, Option<&'a str>)>);

/// A finding, and all that is needed to build its binary and show it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFinding {
    pub(crate) kind: Kind,
    /// The workspace's root: several may be built in one directory.
    pub(crate) root: String,
    pub(crate) package: String,
    /// The binary's id.
    pub(crate) binary: String,
    pub(crate) test: String,
    /// The cargo flags that select just this binary.
    pub(crate) selector: Vec<String>,
    /// The flags of the run, without those that say where the project is.
    pub(crate) flags: Vec<String>,
    pub(crate) in_process: Verdict,
    pub(crate) spawned: Verdict,
    /// In the order in which they ran; `None` if they are not known.
    pub(crate) culprits: Option<Vec<String>>,
    pub(crate) causes: Vec<Cause>,
    /// The tests that ran before it, where that is not the in-process leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Vec<String>>,
    /// For a finding about a worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) worker: Option<KeptWorker>,
}

impl KeptFinding {
    /// What tells it from others, of other tests and of other workers in its test; also their order.
    fn identity(&self) -> Identity<'_> {
        let worker = self.worker.as_ref().map(|worker| (worker.name.as_str(), worker.lost.as_deref()));
        (self.root.as_str(), self.binary.as_str(), self.test.as_str(), self.kind, worker)
    }

    /// Whether `name` is its test, or the worker that it is about.
    pub(crate) fn is_about(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// For a finding about a worker, and how to make its calls again.
    pub(crate) fn calls(&self) -> Option<(&KeptWorker, &KeptCalls)> {
        let worker = self.worker.as_ref()?;
        Some((worker, worker.calls.as_ref()?))
    }

    /// Its test, and its worker.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        [self.test.as_str()].into_iter().chain(self.worker.as_ref().map(|worker| worker.name.as_str()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{KeptCalls, KeptFinding, KeptWorker};
    use crate::finding::{Kind, Verdict};

    pub(crate) fn kept(kind: Kind, binary: &str, test: &str) -> KeptFinding {
        KeptFinding {
            kind,
            root: "/p".to_owned(),
            package: binary.split("::").next().unwrap().to_owned(),
            binary: binary.to_owned(),
            test: test.to_owned(),
            selector: vec!["--lib".to_owned()],
            flags: Vec::new(),
            in_process: Verdict::Failed,
            spawned: Verdict::Passed,
            culprits: None,
            causes: Vec::new(),
            before: None,
            worker: None,
        }
    }

    /// About a worker that answers 2 where it inherits something, and else 0.
    pub(crate) fn kept_worker(test: &str, worker: &str) -> KeptFinding {
        let calls = KeptCalls {
            arguments: vec!["--exact".to_owned(), test.to_owned()],
            context: "inline".to_owned(),
            dirty: "1f:2:00ff".to_owned(),
            fresh: "1f:1:00".to_owned(),
        };
        let outcomes = [("inline", "2"), ("spawn", "0")].map(|(one, other)| (one.into(), other.into()));
        let worker = KeptWorker {
            name: worker.to_owned(),
            lost: None,
            input: Some("1".to_owned()),
            history: Vec::new(),
            needs_setup: true,
            outcomes: outcomes.into(),
            calls: Some(calls),
        };
        KeptFinding { worker: Some(worker), ..kept(Kind::Diverges, "p::workers", test) }
    }
}
