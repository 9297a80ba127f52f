//! The tests beside each other on threads, by turns on as many as `cargo test` would use here, and on as many as it would use on
//! a larger machine.
//!
//! Which test disturbs which cannot be told from the outside, and is different each time. What can be told is which of them fail
//! there and never without company, and what they use and others change: suspects, not causes.

use super::decide::{Beside, Threads, threads};
use super::{Explorer, Known, Lost};
use crate::error::Result;
use crate::explanation::Explanation;
use crate::finding::{Evidence, Finding, Kind, Leg, Verdict};
use crate::footprint::shared;
use crate::run::{Observation, Schedule, Width, execute_all};
use crate::suite::TestId;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

/// How often the in-process leg has to be seen again.
const SERIAL: u32 = 3;

/// How long pairs may take, where all tests on threads took less.
const PAIRS: Duration = Duration::from_secs(2);

/// What was seen of the tests of one binary.
pub(super) type Seen = BTreeMap<usize, (Beside, Option<Observation>)>;

impl Explorer<'_> {
    pub(super) fn on_threads(&self, known: &mut Known<'_>) -> Result<()> {
        for leg in self.schedules {
            let schedule = &self.without_ends(leg);
            if schedule.tests.len() < 2 {
                continue;
            }
            let open: HashSet<usize> = self.passing(schedule, known).into_iter().collect();
            if open.is_empty() {
                continue;
            }
            if self.is_late() {
                known.lose(schedule.binary, Lost::Time);
                continue;
            }
            let begun = Instant::now();
            let mut seen = self.beside(schedule, &open, known)?;
            let until = Instant::now() + begun.elapsed().max(PAIRS);
            self.in_pairs(schedule, until, &mut seen, known)?;
            seen.retain(|_, (beside, _)| beside.failed > 0);
            if !seen.is_empty() {
                self.serial(leg, &mut seen)?;
                self.alone(schedule, &mut seen)?;
                self.conclude(schedule, seen, known)?;
            }
        }
        Ok(())
    }

    /// Without tests that end their process in any case, and all others with it.
    fn without_ends(&self, schedule: &Schedule) -> Schedule {
        let ends = |id: &TestId| {
            let verdict = self.legs.get(Leg::InProcess, *id).map(|seen| seen.verdict);
            matches!(verdict, Some(Verdict::Crashed | Verdict::TimedOut))
        };
        let tests = schedule.ids().filter(|id| !ends(id)).map(|id| id.test).collect();
        Schedule { tests, ..schedule.clone() }
    }

    /// Runs them on threads until that says enough of each test.
    fn beside(&self, schedule: &Schedule, open: &HashSet<usize>, known: &mut Known<'_>) -> Result<Seen> {
        let mut seen: Seen = open.iter().map(|test| (*test, Default::default())).collect();
        let again = |seen: &Seen| {
            seen.values().any(|(beside, _)| threads(beside, self.extent.thread_runs) == Threads::Again)
        };
        let (mut round, mut broken) = (0_u32, 0);
        while again(&seen) && !self.is_late() && broken < super::decide::MOST_THREAD_RUNS {
            let width = if round.is_multiple_of(2) { Width::Usual } else { Width::Wide };
            round += 1;
            let found = self.executor.on_threads(schedule, width)?;
            known.effort.processes += 1;
            known.effort.tests += found.observations.len();
            let whole = found.end.is_none();
            if let Some(end) = found.end {
                known.lose(schedule.binary, Lost::Threads(end));
                // A test that never has a result would be waited for for ever.
                broken += 1;
            }
            if found.observations.is_empty() {
                break;
            }
            note(&mut seen, found.observations);
            if whole {
                drop_absent(&mut seen, schedule.binary, known);
            }
        }
        Ok(seen)
    }

    /// The in-process leg again, with nothing beside it.
    fn serial(&self, schedule: &Schedule, seen: &mut Seen) -> Result<()> {
        for _ in 0..SERIAL {
            if self.is_late() {
                break;
            }
            let mut again = schedule.clone();
            let last = again.tests.iter().rposition(|test| seen.contains_key(test));
            again.tests.truncate(last.map_or(0, |last| last + 1));
            for observation in execute_all(self.executor, again, &mut |_| {})? {
                if let Some((beside, _)) = seen.get_mut(&observation.test) {
                    beside.add_alone(observation.verdict);
                }
            }
        }
        Ok(())
    }

    /// Processes of their own, until chance is no longer a reason.
    fn alone(&self, schedule: &Schedule, seen: &mut Seen) -> Result<()> {
        for (test, (beside, _)) in seen {
            let id = TestId { binary: schedule.binary, test: *test };
            while let Threads::Alone(_) = threads(beside, self.extent.thread_runs)
                && !self.is_late()
            {
                let alone = Schedule::alone(id, schedule.environment);
                let observations = self.executor.execute(&alone, &mut |_| {})?;
                let verdict = observations.first().map_or(Verdict::NotRun, |seen| seen.verdict);
                beside.add_alone(verdict);
            }
        }
        Ok(())
    }

    fn conclude(&self, schedule: &Schedule, seen: Seen, known: &mut Known<'_>) -> Result<()> {
        for (test, (beside, failure)) in seen {
            let kind = match threads(&beside, self.extent.thread_runs) {
                Threads::Nothing => continue,
                // With no time left, or as no process comes to its end.
                Threads::Rare | Threads::Again => {
                    let Beside { failed, runs, .. } = beside;
                    known.lose(schedule.binary, Lost::Rare { test, failed, runs });
                    continue;
                }
                Threads::Alone(_) => {
                    known.lose(schedule.binary, Lost::Time);
                    continue;
                }
                Threads::Finding(kind) => kind,
            };
            let mut explanation = Explanation::default();
            if kind == Kind::Racy {
                // Where they cannot be seen, there are no suspects.
                let others = known.footprints.get(&schedule.binary).map_or(&[][..], Vec::as_slice);
                // By itself it changes what an earlier test may have changed already.
                let own = Schedule { tests: vec![test], ..schedule.clone() };
                let own = (self.watch)(&own)?.unwrap_or_default();
                explanation.suspects = own.iter().flat_map(|own| shared(others, own)).collect();
            }
            let id = TestId { binary: schedule.binary, test };
            known.confirmed.findings.push(finding(id, kind, failure, explanation));
        }
        Ok(())
    }
}

/// Drops what was not among the tests of a process that came to its end. They would be waited for for ever.
fn drop_absent(seen: &mut Seen, binary: usize, known: &mut Known<'_>) {
    let before = seen.len();
    seen.retain(|_, (beside, _)| beside.runs > 0);
    if seen.len() < before {
        known.lose(binary, Lost::NoRoom(before - seen.len()));
    }
}

impl Beside {
    fn add_alone(&mut self, verdict: Verdict) {
        match verdict == Verdict::Passed {
            true => self.passed_alone += 1,
            false => self.failed_alone += 1,
        }
    }
}

/// Adds one run on threads.
pub(super) fn note(seen: &mut Seen, observations: Vec<Observation>) {
    for observation in observations {
        if let Some((beside, failure)) = seen.get_mut(&observation.test) {
            beside.runs += 1;
            if observation.verdict.is_bad() {
                beside.failed += 1;
                *failure = Some(observation);
            }
        }
    }
}

fn finding(id: TestId, kind: Kind, failure: Option<Observation>, explanation: Explanation) -> Finding {
    let in_process = failure.as_ref().map_or(Verdict::Failed, |failure| failure.verdict);
    let text = failure.map(|failure| failure.output).unwrap_or_default();
    Finding {
        kind,
        test: id,
        in_process,
        spawned: Verdict::Passed,
        evidence: (!text.is_empty()).then_some(Evidence { leg: Leg::InProcess, text }),
        schedule: None,
        explanation,
    }
}
