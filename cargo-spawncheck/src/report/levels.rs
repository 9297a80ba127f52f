//! What to show of each test, besides findings. The levels are nextest's: each includes those before it.

use super::TestName;
use crate::finding::{Leg, Verdict};
use clap::ValueEnum;
use serde::Deserialize;
use std::time::Duration;

/// Which tests to show as they end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StatusLevel {
    /// None
    None,
    /// Those that fail, in each leg
    Fail,
    /// What is run again for `--retries`
    Retry,
    /// Those that pass and take longer than `slow` in the configuration
    Slow,
    /// Those that pass
    Pass,
    /// Those that are ignored
    Skip,
    /// Those that do not come to run as well
    All,
}

/// Which tests to show again at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FinalStatusLevel {
    /// None
    None,
    /// Those that fail, in each leg
    Fail,
    /// Those that pass when they are run again for `--retries`
    #[serde(alias = "retry")]
    #[value(alias = "retry")]
    Flaky,
    /// Those that pass and take longer than `slow` in the configuration
    Slow,
    /// Those that are ignored
    Skip,
    /// Those that pass
    Pass,
    /// Those that did not come to run as well
    All,
}

/// When to show what a test prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OutputWhen {
    /// As soon as it is known
    Immediate,
    /// At the end of the run
    Final,
    /// Both
    ImmediateFinal,
    /// Not at all
    Never,
}

impl OutputWhen {
    pub(super) fn at_once(self) -> bool {
        matches!(self, Self::Immediate | Self::ImmediateFinal)
    }

    pub(super) fn at_end(self) -> bool {
        matches!(self, Self::Final | Self::ImmediateFinal)
    }
}

/// What to show; `None` leaves the level to `-v`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) status: Option<StatusLevel>,
    pub(crate) final_status: FinalStatusLevel,
    pub(crate) success_output: OutputWhen,
    pub(crate) failure_output: OutputWhen,
    /// How long a test takes that is slow.
    pub(crate) slow: Duration,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            status: None,
            final_status: FinalStatusLevel::None,
            success_output: OutputWhen::Never,
            failure_output: OutputWhen::Final,
            // That of nextest.
            slow: Duration::from_secs(60),
        }
    }
}

/// One line about one run of a test.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status<'a> {
    pub(super) leg: Leg,
    pub(super) name: TestName<'a>,
    pub(super) verdict: Verdict,
    pub(super) duration: Duration,
    /// Its number, for a run that `--retries` asked for; the first run is the first.
    pub(super) attempt: Option<u32>,
}

impl Status<'_> {
    fn is_slow(&self, slow: Duration) -> bool {
        self.verdict == Verdict::Passed && self.duration >= slow
    }

    /// The lowest level that shows it.
    pub(super) fn level(&self, slow: Duration) -> StatusLevel {
        match self.verdict {
            _ if self.attempt.is_some() => StatusLevel::Retry,
            Verdict::Failed | Verdict::Crashed | Verdict::TimedOut => StatusLevel::Fail,
            Verdict::Passed if self.is_slow(slow) => StatusLevel::Slow,
            Verdict::Passed => StatusLevel::Pass,
            Verdict::Ignored => StatusLevel::Skip,
            Verdict::NotRun => StatusLevel::All,
        }
    }

    /// The same at the end. That a retry failed is no news then: its test has failed.
    pub(super) fn final_level(&self, slow: Duration) -> Option<FinalStatusLevel> {
        Some(match (self.attempt.is_some(), self.verdict) {
            (true, Verdict::Passed) => FinalStatusLevel::Flaky,
            (true, _) => return None,
            (false, Verdict::Failed | Verdict::Crashed | Verdict::TimedOut) => FinalStatusLevel::Fail,
            (false, Verdict::Passed) if self.is_slow(slow) => FinalStatusLevel::Slow,
            (false, Verdict::Passed) => FinalStatusLevel::Pass,
            (false, Verdict::Ignored) => FinalStatusLevel::Skip,
            (false, Verdict::NotRun) => FinalStatusLevel::All,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{FinalStatusLevel, Status, StatusLevel};
    use crate::finding::{Leg, Verdict};
    use crate::report::TestName;
    use std::time::Duration;

    #[track_caller]
    fn check(
        verdict: Verdict,
        seconds: u64,
        attempt: Option<u32>,
        level: StatusLevel,
        at_end: Option<FinalStatusLevel>,
    ) {
        let name = TestName { package: "p", binary: "p", test: "t" };
        let duration = Duration::from_secs(seconds);
        let status = Status { leg: Leg::Spawned, name, verdict, duration, attempt };
        let slow = Duration::from_secs(10);
        assert_eq!((status.level(slow), status.final_level(slow)), (level, at_end));
    }

    #[test]
    fn levels() {
        use Verdict::{Crashed, Failed, Ignored, NotRun, Passed, TimedOut};
        for verdict in [Crashed, Failed, TimedOut] {
            check(verdict, 11, None, StatusLevel::Fail, Some(FinalStatusLevel::Fail));
        }
        check(Failed, 1, Some(2), StatusLevel::Retry, None);
        check(Passed, 11, Some(2), StatusLevel::Retry, Some(FinalStatusLevel::Flaky));
        check(Passed, 10, None, StatusLevel::Slow, Some(FinalStatusLevel::Slow));
        check(Passed, 9, None, StatusLevel::Pass, Some(FinalStatusLevel::Pass));
        check(Ignored, 0, None, StatusLevel::Skip, Some(FinalStatusLevel::Skip));
        check(NotRun, 0, None, StatusLevel::All, Some(FinalStatusLevel::All));
    }
}
