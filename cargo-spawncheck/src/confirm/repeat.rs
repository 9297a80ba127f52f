//! The steps of confirming: which runs each of them takes, and what they add to the evidence.

use super::evidence::{Condition, Suspect};
use super::{Confirmer, News, plan};
use crate::error::Result;
use crate::finding::{Leg, Verdict};
use crate::run::{Environment, Legs, Observation, Schedule, execute_all, queue};
use crate::suite::TestId;
use std::collections::HashSet;
use std::time::{Duration, Instant};

impl Confirmer<'_> {
    /// Fresh processes, several at a time, for what passed in one.
    pub(super) fn triage(&self, suspects: &mut [Suspect]) -> Result<()> {
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
    pub(super) fn alone(&self, suspects: &mut [Suspect], progress: &mut dyn FnMut(News<'_>)) -> Result<()> {
        for suspect in suspects {
            while let Some(condition) = plan::alone(suspect) {
                if Instant::now() >= self.deadline {
                    return Ok(());
                }
                suspect.add(condition, &self.fresh(suspect.id, condition)?);
            }
            self.retry(suspect, progress)?;
        }
        Ok(())
    }

    /// What has failed both ways and alone again, just as it failed last, for as long as it fails. One pass makes it a test whose
    /// verdict changes between identical runs; what differs between the legs never comes here.
    fn retry(&self, suspect: &mut Suspect, progress: &mut dyn FnMut(News<'_>)) -> Result<()> {
        // Confirming was the first run.
        for attempt in (2..).take(self.retries as usize) {
            if !plan::can_be_retried(suspect) || Instant::now() >= self.deadline {
                break;
            }
            let observation = self.fresh(suspect.id, Condition::Inherited)?;
            progress(News::Retried { id: suspect.id, attempt, observation: &observation });
            suspect.add(Condition::Inherited, &observation);
        }
        Ok(())
    }

    /// The in-process leg again, up to the last suspect of each binary, one binary at a time.
    pub(super) fn in_process(&self, suspects: &mut [Suspect], legs: &Legs) -> Result<()> {
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
                    suspect.add_in_process(&observations);
                }
            }
        }
        Ok(())
    }

    /// What passes alone, in company again.
    pub(super) fn beside(&self, suspects: &mut [Suspect]) -> Result<()> {
        for suspect in suspects {
            for _ in 0..plan::BESIDE_ROUNDS {
                if !plan::needs_company(suspect) || Instant::now() >= self.deadline {
                    break;
                }
                let neighbours = plan::among_neighbours(suspect.id, self.schedules);
                self.together(suspect, neighbours, Condition::Beside)?;
            }
            // Only then: of what cannot stand its neighbours, that is what there is to say.
            for _ in 0..plan::BESIDE_ROUNDS {
                if !plan::needs_company(suspect) || Instant::now() >= self.deadline {
                    break;
                }
                let copies = plan::among_copies(suspect.id, self.workers);
                self.together(suspect, copies, Condition::Copies)?;
            }
        }
        Ok(())
    }

    fn together(&self, suspect: &mut Suspect, tests: Vec<TestId>, condition: Condition) -> Result<()> {
        let mut results = Vec::new();
        let work = |id: TestId, done: &mut dyn FnMut(_)| done((id, self.fresh(id, condition)));
        queue::run(tests, self.workers.max(2), work, |result| results.push(result));
        for (id, observation) in results {
            let observation = observation?;
            if id == suspect.id {
                suspect.add(condition, &observation);
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
}
