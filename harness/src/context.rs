//! Where a worker runs.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A way of handing a call to a worker.
///
/// | context | process | after setup | earlier calls in it |
/// | --- | --- | --- | --- |
/// | `Inline` | the parent of a program, on the thread that did setup | yes | all |
/// | `Thread` | the parent of a program, on a new thread for each call | yes | all |
/// | `Fork` | a fork of the parent for each call (Unix) | yes | none |
/// | `Pool` | a fresh child that is used again for each call | no | all |
/// | `Spawn` | a fresh child for each call: the reference | no | none |
/// | `Custom` | what the user's own code makes of the parent of a program | yes | its own matter |
///
/// None of them is the process that runs the test: the parent of a program is a child as well, in which setup has run. So a worker
/// that crashes or exits in `Inline` is an outcome too, and nothing that setup does reaches other tests.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Context {
    /// The thread that did setup.
    Inline,
    /// A new thread in the process that did setup.
    Thread,
    /// A fork of the process that did setup. Unix only.
    Fork,
    /// A fresh child that serves one call after another.
    Pool,
    /// A fresh child for this one call.
    Spawn,
    /// A context of the user's own, by its name.
    Custom(String),
}

impl Context {
    /// All that this platform has, the reference last.
    pub fn all() -> Vec<Self> {
        let fork = cfg!(unix).then_some(Self::Fork);
        [Self::Inline, Self::Thread].into_iter().chain(fork).chain([Self::Pool, Self::Spawn]).collect()
    }

    /// Whether setup has run in the process.
    pub(crate) fn has_setup(&self) -> bool {
        !matches!(self, Self::Pool | Self::Spawn)
    }

    /// Whether a call finds what earlier calls left.
    pub(crate) fn remembers(&self) -> bool {
        !matches!(self, Self::Fork | Self::Spawn)
    }

    /// What to say beside its outcome.
    pub(crate) fn note(&self) -> &'static str {
        match self {
            Self::Inline => "same thread, after setup",
            Self::Thread => "a new thread, after setup",
            Self::Fork => "a fork after setup, what Linux shows",
            Self::Pool => "a child that is used again",
            Self::Spawn => "a fresh child, what Windows shows",
            Self::Custom(_) => "your own context, after setup",
        }
    }
}

/// Its name: `inline`, `thread`, `fork`, `pool`, `spawn`, or the one that the user gave.
impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Inline => "inline",
            Self::Thread => "thread",
            Self::Fork => "fork",
            Self::Pool => "pool",
            Self::Spawn => "spawn",
            Self::Custom(name) => name,
        })
    }
}

impl From<Context> for String {
    fn from(context: Context) -> Self {
        context.to_string()
    }
}

impl From<String> for Context {
    fn from(name: String) -> Self {
        let known = [Self::Inline, Self::Thread, Self::Fork, Self::Pool, Self::Spawn];
        known.into_iter().find(|context| context.to_string() == name).unwrap_or(Self::Custom(name))
    }
}
