//! `cargo spawncheck list`: the tests of each binary.

use super::list_json::Listing;
use super::printable;
use crate::args::ListFormat;
use crate::list::Skipped;
use crate::partition::Share;
use crate::suite::{RunIgnored, Suite};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// What there is to list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) skipped: &'a [Skipped],
    /// Says of a test that is not selected whether that is because it is another shard's.
    pub(crate) share: &'a Share,
}

/// Writes the tests: those that run, or as JSON all of them.
pub(crate) fn list(
    out: &mut dyn Write,
    format: ListFormat,
    listed: &Listed<'_>,
    mode: RunIgnored,
) -> io::Result<()> {
    let json = match format {
        ListFormat::Human => return human(out, listed, mode),
        ListFormat::Json => serde_json::to_string(&Listing::new(listed, mode))?,
        ListFormat::JsonPretty => serde_json::to_string_pretty(&Listing::new(listed, mode))?,
    };
    writeln!(out, "{json}")?;
    out.flush()
}

/// The selected tests that `mode` runs.
fn human(out: &mut dyn Write, listed: &Listed<'_>, mode: RunIgnored) -> io::Result<()> {
    let Listed { suite, skipped, .. } = listed;
    let bold = AnsiColor::Magenta.on_default().bold();
    for binary in &suite.binaries {
        let tests: Vec<_> =
            binary.selected().map(|index| &binary.tests[index]).filter(|test| mode.runs(test)).collect();
        if tests.is_empty() {
            continue;
        }
        writeln!(out, "{bold}{}{bold:#}:", printable(&binary.id))?;
        for test in tests {
            writeln!(out, "    {}", printable(&test.name))?;
        }
    }
    let dim = Style::new().dimmed();
    for Skipped { id, reason, .. } in *skipped {
        writeln!(out, "{bold}{}{bold:#}: {dim}skipped: {}{dim:#}", printable(id), printable(reason))?;
    }
    out.flush()
}
