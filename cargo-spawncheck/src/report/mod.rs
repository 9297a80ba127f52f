//! Reports: written by code that sees only [`Event`]s.

mod block;
mod event;
mod files;
mod finding;
mod github;
mod groups;
mod help;
mod human;
mod json;
mod junit;
mod levels;
mod list;
mod list_json;
mod merged;
mod message;
mod progress;
mod replay;
mod story;
#[cfg(test)]
mod tests;
mod text;
mod worker;

pub(crate) use event::{Event, FindingEvent, SCHEMA, Summary, Suspected, TestName};
pub(crate) use files::{Files, Outputs, Tee, check_distinct};
pub(crate) use help::help;
pub(crate) use human::{Human, Verbosity};
pub(crate) use json::Json;
pub(crate) use levels::{FinalStatusLevel, OutputWhen, Shown, StatusLevel};
pub(crate) use list::{Listed, list};
pub(crate) use merged::merged;
pub(crate) use message::{
    binary_failed, carrier as carrier_message, error as error_message, finding as finding_headline,
    needs as worker_needs, not_minimal, proof, unconfirmed, worker as worker_headline, worker_proof,
};
pub(crate) use replay::{CallEvent, KeptEvent, ProcessEvent, ReplayEvent, ReplayReport, WorkerReplayEvent};
pub(crate) use text::{on_one_line, printable};
pub(crate) use worker::WorkerEvent;

use crate::args::{CargoArgs, MessageFormat};
use crate::error::Error;
use anstyle::AnsiColor;
use std::io::{self, Write};
use std::path::Path;
use text::INDENT;

/// Turns events into a report, as they come.
pub(crate) trait Reporter {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()>;
}

/// The one that the command line asks for.
pub(crate) fn reporter(cargo: &CargoArgs, shown: Shown) -> Box<dyn Reporter> {
    if cargo.message_format() == MessageFormat::Json {
        return Box::new(Json::new(io::stdout()));
    }
    let verbosity = match (cargo.quiet(), cargo.verbose()) {
        (true, _) => Verbosity::Quiet,
        (false, 0) => Verbosity::Normal,
        (false, _) => Verbosity::Verbose,
    };
    let out = anstream::AutoStream::new(io::stdout(), cargo.color());
    let status = anstream::AutoStream::new(io::stderr(), cargo.color());
    Box::new(Human::new(out, status, verbosity, true).showing(shown))
}

/// Says what went into an archive, and how many bytes that is, unpacked and packed.
pub(crate) fn archived(binaries: usize, files: usize, [unpacked, packed]: [u64; 2], file: &Path) {
    let style = AnsiColor::Green.on_default().bold();
    let text = message::archived(binaries, files, unpacked, packed);
    let file = printable(&file.to_string_lossy());
    // Nobody reads what cannot be written.
    let _ = writeln!(anstream::stderr(), "{style}{:>INDENT$}{style:#}  {text} in {file}", "Archived");
}

/// Shows on standard error what would be an error under other flags.
pub(crate) fn warn(error: &Error) {
    // Where standard error is closed, nobody wants to know.
    let _ = writeln!(io::stderr(), "{}", message::warning(error));
}
