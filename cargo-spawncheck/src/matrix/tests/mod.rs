//! Reports made up line by line, and what they come to.

mod joining;
mod platforms;

use super::{Matrix, Report, Story, join};
use crate::finding::Level;
use serde_json::{Value, json};

pub(crate) const LINUX: &str = "x86_64-unknown-linux-gnu";
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// A report under construction.
pub(crate) struct Lines {
    file: String,
    lines: Vec<Value>,
}

impl Lines {
    pub(crate) fn of(target: &str) -> Self {
        let os = if target.contains("windows") { "windows" } else { "linux" };
        let start = json!({"type": "run-started", "schema": 1, "version": "0", "os": os, "arch": "x86_64",
            "target": target, "binaries": 1, "tests": 1, "ignored": 0});
        Self { file: format!("{target}.json"), lines: vec![start] }
    }

    pub(crate) fn file(mut self, file: &str) -> Self {
        self.file = file.to_owned();
        self
    }

    /// Another field of the first event.
    pub(crate) fn started(mut self, key: &str, value: &str) -> Self {
        self.lines[0][key] = value.into();
        self
    }

    pub(crate) fn event(mut self, event: Value) -> Self {
        self.lines.push(event);
        self
    }

    pub(crate) fn test(self, test: &str, in_process: &str, spawned: &str) -> Self {
        let event = |leg: &str, verdict: &str| {
            json!({"type": "test-finished", "leg": leg, "package": "p", "binary": "p::it", "test": test,
                "verdict": verdict, "duration_ms": 1.5})
        };
        self.event(event("in-process", in_process)).event(event("spawned", spawned))
    }

    /// `more`: fields besides those that each finding has.
    pub(crate) fn finding(self, kind: &str, level: &str, test: &str, more: Value) -> Self {
        let mut event = json!({"type": "finding", "kind": kind, "level": level, "package": "p", "binary": "p::it",
            "test": test, "in_process": "passed", "spawned": "failed", "culprits": null, "causes": [], "also": [],
            "notes": [], "help": "do something", "replay": "cargo spawncheck replay p::it t"});
        for (key, value) in more.as_object().unwrap() {
            event[key] = value.clone();
        }
        self.event(event)
    }

    pub(crate) fn failure(self, test: &str, output: &str) -> Self {
        self.test(test, "failed", "failed")
            .event(json!({"type": "failure", "package": "p", "binary": "p::it",
            "test": test, "in_process": "failed", "spawned": "failed", "output": output}))
    }

    pub(crate) fn end(self, exit_code: u8) -> Self {
        self.event(json!({"type": "run-finished", "wall_ms": 1500, "exit_code": exit_code}))
    }

    pub(crate) fn report(self) -> Report {
        let mut report = Report::new(self.file);
        for line in self.lines {
            report.line(line.to_string().as_bytes()).unwrap();
        }
        report
    }
}

pub(crate) fn joined(reports: impl IntoIterator<Item = Lines>) -> Matrix {
    join(reports.into_iter().map(Lines::report).collect(), Level::Deny)
}

/// The only one.
#[track_caller]
fn story(matrix: &Matrix) -> &Story {
    let [story] = &matrix.stories[..] else { panic!("{:#?}", matrix.stories) };
    story
}
