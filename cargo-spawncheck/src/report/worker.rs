//! What test binaries state of their workers.

use super::event::TestName;
use super::finding::{Detail, also, each_cause, fresh_and_inherited, lines};
use super::help::worker_help;
use super::human::{Human, full_name, level_style};
use super::message;
use super::text::on_one_line;
use crate::explanation::{Carrier, Explanation};
use crate::finding::Level;
use crate::worker::{Loss, WorkerFinding};
use anstyle::Style;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// A value's first lines.
const LINES: usize = 4;

/// A finding about a worker, as it is reported.
#[derive(Debug)]
pub(crate) struct WorkerEvent<'a> {
    pub(crate) level: Level,
    pub(crate) name: TestName<'a>,
    pub(crate) finding: &'a WorkerFinding,
    /// Why the configuration accepts it.
    pub(crate) accepted: Option<&'a str>,
    pub(crate) replay: &'a str,
}

impl<W: Write, S: Write> Human<W, S> {
    pub(super) fn worker(&mut self, event: &WorkerEvent<'_>) -> io::Result<()> {
        let WorkerEvent { level, name, finding, accepted, .. } = event;
        if !self.shows(*level) {
            return Ok(());
        }
        let style = level_style(*level, accepted.is_some());
        let output = finding.loss.as_ref().is_some_and(|loss| loss.output);
        let text = message::worker(finding.kind, output);
        self.headline(&finding.kind.name().to_uppercase(), style, &full_name(*name), text)?;
        match accepted {
            Some(reason) => self.wrapped("accepted", Style::new().dimmed(), reason),
            None => self.details(&details(event, self.is_verbose())),
        }
    }
}

/// All that there is to say of a finding.
fn details(event: &WorkerEvent<'_>, verbose: bool) -> Vec<Detail> {
    let WorkerEvent { name, finding, replay, .. } = event;
    let mut details = Vec::new();
    // A suite's tests are called as their workers are; a test may check several.
    if finding.worker != name.test {
        details.extend(value("worker", &finding.worker));
    }
    details.extend(what_it_shows(finding));
    details.extend(how_it_comes_about(&finding.explanation, verbose));
    details.push(Detail::new("help", &worker_help(finding)));
    details.push(Detail::verbatim("again", replay));
    details
}

fn what_it_shows(finding: &WorkerFinding) -> Vec<Detail> {
    let mut details = Vec::new();
    if let Some(input) = &finding.input {
        details.extend(value("input", input));
    }
    for (context, outcome) in &finding.outcomes {
        // A name of the user's own must not begin a line.
        details.extend(lines(on_one_line(context), outcome, LINES));
    }
    if let Some(setup) = finding.needs_setup {
        details.extend(value("needs", &message::needs(setup, &finding.history)));
    }
    if let Some(Loss { field, before, after, .. }) = &finding.loss {
        details.extend(value("field", if field.is_empty() { "the whole value" } else { field }));
        details.extend(value("before", before));
        details.extend(value("after", after));
    }
    if let Some(message) = &finding.message {
        details.extend(value("because", message));
    }
    details
}

fn how_it_comes_about(explanation: &Explanation, verbose: bool) -> Vec<Detail> {
    let Explanation { causes, also: others, notes, .. } = explanation;
    let values = |index: usize| {
        let Carrier { fresh, inherited, .. } = &causes[index].carrier;
        fresh_and_inherited(fresh, inherited)
    };
    let mut details = each_cause(causes, &values, &message::worker_proof);
    details.extend(also(others, verbose));
    details.extend(notes.iter().map(|note| Detail::new("note", note)));
    details
}

/// A label and a value from outside.
fn value(label: &'static str, text: &str) -> Vec<Detail> {
    lines(label, text, LINES)
}

/// As a finding about a test, with other fields.
impl Serialize for WorkerEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { level, name: TestName { package, binary, test }, finding, accepted, replay } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &finding.kind)?;
        map.serialize_entry("level", level)?;
        map.serialize_entry("package", package)?;
        map.serialize_entry("binary", binary)?;
        map.serialize_entry("test", test)?;
        map.serialize_entry("worker", &finding.worker)?;
        map.serialize_entry("input", &finding.input)?;
        map.serialize_entry("outcomes", &Outcomes(&finding.outcomes))?;
        map.serialize_entry("history", &finding.history)?;
        optional(&mut map, "needs_setup", finding.needs_setup.as_ref())?;
        if let Some(Loss { output, field, before, after }) = &finding.loss {
            map.serialize_entry("field", field)?;
            map.serialize_entry("value", if *output { "output" } else { "input" })?;
            map.serialize_entry("before", before)?;
            map.serialize_entry("after", after)?;
        }
        optional(&mut map, "message", finding.message.as_ref())?;
        let Explanation { causes, also, notes, .. } = &finding.explanation;
        map.serialize_entry("causes", causes)?;
        map.serialize_entry("also", also)?;
        map.serialize_entry("notes", notes)?;
        map.serialize_entry("help", &worker_help(finding))?;
        optional(&mut map, "accepted", accepted.as_ref())?;
        map.serialize_entry("replay", replay)?;
        map.end()
    }
}

fn optional<M: SerializeMap>(map: &mut M, key: &str, value: Option<&impl Serialize>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}

/// An object whose keys are contexts, in their order.
struct Outcomes<'a>(&'a [(String, String)]);

impl Serialize for Outcomes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(context, outcome)| (context, outcome)))
    }
}

#[cfg(test)]
mod tests;
