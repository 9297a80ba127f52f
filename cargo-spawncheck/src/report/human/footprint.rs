//! What `cargo spawncheck footprint` shows.

use super::super::event::TestName;
use super::super::finding::Detail;
use super::super::message;
use super::super::text::INDENT;
use super::{Human, Verbosity, full_name};
use crate::finding::Verdict;
use crate::footprint::Change;
use anstyle::AnsiColor;
use std::io::{self, Write};
use std::time::Duration;

impl<W: Write, S: Write> Human<W, S> {
    pub(super) fn footprint_started(&mut self, binaries: usize, tests: usize) -> io::Result<()> {
        if self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        let style = AnsiColor::Green.on_default().bold();
        let text = message::footprints(tests, binaries);
        writeln!(self.status, "{style}{:>INDENT$}{style:#}  {text}", "Footprints")
    }

    pub(super) fn footprint(
        &mut self,
        name: TestName<'_>,
        verdict: Verdict,
        changes: &[Change],
        library: usize,
    ) -> io::Result<()> {
        let library = if self.verbosity == Verbosity::Verbose { library } else { 0 };
        if changes.is_empty() && library == 0 {
            return Ok(());
        }
        self.progress.finish();
        let style = AnsiColor::Yellow.on_default().bold();
        self.headline("LEAVES", style, &full_name(name), message::footprint_verdict(verdict))?;
        let mut details = Vec::new();
        for change in changes {
            details.push(Detail::new(change.channel.name(), &message::change(change)));
            details.extend(message::change_values(change).map(|text| Detail::new("", &text)));
        }
        details.extend((library > 0).then(|| Detail::new("also", &message::library(library))));
        self.details(&details)
    }

    pub(super) fn footprint_finished(
        &mut self,
        tests: usize,
        leaving: usize,
        wall: Duration,
    ) -> io::Result<()> {
        if self.any {
            writeln!(self.out, "────────────")?;
        }
        let style = AnsiColor::Green.on_default().bold();
        let (wall, text) = (message::wall(wall), message::leaving(tests, leaving));
        writeln!(self.out, "{style}{:>INDENT$}{style:#}  {wall} {text}", "Summary")?;
        self.out.flush()
    }
}
