//! Results in the order in which tests end, where several run at the same time.
//!
//! The reader for one test after another knows whose turn it is; here, a result counts if it names a test that has none yet.

use super::{Record, section_of_failure};
use crate::finding::Verdict;
use crate::suite::Dialect;
use std::collections::HashMap;

/// How much is kept of what follows the last result.
const MAX_TRAILER: usize = super::MAX_TRAILER;

/// Follows one log.
#[derive(Debug)]
pub(in crate::run) struct AnyOrder {
    dialect: Dialect,
    /// By name, without regard to space where the log pads names into columns.
    pending: HashMap<String, usize>,
    unread: Vec<u8>,
    garbled: bool,
}

impl AnyOrder {
    pub(in crate::run) fn new(dialect: Dialect, expected: impl IntoIterator<Item = (usize, String)>) -> Self {
        let mut pending = HashMap::new();
        let mut garbled = false;
        for (test, name) in expected {
            // Two names that the log does not tell apart: no result could be trusted.
            garbled |= pending.insert(key(dialect, &name), test).is_some();
        }
        Self { dialect, pending, unread: Vec::new(), garbled }
    }

    /// Takes the next piece of the log, and passes on the results that it completes.
    pub(in crate::run) fn push(&mut self, bytes: &[u8], found: &mut dyn FnMut(Record)) {
        self.unread.extend_from_slice(bytes);
        let mut at = 0;
        // Where a result of several lines began.
        let mut begun = None;
        while !self.garbled && !self.pending.is_empty() {
            let from = begun.map_or(at, |(_, next)| next);
            let Some(length) = self.unread[from..].iter().position(|byte| *byte == b'\n') else { break };
            let line = String::from_utf8_lossy(&self.unread[from..from + length]).into_owned();
            let next = from + length + 1;
            match self.line(&line, begun.is_some()) {
                Line::Result(record) => found(record),
                Line::Skip => {}
                Line::GoesOn => {
                    begun = Some((begun.map_or(at, |(start, _)| start), next));
                    continue;
                }
                Line::Garbled => {
                    self.garbled = true;
                    break;
                }
            }
            (at, begun) = (next, None);
        }
        self.unread.drain(..at);
        self.unread.truncate(MAX_TRAILER);
    }

    fn line(&mut self, line: &str, within: bool) -> Line {
        match self.dialect {
            Dialect::Libtest => self.libtest(line, within),
            Dialect::Mimic => self.mimic(line),
        }
    }

    fn libtest(&mut self, line: &str, within: bool) -> Line {
        if within || line.starts_with("failed: ") {
            // A failed `should_panic` says why, in any number of lines; the name is the last word.
            let name = line.rsplit_once(' ').map_or(line, |(_, name)| name);
            return self.result(name, Verdict::Failed).unwrap_or(Line::GoesOn);
        }
        match line.split_once(' ') {
            Some(("ok", name)) => self.result(name, Verdict::Passed).unwrap_or(Line::Garbled),
            Some(("failed", name)) => self.result(name, Verdict::Failed).unwrap_or(Line::Garbled),
            // Ignored tests come before all others, and a reason may go on in further lines.
            _ => Line::Skip,
        }
    }

    fn mimic(&mut self, line: &str) -> Line {
        let Some(line) = line.strip_prefix("test ") else {
            let title = line.is_empty() || line.starts_with("running ");
            return if title { Line::Skip } else { Line::Garbled };
        };
        match line.rsplit_once(" ... ") {
            Some((_, "ignored")) => Line::Skip,
            Some((name, "FAILED")) => self.result(name, Verdict::Failed).unwrap_or(Line::Garbled),
            Some((name, result)) if result == "ok" || result.starts_with("bench: ") => {
                self.result(name, Verdict::Passed).unwrap_or(Line::Garbled)
            }
            _ => Line::Garbled,
        }
    }

    fn result(&mut self, name: &str, verdict: Verdict) -> Option<Line> {
        let test = self.pending.remove(&key(self.dialect, name))?;
        Some(Line::Result(Record { test, verdict }))
    }

    /// Whether every test has its result.
    pub(in crate::run) fn is_complete(&self) -> bool {
        self.pending.is_empty() && !self.garbled
    }

    /// What `name` left to say about its failure, given what its process printed.
    pub(in crate::run) fn failure_text(&self, name: &str, stdout: &str, stderr: &str) -> String {
        section_of_failure(self.dialect, &self.unread, name, stdout, stderr)
    }
}

/// What a line is.
enum Line {
    Result(Record),
    Skip,
    /// The beginning of a result that ends in a later line.
    GoesOn,
    Garbled,
}

fn key(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Libtest => name.to_owned(),
        Dialect::Mimic => name.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
