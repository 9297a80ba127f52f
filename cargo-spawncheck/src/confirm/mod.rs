//! Repeat what looks like state dependence until it can be told apart from everything else that changes verdicts.
//!
//! First what is cheap: what passed in a fresh process has to do so again, several at a time. Then, with nothing beside it:
//! fresh processes, sealed and with the whole environment; then the in-process leg. What passes alone both ways is at last
//! run in company again, beside its neighbours and then beside itself, to see whether company is what it cannot stand.

mod claim;
mod decide;
mod evidence;
mod plan;
mod repeat;
#[cfg(test)]
mod tests;

use crate::compare::Comparison;
use crate::error::Result;
use crate::finding::{Finding, Kind, Leg, Verdict};
use crate::run::{Environment, Executor, Legs, Observation, Schedule};
use crate::suite::TestId;
use decide::{Claim, decide};
use evidence::Suspect;
use std::collections::BTreeSet;
use std::time::Instant;

/// What confirming has to work with.
pub(crate) struct Confirmer<'a> {
    pub(crate) executor: &'a dyn Executor,
    /// The in-process leg of each binary, or another order of its tests that is in question.
    pub(crate) schedules: &'a [Schedule],
    /// What spawned tests get.
    pub(crate) environment: Environment,
    pub(crate) workers: usize,
    /// When to stop, with what is known by then.
    pub(crate) deadline: Instant,
    /// Tests that failed for a reason which is reported by itself.
    pub(crate) explained: &'a BTreeSet<TestId>,
    /// How often to run a test again that fails both ways.
    pub(crate) retries: u32,
}

/// What became of the suspicions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmed {
    pub(crate) findings: Vec<Finding>,
    /// Tests that fail both ways.
    pub(crate) failures: Vec<Failure>,
    /// Suspicions that the time given was too short for.
    pub(crate) unconfirmed: Vec<TestId>,
}

/// A test that fails both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) test: TestId,
    pub(crate) in_process: Verdict,
    pub(crate) spawned: Verdict,
    pub(crate) output: String,
}

impl Confirmer<'_> {
    /// Looks into every test of `legs` that did not pass both ways, or left something behind.
    ///
    /// `progress` hears of each step as it begins, and of each retry.
    pub(crate) fn confirm(&self, legs: &Legs, progress: &mut dyn FnMut(News<'_>)) -> Result<Confirmed> {
        let mut suspects = self.suspects(legs);
        if suspects.is_empty() {
            return Ok(Confirmed::default());
        }
        for step in Step::ALL {
            if Instant::now() >= self.deadline {
                break;
            }
            progress(News::Begins(step));
            match step {
                Step::Triage => self.triage(&mut suspects)?,
                Step::Alone => self.alone(&mut suspects, progress)?,
                Step::InProcess => self.in_process(&mut suspects, legs)?,
                Step::Beside => self.beside(&mut suspects)?,
            }
        }
        Ok(self.conclude(suspects))
    }

    fn suspects(&self, legs: &Legs) -> Vec<Suspect> {
        let tests = self.schedules.iter().flat_map(|schedule| schedule.ids().map(move |id| (id, schedule)));
        tests
            .filter(|(id, _)| !self.explained.contains(id))
            .filter_map(|(id, schedule)| {
                let (in_process, spawned) = (legs.get(Leg::InProcess, id)?, legs.get(Leg::Spawned, id)?);
                let first_end_hidden = legs.end_is_hidden(id, schedule);
                Some(Suspect { first_end_hidden, ..Suspect::new(id, in_process, spawned) })
            })
            .filter(|suspect| suspect.comparison() != Comparison::Agree || suspect.leaks[0].is_some())
            .collect()
    }

    fn conclude(&self, suspects: Vec<Suspect>) -> Confirmed {
        let mut confirmed = Confirmed::default();
        for suspect in suspects {
            if !plan::is_settled(&suspect) {
                confirmed.unconfirmed.push(suspect.id);
                continue;
            }
            if decide::leaks(&suspect) {
                confirmed.findings.push(suspect.finding(Kind::Leak));
            }
            if suspect.comparison() == Comparison::Agree {
                continue;
            }
            match decide(&suspect) {
                Claim::OrdinaryFailure => confirmed.failures.push(suspect.failure()),
                Claim::Finding(kind) => confirmed.findings.push(suspect.finding(kind)),
            }
        }
        confirmed
    }
}

/// What is told while it happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum News<'a> {
    Begins(Step),
    /// The test ran again because it fails both ways; `attempt` counts from one that failed, so it is at least 2.
    Retried {
        id: TestId,
        attempt: u32,
        observation: &'a Observation,
    },
}

/// The steps of confirming, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Triage,
    Alone,
    InProcess,
    Beside,
}

impl Step {
    const ALL: [Self; 4] = [Self::Triage, Self::Alone, Self::InProcess, Self::Beside];
}
