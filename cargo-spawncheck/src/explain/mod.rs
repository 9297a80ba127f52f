//! `cargo spawncheck explain`: what a kind of finding means, how it comes about, and how it is repaired.
//!
//! The texts are files that read well as they are. Here they are only made fit for a terminal: headings stand out, code is indented.

#[cfg(test)]
mod tests;

use crate::args::{self, ExplainArgs};
use crate::error::Result;
use crate::exit::ExitCode;
use crate::session::write_failed;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// The kinds that there is a text about, those of `cargo spawncheck` first.
pub(crate) const NAMES: [&str; 12] = [
    "brittle",
    "victim",
    "repeat",
    "racy",
    "environment",
    "contention",
    "leak",
    "flaky",
    "diverges",
    "lossy",
    "recursive",
    "oversized",
];

/// The texts, in the order of [`NAMES`].
const TEXTS: [&str; NAMES.len()] = [
    include_str!("brittle.md"),
    include_str!("victim.md"),
    include_str!("repeat.md"),
    include_str!("racy.md"),
    include_str!("environment.md"),
    include_str!("contention.md"),
    include_str!("leak.md"),
    include_str!("flaky.md"),
    include_str!("diverges.md"),
    include_str!("lossy.md"),
    include_str!("recursive.md"),
    include_str!("oversized.md"),
];

/// Prints one text, or a line for each.
pub(crate) fn explain(args: &ExplainArgs) -> Result<ExitCode> {
    let mut out = anstream::AutoStream::new(io::stdout(), args::color(args.color.as_deref()));
    let text = args.kind.as_ref().and_then(|kind| text(kind));
    let written = match text {
        Some(text) => write_text(&mut out, text),
        None => write_list(&mut out),
    };
    written.and_then(|()| out.flush()).map_err(write_failed)?;
    Ok(ExitCode::Ok)
}

fn text(kind: &str) -> Option<&'static str> {
    NAMES.iter().position(|name| *name == kind).map(|index| TEXTS[index])
}

/// The first line of a text is `# NAME: WHAT IT MEANS`.
fn headline(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_start_matches("# ")
}

fn write_list(out: &mut dyn Write) -> io::Result<()> {
    let bold = Style::new().bold();
    for text in TEXTS {
        let (name, meaning) = headline(text).split_once(": ").unwrap_or_default();
        writeln!(out, "{bold}{name:>12}{bold:#}  {meaning}")?;
    }
    writeln!(out, "\n`cargo spawncheck explain KIND` says more.")
}

fn write_text(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let (bold, code) = (Style::new().bold(), AnsiColor::Cyan.on_default());
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code && line.is_empty() {
            writeln!(out)?;
        } else if in_code {
            writeln!(out, "    {code}{line}{code:#}")?;
        } else if line.starts_with('#') {
            writeln!(out, "{bold}{}{bold:#}", line.trim_start_matches('#').trim_start())?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
