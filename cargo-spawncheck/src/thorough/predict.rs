//! The orders that matter, as far as it shows what each test leaves changed.

use super::plan::{Plan, plan};
use super::{Explorer, Known, Lost};
use crate::error::Result;
use crate::finding::{Leg, Verdict};
use crate::footprint::Footprint;
use crate::run::Schedule;
use crate::suite::TestId;
use crate::trace::Trouble;

/// How many tests to run in all, for each test of the binary: where many tests leave something, there is no end to orders.
const MOST: usize = 10;

impl Explorer<'_> {
    pub(super) fn predicted(&self, known: &mut Known<'_>) -> Result<()> {
        let mut orders = Vec::new();
        for schedule in self.schedules.iter().filter(|schedule| schedule.tests.len() > 1) {
            if self.is_late() {
                known.lose(schedule.binary, Lost::Time);
                continue;
            }
            if !self.executor.any_order(schedule.binary) {
                known.lose(schedule.binary, Lost::Orders);
                continue;
            }
            match self.footprints(schedule, known)? {
                Ok(footprints) => {
                    orders.extend(self.orders(schedule, &footprints, known));
                    known.footprints.insert(schedule.binary, footprints);
                }
                Err(trouble) => known.lose(schedule.binary, Lost::Footprints(trouble)),
            }
        }
        self.look(orders, known)
    }

    fn orders(&self, schedule: &Schedule, footprints: &[Footprint], known: &mut Known<'_>) -> Vec<Schedule> {
        let settled = known.settled();
        let id = |test: usize| TestId { binary: schedule.binary, test };
        let in_question = |test: &usize| !settled.contains(&id(*test)) && self.fresh(id(*test)).is_some();
        let targets: Vec<usize> = footprints.iter().map(|seen| seen.test).filter(in_question).collect();
        let mut ran = self.in_process_orders(schedule);
        ran.extend(
            known.ran.iter().filter(|(binary, _)| *binary == schedule.binary).map(|(_, ran)| ran.clone()),
        );
        let most = MOST * schedule.tests.len();
        let Plan { orders, left } = plan(footprints, &targets, &ran, most);
        if left > 0 {
            known.lose(schedule.binary, Lost::Predicted { tried: orders.len() });
        }
        orders.into_iter().map(|tests| Schedule { tests, ..schedule.clone() }).collect()
    }

    /// What the processes of the in-process leg ran: one that ended early went on in a new one.
    fn in_process_orders(&self, schedule: &Schedule) -> Vec<Vec<usize>> {
        let ends = |test: &usize| {
            let id = TestId { binary: schedule.binary, test: *test };
            let seen = self.legs.get(Leg::InProcess, id);
            seen.is_none_or(|seen| matches!(seen.verdict, Verdict::Crashed | Verdict::TimedOut))
        };
        schedule.tests.split_inclusive(ends).map(<[usize]>::to_vec).collect()
    }

    /// What each test leaves changed; for one that fails after others but not by itself, what it does by itself. Without those that
    /// end their process.
    fn footprints(
        &self,
        schedule: &Schedule,
        known: &mut Known<'_>,
    ) -> Result<std::result::Result<Vec<Footprint>, Trouble>> {
        let mut footprints = match (self.watch)(schedule)? {
            Ok(footprints) => footprints,
            Err(trouble) => return Ok(Err(trouble)),
        };
        known.effort.processes += 1;
        known.effort.tests += footprints.len();
        for footprint in footprints.iter_mut().filter(|footprint| footprint.verdict.is_bad()) {
            let id = TestId { binary: schedule.binary, test: footprint.test };
            // Of another shard's test it is not known yet.
            let fresh = self.fresh(id).map(|fresh| fresh.verdict.is_bad());
            if fresh != Some(true) && !self.is_late() {
                let alone = Schedule { tests: vec![id.test], ..schedule.clone() };
                if let Ok(mut own) = (self.watch)(&alone)? {
                    known.effort.processes += 1;
                    known.effort.tests += 1;
                    let own = own.pop().filter(|own| fresh.is_some() || !own.verdict.is_bad());
                    own.into_iter().for_each(|own| *footprint = own);
                }
            }
        }
        footprints.retain(|seen| !matches!(seen.verdict, Verdict::Crashed | Verdict::TimedOut));
        Ok(Ok(footprints))
    }
}
