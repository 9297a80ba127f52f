//! How a finding comes about: which tests leave the state, and what carries it.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is known of it. Empty where nothing was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// `None` where none were searched for, or none could be named.
    pub(crate) culprits: Option<Culprits>,
    /// What carries the state; each of them flipped the verdict.
    pub(crate) causes: Vec<Cause>,
    /// What differs too, and does not matter: with the fresh values written back, the verdict stays.
    pub(crate) also: Vec<Carrier>,
    /// What a `racy` test shares with tests that run beside it.
    pub(crate) suspects: Vec<Suspect>,
    /// Why no more is known, a line each.
    pub(crate) notes: Vec<String>,
    /// How long it took to find out.
    pub(crate) took: Duration,
}

/// The smallest set of tests that leaves the state: without any one of them, the verdict is the other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Culprits {
    /// Indices of the tests in the finding's binary, in the order in which they ran. Never empty.
    pub(crate) tests: Vec<usize>,
    /// How many tests ran before this one, so could have been it.
    pub(crate) candidates: usize,
    /// How many processes it took to find them.
    pub(crate) runs: usize,
    /// Whether the search came to its end: if not, a smaller set may do as well.
    pub(crate) minimal: bool,
}

/// Something that carries state from one test to the next, and its two values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Carrier {
    pub(crate) channel: Channel,
    /// A static's path, a variable's name, a file's path; for `cwd` and `umask` the inherited value, for `signal` its name.
    pub(crate) name: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) type_name: Option<String>,
    /// `FILE:LINE` of its declaration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    /// What a fresh process has when the test begins, as a person reads it.
    pub(crate) fresh: String,
    /// What it has after the culprits.
    pub(crate) inherited: String,
}

/// A carrier that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cause {
    #[serde(flatten)]
    pub(crate) carrier: Carrier,
    /// With the fresh value written back, the verdict flipped.
    pub(crate) confirmed: bool,
    /// Names of other carriers, if it took all of them together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) together_with: Vec<String>,
    /// Whether the inherited value alone does it in a fresh process; `None` where that could not be tried (a value that
    /// holds pointers means nothing in another process).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sufficient: Option<bool>,
}

/// Something that a test uses, and others of its process change. Nothing was proved: it may have nothing to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suspect {
    pub(crate) channel: Channel,
    pub(crate) name: String,
    /// Indices of the other tests that change it.
    pub(crate) tests: Vec<usize>,
}

impl Channel {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Env => "env",
            Self::Cwd => "cwd",
            Self::Umask => "umask",
            Self::Signal => "signal",
            Self::Rlimit => "rlimit",
            Self::Fd => "fd",
            Self::Thread => "thread",
            Self::Child => "child",
            Self::File => "file",
            Self::Unknown => "unknown",
        }
    }
}

/// Through what state gets from one test to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Channel {
    Static,
    Env,
    Cwd,
    Umask,
    Signal,
    Rlimit,
    Fd,
    Thread,
    Child,
    File,
    Unknown,
}
