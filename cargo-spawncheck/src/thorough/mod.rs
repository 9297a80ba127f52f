//! What both legs cannot show: other orders of the tests, each test twice in one process, and all of them or two at a time on threads.
//!
//! The in-process leg runs a test after those that the alphabet puts before it. Its reverse puts all others before it, so the two together
//! have each pair of tests in both orders; what a test in between hides in both of them, footprints lead to. Nothing that shows is believed at once: a verdict that is not the
//! fresh one goes through [`crate::confirm`], with the order that showed it in place of the in-process leg.
//!
//! A test has one finding. One that has been found out is not looked at again: what breaks it in one order would mostly break it
//! when it runs twice, or on threads, and would be told three times.

mod decide;
mod limit;
mod orders;
mod pairs;
mod plan;
mod predict;
#[cfg(test)]
mod tests;
mod threads;
mod twice;

pub(crate) use limit::{Limit, Lost};

use crate::confirm::Confirmed;
use crate::error::Result;
use crate::finding::Leg;
use crate::footprint::Footprint;
use crate::run::{Environment, Executor, Legs, Observation, Schedule, Threaded};
use crate::suite::TestId;
use crate::trace::Trouble;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Instant;

/// Which part of the time is kept for threads, which come last: other steps take all there is where tests are slow.
const FOR_THREADS: u32 = 4;

/// What is looked into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The reverse order, others that matter as far as footprints tell, each test twice, and threads.
    pub(crate) thorough: bool,
    /// The orders that matter as far as footprints tell, before all else.
    pub(crate) predict: bool,
    /// How often the tests run on threads before something shows up.
    pub(crate) thread_runs: u32,
}

impl Extent {
    fn steps(self) -> Vec<Step> {
        use Step::{OnThreads, Predicted, Reversed, Twice};
        match (self.thorough, self.predict) {
            (false, false) => Vec::new(),
            (false, true) => vec![Predicted],
            // What the reverse has shown needs no prediction, unless that is to come first.
            (true, false) => vec![Reversed, Predicted, Twice, OnThreads],
            (true, true) => vec![Predicted, Reversed, Twice, OnThreads],
        }
    }

    /// When a step has to be over, of all of them that take from `begun` to `deadline` at most.
    fn end_of(self, step: Step, begun: Instant, deadline: Instant) -> Instant {
        let kept = deadline.saturating_duration_since(begun) / FOR_THREADS;
        if self.thorough && step != Step::OnThreads { deadline - kept } else { deadline }
    }
}

/// What is looked into at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    Predicted,
    Reversed,
    Twice,
    OnThreads,
}

/// News for the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Begins(Step),
    /// How many processes it took, and how many tests ran in them, without what was repeated to confirm something.
    Done(Step, Effort),
}

/// What a step took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Effort {
    pub(crate) processes: usize,
    pub(crate) tests: usize,
}

/// Sees what each test of a schedule leaves changed, and for threads what it uses; the inner error says why that cannot be seen.
pub(crate) type Watch<'a> =
    dyn Fn(&Schedule) -> Result<std::result::Result<Vec<Footprint>, Trouble>> + Sync + 'a;

/// Runs tests beside each other: all from the same moment on, or the others after so many uses of variables by the first one. No
/// observation where that cannot be done.
pub(crate) type Together<'a> = dyn Fn(&Schedule, usize) -> Result<Threaded> + Sync + 'a;

/// What exploring has to work with.
pub(crate) struct Explorer<'a> {
    pub(crate) executor: &'a dyn Executor,
    pub(crate) watch: &'a Watch<'a>,
    pub(crate) together: &'a Together<'a>,
    /// The in-process leg of each binary, and what both legs showed.
    pub(crate) schedules: &'a [Schedule],
    pub(crate) legs: &'a Legs,
    /// The tests that failed because of what they found about a worker.
    pub(crate) explained: &'a BTreeSet<TestId>,
    /// What spawned tests get.
    pub(crate) environment: Environment,
    pub(crate) workers: usize,
    /// When to stop, with what is known by then.
    pub(crate) deadline: Instant,
    pub(crate) extent: Extent,
}

/// What is known so far.
struct Known<'a> {
    confirmed: &'a mut Confirmed,
    explained: &'a BTreeSet<TestId>,
    limits: Vec<Limit>,
    /// What processes ran in other orders, by binary.
    ran: Vec<(usize, Vec<usize>)>,
    /// What tests change and use, by binary, where that was seen.
    footprints: HashMap<usize, Vec<Footprint>>,
    effort: Effort,
}

impl Explorer<'_> {
    /// Adds findings to `confirmed`, and returns what could not be looked into.
    ///
    /// # Errors
    /// A process could not be run, or the run was interrupted; what was found by then is there.
    pub(crate) fn explore(
        &self,
        confirmed: &mut Confirmed,
        tell: &mut dyn FnMut(News),
    ) -> Result<Vec<Limit>> {
        let mut known = Known {
            confirmed,
            explained: self.explained,
            limits: Vec::new(),
            ran: Vec::new(),
            footprints: HashMap::new(),
            effort: Effort::default(),
        };
        let begun = Instant::now();
        for step in self.extent.steps() {
            tell(News::Begins(step));
            let part = Self { deadline: self.extent.end_of(step, begun, self.deadline), ..*self };
            match step {
                Step::Predicted => part.predicted(&mut known)?,
                Step::Reversed => part.reversed(&mut known)?,
                Step::Twice => part.twice(&mut known)?,
                Step::OnThreads => part.on_threads(&mut known)?,
            }
            tell(News::Done(step, std::mem::take(&mut known.effort)));
        }
        Ok(known.limits)
    }

    /// What a fresh process showed of a test.
    fn fresh(&self, id: TestId) -> Option<&Observation> {
        self.legs.get(Leg::Spawned, id)
    }

    /// The tests of a schedule that passed both ways and have no finding.
    fn passing(&self, schedule: &Schedule, known: &Known<'_>) -> Vec<usize> {
        let settled = known.settled();
        let passed = |leg, id| self.legs.get(leg, id).is_some_and(|seen| !seen.verdict.is_bad());
        schedule
            .ids()
            .filter(|id| !settled.contains(id) && passed(Leg::InProcess, *id) && passed(Leg::Spawned, *id))
            .map(|id| id.test)
            .collect()
    }

    fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }
}

impl Known<'_> {
    /// The tests about which something has been said, or could not be.
    fn settled(&self) -> HashSet<TestId> {
        let found = self.confirmed.findings.iter().map(|finding| finding.test);
        found.chain(self.confirmed.unconfirmed.iter().chain(self.explained).copied()).collect()
    }

    /// The tests that fail both ways.
    fn failing(&self) -> HashSet<TestId> {
        self.confirmed.failures.iter().map(|failure| failure.test).collect()
    }

    fn lose(&mut self, binary: usize, lost: Lost) {
        let limit = Limit { binary, lost };
        if !self.limits.contains(&limit) {
            self.limits.push(limit);
        }
    }
}
