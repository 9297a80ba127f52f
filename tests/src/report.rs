//! The content of a whole run's JSON events.

pub use crate::event::{Carrier, Cause, Explanation, Suspected};
use crate::event::{Event, Finding, Limited, RunFinished, RunStarted, TestFinding, TestFinished};
use crate::model::{Kind, Leg, TestId, Verdict};
use crate::worker::WorkerFinding;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// A test's verdict in each leg, `None` where none was reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    pub in_process: Option<Verdict>,
    pub spawned: Option<Verdict>,
}

/// What the JSON events say.
#[derive(Debug, Default)]
pub struct Report {
    pub verdicts: BTreeMap<TestId, Verdicts>,
    pub findings: BTreeMap<TestId, Kind>,
    /// What is said of how each finding comes about.
    pub explanations: BTreeMap<TestId, Explanation>,
    /// What is stated of workers, in their order, and how it comes about.
    pub workers: BTreeMap<WorkerFinding, Explanation>,
    /// The tests that fail in both legs.
    pub failures: BTreeSet<TestId>,
    /// The binaries that were skipped, each with the reason.
    pub skipped: BTreeMap<String, String>,
    /// What could not be looked into: binary and reason, in order of the binaries.
    pub limited: Vec<(String, String)>,
    /// What the tests are built for: operating system, kind of processor, triple.
    pub platform: (String, String, Option<String>),
    /// What the last event says of the exit code.
    pub exit_code: i32,
}

impl Report {
    /// Reads the events and checks what holds for every run: each line is an event, the first and the last one frame the
    /// others, nothing is said twice, and the counts agree.
    ///
    /// # Errors
    /// What does not hold.
    pub fn parse(stdout: &str) -> Result<Self, String> {
        let events = stdout
            .lines()
            .map(|line| serde_json::from_str(line).map_err(|error| format!("no event: {error}: {line}")))
            .collect::<Result<Vec<Event>, _>>()?;
        let mut report = Self::default();
        let mut frame = (None, None);
        let last = events.len().saturating_sub(1);
        for (index, event) in events.into_iter().enumerate() {
            match event {
                Event::RunStarted(started) if index == 0 => frame.0 = Some(started),
                Event::RunFinished(finished) if index == last => frame.1 = Some(finished),
                Event::RunStarted(_) | Event::RunFinished(_) => {
                    return Err(format!("line {} belongs to the start or the end", index + 1));
                }
                event => report.add(event)?,
            }
        }
        match frame {
            (Some(started), Some(finished)) => report.close(started, &finished),
            (None, _) => Err("the first event is not run-started".to_owned()),
            (_, None) => Err("the last event is not run-finished".to_owned()),
        }
    }

    fn add(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::TestFinished(finished) => self.add_verdict(finished),
            Event::Finding(Finding::Test(finding)) => self.add_finding(finding),
            Event::Finding(Finding::Worker(worker)) => {
                let finding = format!("{:?}", worker.finding);
                match self.workers.insert(worker.finding, worker.explanation) {
                    None => Ok(()),
                    Some(_) => Err(format!("a finding is reported twice: {finding}")),
                }
            }
            Event::Failure(failure) => {
                let id = failure.name.into_id()?;
                if self.failures.insert(id.clone()) { Ok(()) } else { Err(format!("two failures of {id}")) }
            }
            Event::BinarySkipped(skipped) if skipped.reason.is_empty() => {
                Err(format!("no reason for skipping {}", skipped.binary))
            }
            Event::BinarySkipped(skipped) => insert_once(&mut self.skipped, skipped.binary, skipped.reason),
            Event::Limited(limited) => self.add_limit(limited),
            Event::RunStarted(_) | Event::RunFinished(_) | Event::Other => Ok(()),
        }
    }

    fn add_finding(&mut self, TestFinding { kind, name, explanation }: TestFinding) -> Result<(), String> {
        let id = name.into_id()?;
        self.explanations.insert(id.clone(), explanation);
        insert_once(&mut self.findings, id, kind)
    }

    fn add_verdict(&mut self, TestFinished { leg, name, verdict }: TestFinished) -> Result<(), String> {
        let id = name.into_id()?;
        let verdicts = self.verdicts.entry(id.clone()).or_default();
        let slot = match leg {
            Leg::InProcess => &mut verdicts.in_process,
            Leg::Spawned => &mut verdicts.spawned,
        };
        match slot.replace(verdict) {
            None => Ok(()),
            Some(_) => Err(format!("two verdicts of {id} in one leg")),
        }
    }

    fn add_limit(&mut self, Limited { binary, reason }: Limited) -> Result<(), String> {
        let limit = (binary, reason);
        if self.limited.contains(&limit) {
            return Err(format!("a limit is reported twice: {limit:?}"));
        }
        self.limited.push(limit);
        self.limited.sort_unstable();
        Ok(())
    }

    fn close(mut self, started: RunStarted, finished: &RunFinished) -> Result<Self, String> {
        check_equal("schema", started.schema, 1)?;
        check_equal("tests in the last event", finished.tests, started.tests)?;
        check_equal("tests with verdicts", self.verdicts.len(), started.tests + started.ignored)?;
        let findings = self.findings.len() + self.workers.len();
        check_equal("findings in the last event", finished.findings, findings)?;
        self.platform = (started.os, started.arch, started.target);
        self.exit_code = finished.exit_code;
        Ok(self)
    }
}

fn check_equal<T: PartialEq + Display>(what: &str, actual: T, expected: T) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{what}: {actual} instead of {expected}")) }
}

fn insert_once<K: Ord + Display, V>(map: &mut BTreeMap<K, V>, key: K, value: V) -> Result<(), String> {
    match map.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(value);
            Ok(())
        }
        Entry::Occupied(entry) => Err(format!("{} is reported twice", entry.key())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: &str =
        r#"{"type":"run-started","schema":1,"os":"linux","arch":"x86_64","tests":1,"ignored":0}"#;
    const PASSED: &str = r#"{"type":"test-finished","leg":"spawned","package":"p","binary":"p::it","test":"a","verdict":"passed"}"#;
    const FINISHED: &str = r#"{"type":"run-finished","tests":1,"findings":0,"exit_code":0}"#;

    #[track_caller]
    fn check_error(lines: &[&str], expected: &str) {
        let error = Report::parse(&lines.join("\n")).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_whole_run() {
        let later = r#"{"type":"of-a-later-version"}"#;
        let report = Report::parse(&[STARTED, PASSED, later, FINISHED].join("\n")).unwrap();
        let verdicts = report.verdicts[&TestId::new("p::it", "a")];
        assert_eq!(verdicts, Verdicts { in_process: None, spawned: Some(Verdict::Passed) });
    }

    #[test]
    fn what_is_wrong_with_a_run() {
        check_error(&[], "the first event");
        check_error(&[STARTED, PASSED], "the last event");
        check_error(&[PASSED, FINISHED], "the first event");
        check_error(&[STARTED, STARTED, FINISHED], "line 2");
        check_error(&[STARTED, "HELLO", FINISHED], "no event");
        check_error(&[STARTED, PASSED, PASSED, FINISHED], "two verdicts");
        check_error(&[STARTED, FINISHED], "tests with verdicts: 0");
    }
}
