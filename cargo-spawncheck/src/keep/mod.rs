//! Findings are kept in the target directory, so that `replay` can show one again without looking for it anew.
//!
//! One file for all runs: what a run did not look at stays. It is read as what it is, a file that anybody may have
//! written. A database was rejected: the whole of it is rarely larger than a few kilobytes.

mod merge;
mod store;

pub(crate) use merge::merge;
pub(crate) use store::Store;

use crate::explanation::Cause;
use crate::finding::{Kind, Verdict};
use serde::{Deserialize, Serialize};

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
}

impl KeptFinding {
    /// Whether both say the same of the same test.
    fn is_same(&self, other: &Self) -> bool {
        (self.kind, &self.root) == (other.kind, &other.root) && self.is_about(&other.binary, &other.test)
    }

    /// Whether it is about this test.
    pub(crate) fn is_about(&self, binary: &str, test: &str) -> bool {
        self.binary == binary && self.test == test
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::KeptFinding;
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
        }
    }
}
