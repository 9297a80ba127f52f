//! What `cargo spawncheck replay` says: the processes that it ran, and whether they still show the finding.

pub(super) mod worker;

pub(crate) use worker::{CallEvent, WorkerReplayEvent};

use super::event::TestName;
use super::finding::{Detail, lines};
use super::text::{INDENT, TEXT_WIDTH, labelled, on_one_line, wrap_words};
use super::{message, message::replay};
use crate::args::MessageFormat;
use crate::explanation::Cause;
use crate::finding::{Kind, Level, Verdict};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::io::{self, Write};

/// How many lines of a process's output to show: nearly all that is kept of it.
const OUTPUT_LINES: usize = 40;

/// A finding that was shown again, or was not.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "replayed")]
pub(crate) struct ReplayEvent<'a> {
    pub(crate) schema: u32,
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    #[serde(flatten)]
    pub(crate) name: TestName<'a>,
    pub(crate) reproduced: bool,
    pub(crate) processes: Vec<ProcessEvent<'a>>,
    pub(crate) culprits: Option<&'a [String]>,
    /// As they were kept: they have not been looked for again.
    pub(crate) causes: &'a [Cause],
    pub(crate) notes: Vec<String>,
    pub(crate) exit_code: u8,
}

/// One of its processes.
#[derive(Debug, Serialize)]
pub(crate) struct ProcessEvent<'a> {
    /// The tests that ran before it in the same process.
    pub(crate) after: Vec<&'a str>,
    /// Alone, but with the caller's whole environment.
    pub(crate) whole_environment: bool,
    /// About the same with cargo alone, where that fits in a line.
    pub(crate) command: Option<String>,
    pub(crate) verdict: Verdict,
    /// What it was when the finding was kept; `null` where it does not matter.
    pub(crate) kept_verdict: Option<Verdict>,
    pub(crate) leaves_something: bool,
    /// Whether it shows what it did then.
    pub(crate) as_kept: bool,
    pub(crate) output: String,
}

/// A finding that can be replayed.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "kept")]
pub(crate) struct KeptEvent<'a> {
    pub(crate) kind: Kind,
    #[serde(flatten)]
    pub(crate) name: TestName<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) worker: Option<&'a str>,
    pub(crate) replay: &'a str,
}

/// Writes to standard output.
pub(crate) struct ReplayReport {
    format: MessageFormat,
    out: Box<dyn Write>,
}

impl ReplayReport {
    pub(crate) fn new(format: MessageFormat, color: anstream::ColorChoice) -> Self {
        match format {
            MessageFormat::Json => Self { format, out: Box::new(io::stdout()) },
            MessageFormat::Human => {
                Self { format, out: Box::new(anstream::AutoStream::new(io::stdout(), color)) }
            }
        }
    }

    /// What can be replayed.
    pub(crate) fn list(&mut self, kept: &[KeptEvent<'_>]) -> io::Result<()> {
        if self.format == MessageFormat::Json {
            return kept.iter().try_for_each(|kept| json(&mut *self.out, kept));
        }
        if kept.is_empty() {
            return writeln!(self.out, "{}", replay::NOTHING_KEPT);
        }
        kept.iter().try_for_each(|kept| {
            let style = Style::new().bold();
            let (label, command) = (kept.kind.name().to_uppercase(), on_one_line(kept.replay));
            writeln!(self.out, "{style}{label:>INDENT$}{style:#}  {command}")
        })
    }

    pub(crate) fn worker_replayed(&mut self, event: &WorkerReplayEvent<'_>) -> io::Result<()> {
        match self.format {
            MessageFormat::Json => json(&mut *self.out, event),
            MessageFormat::Human => worker::human(&mut *self.out, event),
        }
    }

    pub(crate) fn replayed(&mut self, event: &ReplayEvent<'_>) -> io::Result<()> {
        match self.format {
            MessageFormat::Json => json(&mut *self.out, event),
            MessageFormat::Human => human(&mut *self.out, event),
        }
    }
}

pub(super) fn json(out: &mut dyn Write, event: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

pub(super) fn human(out: &mut dyn Write, event: &ReplayEvent<'_>) -> io::Result<()> {
    let ReplayEvent { kind, level, name, reproduced, processes, causes, notes, .. } = event;
    let dim = Style::new().dimmed();
    let about = format!("{} {}  {}", name.binary, name.test, replay::kept_as(*kind));
    wrapped(out, "Replay", Style::new().bold(), &about)?;
    for Detail { label, text, verbatim } in processes.iter().flat_map(process_details) {
        match verbatim {
            true => labelled(out, &label, dim, &text)?,
            false => wrapped(out, &label, dim, &text)?,
        }
    }
    for note in notes {
        wrapped(out, "note", dim, note)?;
    }
    let text = if *reproduced { replay::reproduced(processes, *level) } else { replay::gone(processes) };
    conclusion(out, (*reproduced, *level), causes, &text)
}

/// Whether it is still there, and what was known of it.
fn conclusion(
    out: &mut dyn Write,
    (reproduced, level): (bool, Level),
    causes: &[Cause],
    text: &str,
) -> io::Result<()> {
    for cause in causes.iter().filter(|cause| reproduced && cause.confirmed) {
        wrapped(out, "known cause", Style::new().dimmed(), &message::carrier(&cause.carrier))?;
    }
    let (label, color) = match (reproduced, level) {
        (true, Level::Deny) => ("Reproduced", AnsiColor::Red),
        (true, _) => ("Reproduced", AnsiColor::Yellow),
        (false, _) => ("Gone", AnsiColor::Green),
    };
    wrapped(out, label, color.on_default().bold(), text)?;
    out.flush()
}

fn process_details(process: &ProcessEvent<'_>) -> Vec<Detail> {
    let label = if process.after.is_empty() { "alone" } else { "after" };
    let mut details = vec![Detail::new(label, &replay::process(process))];
    details.push(Detail::new("", &replay::verdict(process)));
    details.extend(process.command.iter().map(|command| Detail::verbatim("", &format!("$ {command}"))));
    details.extend(lines("output", &process.output, OUTPUT_LINES));
    details
}

fn wrapped(out: &mut dyn Write, label: &str, style: Style, text: &str) -> io::Result<()> {
    for (index, line) in wrap_words(&on_one_line(text), TEXT_WIDTH).iter().enumerate() {
        labelled(out, if index == 0 { label } else { "" }, style, line)?;
    }
    Ok(())
}
