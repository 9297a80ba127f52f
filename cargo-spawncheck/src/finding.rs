//! The vocabulary of results: verdicts, kinds of finding, their levels.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What became of one test in one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Passed,
    Failed,
    /// Its process ended before it gave a result: a signal, an abort, an exit.
    Crashed,
    TimedOut,
    Ignored,
    NotRun,
}

impl Verdict {
    /// Whether it ran and did not pass.
    pub(crate) fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::Crashed | Self::TimedOut)
    }

    /// Whether it says something of the test: it was started, and ended in some way.
    pub(crate) fn has_run(self) -> bool {
        self == Self::Passed || self.is_bad()
    }

    /// As a verb: "fails in-process".
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Passed => "passes",
            Self::Failed => "fails",
            Self::Crashed => "crashes",
            Self::TimedOut => "times out",
            Self::Ignored => "is ignored",
            Self::NotRun => "does not run",
        }
    }
}

/// One of the two ways in which a test is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Leg {
    /// All tests of a binary in one process, one after another.
    InProcess,
    /// One fresh process for each test.
    Spawned,
}

impl Leg {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InProcess => "in-process",
            Self::Spawned => "spawned",
        }
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a finding says about a test.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Passes in-process, fails spawned: needs state that another test left.
    Brittle,
    /// Fails in-process, passes spawned: broken by state that another test left.
    Victim,
    /// A worker's outcome depends on inherited state.
    Diverges,
    /// An input or output of a worker changes on its way through serialization.
    Lossy,
    /// A child that serves a worker comes to hand out work again.
    Recursive,
    /// Passes at first, and fails when it runs a second time in the same process.
    Repeat,
    /// Passes one test at a time, and fails beside others on several threads of one process.
    Racy,
    /// Its spawned verdict depends on a variable that is not allow-listed.
    Environment,
    /// Its verdict changes only while other children run.
    Contention,
    /// Leaves a process or an open pipe behind.
    Leak,
    /// An input of a worker is larger than the limit.
    Oversized,
    /// Its verdict, or a worker's outcome, changes between identical runs.
    Flaky,
}

impl Kind {
    pub(crate) const ALL: [Self; 12] = [
        Self::Brittle,
        Self::Victim,
        Self::Diverges,
        Self::Lossy,
        Self::Recursive,
        Self::Repeat,
        Self::Racy,
        Self::Environment,
        Self::Contention,
        Self::Leak,
        Self::Oversized,
        Self::Flaky,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Brittle => "brittle",
            Self::Victim => "victim",
            Self::Diverges => "diverges",
            Self::Lossy => "lossy",
            Self::Recursive => "recursive",
            Self::Repeat => "repeat",
            Self::Racy => "racy",
            Self::Environment => "environment",
            Self::Contention => "contention",
            Self::Leak => "leak",
            Self::Oversized => "oversized",
            Self::Flaky => "flaky",
        }
    }

    /// The level that holds unless a configuration or a flag says otherwise.
    pub(crate) fn default_level(self) -> Level {
        match self {
            Self::Brittle | Self::Victim | Self::Diverges | Self::Lossy | Self::Recursive => Level::Deny,
            Self::Repeat
            | Self::Racy
            | Self::Environment
            | Self::Contention
            | Self::Leak
            | Self::Oversized
            | Self::Flaky => Level::Warn,
        }
    }

    /// Whether it says that state was inherited from another test.
    pub(crate) fn is_inherited_state(self) -> bool {
        matches!(self, Self::Brittle | Self::Victim)
    }

    /// Whether it is a matter of chance, or of the caller's environment, that it shows: not to see it says nothing.
    pub(crate) fn is_by_chance(self) -> bool {
        matches!(self, Self::Racy | Self::Flaky | Self::Contention | Self::Environment)
    }
}

/// How much a kind of finding matters, as for a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// Not shown.
    Allow,
    /// Shown.
    Warn,
    /// Shown, and the run fails.
    Deny,
}

/// The level of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Levels([Level; Kind::ALL.len()]);

impl Default for Levels {
    fn default() -> Self {
        Self(Kind::ALL.map(Kind::default_level))
    }
}

impl Levels {
    pub(crate) fn get(&self, kind: Kind) -> Level {
        self.0[kind as usize]
    }

    pub(crate) fn set(&mut self, kind: Kind, level: Level) {
        self.0[kind as usize] = level;
    }
}

/// A confirmed statement about one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    pub(crate) test: crate::suite::TestId,
    /// The verdicts that the statement rests on.
    pub(crate) in_process: Verdict,
    pub(crate) spawned: Verdict,
    /// What was seen in the leg that failed (or leaked), for a person to read.
    pub(crate) evidence: Option<Evidence>,
    /// The tests that one process ran, up to and including this one, where that is not the in-process leg: what shows it only
    /// in another order. For `repeat`, the test twice.
    pub(crate) schedule: Option<Vec<usize>>,
    /// How it comes about, as far as that is known.
    pub(crate) explanation: crate::explanation::Explanation,
}

/// What a leg showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Evidence {
    pub(crate) leg: Leg,
    pub(crate) text: String,
}

#[cfg(test)]
mod tests {
    use super::{Kind, Level, Levels};

    #[test]
    fn kinds_are_indices_into_levels() {
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
        }
        let mut levels = Levels::default();
        levels.set(Kind::Flaky, Level::Deny);
        assert_eq!(levels.get(Kind::Flaky), Level::Deny);
        assert_eq!(levels.get(Kind::Leak), Level::Warn);
    }
}
