//! Which tests leave the state that a finding is about: between confirming and the report.
//!
//! Each finding is a search of its own ([`crate::minimize`]), several at a time. What one has found is tried first for the
//! others of its binary, since one test often breaks many; then, in long lists, all tests that were seen to leave anything changed.
//!
//! Runs beside each other can disturb each other: where identical ones disagreed, the search is done again with nothing beside it,
//! and with more repeats, before it is given up. Where nothing ran beside it in the first place it is not: a verdict that
//! wavers needs only enough attempts to look steady.

mod candidates;
mod changers;
mod known;
mod notes;
mod oracle;
#[cfg(test)]
mod tests;

use crate::error::Result;
use crate::explanation::{Culprits, Explanation};
use crate::finding::{Finding, Kind, Leg, Level, Levels};
use crate::minimize::{Hints, Limits, Outcome, Why, minimize};
use crate::run::{Company, Environment, Executor, Legs, Schedule, queue};
use crate::suite::{Suite, TestId};
use changers::{Changers, Looked};
use known::Known;
use oracle::{Runs, Verdicts};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Which part of the time one run of all candidates may take: else there is none left for what follows.
const MOST_OF_TIME: u32 = 2;

/// What the search may cost, for each finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Processes; 0 turns the search off.
    pub(crate) runs: usize,
    pub(crate) time: Duration,
}

/// What the search has to work with.
pub(crate) struct Detective<'a> {
    pub(crate) executor: &'a dyn Executor,
    /// Runs a schedule, and says which of its tests leave anything changed; `None` where that cannot be seen.
    pub(crate) changers: &'a Look<'a>,
    pub(crate) suite: &'a Suite,
    /// The in-process leg of each binary, and what both legs showed.
    pub(crate) schedules: &'a [Schedule],
    pub(crate) legs: &'a Legs,
    pub(crate) levels: &'a Levels,
    pub(crate) workers: usize,
    pub(crate) budget: Budget,
}

pub(crate) type Look<'a> = dyn Fn(&Schedule) -> Result<Option<Vec<usize>>> + Sync + 'a;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: usize,
    pub(crate) findings: usize,
}

/// One search.
struct Job {
    /// Which of the findings it is.
    index: usize,
    finding: Finding,
    candidates: Vec<usize>,
}

/// What the searches share.
struct Shared {
    known: Known,
    changers: Changers,
    company: Company,
    /// Whether several are done at a time.
    beside: bool,
}

impl Detective<'_> {
    /// Names the culprits of every finding of inherited state that is shown, as far as that can be done.
    ///
    /// # Errors
    /// A process could not be run, or the run was interrupted; what was found by then is there.
    pub(crate) fn explain(&self, findings: &mut [Finding], progress: &mut dyn FnMut(Progress)) -> Result<()> {
        let jobs: Vec<Job> = findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| self.budget.runs > 0 && self.is_wanted(finding.kind))
            .map(|(index, finding)| Job {
                index,
                finding: finding.clone(),
                candidates: self.candidates(finding),
            })
            .collect();
        if jobs.is_empty() {
            return Ok(());
        }
        let mut state = Progress { done: 0, findings: jobs.len() };
        progress(state);
        let beside = self.workers.min(jobs.len()) > 1;
        let changers = Changers::of(jobs.iter().map(|job| (job.finding.test.binary, &job.candidates)));
        let shared = Shared { known: Known::default(), changers, company: Company::default(), beside };
        let (over, mut failed) = (AtomicBool::new(false), None);
        let work = |job: Job, done: &mut dyn FnMut(_)| {
            if !over.load(Ordering::Relaxed) {
                let result = self.search(&job, &shared);
                over.fetch_or(result.is_err(), Ordering::Relaxed);
                done((job.index, result));
            }
        };
        queue::run(jobs, self.workers, work, |(index, result): (usize, Result<Explanation>)| match result {
            Ok(explanation) => {
                findings[index].explanation = explanation;
                state.done += 1;
                progress(state);
            }
            Err(error) => drop(failed.get_or_insert(error)),
        });
        failed.map_or(Ok(()), Err)
    }

    fn is_wanted(&self, kind: Kind) -> bool {
        kind.is_inherited_state() && self.levels.get(kind) != Level::Allow
    }

    /// What can be to blame: what one process ran before it.
    fn candidates(&self, finding: &Finding) -> Vec<usize> {
        let id = finding.test;
        let schedule = self.schedules.iter().find(|schedule| schedule.binary == id.binary);
        match (&finding.schedule, schedule) {
            // In the order that showed it.
            (Some(order), _) => order[..order.len().saturating_sub(1)].to_vec(),
            (None, Some(schedule)) => candidates::before(id.test, schedule, self.executor, self.legs),
            (None, None) => Vec::new(),
        }
    }

    fn search(&self, Job { finding, candidates, .. }: &Job, shared: &Shared) -> Result<Explanation> {
        let id = finding.test;
        let (started, alone) = (Instant::now(), self.legs.get(Leg::Spawned, id));
        let verdicts = Verdicts {
            brittle: finding.kind == Kind::Brittle,
            ends_badly: alone.is_some_and(|observation| observation.bad_end.is_some()),
        };
        let mut oracle = Runs::new(self.executor, id, verdicts, &shared.company, started, self.budget.time);
        let (hints, spent) = self.hints(id.binary, candidates, shared)?;
        let limits = Limits { spent, ..Limits::new(self.budget.runs) };
        let mut outcome = minimize(candidates, &hints, limits, &mut oracle);
        if shared.beside && matches!(outcome.why, Some(Why::Flaky(_))) {
            outcome = self.search_alone(candidates, outcome, &mut oracle);
        }
        if let Some(error) = oracle.into_error() {
            return Err(error);
        }
        if let (Some(found), true) = (&outcome.found, outcome.minimal) {
            shared.known.add(id.binary, found);
        }
        let explanation = self.explanation(finding, candidates.len(), outcome);
        Ok(Explanation { took: started.elapsed(), ..explanation })
    }

    /// Sets to try first, and how many runs it took to find them: two that are wrong are as much as there is to spare.
    fn hints(&self, binary: usize, candidates: &[usize], shared: &Shared) -> Result<(Hints, usize)> {
        let known = shared.known.get(binary, candidates);
        let time = |test: &usize| {
            let seen = self.legs.get(Leg::InProcess, TestId { binary, test: *test });
            seen.map_or(Duration::ZERO, |seen| seen.duration)
        };
        let takes_long = candidates.iter().map(time).sum::<Duration>() > self.budget.time / MOST_OF_TIME;
        if takes_long || !known.is_empty() {
            return Ok((Hints { known, changers: shared.changers.known(binary) }, 0));
        }
        let look = |tests: &[usize]| {
            let schedule = Schedule { binary, tests: tests.to_vec(), environment: Environment::Probing };
            shared.company.run(false, || (self.changers)(&schedule))
        };
        let Looked { changers, runs } = shared.changers.look(binary, look)?;
        Ok((Hints { known, changers }, runs))
    }

    /// The search again, with nothing beside it.
    fn search_alone(&self, candidates: &[usize], first: Outcome, oracle: &mut Runs<'_>) -> Outcome {
        oracle.ask_for_quiet();
        let left = self.budget.runs.saturating_sub(first.runs);
        let second = minimize(candidates, &Hints::default(), Limits::wary(left), oracle);
        let runs = first.runs + second.runs;
        match second.found {
            // It has not been settled which of the two is right.
            None if matches!(second.why, Some(Why::Runs | Why::Time)) => Outcome { runs, ..first },
            _ => Outcome { runs, ..second },
        }
    }

    fn explanation(&self, finding: &Finding, candidates: usize, outcome: Outcome) -> Explanation {
        let binary = self.suite.binary(finding.test);
        let notes = notes::note(binary, candidates, &outcome, self.budget).into_iter().collect();
        let Outcome { found, minimal, runs, .. } = outcome;
        let culprits = found.map(|tests| Culprits { tests, candidates, runs, minimal });
        Explanation { culprits, notes, ..finding.explanation.clone() }
    }
}
