//! The subcommand from the first binary to the last line.

use super::Footprint;
use crate::args::FootprintArgs;
use crate::attribute::Watcher;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::list::Skipped;
use crate::platform::Platform;
use crate::report::{self, Event, Reporter, Shown, TestName};
use crate::run::{Processes, Schedule, queue, schedules};
use crate::session::write_failed;
use crate::suite::Suite;
use crate::trace::Trouble;
use spawncheck::child::Interrupt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Everything that a pass over all binaries needs.
pub(crate) struct Session<'a> {
    pub(crate) args: &'a FootprintArgs,
    pub(crate) timeout: Duration,
    pub(crate) workers: usize,
    pub(crate) suite: Suite,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) temp: &'a Path,
    pub(crate) interrupt: &'a Interrupt,
}

impl Session<'_> {
    /// Looks at every test, and tells of those that leave something.
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut reporter = report::reporter(&self.args.cargo, Shown::default());
        let started = Instant::now();
        let schedules = schedules(&self.suite, self.args.filter.run_ignored);
        self.announce(&schedules, &mut *reporter)?;
        if schedules.is_empty() {
            return Err(Error::new(ExitCode::NoTests, "no tests to look at")
                .hint("`cargo spawncheck list` shows what there is"));
        }
        let filter = &self.args.filter;
        let processes = Processes::new(&self.suite, filter, self.timeout, self.temp, self.interrupt);
        let watcher = Watcher::new(&processes, self.temp);
        let (mut tests, mut leaving, mut failed) = (0, 0, None);
        let work = |schedule: Schedule, done: &mut dyn FnMut(_)| {
            done((schedule.binary, watcher.footprints(&schedule, false)));
        };
        queue::run(schedules, self.workers, work, |(binary, found)| {
            let told = found.and_then(|found| self.tell(binary, found, &mut *reporter));
            match told {
                Ok((looked_at, leave)) => {
                    tests += looked_at;
                    leaving += leave;
                }
                Err(error) => {
                    self.interrupt.raise();
                    failed.get_or_insert(error);
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let finished = Event::FootprintFinished { tests, leaving, wall: started.elapsed() };
        reporter.event(&finished).map_err(write_failed)?;
        Ok(ExitCode::Ok)
    }

    fn announce(&self, schedules: &[Schedule], reporter: &mut dyn Reporter) -> Result<()> {
        let platform = self.suite.platform();
        let started = Event::FootprintStarted {
            schema: report::SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            os: platform.map_or(std::env::consts::OS, Platform::os),
            arch: platform.map_or(std::env::consts::ARCH, Platform::arch),
            target: platform.map(|platform| &*platform.triple),
            binaries: schedules.len(),
            tests: schedules.iter().map(|schedule| schedule.tests.len()).sum(),
        };
        reporter.event(&started).map_err(write_failed)?;
        for Skipped { id, package, reason } in &self.skipped {
            reporter.event(&Event::BinarySkipped { package, binary: id, reason }).map_err(write_failed)?;
        }
        Ok(())
    }

    /// Returns how many tests were looked at, and how many of them leave something.
    fn tell(
        &self,
        binary: usize,
        found: std::result::Result<Vec<Footprint>, Trouble>,
        reporter: &mut dyn Reporter,
    ) -> Result<(usize, usize)> {
        let binary = &self.suite.binaries[binary];
        let footprints = match found {
            Ok(footprints) => footprints,
            Err(trouble) => {
                let reason = format!("what its tests change cannot be seen: {trouble}");
                let event = Event::Limited { package: &binary.package, binary: &binary.id, reason: &reason };
                reporter.event(&event).map_err(write_failed)?;
                return Ok((0, 0));
            }
        };
        for Footprint { test, verdict, changes, library, .. } in &footprints {
            let test = &binary.tests[*test].name;
            let name = TestName { package: &binary.package, binary: &binary.id, test };
            let event = Event::Footprint { name, verdict: *verdict, changes, library: *library };
            if !changes.is_empty() || *library > 0 {
                reporter.event(&event).map_err(write_failed)?;
            }
        }
        let leaving = footprints.iter().filter(|footprint| !footprint.changes.is_empty()).count();
        Ok((footprints.len(), leaving))
    }
}
