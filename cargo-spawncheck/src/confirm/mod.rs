//! Repeat what looks like state dependence until it can be told apart from everything else that changes verdicts.
//!
//! First what is cheap: what passed in a fresh process has to do so again, several at a time. Then, with nothing beside it:
//! fresh processes, sealed and with the whole environment; then the in-process leg. What passes alone both ways is at last
//! run in company again, its own copies included, to see whether company is what it cannot stand.

mod decide;
mod evidence;
mod plan;
#[cfg(test)]
mod tests;

use crate::compare::Comparison;
use crate::error::Result;
use crate::explanation::Explanation;
use crate::finding::{Evidence, Finding, Kind, Leg, Verdict};
use crate::run::{Environment, Executor, Legs, Observation, Schedule, execute_all, queue};
use crate::suite::TestId;
use decide::{Claim, decide};
use evidence::{Condition, Suspect};
use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

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
    /// `progress` hears of each step as it begins.
    pub(crate) fn confirm(&self, legs: &Legs, progress: &mut dyn FnMut(Step)) -> Result<Confirmed> {
        let mut suspects = self.suspects(legs);
        if suspects.is_empty() {
            return Ok(Confirmed::default());
        }
        for step in Step::ALL {
            if Instant::now() >= self.deadline {
                break;
            }
            progress(step);
            match step {
                Step::Triage => self.triage(&mut suspects)?,
                Step::Alone => self.alone(&mut suspects)?,
                Step::InProcess => self.in_process(&mut suspects, legs)?,
                Step::Beside => self.beside(&mut suspects)?,
            }
        }
        Ok(self.conclude(suspects))
    }

    fn suspects(&self, legs: &Legs) -> Vec<Suspect> {
        let tests = self.schedules.iter().flat_map(Schedule::ids);
        tests
            .filter(|id| !self.explained.contains(id))
            .filter_map(|id| {
                Some(Suspect::new(id, legs.get(Leg::InProcess, id)?, legs.get(Leg::Spawned, id)?))
            })
            .filter(|suspect| suspect.comparison() != Comparison::Agree || suspect.leaks[0].is_some())
            .collect()
    }

    /// Fresh processes, several at a time, for what passed in one.
    fn triage(&self, suspects: &mut [Suspect]) -> Result<()> {
        let repeats = |(index, suspect): (usize, &Suspect)| {
            std::iter::repeat_n((index, suspect.id), plan::triage(suspect))
        };
        let jobs: Vec<_> = suspects.iter().enumerate().flat_map(repeats).collect();
        let mut results = Vec::new();
        let work = |(index, id): (usize, TestId), done: &mut dyn FnMut(_)| {
            if Instant::now() < self.deadline {
                done((index, self.fresh(id, Condition::Beside)));
            }
        };
        queue::run(jobs, self.workers, work, |result| results.push(result));
        for (index, observation) in results {
            suspects[index].add(Condition::Beside, &observation?);
        }
        Ok(())
    }

    /// Fresh processes one at a time, for whatever failed in one.
    fn alone(&self, suspects: &mut [Suspect]) -> Result<()> {
        for suspect in suspects {
            while let Some(condition) = plan::alone(suspect) {
                if Instant::now() >= self.deadline {
                    return Ok(());
                }
                suspect.add(condition, &self.fresh(suspect.id, condition)?);
            }
        }
        Ok(())
    }

    /// The in-process leg again, up to the last suspect of each binary, one binary at a time.
    fn in_process(&self, suspects: &mut [Suspect], legs: &Legs) -> Result<()> {
        for schedule in self.schedules {
            let took: Duration = schedule
                .ids()
                .filter_map(|id| legs.get(Leg::InProcess, id))
                .map(|observation| observation.duration)
                .sum();
            for _ in 0..plan::in_process_repeats(took) {
                let open = |suspect: &&mut Suspect| {
                    suspect.id.binary == schedule.binary && plan::needs_in_process(suspect)
                };
                let wanted: HashSet<usize> =
                    suspects.iter_mut().filter(open).map(|suspect| suspect.id.test).collect();
                // Not every schedule is in the binary's own order.
                let Some(last) = schedule.tests.iter().rposition(|test| wanted.contains(test)) else { break };
                if Instant::now() >= self.deadline {
                    return Ok(());
                }
                let mut again = schedule.clone();
                again.tests.truncate(last + 1);
                let observations = execute_all(self.executor, again, &mut |_| {})?;
                for suspect in suspects.iter_mut().filter(open) {
                    let found = observations.iter().find(|observation| observation.test == suspect.id.test);
                    found.into_iter().for_each(|observation| suspect.add_in_process(observation));
                }
            }
        }
        Ok(())
    }

    /// What passes alone, in company again.
    fn beside(&self, suspects: &mut [Suspect]) -> Result<()> {
        for suspect in suspects {
            for _ in 0..plan::BESIDE_ROUNDS {
                if !plan::needs_company(suspect) || Instant::now() >= self.deadline {
                    break;
                }
                let jobs = plan::company(suspect.id, self.schedules, self.workers);
                let mut results = Vec::new();
                let work =
                    |id: TestId, done: &mut dyn FnMut(_)| done((id, self.fresh(id, Condition::Beside)));
                queue::run(jobs, self.workers.max(2), work, |result| results.push(result));
                for (id, observation) in results {
                    let observation = observation?;
                    if id == suspect.id {
                        suspect.add(Condition::Beside, &observation);
                    }
                }
            }
        }
        Ok(())
    }

    fn fresh(&self, id: TestId, condition: Condition) -> Result<Observation> {
        let environment = match condition {
            Condition::Inherited => Environment::Inherited,
            _ => self.environment,
        };
        let observations = self.executor.execute(&Schedule::alone(id, environment), &mut |_| {})?;
        Ok(observations.into_iter().next().unwrap_or(Observation {
            test: id.test,
            verdict: Verdict::NotRun,
            duration: Duration::ZERO,
            leak: None,
            output: String::new(),
            bad_end: None,
        }))
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

impl Suspect {
    fn failure(self) -> Failure {
        Failure {
            test: self.id,
            in_process: self.first_in_process,
            spawned: self.first_spawned,
            // A later test that ends the process takes the output of the in-process leg with it.
            output: [self.in_process_failure, self.spawned_failure]
                .into_iter()
                .flatten()
                .map(|failure| failure.output)
                .find(|output| !output.is_empty())
                .unwrap_or_default(),
        }
    }

    fn finding(&self, kind: Kind) -> Finding {
        let (in_process, spawned) = match kind {
            // What holds without company is what the claim rests on.
            Kind::Environment if self.first_in_process.is_bad() => {
                (self.verdict_of(Leg::InProcess), Verdict::Passed)
            }
            Kind::Brittle | Kind::Environment => (Verdict::Passed, self.verdict_of(Leg::Spawned)),
            Kind::Victim => (self.verdict_of(Leg::InProcess), Verdict::Passed),
            _ => (self.first_in_process, self.first_spawned),
        };
        let failed_leg = match kind {
            Kind::Environment if self.first_in_process.is_bad() => Some(Leg::InProcess),
            Kind::Brittle | Kind::Environment | Kind::Contention => Some(Leg::Spawned),
            Kind::Victim => Some(Leg::InProcess),
            Kind::Flaky if self.spawned_failure.is_some() => Some(Leg::Spawned),
            Kind::Flaky => Some(Leg::InProcess),
            _ => None,
        };
        let evidence = failed_leg.and_then(|leg| {
            let text = self.failure_of(leg)?.output.clone();
            (!text.is_empty()).then_some(Evidence { leg, text })
        });
        Finding {
            kind,
            test: self.id,
            in_process,
            spawned,
            evidence,
            schedule: None,
            explanation: Explanation::default(),
        }
    }

    fn failure_of(&self, leg: Leg) -> Option<&Observation> {
        match leg {
            Leg::InProcess => self.in_process_failure.as_ref(),
            Leg::Spawned => self.spawned_failure.as_ref(),
        }
    }

    fn verdict_of(&self, leg: Leg) -> Verdict {
        self.failure_of(leg).map_or(Verdict::Failed, |failure| failure.verdict)
    }
}
