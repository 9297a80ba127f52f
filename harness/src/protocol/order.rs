//! The bodies of messages that are more than bytes.

use crate::report::Report;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::UNIX_EPOCH;

/// Parent and child must agree on this; they differ only where the executable was replaced in between.
pub(crate) const VERSION: u32 = 1;

/// Whom the child is to serve, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) version: u32,
    pub(crate) target: Target,
    /// Whether the child plays the parent of a program: it runs setup first.
    pub(crate) setup: bool,
    pub(crate) manner: Manner,
    /// Whether outputs are to be checked for a lossless round trip.
    pub(crate) verify: bool,
    /// Whether replies are compared by their bytes: panics are then told as they are compared, and no more of them. Who compares
    /// them so does not know the user's types, so the child says in words as well what came of each call.
    pub(crate) comparable: bool,
    /// For a check: the results of those that come before it in the same test.
    pub(crate) past: Vec<Report>,
}

/// The place in the user's code where a child serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Target {
    /// A worker of a suite.
    Worker { suite: String, worker: String },
    /// A check in a `#[test]`: the how-manieth of that test, from 0.
    Check { test: String, ordinal: usize },
}

impl Target {
    /// What reports call the worker.
    pub(crate) fn worker(&self) -> String {
        match self {
            Self::Worker { worker, .. } => worker.clone(),
            Self::Check { test, ordinal: 0 } => test.clone(),
            Self::Check { test, ordinal } => format!("{test} #{}", ordinal + 1),
        }
    }
}

/// How the child makes its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Manner {
    /// On the thread that serves.
    Same,
    /// Each on a new thread.
    Thread,
    /// Each in a fork.
    Fork,
    /// By the user-defined context of this index.
    Custom(usize),
}

/// The child's answer to an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) version: u32,
    pub(crate) executable: Option<Executable>,
}

/// What tells one build of an executable from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Executable {
    length: u64,
    modified: u128,
}

/// A panic, as the hook saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Panicked {
    pub(crate) message: String,
    /// File, line and column, where the panic went through the hook.
    pub(crate) location: Option<String>,
}

impl Panicked {
    /// For a message that cannot be read.
    pub(crate) fn unknown() -> Self {
        Self { message: "(its message cannot be read)".into(), location: None }
    }
}

impl Executable {
    /// The file that this process was started from, as it is now.
    pub(crate) fn current() -> Option<Self> {
        let metadata = std::env::current_exe().and_then(std::fs::metadata).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        Some(Self { length: metadata.len(), modified })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worker { suite, worker } => write!(f, "worker `{worker}` of suite `{suite}`"),
            Self::Check { test, ordinal: 0 } => write!(f, "the check in test `{test}`"),
            Self::Check { test, ordinal } => write!(f, "check number {} in test `{test}`", ordinal + 1),
        }
    }
}
