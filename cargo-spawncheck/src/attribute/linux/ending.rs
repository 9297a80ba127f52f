//! How a test or a call of a worker ended, as far as two runs of it can be compared.

use crate::finding::Verdict;
use crate::run::Observation;
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
    pub(super) fn of(observation: &Observation) -> Self {
        let Observation { verdict, output, .. } = observation;
        Self::Test { verdict: *verdict, reason: reason(*verdict, output) }
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
    let line = match verdict {
        // What follows the first line is the process's, and may come from any test in it.
        Verdict::Crashed | Verdict::TimedOut => lines.next(),
        _ => lines.clone().find(|line| line.contains("panicked at ")).or_else(|| lines.next()),
    };
    line.map_or("", |line| line.split_once("panicked at ").map_or(line, |(_, place)| place)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::finding::Verdict;

    #[test]
    fn the_same_failure() {
        let panic = "\nthread 'a' (17) panicked at src/lib.rs:3:5:\nassertion failed: 1 == 2\n";
        assert_eq!(reason(Verdict::Failed, panic), "src/lib.rs:3:5:");
        let other = panic.replace("17", "18").replace("1 ==", "3 ==");
        assert_eq!(reason(Verdict::Failed, &other), reason(Verdict::Failed, panic));
        let crash = format!("killed: SIGSEGV before its result{panic}");
        assert_eq!(reason(Verdict::Crashed, &crash), "killed: SIGSEGV before its result");
        assert_eq!(
            reason(Verdict::Failed, "note: test did not panic as expected\n"),
            "note: test did not panic as expected"
        );
        assert_eq!(reason(Verdict::Passed, ""), "");
    }
}
