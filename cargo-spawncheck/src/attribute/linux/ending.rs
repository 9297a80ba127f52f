//! How a test or a call of a worker ended, as far as two runs of it can be compared.

use crate::finding::Verdict;
use crate::run::Observation;
use crate::run::output::says_why;
use spawncheck::reproduce::Played;

/// How a test or a call ended.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    /// Its verdict, and what it failed with.
    Test {
        verdict: Verdict,
        reason: String,
    },
    Call(Played),
}

impl Ending {
    /// `heeds_end`: it is a matter of how its process ended after its result, which only a culprit keeps from ending badly.
    pub(super) fn of(observation: &Observation, heeds_end: bool) -> Self {
        let Observation { verdict, output, bad_end, .. } = observation;
        match bad_end {
            // It may have had its process to itself, or not: what is said of that differs.
            Some(end) if heeds_end => Self::Test { verdict: Verdict::Crashed, reason: end.clone() },
            _ => Self::Test { verdict: *verdict, reason: reason(*verdict, output) },
        }
    }

    /// Whether it is the same ending, as far as can be seen: what a test failed with is lost where its standard output is.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Test { verdict, reason }, Self::Test { verdict: other, reason: others }) => {
                let lost = *verdict == Verdict::Failed && (reason.is_empty() || others.is_empty());
                verdict == other && (lost || reason == others)
            }
            (Self::Call(played), Self::Call(other)) => played == other,
            _ => false,
        }
    }

    /// Whether one of the two is what the other should have been.
    pub(super) fn is_opposite(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Test { verdict, .. }, Self::Test { verdict: other, .. }) => {
                verdict.is_bad() != other.is_bad()
            }
            (Self::Call(played), Self::Call(other)) => is_outcome(played) && played != other,
            _ => false,
        }
    }
}

/// Whether the worker came to its end. What is slow is no outcome: it may be slow by chance.
pub(super) fn is_outcome(played: &Played) -> bool {
    matches!(played, Played::Replied(_) | Played::Ended(_))
}

/// The same for the same failure, whatever numbers are in its message: where a test panicked, or how its process ended.
fn reason(verdict: Verdict, output: &str) -> String {
    let mut lines = output.lines().filter(|line| !line.trim().is_empty());
    match verdict {
        // What follows the first line is the process's, and may come from any test in it.
        Verdict::Crashed | Verdict::TimedOut => lines.next().unwrap_or_default().to_owned(),
        Verdict::Failed => match lines.rfind(|line| says_why(line)) {
            Some(line) => line.split_once("panicked at ").map_or(line, |(_, place)| place).to_owned(),
            None => output.trim().to_owned(),
        },
        // What it prints may be another thing each time.
        Verdict::Passed | Verdict::Ignored | Verdict::NotRun => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, reason};
    use crate::finding::Verdict::{self, Crashed, Failed, Passed};
    use crate::run::Observation;
    use std::time::Duration;

    #[test]
    fn the_same_failure() {
        let panic = "\nthread 'a' (17) panicked at src/lib.rs:3:5:\nassertion failed: 1 == 2\n";
        assert_eq!(reason(Failed, panic), "src/lib.rs:3:5:");
        let other = panic.replace("17", "18").replace("1 ==", "3 ==");
        assert_eq!(reason(Failed, &other), reason(Failed, panic));
        let crash = format!("killed: SIGSEGV before its result{panic}");
        assert_eq!(reason(Crashed, &crash), "killed: SIGSEGV before its result");
        assert_eq!(
            reason(Failed, "note: test did not panic as expected\n"),
            "note: test did not panic as expected"
        );
    }

    #[test]
    fn another_failure_after_the_same_beginning() {
        let caught = "printed\nthread 'a' panicked at src/lib.rs:3:5:\ncaught\n";
        let fails = |place: &str| reason(Failed, &format!("{caught}thread 'a' panicked at {place}:\nno\n"));
        assert_eq!(fails("src/lib.rs:9:5"), "src/lib.rs:9:5:");
        assert_ne!(fails("src/lib.rs:9:5"), fails("src/lib.rs:8:5"));
        assert_eq!(reason(Failed, "printed\nError: \"no\"\n"), "Error: \"no\"");
        // A hook of its own may say it in any way.
        assert_ne!(reason(Failed, "printed\nin one place\n"), reason(Failed, "printed\nin another\n"));
    }

    /// With shown output of passing tests, what each prints is there too.
    #[test]
    fn a_test_that_passes_has_no_reason() {
        assert_eq!(reason(Passed, "took 1.3 ms\n"), "");
    }

    #[test]
    fn an_end_after_the_result() {
        let ending = |verdict: Verdict, output: &str, bad_end: Option<&str>, heeds_end| {
            let (output, bad_end) = (output.to_owned(), bad_end.map(str::to_owned));
            let duration = Duration::ZERO;
            Ending::of(&Observation { test: 0, verdict, duration, leak: None, output, bad_end }, heeds_end)
        };
        let end = Some("exited: 3");
        for heeds_end in [true, false] {
            let dirty = ending(Passed, "", None, heeds_end);
            let alone = ending(Crashed, "exited: 3, after its result", end, heeds_end);
            // With the culprits passed over, or their state put back.
            let together = ending(Passed, "", end, heeds_end);
            assert!(alone.is_opposite(&dirty));
            assert_eq!(together.is_opposite(&dirty), heeds_end);
            assert_eq!(together.is_like(&alone), heeds_end);
            assert_eq!(together.is_like(&dirty), !heeds_end);
            // It failed before.
            let failed = ending(Failed, "thread 'a' panicked at src/lib.rs:3:5:", None, heeds_end);
            assert!(!failed.is_like(&alone) && !failed.is_like(&dirty));
        }
    }
}
