//! Reports read back: of one run or of many, on one platform or on several, put together into one [`Matrix`].
//!
//! A run's own JUnit file goes this way as well: its events are written as lines and read again by the same reader, so that it
//! says what `merge` says later of the same report.
//!
//! A report may have come over a network from a machine that is not trusted. Nothing in it is believed: not its size, not that a line is
//! an event, not that names are short or harmless.

mod between;
mod event;
mod join;
mod model;
mod provenance;
mod read;
mod report;
mod stories;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use join::join;
pub(crate) use model::{Cell, Failure, Matrix, Name, Platform, Row, Run, Spread, Story, Unsettled};
pub(crate) use read::read;
pub(crate) use report::Report;

use crate::exit::ExitCode;
use crate::finding::Level;

impl Matrix {
    /// As a run's. What a run could not say for itself (it was stopped, or its report is cut off) is no success.
    pub(crate) fn exit_code(&self) -> ExitCode {
        let denied = |story: &Story| story.level == Level::Deny && story.accepted.is_none();
        let ended_with = |code: ExitCode| move |run: &Run| run.exit_code == Some(code as u8);
        let well = |run: &Run| {
            [ExitCode::Ok, ExitCode::NoTests, ExitCode::Findings].iter().any(|code| ended_with(*code)(run))
        };
        let failed = !self.failures.is_empty() || !self.unsettled.is_empty();
        if self.stories.iter().any(denied) || self.runs.iter().any(ended_with(ExitCode::Findings)) {
            ExitCode::Findings
        } else if failed || !self.runs.iter().all(well) {
            ExitCode::TestsFailed
        } else if self.tests.is_empty() {
            ExitCode::NoTests
        } else {
            ExitCode::Ok
        }
    }
}

impl Cell {
    pub(crate) fn legs(&self) -> [Option<crate::finding::Verdict>; 2] {
        [self.in_process, self.spawned]
    }

    /// Whether the test was run there, in one leg at least.
    pub(crate) fn ran(&self) -> bool {
        self.legs().into_iter().flatten().any(crate::finding::Verdict::has_run)
    }
}
