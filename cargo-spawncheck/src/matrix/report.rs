//! One report, from its lines.

use super::event::{Event, Failed, Finding, Finished, First, OfBinary, Start, TestName, Unconfirmed};
use super::model::{Cell, Name};
use crate::finding::{Leg, Verdict};
use crate::report::SCHEMA;
use std::collections::BTreeMap;

/// How many tests, and how many other things that are told one by one, are believed of a report.
const MOST_TESTS: usize = 1_000_000;
const MOST_OTHERS: usize = 100_000;

/// How many culprits, causes, notes and the like in all. One takes three bytes of a line, and many times that in memory.
const MOST_PARTS: usize = 5_000_000;

/// What a report says, in a form that can be joined with others.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Its file's name; empty for the run that is just ending.
    pub(super) file: String,
    pub(super) start: Option<Start>,
    pub(super) tests: BTreeMap<Name, Seen>,
    pub(super) findings: Vec<Finding>,
    /// Of the findings.
    parts: usize,
    pub(super) failures: Vec<Failed>,
    pub(super) unconfirmed: Vec<Unconfirmed>,
    pub(super) failed_binaries: Vec<OfBinary>,
    /// Of binaries that take no part, or of which less is known.
    pub(super) remarks: Vec<OfBinary>,
    /// Wall time in milliseconds and exit code.
    pub(super) end: Option<(f64, u8)>,
}

/// What became of one test.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) cell: Cell,
    pub(super) micros: u64,
}

impl Report {
    pub(crate) fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// Takes in the next line.
    ///
    /// # Errors
    /// Says why it is no line of a report that can be understood.
    pub(crate) fn line(&mut self, line: &[u8]) -> Result<(), String> {
        if self.start.is_none() {
            self.start = Some(start(line)?);
            return Ok(());
        }
        if self.end.is_some() {
            return Err("it goes on after `run-finished`: are these several reports in one file?".to_owned());
        }
        let event = serde_json::from_slice(line).map_err(|error| format!("no event: {error}"))?;
        self.event(event)
    }

    fn event(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::TestFinished(finished) => return self.finished(finished),
            Event::Finding(finding) => {
                self.parts += finding.parts();
                self.findings.push(*finding);
            }
            Event::Failure(failure) => self.failures.push(failure),
            Event::Unconfirmed(unconfirmed) => self.unconfirmed.push(unconfirmed),
            Event::BinaryFailed(binary) => self.failed_binaries.push(binary),
            Event::BinarySkipped(mut binary) => {
                binary.reason = format!("takes no part: {}", binary.reason);
                self.remarks.push(binary);
            }
            Event::Limited(binary) => self.remarks.push(binary),
            Event::RunFinished(end) => self.end = Some((end.wall_ms, end.exit_code)),
            Event::Other => {}
        }
        let others = self.findings.len()
            + self.failures.len()
            + self.unconfirmed.len()
            + self.failed_binaries.len()
            + self.remarks.len();
        if self.parts > MOST_PARTS {
            return Err(format!("more than {MOST_PARTS} culprits, causes and notes"));
        }
        if others > MOST_OTHERS {
            return Err(format!("more than {MOST_OTHERS} findings, failures and remarks"));
        }
        Ok(())
    }

    fn finished(&mut self, finished: Finished) -> Result<(), String> {
        let Finished { leg, name, verdict, duration_ms } = finished;
        let seen = self.tests.entry(name.into()).or_default();
        let place = match leg {
            Leg::InProcess => &mut seen.cell.in_process,
            Leg::Spawned => &mut seen.cell.spawned,
        };
        *place = worse(*place, Some(verdict));
        // A number that is none, or none that a clock shows, becomes 0 or the largest there is.
        seen.micros = seen.micros.saturating_add((duration_ms * 1e3) as u64);
        if self.tests.len() > MOST_TESTS {
            return Err(format!("more than {MOST_TESTS} tests"));
        }
        Ok(())
    }
}

/// Of two verdicts on the same, the one that must not get lost.
pub(super) fn worse(one: Option<Verdict>, other: Option<Verdict>) -> Option<Verdict> {
    let badness = |verdict: &Option<Verdict>| match verdict {
        None => 0,
        Some(Verdict::NotRun) => 1,
        Some(Verdict::Ignored) => 2,
        Some(Verdict::Passed) => 3,
        Some(Verdict::Failed) => 4,
        Some(Verdict::TimedOut) => 5,
        Some(Verdict::Crashed) => 6,
    };
    [one, other].into_iter().max_by_key(badness).flatten()
}

fn start(line: &[u8]) -> Result<Start, String> {
    let First { kind, schema } =
        serde_json::from_slice(line).map_err(|error| format!("not a report of a run: {error}"))?;
    if kind != "run-started" {
        let what: String = kind.chars().take(40).collect();
        return Err(format!("not a report of a run: it begins with `{what}`"));
    }
    match schema {
        Some(SCHEMA) => serde_json::from_slice(line).map_err(|error| format!("no event: {error}")),
        Some(other) => Err(format!("it has schema {other}, and this version reads schema {SCHEMA}")),
        None => Err("it does not say which schema it has".to_owned()),
    }
}

impl From<TestName> for Name {
    fn from(TestName { package, binary, test }: TestName) -> Self {
        Self { package, binary, test }
    }
}
