//! Other orders: run one, and confirm what shows in it.

use super::decide::is_suspicious;
use super::{Explorer, Known, Lost};
use crate::confirm::Confirmer;
use crate::error::Result;
use crate::finding::{Kind, Leg, Verdict};
use crate::run::{Executor, Legs, Observation, Schedule, queue};
use crate::suite::TestId;
use std::sync::atomic::{AtomicBool, Ordering};

/// What one process ran.
pub(super) struct Piece {
    /// The tests that it came to.
    pub(super) schedule: Schedule,
    /// One for each.
    pub(super) observations: Vec<Observation>,
}

/// Takes note where a process could not be made to run what it was to run.
struct Strict<'a> {
    executor: &'a dyn Executor,
    cut_short: AtomicBool,
}

impl Executor for Strict<'_> {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        let observations = self.executor.execute(schedule, finished)?;
        self.cut_short.fetch_or(is_cut_short(schedule, &observations), Ordering::Relaxed);
        Ok(observations)
    }
}

/// Whether a process ran less than it was to run, although no test ended it.
pub(super) fn is_cut_short(schedule: &Schedule, observations: &[Observation]) -> bool {
    let ended = |last: &Observation| matches!(last.verdict, Verdict::Crashed | Verdict::TimedOut);
    observations.len() < schedule.tests.len() && !observations.last().is_some_and(ended)
}

impl Explorer<'_> {
    /// The in-process leg of each binary, backwards.
    pub(super) fn reversed(&self, known: &mut Known<'_>) -> Result<()> {
        let mut orders = Vec::new();
        for schedule in self.schedules.iter().filter(|schedule| schedule.tests.len() > 1) {
            let mut order = schedule.clone();
            order.tests.reverse();
            orders.push(order);
        }
        self.look(orders, known)
    }

    /// Runs each of `orders`, and confirms what shows in it.
    pub(super) fn look(&self, orders: Vec<Schedule>, known: &mut Known<'_>) -> Result<()> {
        for piece in self.run(orders, known)? {
            self.confirm(&piece, known)?;
        }
        Ok(())
    }

    /// Runs schedules in any order, several at a time. Binaries that have no other orders than their own are left out.
    pub(super) fn run(&self, schedules: Vec<Schedule>, known: &mut Known<'_>) -> Result<Vec<Piece>> {
        let binaries: Vec<usize> = schedules.iter().map(|schedule| schedule.binary).collect();
        let mut found: Vec<(usize, Vec<Piece>)> = Vec::with_capacity(binaries.len());
        let mut failed = None;
        let work = |(index, schedule): (usize, Schedule), done: &mut dyn FnMut(_)| {
            if !self.is_late() {
                done((index, self.pieces(schedule)));
            }
        };
        let jobs = schedules.into_iter().enumerate().collect();
        queue::run(jobs, self.workers, work, |(index, pieces)| match pieces {
            Ok(pieces) => found.push((index, pieces)),
            Err(error) => {
                failed.get_or_insert(error);
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        for (index, binary) in binaries.into_iter().enumerate() {
            if !self.executor.any_order(binary) {
                known.lose(binary, Lost::Orders);
            } else if !found.iter().any(|(done, _)| *done == index) {
                known.lose(binary, Lost::Time);
            }
        }
        // In the order that was asked for, so that identical runs find the same things in the same places.
        found.sort_by_key(|(index, _)| *index);
        let pieces: Vec<Piece> = found.into_iter().flat_map(|(_, pieces)| pieces).collect();
        known.effort.processes += pieces.len();
        for Piece { schedule, observations } in &pieces {
            known.effort.tests += observations.len();
            known.ran.push((schedule.binary, schedule.tests.clone()));
        }
        Ok(pieces)
    }

    /// Runs a schedule; where a test ends its process, the rest goes on in a new one. Nothing if its order was not kept to.
    fn pieces(&self, schedule: Schedule) -> Result<Vec<Piece>> {
        let binary = schedule.binary;
        let mut rest = schedule;
        let mut pieces = Vec::new();
        while !rest.tests.is_empty() && self.executor.any_order(binary) {
            let observations = self.executor.execute(&rest, &mut |_| {})?;
            let ran = observations.len().clamp(1, rest.tests.len());
            let tests = rest.tests.drain(..ran).collect();
            pieces.push(Piece { schedule: Schedule { tests, ..rest.clone() }, observations });
        }
        // Whether it can be steered may only have come out by trying.
        Ok(if self.executor.any_order(binary) { pieces } else { Vec::new() })
    }

    /// Repeats what was not as in a fresh process, as is done for the in-process leg.
    fn confirm(&self, piece: &Piece, known: &mut Known<'_>) -> Result<()> {
        let legs = self.in_question(piece, known);
        let schedule = &piece.schedule;
        let strict = Strict { executor: self.executor, cut_short: AtomicBool::new(false) };
        let confirmer = Confirmer {
            executor: &strict,
            schedules: std::slice::from_ref(schedule),
            environment: self.environment,
            workers: self.workers,
            deadline: self.deadline,
            explained: self.explained,
            // What fails both ways was retried already.
            retries: 0,
        };
        let found = confirmer.confirm(&legs, &mut |_| {})?;
        if strict.cut_short.into_inner() {
            // Repeats in other processes than were asked for would look like a test that wavers.
            known.lose(schedule.binary, Lost::Orders);
            return Ok(());
        }
        let failing = known.failing();
        for mut finding in found.findings {
            if failing.contains(&finding.test) {
                if finding.kind != Kind::Brittle {
                    // It still fails both ways, which says more.
                    continue;
                }
                known.confirmed.failures.retain(|failure| failure.test != finding.test);
            }
            if finding.kind.is_inherited_state() {
                let before = schedule.tests.iter().take_while(|test| **test != finding.test.test);
                finding.schedule = Some(before.copied().chain([finding.test.test]).collect());
            }
            known.confirmed.findings.push(finding);
        }
        if !found.unconfirmed.is_empty() {
            known.lose(schedule.binary, Lost::Suspicions(found.unconfirmed.len()));
        }
        Ok(())
    }

    /// What the piece showed, beside the fresh verdicts of those tests that it showed something new of.
    fn in_question(&self, piece: &Piece, known: &Known<'_>) -> Legs {
        let (settled, failing) = (known.settled(), known.failing());
        let mut legs = Legs::default();
        for observation in &piece.observations {
            let id = TestId { binary: piece.schedule.binary, test: observation.test };
            legs.insert(Leg::InProcess, id, observation.clone());
            let fresh = self.fresh(id).filter(|fresh| {
                !settled.contains(&id) && is_suspicious(fresh, observation, failing.contains(&id))
            });
            if let Some(fresh) = fresh {
                // What it leaves behind has been looked into.
                legs.insert(Leg::Spawned, id, Observation { leak: None, ..fresh.clone() });
            }
        }
        legs
    }
}
