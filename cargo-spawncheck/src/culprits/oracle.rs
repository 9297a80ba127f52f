//! Answers by running processes.

use crate::error::Error;
use crate::finding::Verdict;
use crate::minimize::{Answer, Halt, Oracle};
use crate::run::{Company, Environment, Executor, Observation, Schedule, hides_end};
use crate::suite::TestId;
use std::time::{Duration, Instant};

/// Which part of the time is kept for repeating what was found.
const RESERVE: u32 = 4;

/// How to read the verdict in question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdicts {
    /// It passes after the culprits, and fails without them; else the other way round.
    pub(super) brittle: bool,
    /// In a process of its own, that ends badly after its result: so a process that does is none in which it passed.
    pub(super) ends_badly: bool,
}

impl Verdicts {
    fn answer(self, observation: &Observation) -> Answer {
        let bad = match observation.verdict {
            Verdict::Ignored | Verdict::NotRun => return Answer::Unknown,
            Verdict::Passed => self.ends_badly && observation.bad_end.is_some(),
            Verdict::Failed | Verdict::Crashed | Verdict::TimedOut => true,
        };
        if bad == self.brittle { Answer::Clean } else { Answer::Dirty }
    }
}

/// Runs sequences of tests with the caller's environment, as the in-process leg does.
pub(super) struct Runs<'a> {
    executor: &'a dyn Executor,
    victim: TestId,
    verdicts: Verdicts,
    company: &'a Company,
    started: Instant,
    time: Duration,
    quiet: bool,
    error: Option<Error>,
}

impl<'a> Runs<'a> {
    pub(super) fn new(
        executor: &'a dyn Executor,
        victim: TestId,
        verdicts: Verdicts,
        company: &'a Company,
        started: Instant,
        time: Duration,
    ) -> Self {
        Self { executor, victim, verdicts, company, started, time, quiet: false, error: None }
    }

    /// From now on, nothing else runs beside it.
    pub(super) fn ask_for_quiet(&mut self) {
        self.quiet = true;
    }

    /// Why it broke, if it did.
    pub(super) fn into_error(self) -> Option<Error> {
        self.error
    }
}

impl Oracle for Runs<'_> {
    fn ask(&mut self, tests: &[usize]) -> std::result::Result<Answer, Halt> {
        if self.started.elapsed() >= self.time {
            return Err(Halt::Time);
        }
        let schedule = Schedule {
            binary: self.victim.binary,
            tests: [tests, &[self.victim.test]].concat(),
            environment: Environment::Probing,
        };
        if self.executor.reach(&schedule) < schedule.tests.len() {
            return Ok(Answer::Impossible);
        }
        let run = || self.executor.execute(&schedule, &mut |_| {});
        let observations = self.company.run(self.quiet, run).map_err(|error| {
            self.error = Some(error);
            Halt::Broken
        })?;
        // One observation for each test, or the process ended before its last one.
        let last = observations.get(tests.len()).filter(|last| last.test == self.victim.test);
        let hidden = self.verdicts.ends_badly && hides_end(self.victim.test, &observations);
        Ok(last.filter(|_| !hidden).map_or(Answer::Unknown, |last| self.verdicts.answer(last)))
    }

    fn may_search(&self) -> bool {
        self.started.elapsed() < self.time - self.time / RESERVE
    }
}
