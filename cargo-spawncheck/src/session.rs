//! One run from the first test to the summary: legs, comparison, confirmation, and the events that tell of them.

use crate::args::{MessageFormat, NoTests, RunArgs};
use crate::compare::{Comparison, compare};
use crate::config::Accepted;
use crate::confirm::{Confirmed, Confirmer, Failure};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::{Finding, Kind, Leg, Level, Verdict};
use crate::list::Skipped;
use crate::report::{self, Event, Human, Json, Reporter, Summary, TestName, Verbosity};
use crate::run::{Legs, Processes, Schedule, run_legs, schedules};
use crate::settings::Settings;
use crate::suite::{Binary, RunIgnored, Suite, TestId};
use spawncheck::child::Interrupt;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Everything that a run needs.
pub(crate) struct Session<'a> {
    pub(crate) args: &'a RunArgs,
    pub(crate) settings: Settings,
    pub(crate) suite: Suite,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) temp: &'a Path,
    pub(crate) interrupt: &'a Interrupt,
}

impl Session<'_> {
    /// Runs, reports, and says which exit code is due.
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut reporter = self.reporter();
        let started = Instant::now();
        let schedules = schedules(&self.suite, self.args.filter.run_ignored);
        self.announce(&schedules, &mut *reporter)?;
        if schedules.is_empty() {
            return self.nothing_to_run(&mut *reporter);
        }
        let filter = &self.args.filter;
        let executor = Processes::new(&self.suite, filter, self.settings.timeout, self.temp, self.interrupt);
        let (environment, workers) = (self.settings.environment, self.settings.jobs);
        let mut legs =
            run_legs(&executor, &schedules, environment, workers, self.interrupt, |leg, id, observation| {
                self.finished(leg, id, observation.verdict, observation.duration, &mut *reporter)
            });
        let mut stopped = legs.stopped.take();
        let confirmed = match stopped {
            Some(_) => unsettled(&legs, &schedules),
            None => {
                let deadline = Instant::now() + self.settings.budget;
                let confirmer =
                    Confirmer { executor: &executor, schedules: &schedules, environment, workers, deadline };
                // What cannot be written here cannot be written later either, and is reported then.
                let mut progress = |step| drop(reporter.event(&Event::Confirming(step)));
                confirmer.confirm(&legs, &mut progress).unwrap_or_else(|error| {
                    stopped = Some(error);
                    unsettled(&legs, &schedules)
                })
            }
        };
        self.report(&legs, &schedules, confirmed, stopped, started, &mut *reporter)
    }

    fn reporter(&self) -> Box<dyn Reporter> {
        let cargo = &self.args.cargo;
        if cargo.message_format() == MessageFormat::Json {
            return Box::new(Json::new(io::stdout()));
        }
        let verbosity = match (cargo.quiet(), cargo.verbose()) {
            (true, _) => Verbosity::Quiet,
            (false, 0) => Verbosity::Normal,
            (false, _) => Verbosity::Verbose,
        };
        let out = anstream::AutoStream::new(io::stdout(), cargo.color());
        let status = anstream::AutoStream::new(io::stderr(), cargo.color());
        Box::new(Human::new(out, status, verbosity, true))
    }

    fn announce(&self, schedules: &[Schedule], reporter: &mut dyn Reporter) -> Result<()> {
        let tests = schedules.iter().map(|schedule| schedule.tests.len()).sum();
        let started = Event::RunStarted {
            schema: report::SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
            binaries: schedules.len(),
            tests,
            ignored: self.ignored().count(),
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

    fn finished(
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

    /// Selected tests that do not run because they are marked `#[ignore]`.
    fn ignored(&self) -> impl Iterator<Item = TestId> {
        let skips_ignored = self.args.filter.run_ignored == RunIgnored::Default;
        self.suite.selected().filter(move |id| skips_ignored && self.suite.test(*id).ignored)
    }

    fn name(&self, id: TestId) -> TestName<'_> {
        let binary = self.suite.binary(id);
        TestName { package: &binary.package, binary: &binary.id, test: &self.suite.test(id).name }
    }

    fn nothing_to_run(&self, reporter: &mut dyn Reporter) -> Result<ExitCode> {
        let error = self.no_tests_error();
        let code = if self.args.no_tests == NoTests::Fail { ExitCode::NoTests } else { ExitCode::Ok };
        let summary =
            Summary { ignored: self.ignored().count(), exit_code: code as u8, ..Summary::default() };
        reporter.event(&Event::RunFinished(&summary)).map_err(write_failed)?;
        match self.args.no_tests {
            NoTests::Fail => Err(error),
            NoTests::Warn => {
                report::warn(&error);
                Ok(code)
            }
            NoTests::Pass => Ok(code),
        }
    }

    fn no_tests_error(&self) -> Error {
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
            (true, false) if !filter.is_empty() => error.hint("`cargo spawncheck list` shows what there is"),
            (true, false) => error.hint("pass --no-tests=pass if that is as it should be"),
        }
    }

    /// Everything after the last process has ended.
    fn report(
        &self,
        legs: &Legs,
        schedules: &[Schedule],
        confirmed: Confirmed,
        stopped: Option<Error>,
        started: Instant,
        reporter: &mut dyn Reporter,
    ) -> Result<ExitCode> {
        let mut accepted = Accepted::new(self.settings.accept.clone(), today());
        let mut tally = Tally::default();
        for failure in &confirmed.failures {
            self.failure(failure, reporter)?;
        }
        for (index, end) in &legs.bad_ends {
            let Binary { package, id, .. } = &self.suite.binaries[*index];
            let event = Event::BinaryFailed { package, binary: id, reason: end };
            reporter.event(&event).map_err(write_failed)?;
        }
        for id in &confirmed.unconfirmed {
            let verdict = |leg| legs.get(leg, *id).map(|observation| observation.verdict);
            let (in_process, spawned) = (verdict(Leg::InProcess), verdict(Leg::Spawned));
            let event = Event::Unconfirmed { name: self.name(*id), in_process, spawned };
            reporter.event(&event).map_err(write_failed)?;
        }
        for finding in &confirmed.findings {
            self.finding(finding, accepted.reason(&self.suite, finding), &mut tally, reporter)?;
        }
        let ran: Vec<_> = tests(schedules).collect();
        let unused = match (&stopped, confirmed.unconfirmed.is_empty()) {
            (None, true) => accepted.check_used(&self.suite, &ran, self.is_everything()).err(),
            // What was not looked at to the end may still occur.
            _ => None,
        };
        let ends = stopped.or(unused);
        let code = ends.as_ref().map_or_else(|| tally.code(legs, &confirmed), Error::code);
        let summary = self.summary(legs, &ran, &confirmed, tally, started.elapsed(), code);
        reporter.event(&Event::RunFinished(&summary)).map_err(write_failed)?;
        ends.map_or(Ok(code), Err)
    }

    fn failure(&self, failure: &Failure, reporter: &mut dyn Reporter) -> Result<()> {
        let Failure { test, in_process, spawned, output } = failure;
        let event =
            Event::Failure { name: self.name(*test), in_process: *in_process, spawned: *spawned, output };
        reporter.event(&event).map_err(write_failed)
    }

    fn finding(
        &self,
        finding: &Finding,
        accepted: Option<&str>,
        tally: &mut Tally,
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        let Finding { kind, test, in_process, spawned, evidence } = finding;
        let level = self.settings.levels.get(*kind);
        tally.add(*kind, level, accepted.is_some(), *test);
        let event = Event::Finding {
            kind: *kind,
            level,
            name: self.name(*test),
            in_process: *in_process,
            spawned: *spawned,
            culprits: None,
            causes: Vec::new(),
            evidence: evidence.as_ref(),
            accepted,
            replay: &self.replay(*test),
        };
        reporter.event(&event).map_err(write_failed)
    }

    /// The command that shows a finding again: both legs of its binary.
    fn replay(&self, id: TestId) -> String {
        let mut command = format!("cargo spawncheck {}", self.suite.binary(id).selector);
        let flags = self.args.cargo.build_flags();
        if !flags.is_empty() {
            command = format!("{command} {flags}");
        }
        if let Some(flag) = self.args.filter.run_ignored.option() {
            command = format!("{command} {flag}");
        }
        command
    }

    /// Whether nothing was left out, so that a test that is not there does not exist.
    fn is_everything(&self) -> bool {
        self.args.filter.is_empty() && self.args.cargo.selects_everything() && self.skipped.is_empty()
    }

    fn summary(
        &self,
        legs: &Legs,
        ran: &[TestId],
        confirmed: &Confirmed,
        tally: Tally,
        wall: Duration,
        code: ExitCode,
    ) -> Summary {
        let compared = |id: &TestId| {
            let verdict = |leg| legs.get(leg, *id).map(|observation| observation.verdict);
            compare(verdict(Leg::InProcess), verdict(Leg::Spawned))
        };
        let count = |wanted| ran.iter().filter(|id| compared(id) == wanted).count();
        let mut with_leak = tally.shown.clone();
        with_leak.retain(|id| compared(id) == Comparison::Agree);
        with_leak.dedup();
        Summary {
            tests: ran.len(),
            passed: count(Comparison::Agree) - with_leak.len(),
            failed: confirmed.failures.len(),
            binaries_failed: legs.bad_ends.len(),
            findings: tally.by_kind.iter().map(|(_, number)| number).sum::<usize>() + tally.accepted,
            ignored: self.ignored().count(),
            accepted: tally.accepted,
            unconfirmed: confirmed.unconfirmed.len(),
            not_run: count(Comparison::Incomplete),
            wall,
            exit_code: code as u8,
            by_kind: tally.by_kind,
        }
    }
}

/// What was found, as far as the exit code and the summary go.
#[derive(Debug, Default)]
struct Tally {
    by_kind: Vec<(Kind, usize)>,
    accepted: usize,
    denied: bool,
    /// The tests that have a finding of any kind.
    shown: Vec<TestId>,
}

impl Tally {
    fn add(&mut self, kind: Kind, level: Level, accepted: bool, test: TestId) {
        if level == Level::Allow {
            return;
        }
        self.shown.push(test);
        if accepted {
            self.accepted += 1;
            return;
        }
        self.denied |= level == Level::Deny;
        match self.by_kind.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, number)) => *number += 1,
            None => self.by_kind.push((kind, 1)),
        }
        self.by_kind.sort_unstable();
    }

    fn code(&self, legs: &Legs, confirmed: &Confirmed) -> ExitCode {
        let all_well =
            confirmed.failures.is_empty() && confirmed.unconfirmed.is_empty() && legs.bad_ends.is_empty();
        match (self.denied, all_well) {
            (true, _) => ExitCode::Findings,
            (false, false) => ExitCode::TestsFailed,
            (false, true) => ExitCode::Ok,
        }
    }
}

fn tests(schedules: &[Schedule]) -> impl Iterator<Item = TestId> {
    schedules.iter().flat_map(|schedule| {
        schedule.tests.iter().map(|test| TestId { binary: schedule.binary, test: *test })
    })
}

/// What can be said of a run that was stopped: nothing was confirmed.
fn unsettled(legs: &Legs, schedules: &[Schedule]) -> Confirmed {
    let mut confirmed = Confirmed::default();
    for id in tests(schedules) {
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

fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// A closed pipe is the reader's way to say that it has seen enough: nothing to complain of.
pub(crate) fn write_failed(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Error::already_reported(ExitCode::WriteFailed);
    }
    Error::new(ExitCode::WriteFailed, "failed to write the report").source(error)
}
