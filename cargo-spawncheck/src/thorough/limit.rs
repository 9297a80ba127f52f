//! What could not be looked into, and what is lost by that.

use crate::suite::Binary;
use crate::trace::Trouble;

/// Something that could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Index of the binary.
    pub(crate) binary: usize,
    pub(crate) lost: Lost,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// Its tests run in its own order only, each once.
    Orders,
    /// What its tests change cannot be seen.
    Footprints(Trouble),
    /// Only so many of the orders that could matter were tried.
    Predicted { tried: usize },
    /// On threads, its process ends before all tests have a result.
    Threads(String),
    /// A test failed on threads, but not often enough to tell why.
    Rare { test: usize, failed: u32, runs: u32 },
    /// So many of its tests have no room on the command line that names those to run on threads.
    NoRoom(usize),
    /// So many suspicions were left when the time was over.
    Suspicions(usize),
    /// There was no time to begin.
    Time,
}

impl Lost {
    /// Whether a finding in another order of the tests, or of a test that runs twice, may have been missed for it.
    pub(crate) fn is_of_orders(&self) -> bool {
        !matches!(self, Self::Threads(_) | Self::Rare { .. } | Self::NoRoom(_))
    }

    /// For a person; `reason` says why a binary has no other orders.
    pub(crate) fn text(&self, binary: &Binary, reason: Option<&Trouble>) -> String {
        match self {
            Self::Orders => {
                let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!(
                    "its tests run in its own order only{reason}: what shows in another order, or when a test runs twice, is not seen"
                )
            }
            Self::Footprints(reason) => format!("what its tests change cannot be seen: {reason}"),
            Self::Predicted { tried } => {
                format!("so many tests leave something behind that {tried} orders could not show all to all")
            }
            Self::Threads(end) => {
                format!(
                    "on several threads its process ends before all tests have a result ({end}); which test is to blame cannot be told"
                )
            }
            Self::Rare { test, failed, runs } => {
                let name = &binary.tests[*test].name;
                format!(
                    "`{name}` failed in {failed} of {runs} runs on several threads: too rarely to tell why"
                )
            }
            Self::NoRoom(tests) => {
                format!(
                    "{tests} of its tests did not run on several threads: a command line has no room for all names"
                )
            }
            Self::Suspicions(tests) => {
                format!(
                    "the time given was too short to confirm what showed of {tests} of its tests in other orders"
                )
            }
            Self::Time => "the time given was too short to look beyond both legs".into(),
        }
    }
}
