//! What is told of single tests while they run.

use super::{Session, write_failed};
use crate::confirm::News;
use crate::error::Result;
use crate::finding::{Leg, Verdict};
use crate::report::{Event, Reporter};
use crate::run::{Legs, Schedule, Seen};
use crate::suite::TestId;
use std::time::Duration;

impl Session<'_> {
    pub(super) fn finished(
        &self,
        leg: Leg,
        id: TestId,
        verdict: Verdict,
        duration: Duration,
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        let event = Event::TestFinished { leg, name: self.name(id), verdict, duration };
        reporter.event(&event).map_err(write_failed)
    }

    pub(super) fn seen(&self, seen: Seen<'_>, reporter: &mut dyn Reporter) -> Result<()> {
        let Seen { leg, id, observation, complete } = seen;
        if !complete {
            return self.finished(leg, id, observation.verdict, observation.duration, reporter);
        }
        let (verdict, output) = (observation.verdict, observation.output.as_str());
        let event = Event::TestOutput { leg, name: self.name(id), verdict, output };
        reporter.event(&event).map_err(write_failed)
    }

    /// Tells of the tests that did not come to run because enough others had failed.
    pub(super) fn not_run(
        &self,
        legs: &Legs,
        schedules: &[Schedule],
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        for id in schedules.iter().flat_map(Schedule::ids).filter(|id| self.share.owns(*id)) {
            for leg in [Leg::InProcess, Leg::Spawned] {
                if legs.get(leg, id).is_none() {
                    self.finished(leg, id, Verdict::NotRun, Duration::ZERO, reporter)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn confirming<'a>(&'a self, news: News<'a>) -> Event<'a> {
        match news {
            News::Begins(step) => Event::Confirming(step),
            News::Retried { id, attempt, observation } => Event::TestRetried {
                name: self.name(id),
                attempt,
                verdict: observation.verdict,
                duration: observation.duration,
            },
        }
    }
}
