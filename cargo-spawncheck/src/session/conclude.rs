//! After the last process has ended: findings, summary, exit code.

use super::{Session, write_failed};
use crate::args::EnvPolicy;
use crate::compare::{Comparison, compare};
use crate::config::Accepted;
use crate::confirm::{Confirmed, Failure};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::explanation::Culprits;
use crate::finding::{Finding, Kind, Leg, Level};
use crate::report::{Event, Reporter, Summary};
use crate::run::{Legs, Schedule};
use crate::suite::{Binary, TestId};
use std::time::{Duration, Instant};

impl Session<'_> {
    /// Everything after the last process has ended.
    pub(super) fn report(
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
        let ran: Vec<_> = schedules.iter().flat_map(Schedule::ids).collect();
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
        let Finding { kind, test, in_process, spawned, evidence, explanation } = finding;
        let level = self.settings.levels.get(*kind);
        tally.add(*kind, level, accepted.is_some(), *test);
        let event = Event::Finding {
            kind: *kind,
            level,
            name: self.name(*test),
            in_process: *in_process,
            spawned: *spawned,
            culprits: explanation.culprits.as_ref().map(|culprits| self.test_names(*test, culprits)),
            causes: &explanation.causes,
            evidence: evidence.as_ref(),
            accepted,
            replay: &self.replay(*test),
        };
        reporter.event(&event).map_err(write_failed)
    }

    /// The culprits of a finding about `id`.
    fn test_names(&self, id: TestId, culprits: &Culprits) -> Vec<&str> {
        culprits
            .tests
            .iter()
            .map(|test| self.suite.test(TestId { test: *test, ..id }).name.as_str())
            .collect()
    }

    /// The command that shows a finding again: both legs of its binary.
    fn replay(&self, id: TestId) -> String {
        let mut command = format!("cargo spawncheck {}", self.suite.binary(id).selector);
        let flags = self.args.cargo.build_flags();
        if !flags.is_empty() {
            command = format!("{command} {flags}");
        }
        let more = [
            self.args.filter.run_ignored.option().map(str::to_owned),
            self.args.timeout.map(|timeout| format!("--timeout {}ms", timeout.as_millis())),
            (self.args.env == EnvPolicy::Inherit).then(|| "--env inherit".to_owned()),
        ];
        let pass = self.args.pass_env.iter().map(|name| format!("--pass-env {}", shell_words::quote(name)));
        for flag in more.into_iter().flatten().chain(pass) {
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

fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
