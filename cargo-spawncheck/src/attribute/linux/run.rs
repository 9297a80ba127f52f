//! Runs of one test, with its culprits or without.

use crate::error::Result;
use crate::finding::{Finding, Verdict};
use crate::run::{Environment, Observation, Processes, Schedule};
use crate::trace::{Next, Stopped, Trouble};
use std::time::{Duration, Instant};

/// The runs that one group of findings calls for.
pub(super) struct Runs<'a> {
    processes: &'a Processes<'a>,
    binary: usize,
    culprits: &'a [usize],
    test: usize,
    time: Duration,
    deadline: Instant,
}

/// How a test ended: its verdict, and what it failed with.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    verdict: Verdict,
    reason: String,
}

/// What a fresh process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// One in which the culprits are passed over. All else is as where they run, down to the addresses on the heap.
    Hollow,
    /// One with nothing but the test.
    Alone,
}

/// What to do where the test begins.
pub(super) type AtBeginning<'a> = dyn FnMut(&mut Stopped<'_>) -> std::result::Result<(), Trouble> + 'a;

impl<'a> Runs<'a> {
    pub(super) fn new(
        processes: &'a Processes<'a>,
        binary: usize,
        culprits: &'a [usize],
        time: Duration,
    ) -> Self {
        Self { processes, binary, culprits, test: 0, time, deadline: Instant::now() }
    }

    /// The runs that follow are about this finding.
    pub(super) fn begin(&mut self, finding: &Finding) {
        self.test = finding.test.test;
        self.deadline = Instant::now() + self.time;
    }

    pub(super) fn culprit_names(&self) -> impl Iterator<Item = &str> {
        self.culprits.iter().map(|test| self.processes.test_name(self.binary, *test))
    }

    /// Whether the time for this finding is over.
    pub(super) fn is_spent(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// The culprits, then the test.
    pub(super) fn inherited(&self, at: &mut AtBeginning<'_>) -> Result<std::result::Result<Ending, Trouble>> {
        self.run([self.culprits, &[self.test]].concat(), Next::Run, false, at)
    }

    /// The same, with a note of the files that the culprits change.
    pub(super) fn watched(&self, at: &mut AtBeginning<'_>) -> Result<std::result::Result<Ending, Trouble>> {
        self.run([self.culprits, &[self.test]].concat(), Next::Run, true, at)
    }

    /// A fresh process.
    pub(super) fn fresh(
        &self,
        reference: Reference,
        at: &mut AtBeginning<'_>,
    ) -> Result<std::result::Result<Ending, Trouble>> {
        match reference {
            Reference::Hollow => self.run([self.culprits, &[self.test]].concat(), Next::Skip, false, at),
            Reference::Alone => self.run(vec![self.test], Next::Run, false, at),
        }
    }

    /// The first kind of fresh process that shows the verdict of one.
    pub(super) fn reference(
        &self,
        dirty_is_bad: bool,
        at: &mut AtBeginning<'_>,
    ) -> Result<std::result::Result<(Reference, Ending), Trouble>> {
        for reference in [Reference::Hollow, Reference::Alone] {
            match self.fresh(reference, at)? {
                Ok(ending) if ending.is_bad() != dirty_is_bad => return Ok(Ok((reference, ending))),
                Err(trouble) if reference == Reference::Alone => return Ok(Err(trouble)),
                _ => {}
            }
        }
        Ok(Err(Trouble("while it is traced, its verdict is the same in a fresh process".into())))
    }

    fn run(
        &self,
        tests: Vec<usize>,
        others: Next,
        watch: bool,
        at: &mut AtBeginning<'_>,
    ) -> Result<std::result::Result<Ending, Trouble>> {
        let last = tests.len() - 1;
        let schedule = Schedule { binary: self.binary, tests, environment: Environment::Probing };
        let mut visit = |index: usize, stopped: &mut Stopped<'_>| {
            if index < last {
                return Ok(others);
            }
            at(stopped)?;
            Ok(Next::Run)
        };
        let observations = match watch {
            true => self.processes.visit_watching(&schedule, &mut visit)?,
            false => self.processes.visit(&schedule, &mut visit)?,
        };
        Ok(observations.and_then(|observations| match observations.get(last) {
            Some(observation) => Ok(Ending::of(observation)),
            None => Err(Trouble("a culprit ended the process".into())),
        }))
    }
}

impl Ending {
    fn of(observation: &Observation) -> Self {
        Self { verdict: observation.verdict, reason: reason(observation.verdict, &observation.output) }
    }

    /// Whether it is the same ending, as far as can be seen: what a test failed with is lost where its standard output is.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let lost = self.verdict == Verdict::Failed && (self.reason.is_empty() || other.reason.is_empty());
        self.verdict == other.verdict && (lost || self.reason == other.reason)
    }

    pub(super) fn is_bad(&self) -> bool {
        self.verdict.is_bad()
    }
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
