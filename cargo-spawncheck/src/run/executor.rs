//! What runs a schedule: processes, or in tests a script.

use crate::error::Result;
use crate::finding::Verdict;
use crate::suite::TestId;
use spawncheck::child::Leak;
use std::time::Duration;

/// A sequence of tests of one binary, for one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Index of the binary in its suite.
    pub(crate) binary: usize,
    /// Indices of the tests in the binary, in the order in which they are to run: the binary's own, each test once, unless
    /// [`Executor::any_order`] says that there is no need.
    pub(crate) tests: Vec<usize>,
    pub(crate) environment: Environment,
}

impl Schedule {
    /// A process for one test.
    pub(crate) fn alone(id: TestId, environment: Environment) -> Self {
        Self { binary: id.binary, tests: vec![id.test], environment }
    }

    /// Its tests, in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TestId> {
        self.tests.iter().map(|test| TestId { binary: self.binary, test: *test })
    }
}

/// Which variables a process gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Environment {
    /// The allow-listed ones.
    Sealed,
    /// All of the caller's.
    Inherited,
    /// The same without backtraces, for runs whose output nobody reads: a backtrace takes longer than most tests.
    Probing,
}

/// What one run of a test showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observation {
    /// Index of the test in its binary.
    pub(crate) test: usize,
    pub(crate) verdict: Verdict,
    pub(crate) duration: Duration,
    /// What outlived its process; known only where the test had one to itself.
    pub(crate) leak: Option<Leak>,
    /// What a test that did not pass wrote, or how its process ended; empty for others.
    pub(crate) output: String,
    /// How its process ended where that was no success, although every test in it had passed. A process of its own is the
    /// test's to answer for, so its verdict says so too; of several tests in one process, any may be the reason.
    pub(crate) bad_end: Option<String>,
}

impl Observation {
    /// Whether its process ended with it, and not after all results.
    pub(crate) fn ends_process(&self) -> bool {
        matches!(self.verdict, Verdict::Crashed | Verdict::TimedOut) && self.bad_end.is_none()
    }
}

/// Whether what came after its result hides how `test` would have its process end. `run` is what one process showed after another.
///
/// Where a later test ends the process, it does not come to its end; and the exit of a harness that tells of failures may be
/// what the test would have made of it, too.
pub(crate) fn hides_end<'a>(test: usize, run: impl IntoIterator<Item = &'a Observation>) -> bool {
    let run: Vec<_> = run.into_iter().collect();
    let mut processes = run.split_inclusive(|seen| seen.ends_process());
    let process = processes.find(|process| process.iter().any(|seen| seen.test == test));
    process.is_some_and(|process| {
        let shows_end =
            |seen: &&Observation| seen.bad_end.is_some() || seen.test == test && seen.verdict.is_bad();
        !process.iter().any(shows_end) && process.iter().any(|seen| seen.verdict.is_bad())
    })
}

/// What tests beside each other showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Threaded {
    /// In the order in which they ended.
    pub(crate) observations: Vec<Observation>,
    /// How the process ended, where some tests have no result: which one is to blame cannot be told.
    pub(crate) end: Option<String>,
}

/// How many tests run beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// As many as `cargo test` would run here.
    Usual,
    /// As many as it would run on a larger machine.
    Wide,
    /// So many.
    Of(usize),
}

/// Runs schedules; several may run at the same time.
pub(crate) trait Executor: Sync {
    /// Runs `schedule` in one new process.
    ///
    /// Returns one observation for each test in order, up to and including the one at which the process ended early; the
    /// tests after that have not been run. `finished` sees each of them as soon as its verdict is known, which
    /// may be before its output is.
    ///
    /// # Errors
    /// The process could not be started or followed, or the run was interrupted.
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>>;

    /// How many tests of `schedule`, from the first one on, it can run in one process if none of them ends it.
    fn reach(&self, schedule: &Schedule) -> usize {
        schedule.tests.len()
    }

    /// Runs the tests of `schedule` beside each other, in one new process.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    fn on_threads(&self, _schedule: &Schedule, _width: Width) -> Result<Threaded> {
        Ok(Threaded::default())
    }

    /// Whether it can run the tests of this binary in any order, and one test more than once.
    fn any_order(&self, _binary: usize) -> bool {
        false
    }
}

/// Runs a whole schedule: where a test ends its process, the rest goes on in a new one.
pub(crate) fn execute_all(
    executor: &dyn Executor,
    schedule: Schedule,
    finished: &mut dyn FnMut(&Observation),
) -> Result<Vec<Observation>> {
    execute_while(executor, schedule, &|| true, finished)
}

/// The same, as long as `go_on` says so before each further process.
pub(super) fn execute_while(
    executor: &dyn Executor,
    schedule: Schedule,
    go_on: &dyn Fn() -> bool,
    finished: &mut dyn FnMut(&Observation),
) -> Result<Vec<Observation>> {
    let mut rest = schedule;
    let mut all = Vec::with_capacity(rest.tests.len());
    while !rest.tests.is_empty() && (all.is_empty() || go_on()) {
        let observations = executor.execute(&rest, finished)?;
        // One at least, so that this ends even with an executor that breaks its word.
        rest.tests.drain(..observations.len().clamp(1, rest.tests.len()));
        all.extend(observations);
    }
    Ok(all)
}
