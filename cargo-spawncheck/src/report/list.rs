//! `cargo spawncheck list`: the tests of each binary.

use super::list_json::Listing;
use super::printable;
use crate::args::ListFormat;
use crate::list::Skipped;
use crate::suite::{RunIgnored, Suite};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// Writes the tests: those that run, or as JSON all of them.
pub(crate) fn list(
    out: &mut dyn Write,
    format: ListFormat,
    suite: &Suite,
    skipped: &[Skipped],
    mode: RunIgnored,
) -> io::Result<()> {
    let json = match format {
        ListFormat::Human => return human(out, suite, skipped, mode),
        ListFormat::Json => serde_json::to_string(&Listing::new(suite, skipped, mode))?,
        ListFormat::JsonPretty => serde_json::to_string_pretty(&Listing::new(suite, skipped, mode))?,
    };
    writeln!(out, "{json}")?;
    out.flush()
}

/// The selected tests that `mode` runs.
fn human(out: &mut dyn Write, suite: &Suite, skipped: &[Skipped], mode: RunIgnored) -> io::Result<()> {
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
    for Skipped { id, reason, .. } in skipped {
        writeln!(out, "{bold}{}{bold:#}: {dim}skipped: {}{dim:#}", printable(id), printable(reason))?;
    }
    out.flush()
}
