//! Answers by running processes.

use crate::error::{Error, Result};
use crate::finding::Verdict;
use crate::minimize::{Answer, Halt, Oracle};
use crate::run::{Environment, Executor, Observation, Schedule};
use crate::suite::TestId;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Which part of the time is kept for repeating what was found.
const RESERVE: u32 = 4;

/// Held for reading by whoever runs a process, for writing by who wants to be alone with it.
pub(super) type Company = RwLock<()>;

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

    fn execute(&self, schedule: &Schedule) -> Result<Vec<Observation>> {
        // Nothing is behind the lock that a panic could have left half done.
        let (_alone, _beside);
        match self.quiet {
            true => _alone = self.company.write().unwrap_or_else(PoisonError::into_inner),
            false => _beside = self.company.read().unwrap_or_else(PoisonError::into_inner),
        }
        self.executor.execute(schedule, &mut |_| {})
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
        let observations = self.execute(&schedule).map_err(|error| {
            self.error = Some(error);
            Halt::Broken
        })?;
        // One observation for each test, or the process ended before its last one.
        let last = observations.get(tests.len()).filter(|last| last.test == self.victim.test);
        Ok(last.map_or(Answer::Unknown, |last| self.verdicts.answer(last)))
    }

    fn may_search(&self) -> bool {
        self.started.elapsed() < self.time - self.time / RESERVE
    }
}
