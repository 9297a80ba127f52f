//! One run from the first test to the summary: legs, comparison, confirmation, and the events that tell of them.

mod conclude;
mod explain;
mod findings;
mod live;

pub(crate) use conclude::today;

use crate::args::{MessageFormat, NoTests, RunArgs};
use crate::attribute::Watcher;
use crate::build::{Members, commit};
use crate::compare::{Comparison, compare};
use crate::confirm::{self, Confirmed, Confirmer};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::{Leg, Verdict};
use crate::keep::Store;
use crate::list::Skipped;
use crate::partition::Share;
use crate::platform::Platform;
use crate::report::{self, Event, Files, OutputWhen, Reporter, Summary, Tee, TestName};
use crate::run::{Legs, Processes, Schedule, run_legs, schedules};
use crate::settings::Settings;
use crate::suite::{RunIgnored, Suite, TestId};
use crate::thorough::{Explorer, Limit, News};
use crate::worker::{self, Told};
use spawncheck::child::Interrupt;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Everything that a run needs.
pub(crate) struct Session<'a> {
    pub(crate) args: &'a RunArgs,
    pub(crate) settings: Settings,
    pub(crate) suite: Suite,
    /// What of it is judged here.
    pub(crate) share: Share,
    pub(crate) skipped: Vec<Skipped>,
    /// The workspace's.
    pub(crate) root: &'a Path,
    /// What could have been built; unknown of an archive.
    pub(crate) members: Option<&'a Members>,
    pub(crate) store: Store,
    pub(crate) temp: &'a Path,
    pub(crate) interrupt: &'a Interrupt,
}

/// All that there is to report.
struct Found {
    confirmed: Confirmed,
    told: Told,
    /// The binaries in which not all was looked at that other orders may show.
    limited: BTreeSet<usize>,
}

impl Session<'_> {
    /// Runs, reports, and says which exit code is due.
    pub(crate) fn run(self, files: Files) -> Result<ExitCode> {
        // Only programs want to know, and a large repository takes its time.
        let is_read = files.keep_events() || self.args.cargo.message_format() == MessageFormat::Json;
        let commit = if is_read { commit(self.root, self.interrupt) } else { None };
        let reporter = Tee::new(report::reporter(&self.args.cargo, self.settings.shown), files, self.root)
            .map_err(write_failed)?;
        let mut reporter: Box<dyn Reporter> = Box::new(reporter);
        let started = Instant::now();
        let schedules = schedules(&self.suite, self.args.filter.run_ignored);
        self.announce(&schedules, commit.as_deref(), &mut *reporter)?;
        if schedules.is_empty() {
            return self.nothing_to_run(&mut *reporter);
        }
        let filter = &self.args.filter;
        let mut executor =
            Processes::new(&self.suite, filter, self.settings.timeout, self.temp, self.interrupt);
        executor.show_passed(self.settings.shown.success_output != OutputWhen::Never);
        let (environment, workers) = (self.settings.environment, self.settings.jobs);
        let owns = |id| self.share.owns(id);
        let mut legs = run_legs(
            &executor,
            &schedules,
            &owns,
            environment,
            self.settings.pace(),
            self.interrupt,
            |seen| match owns(seen.id) {
                true => self.seen(seen, &mut *reporter),
                false => Ok(()),
            },
        );
        let mut stopped = legs.stopped.take();
        if stopped.is_none() && legs.cut_short {
            stopped = self.not_run(&legs, &schedules, &mut *reporter).err();
        }
        let mut told = worker::told(&self.suite, self.temp, |id| {
            [Leg::InProcess, Leg::Spawned].map(|leg| legs.get(leg, id).map(|seen| seen.verdict))
        });
        told.keep(owns);
        let confirmed = match stopped {
            Some(_) => unsettled(&legs, &schedules, &told),
            None => {
                let deadline = Instant::now() + self.settings.budget;
                let confirmer = Confirmer {
                    executor: &executor,
                    schedules: &schedules,
                    environment,
                    workers,
                    deadline,
                    explained: &told.explained,
                    retries: self.settings.retries,
                };
                // What cannot be written here cannot be written later either, and is reported then.
                let mut progress = |news: confirm::News<'_>| drop(reporter.event(&self.confirming(news)));
                confirmer.confirm(&legs, &mut progress).unwrap_or_else(|error| {
                    stopped = Some(error);
                    unsettled(&legs, &schedules, &told)
                })
            }
        };
        let mut found = Found { confirmed, told, limited: BTreeSet::new() };
        if stopped.is_none() && !legs.cut_short {
            stopped = self.explore(&executor, &schedules, &legs, &mut found, &mut *reporter).err();
        }
        if stopped.is_none() {
            stopped = self.explain(&executor, &schedules, &legs, &mut found, &mut *reporter).err();
        }
        self.report(&legs, &schedules, found, stopped, started, &mut *reporter)
    }

    /// Looks beyond both legs, as far as that was asked for.
    fn explore(
        &self,
        processes: &Processes<'_>,
        schedules: &[Schedule],
        legs: &Legs,
        Found { confirmed, told, limited }: &mut Found,
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        let watcher = Watcher::new(processes, self.temp);
        let explorer = Explorer {
            executor: processes,
            // One after another, tests mind only what is left.
            watch: &|schedule| watcher.footprints(schedule, self.settings.extent.thorough),
            together: &|schedule, lead| watcher.together(schedule, lead),
            schedules,
            legs,
            explained: &told.explained,
            environment: self.settings.environment,
            workers: self.settings.jobs,
            deadline: Instant::now() + self.settings.budget,
            extent: self.settings.extent,
        };
        // What cannot be written here cannot be written later either, and is reported then.
        let limits = explorer.explore(confirmed, &mut |news| {
            drop(reporter.event(&match news {
                News::Begins(step) => Event::Exploring(step),
                News::Done(step, effort) => Event::Explored { step, effort },
            }));
        })?;
        for Limit { binary: index, lost } in limits {
            if lost.is_of_orders() {
                limited.insert(index);
            }
            let binary = &self.suite.binaries[index];
            let reason = lost.text(binary, processes.limit(index).as_ref());
            let event = Event::Limited { package: &binary.package, binary: &binary.id, reason: &reason };
            reporter.event(&event).map_err(write_failed)?;
        }
        Ok(())
    }

    fn announce(
        &self,
        schedules: &[Schedule],
        commit: Option<&str>,
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        let judged = |schedule: &Schedule| schedule.ids().filter(|id| self.share.owns(*id)).count();
        let tests = schedules.iter().map(judged).sum();
        let platform = self.suite.platform();
        let started = Event::RunStarted {
            schema: report::SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            os: platform.map_or(std::env::consts::OS, Platform::os),
            arch: platform.map_or(std::env::consts::ARCH, Platform::arch),
            target: platform.map(|platform| &*platform.triple),
            commit,
            binaries: schedules.len(),
            tests,
            ignored: self.ignored().count(),
            partition: self.share.partition.as_deref(),
        };
        reporter.event(&started).map_err(write_failed)?;
        for Skipped { id, package, reason } in &self.skipped {
            reporter.event(&Event::BinarySkipped { package, binary: id, reason }).map_err(write_failed)?;
        }
        for id in self.ignored() {
            for leg in [Leg::InProcess, Leg::Spawned] {
                self.finished(leg, id, Verdict::Ignored, Duration::ZERO, reporter)?;
            }
        }
        Ok(())
    }

    /// Selected tests that do not run because they are marked `#[ignore]`.
    fn ignored(&self) -> impl Iterator<Item = TestId> {
        let skips_ignored = self.args.filter.run_ignored == RunIgnored::Default;
        let owned = self.suite.selected().filter(|id| self.share.owns(*id));
        owned.filter(move |id| skips_ignored && self.suite.test(*id).ignored)
    }

    fn name(&self, id: TestId) -> TestName<'_> {
        let binary = self.suite.binary(id);
        TestName { package: &binary.package, binary: &binary.id, test: &self.suite.test(id).name }
    }

    fn nothing_to_run(&self, reporter: &mut dyn Reporter) -> Result<ExitCode> {
        let error = self.no_tests_error();
        let action = if self.share.whole > 0 { NoTests::Warn } else { self.args.no_tests };
        let code = if action == NoTests::Fail { ExitCode::NoTests } else { ExitCode::Ok };
        let summary =
            Summary { ignored: self.ignored().count(), exit_code: code as u8, ..Summary::default() };
        reporter.event(&Event::RunFinished(&summary)).map_err(write_failed)?;
        match action {
            NoTests::Fail => Err(error),
            NoTests::Warn => {
                report::warn(&error);
                Ok(code)
            }
            NoTests::Pass => Ok(code),
        }
    }

    fn no_tests_error(&self) -> Error {
        if let (Some(partition), 1..) = (&self.share.partition, self.share.whole) {
            let whole = self.share.whole;
            return Error::new(ExitCode::Ok, format!("no tests in shard {partition}, of {whole} in all"))
                .hint("with fewer shards, each of them has some");
        }
        let filter = &self.args.filter;
        let error = Error::new(ExitCode::NoTests, "no tests to run");
        let names =
            || self.suite.binaries.iter().flat_map(|binary| &binary.tests).map(|test| test.name.as_str());
        let nearest: Vec<_> = filter
            .filters
            .iter()
            .flat_map(|filter| crate::select::nearest(filter, names()))
            .map(report::printable)
            .collect();
        match (nearest.is_empty(), self.ignored().next().is_some()) {
            (false, _) => error.hint(format!("did you mean `{}`?", nearest.join("`, `"))),
            (true, true) => error.hint("all of them are ignored; see --run-ignored"),
            _ if !self.skipped.is_empty() => error.hint("what there is was skipped, for the reasons above"),
            (true, false) if !filter.is_empty() => error.hint("`cargo spawncheck list` shows what there is"),
            (true, false) => error.hint("pass --no-tests=pass if that is as it should be"),
        }
    }
}

/// What can be said of a run that was stopped: nothing was confirmed.
fn unsettled(legs: &Legs, schedules: &[Schedule], told: &Told) -> Confirmed {
    let mut confirmed = Confirmed::default();
    for id in schedules.iter().flat_map(Schedule::ids).filter(|id| !told.explained.contains(id)) {
        let (in_process, spawned) = (legs.get(Leg::InProcess, id), legs.get(Leg::Spawned, id));
        let verdict = |observation: Option<&crate::run::Observation>| {
            observation.map(|observation| observation.verdict)
        };
        if matches!(
            compare(verdict(in_process), verdict(spawned)),
            Comparison::Differ | Comparison::FailsBothWays
        ) {
            confirmed.unconfirmed.push(id);
        }
    }
    confirmed
}

/// A closed pipe is the reader's way to say that it has seen enough, and nobody has to be told of an interrupt: nothing to complain of.
pub(crate) fn write_failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => return Error::already_reported(ExitCode::WriteFailed),
        io::ErrorKind::Interrupted => return Error::already_reported(ExitCode::Interrupted),
        _ => {}
    }
    Error::new(ExitCode::WriteFailed, "failed to write the report").source(error)
}
