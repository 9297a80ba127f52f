//! The calls of a worker that were made again.

use super::{conclusion, wrapped};
use crate::explanation::Cause;
use crate::finding::{Kind, Level};
use crate::report::event::TestName;
use crate::report::finding::{Detail, lines};
use crate::report::message::{self, replay};
use crate::report::text::{labelled, on_one_line};
use anstyle::Style;
use serde::Serialize;
use std::io::{self, Write};

/// A value's first lines.
const LINES: usize = 8;

/// A finding about a worker that was shown again, or was not.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "replayed")]
pub(crate) struct WorkerReplayEvent<'a> {
    pub(crate) schema: u32,
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    #[serde(flatten)]
    pub(crate) name: TestName<'a>,
    pub(crate) worker: &'a str,
    pub(crate) input: Option<&'a str>,
    pub(crate) reproduced: bool,
    /// The reference first.
    pub(crate) processes: [CallEvent<'a>; 2],
    /// As they were kept: they have not been looked for again.
    pub(crate) causes: &'a [Cause],
    pub(crate) exit_code: u8,
}

/// One of its processes, and what came of the last call in it.
#[derive(Debug, Serialize)]
pub(crate) struct CallEvent<'a> {
    pub(crate) context: &'a str,
    /// Whether setup ran in it.
    pub(crate) setup: bool,
    /// The inputs of earlier calls.
    pub(crate) after: &'a [String],
    pub(crate) outcome: String,
    /// What it was when the finding was kept; `null` if that is not known.
    pub(crate) kept_outcome: Option<&'a str>,
    pub(crate) as_kept: bool,
}

pub(in crate::report) fn human(out: &mut dyn Write, event: &WorkerReplayEvent<'_>) -> io::Result<()> {
    let WorkerReplayEvent { kind, level, name, worker, input, reproduced, processes, causes, .. } = event;
    let about = format!("{} {}  {}", name.binary, name.test, replay::kept_as(*kind));
    wrapped(out, "Replay", Style::new().bold(), &about)?;
    let mut details = Vec::new();
    // A suite's tests are called as their workers are; a test may check several.
    if *worker != name.test {
        details.extend(lines("worker", worker, LINES));
    }
    details.extend(input.iter().flat_map(|input| lines("input", input, LINES)));
    details.extend(processes.iter().flat_map(process_details));
    for Detail { label, text, .. } in details {
        labelled(out, &label, Style::new().dimmed(), &text)?;
    }
    let text = match reproduced {
        true => replay::calls_differ(processes, *level),
        false => replay::CALLS_AGREE.to_owned(),
    };
    conclusion(out, (*reproduced, *level), causes, &text)
}

fn process_details(process: &CallEvent<'_>) -> Vec<Detail> {
    // A name of the user's own must not begin a line.
    let mut details = lines(on_one_line(process.context), &replay::call(process), LINES);
    details.extend(lines("", &process.outcome, LINES));
    details.push(Detail::verbatim("", &replay::compared(process)));
    details
}

impl CallEvent<'_> {
    /// What it took to make the call.
    pub(in crate::report) fn needs(&self) -> String {
        message::needs(self.setup, self.after)
    }
}
