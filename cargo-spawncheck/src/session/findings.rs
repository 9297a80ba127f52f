//! Findings: as events, and as what is kept of them.

use super::Session;
use crate::args::replay_command;
use crate::confirm::Confirmed;
use crate::error::Result;
use crate::explanation::{Cause, Culprits, Suspect};
use crate::finding::{Finding, Kind, Verdict};
use crate::keep::{self, KeptFinding, KeptWorker};
use crate::replay;
use crate::report::{self, FindingEvent, Suspected};
use crate::suite::TestId;
use crate::worker::{Told, WorkerFinding};
use std::path::Path;
use std::time::Duration;

/// How long to wait for other runs to write down what they found, which takes each of them a moment.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);

impl Session<'_> {
    pub(super) fn finding<'a>(
        &'a self,
        finding: &'a Finding,
        accepted: Option<&'a str>,
        kept: bool,
    ) -> FindingEvent<'a> {
        let Finding { kind, test, in_process, spawned, evidence, schedule, explanation } = finding;
        let culprits = explanation.culprits.as_ref().map(|culprits| self.test_names(*test, culprits));
        FindingEvent {
            kind: *kind,
            level: self.settings.levels.get(*kind),
            name: self.name(*test),
            in_process: *in_process,
            spawned: *spawned,
            help: report::help(*kind, culprits.as_deref().unwrap_or_default(), &explanation.causes),
            culprits,
            search: explanation.culprits.as_ref().map(Into::into),
            explained: explanation.took,
            causes: &explanation.causes,
            also: &explanation.also,
            other_order: kind.is_inherited_state() && schedule.is_some(),
            suspects: explanation.suspects.iter().map(|suspect| self.suspected(*test, suspect)).collect(),
            notes: &explanation.notes,
            evidence: evidence.as_ref(),
            accepted,
            replay: self.replay(finding, kept),
        }
    }

    /// The culprits of a finding about `id`.
    fn test_names(&self, id: TestId, culprits: &Culprits) -> Vec<&str> {
        self.names(id, &culprits.tests)
    }

    /// Of tests of the same binary.
    fn names(&self, id: TestId, tests: &[usize]) -> Vec<&str> {
        tests.iter().map(|test| self.suite.test(TestId { test: *test, ..id }).name.as_str()).collect()
    }

    fn suspected<'a>(&'a self, id: TestId, suspect: &'a Suspect) -> Suspected<'a> {
        let Suspect { channel, name, tests } = suspect;
        Suspected { channel: *channel, name, tests: self.names(id, tests) }
    }

    /// The command that shows a finding again: two processes, or both legs of its binary.
    fn replay(&self, finding: &Finding, kept: bool) -> String {
        if kept && replay::can_replay(finding.kind, None) {
            let (binary, test) = (self.suite.binary(finding.test), self.suite.test(finding.test));
            return replay_command(&self.args.cargo, &self.args.from, &binary.id, &test.name);
        }
        self.both_legs(finding.test)
    }

    /// The command that runs both legs of a test's binary.
    pub(super) fn both_legs(&self, id: TestId) -> String {
        let mut command = format!("cargo spawncheck {}", shell_words::join(&self.suite.binary(id).selector));
        let limits = shell_words::join(self.args.limit_words());
        let archive = shell_words::join(self.args.from.text_words());
        for flags in [self.args.cargo.build_flags(), archive, limits].iter().filter(|flags| !flags.is_empty())
        {
            command = format!("{command} {flags}");
        }
        command
    }

    /// The same for one about a worker.
    pub(super) fn replay_worker(&self, finding: &WorkerFinding, kept: bool) -> String {
        match kept && finding.reproduction.is_some() {
            true => {
                let (binary, test) = (self.suite.binary(finding.test), self.suite.test(finding.test));
                replay_command(&self.args.cargo, &self.args.from, &binary.id, &test.name)
            }
            false => self.both_legs(finding.test),
        }
    }

    /// Keeps the findings of this run. `ran` are the tests that ran.
    pub(super) fn keep(&self, confirmed: &Confirmed, told: &Told, ran: &[TestId]) -> Result<()> {
        let tests = confirmed.findings.iter().map(|finding| self.kept(finding));
        let new: Vec<_> =
            tests.chain(told.findings.iter().map(|finding| self.kept_worker(finding))).collect();
        if new.is_empty() && self.store.load()?.is_empty() {
            return Ok(());
        }
        let _others_wait = self.store.lock(LOCK_PATIENCE, self.interrupt)?;
        let old = self.store.load()?;
        let settled = |kept: &KeptFinding| self.is_settled(kept, confirmed, ran);
        let merged = keep::merge(old.clone(), new, settled);
        if merged == old { Ok(()) } else { self.store.save(&merged) }
    }

    /// Whether this run can say that a finding of an earlier one is gone, if it has not found it.
    fn is_settled(&self, kept: &KeptFinding, confirmed: &Confirmed, ran: &[TestId]) -> bool {
        if kept.root != self.root.to_string_lossy() {
            // Of another workspace that is built in the same directory, unless that is gone.
            return !Path::new(&kept.root).exists();
        }
        let Some(binary) = self.suite.binaries.iter().position(|binary| binary.id == kept.binary) else {
            return self.members.is_some_and(|members| members.is_gone(&kept.package, &kept.binary));
        };
        match self.suite.binaries[binary].tests.iter().position(|test| test.name == kept.test) {
            Some(test) => {
                let id = TestId { binary, test };
                let looked =
                    kept.before.is_none() && kept.kind != Kind::Racy || self.settings.extent.thorough;
                looked && ran.contains(&id) && !confirmed.unconfirmed.contains(&id)
            }
            // It no longer exists, or other features have it, or another platform.
            None => self.members.is_some() && kept.flags == self.args.words(),
        }
    }

    fn kept(&self, finding: &Finding) -> KeptFinding {
        let Finding { kind, test, in_process, spawned, schedule, explanation, .. } = finding;
        let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        KeptFinding {
            in_process: *in_process,
            spawned: *spawned,
            culprits: explanation.culprits.as_ref().map(|culprits| own(self.test_names(*test, culprits))),
            before: schedule
                .as_ref()
                .and_then(|order| order.split_last())
                .map(|(_, before)| own(self.names(*test, before))),
            ..self.kept_of(*kind, *test, &explanation.causes)
        }
    }

    fn kept_worker(&self, finding: &WorkerFinding) -> KeptFinding {
        KeptFinding {
            worker: Some(KeptWorker::of(finding)),
            ..self.kept_of(finding.kind, finding.test, &finding.explanation.causes)
        }
    }

    /// What is kept of any finding; it has no verdicts yet.
    fn kept_of(&self, kind: Kind, test: TestId, causes: &[Cause]) -> KeptFinding {
        let binary = self.suite.binary(test);
        KeptFinding {
            kind,
            root: self.root.to_string_lossy().into_owned(),
            package: binary.package.clone(),
            binary: binary.id.clone(),
            test: self.suite.test(test).name.clone(),
            selector: binary.selector.clone(),
            flags: self.args.words(),
            in_process: Verdict::NotRun,
            spawned: Verdict::NotRun,
            culprits: None,
            causes: causes.to_vec(),
            before: None,
            worker: None,
        }
    }
}
