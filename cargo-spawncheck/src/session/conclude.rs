//! After the last process has ended: findings, summary, exit code.

use super::{Found, Session, write_failed};
use crate::build::Members;
use crate::compare::{Comparison, compare};
use crate::config::{Accepted, Looked};
use crate::confirm::{Confirmed, Failure};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::{Kind, Leg, Level};
use crate::report::{self, Event, Reporter, Summary, WorkerEvent};
use crate::run::{Legs, Schedule};
use crate::suite::{Binary, TestId};
use crate::worker::{Told, WorkerFinding};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

impl Session<'_> {
    /// Everything after the last process has ended.
    pub(super) fn report(
        &self,
        legs: &Legs,
        schedules: &[Schedule],
        Found { confirmed, told, limited }: Found,
        stopped: Option<Error>,
        started: Instant,
        reporter: &mut dyn Reporter,
    ) -> Result<ExitCode> {
        let mut accepted = Accepted::new(self.settings.accept.clone(), today());
        for complaint in &told.complaints {
            // A line of its own could be a command of GitHub Actions.
            report::warn(&Error::new(ExitCode::Ok, report::on_one_line(complaint)));
        }
        self.no_findings(legs, &confirmed, reporter)?;
        let ran: Vec<_> =
            schedules.iter().flat_map(Schedule::ids).filter(|id| self.share.owns(*id)).collect();
        let both_ways =
            |id: &TestId| [Leg::InProcess, Leg::Spawned].iter().all(|leg| legs.get(*leg, *id).is_some());
        let seen: Vec<_> = ran.iter().copied().filter(both_ways).collect();
        let kept = stopped.is_none().then(|| self.keep(&confirmed, &told, &seen));
        let is_kept = matches!(kept, Some(Ok(())));
        let tally = self.findings(&confirmed, &told, &mut accepted, is_kept, reporter)?;
        let to_the_end = stopped.is_none() && !legs.cut_short && confirmed.unconfirmed.is_empty();
        // What was not looked at to the end may still occur.
        let unused = to_the_end.then(|| {
            let beyond = beyond_both_legs(&ran, &confirmed, &told, &limited);
            accepted.check_used(&self.suite, &self.looked(&ran, &beyond))
        });
        let ends = stopped.or(unused.and_then(Result::err));
        let code = ends.as_ref().map_or_else(|| tally.code(legs, &confirmed), Error::code);
        let summary = self.summary(legs, &ran, &confirmed, tally, started.elapsed(), code);
        reporter.event(&Event::RunFinished(&summary)).map_err(write_failed)?;
        if legs.cut_short {
            report::warn(&Error::new(
                ExitCode::Ok,
                "enough tests have failed both ways; the rest was not run",
            ));
        }
        if let Some(Err(error)) = kept {
            // The run is as good as it was.
            report::warn(&error);
        }
        ends.map_or(Ok(code), Err)
    }

    /// What makes a run fail and is no finding.
    fn no_findings(&self, legs: &Legs, confirmed: &Confirmed, reporter: &mut dyn Reporter) -> Result<()> {
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
        Ok(())
    }

    /// Findings about tests, then those about workers; returns what they come to.
    fn findings(
        &self,
        confirmed: &Confirmed,
        told: &Told,
        accepted: &mut Accepted,
        is_kept: bool,
        reporter: &mut dyn Reporter,
    ) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut shown = Vec::with_capacity(confirmed.findings.len());
        for finding in &confirmed.findings {
            let reason = accepted.reason(&self.suite, finding.kind, finding.test).map(str::to_owned);
            tally.add(finding.kind, self.settings.levels.get(finding.kind), reason.is_some(), finding.test);
            shown.push((finding, reason));
        }
        let events: Vec<_> =
            shown.iter().map(|(finding, reason)| self.finding(finding, reason.as_deref(), is_kept)).collect();
        reporter.event(&Event::Findings(&events)).map_err(write_failed)?;
        for finding in &told.findings {
            let reason = accepted.reason(&self.suite, finding.kind, finding.test);
            let replay = self.replay_worker(finding, is_kept);
            self.worker_finding(finding, (reason, &replay), &mut tally, reporter)?;
        }
        Ok(tally)
    }

    fn failure(&self, failure: &Failure, reporter: &mut dyn Reporter) -> Result<()> {
        let Failure { test, in_process, spawned, output } = failure;
        let event =
            Event::Failure { name: self.name(*test), in_process: *in_process, spawned: *spawned, output };
        reporter.event(&event).map_err(write_failed)
    }

    fn worker_finding(
        &self,
        finding: &WorkerFinding,
        (accepted, replay): (Option<&str>, &str),
        tally: &mut Tally,
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        let level = self.settings.levels.get(finding.kind);
        tally.add(finding.kind, level, accepted.is_some(), finding.test);
        let event = WorkerEvent { level, name: self.name(finding.test), finding, accepted, replay };
        reporter.event(&Event::Worker(event)).map_err(write_failed)
    }

    fn looked<'a>(&'a self, ran: &'a [TestId], beyond: &'a BTreeSet<TestId>) -> Looked<'a> {
        let built = self.suite.binaries.iter().map(|binary| &*binary.id).collect();
        let all_built = |members: &Members| members.are_all(&built, self.args.cargo.features());
        // An archive may have been made of a part.
        let everything = self.args.filter.is_empty()
            && self.args.partition.is_none()
            && self.members.is_some_and(all_built);
        let others = self.members.map(|members| members.others(&built)).unwrap_or_default();
        Looked { ran, beyond, extent: self.settings.extent, everything, others }
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
        let mut with_finding = tally.shown.clone();
        with_finding.retain(|id| compared(id) == Comparison::Agree);
        with_finding.sort_unstable();
        with_finding.dedup();
        Summary {
            tests: ran.len(),
            passed: count(Comparison::Agree) - with_finding.len(),
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

/// The tests of which a look beyond both legs would have shown something: one that has a finding or fails is not looked at again.
fn beyond_both_legs(
    ran: &[TestId],
    confirmed: &Confirmed,
    told: &Told,
    limited: &BTreeSet<usize>,
) -> BTreeSet<TestId> {
    let found = confirmed.findings.iter().map(|finding| finding.test);
    let failing = confirmed.failures.iter().map(|failure| failure.test);
    let settled: BTreeSet<_> = found.chain(failing).chain(told.explained.iter().copied()).collect();
    ran.iter().copied().filter(|id| !settled.contains(id) && !limited.contains(&id.binary)).collect()
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
        // What was not run for failures has not passed, even if these come out as flaky.
        match (self.denied, all_well && !legs.cut_short) {
            (true, _) => ExitCode::Findings,
            (false, false) => ExitCode::TestsFailed,
            (false, true) => ExitCode::Ok,
        }
    }
}

pub(crate) fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
