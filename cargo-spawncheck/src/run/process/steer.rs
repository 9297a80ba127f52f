//! Test processes that run their tests in an order of ours, and may be stopped where each begins.

use super::Processes;
use crate::error::Result;
use crate::run::arguments::Call;
use crate::run::executor::{Observation, Schedule};
use crate::trace::{self, Next, Steering, Trouble, Visit};

impl Processes<'_> {
    /// Runs `schedule` in one new process, which stops where each of its tests begins for `visit` to look at it.
    ///
    /// The inner error says why the process could not be steered; what it did then means nothing.
    pub(crate) fn visit(
        &self,
        schedule: &Schedule,
        visit: &mut Visit<'_>,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        self.steer(schedule, Some(visit), false)
    }

    /// The same, with a note of the files that the tests before the last one change; takes several times as long.
    pub(crate) fn visit_watching(
        &self,
        schedule: &Schedule,
        visit: &mut Visit<'_>,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        self.steer(schedule, Some(visit), true)
    }

    pub(super) fn steer(
        &self,
        schedule: &Schedule,
        visit: Option<&mut Visit<'_>>,
        watch: bool,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        let binary = &self.suite.binaries[schedule.binary];
        let steerable = &self.steerable[schedule.binary];
        let entries = match steerable.entries() {
            Ok(entries) => entries,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let call = Call::steered(self.filter, &schedule.tests);
        let steering = Steering {
            entries: &entries,
            order: &schedule.tests,
            table: binary.tests.len(),
            visit: visit.is_some(),
            watch,
        };
        let mut nothing = |_: usize, _: &mut trace::Stopped<'_>| Ok(Next::Run);
        let visit = visit.unwrap_or(&mut nothing);
        let mut trouble = None;
        let observed = self.observe(schedule, &call, &mut |_| {}, &mut |command, mailbox, receive| {
            // Another thread receives while this one traces; what came is looked at afterwards.
            let mut mail = Vec::new();
            let mut keep = |bytes: &[u8], now| mail.push((bytes.to_vec(), now));
            match trace::run(command, mailbox, self.interrupt, &mut keep, &steering, visit) {
                Ok((ended, result)) => {
                    mail.iter().for_each(|(bytes, now)| receive(bytes, *now));
                    trouble = result.err();
                    Ok(Some(ended))
                }
                // What is wrong with the executable itself will be said where it is started without help.
                Err(error) => {
                    trouble = Some(steerable.refused(&error));
                    Ok(None)
                }
            }
        })?;
        Ok(match (trouble, observed) {
            (None, Some(observations)) if self.in_order(schedule, &observations) => Ok(observations),
            (Some(trouble), _) => Err(trouble),
            _ => Err(steerable.disobeyed()),
        })
    }

    /// Whether the results came in the order that was asked for.
    fn in_order(&self, schedule: &Schedule, observations: &[Observation]) -> bool {
        !observations.is_empty()
            && observations.iter().zip(&schedule.tests).all(|(observation, test)| observation.test == *test)
    }
}
