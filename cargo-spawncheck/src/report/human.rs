//! The report that people read.

use super::event::{Event, Summary, TestName};
use super::progress::Progress;
use super::text::{excerpt, printable};
use super::{Reporter, message};
use crate::finding::{Evidence, Level, Verdict};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// Where a line's text begins, as in cargo's own output.
const INDENT: usize = 12;

/// How many lines of a leg's output to show.
const EXCERPT_LINES: usize = 10;

/// Lines are not longer than this, except where a name or a command is.
const WIDTH: usize = 80;

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

/// Writes findings and the summary to `out`, what is passing to `status`.
#[derive(Debug)]
pub(crate) struct Human<W, S> {
    out: W,
    status: S,
    verbosity: Verbosity,
    progress: Progress,
    /// Whether anything stands above the line before the summary.
    any: bool,
}

impl<W: Write, S: Write> Human<W, S> {
    pub(crate) fn new(out: W, status: S, verbosity: Verbosity, progress: bool) -> Self {
        let progress = Progress::new(progress && verbosity == Verbosity::Normal);
        Self { out, status, verbosity, progress, any: false }
    }

    /// A headline: what, which test, what about it; over two lines where one is too short.
    fn headline(&mut self, label: &str, style: Style, name: TestName<'_>, text: &str) -> io::Result<()> {
        self.any = true;
        let name = printable(&format!("{} {}", name.binary, name.test));
        let label = format!("{style}{label:>INDENT$}{style:#}");
        if INDENT + 4 + name.chars().count() + text.chars().count() <= WIDTH {
            return writeln!(self.out, "{label}  {name}  {text}");
        }
        writeln!(self.out, "{label}  {name}")?;
        writeln!(self.out, "{:INDENT$}  {text}", "")
    }

    /// A labelled text below a headline.
    fn detail(&mut self, label: &str, text: &str) -> io::Result<()> {
        let dim = Style::new().dimmed();
        writeln!(self.out, "{:INDENT$}  {dim}{label:<10}{dim:#} {text}", "")
    }

    fn output(&mut self, label: &str, text: &str) -> io::Result<()> {
        let lines = excerpt(text, EXCERPT_LINES, WIDTH - INDENT - 13);
        for (index, line) in lines.iter().enumerate() {
            self.detail(if index == 0 { label } else { "" }, line)?;
        }
        Ok(())
    }

    fn started(&mut self, binaries: usize, tests: usize) -> io::Result<()> {
        if self.verbosity > Verbosity::Quiet {
            let style = AnsiColor::Green.on_default().bold();
            writeln!(self.status, "{style}{:>INDENT$}{style:#}  {}", "Legs", message::legs(tests, binaries))?;
        }
        self.progress.start(2 * tests);
        Ok(())
    }

    fn finding(&mut self, finding: &Event<'_>) -> io::Result<()> {
        let Event::Finding { kind, level, name, in_process, spawned, evidence, accepted, replay, .. } =
            finding
        else {
            return Ok(());
        };
        if *level == Level::Allow && self.verbosity < Verbosity::Verbose {
            return Ok(());
        }
        let style = match (level, accepted) {
            (Level::Deny, None) => AnsiColor::Red.on_default().bold(),
            (Level::Warn, None) => AnsiColor::Yellow.on_default().bold(),
            _ => Style::new().dimmed(),
        };
        let text = message::finding(*kind, *in_process, *spawned);
        self.headline(&kind.name().to_uppercase(), style, *name, &text)?;
        if let Some(reason) = accepted {
            return self.detail("accepted", &printable(reason));
        }
        if let Some(Evidence { leg, text }) = evidence {
            self.output(&leg.to_string(), text)?;
        }
        self.detail("help", message::help(*kind))?;
        self.detail("again", replay)
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        if summary.tests == 0 {
            // What is wrong with that is said elsewhere.
            return Ok(());
        }
        let clean = !summary.by_kind.iter().any(|(_, number)| *number > 0)
            && summary.failed + summary.unconfirmed + summary.binaries_failed == 0;
        let style = match (summary.exit_code, clean) {
            (0, true) => AnsiColor::Green.on_default().bold(),
            (0, false) => AnsiColor::Yellow.on_default().bold(),
            _ => AnsiColor::Red.on_default().bold(),
        };
        if self.any {
            writeln!(self.out, "────────────")?;
        }
        let (wall, text) = (message::wall(summary.wall), message::summary(summary));
        writeln!(self.out, "{style}{:>INDENT$}{style:#}  {wall} {text}", "Summary")?;
        self.out.flush()
    }
}

impl<W: Write, S: Write> Reporter for Human<W, S> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::RunStarted { binaries, tests, .. } => self.started(*binaries, *tests),
            Event::BinarySkipped { binary, reason, .. } if self.verbosity > Verbosity::Quiet => {
                let style = AnsiColor::Yellow.on_default().bold();
                let (binary, reason) = (printable(binary), printable(reason));
                writeln!(self.status, "{style}{:>INDENT$}{style:#}  {binary}: {reason}", "Skipped")
            }
            Event::BinarySkipped { .. } => Ok(()),
            Event::TestFinished { leg, name, verdict, duration } => {
                if self.verbosity == Verbosity::Verbose {
                    let style = verdict_style(*verdict);
                    let label = message::verdict(*verdict);
                    let name = printable(&format!("{} {}", name.binary, name.test));
                    let line = message::test_line(*leg, *duration);
                    writeln!(self.out, "{style}{label:>INDENT$}{style:#}  {line} {name}")?;
                    self.any = true;
                }
                self.progress.step();
                Ok(())
            }
            Event::Confirming(step) => {
                self.progress.say(message::confirming(*step));
                Ok(())
            }
            Event::BinaryFailed { binary, reason, .. } => {
                self.progress.finish();
                self.any = true;
                let style = AnsiColor::Red.on_default().bold();
                writeln!(self.out, "{style}{:>INDENT$}{style:#}  {}", "FAIL", printable(binary))?;
                writeln!(self.out, "{:INDENT$}  {}", "", message::binary_failed(reason))
            }
            Event::Failure { name, in_process, spawned, output } => {
                self.progress.finish();
                let style = AnsiColor::Red.on_default().bold();
                self.headline("FAIL", style, *name, &message::failure(*in_process, *spawned))?;
                self.output("output", output)
            }
            Event::Finding { .. } => {
                self.progress.finish();
                self.finding(event)
            }
            Event::Unconfirmed { name, in_process, spawned } => {
                self.progress.finish();
                let style = AnsiColor::Yellow.on_default().bold();
                self.headline("UNCONFIRMED", style, *name, &message::unconfirmed(*in_process, *spawned))
            }
            Event::RunFinished(summary) => {
                self.progress.finish();
                self.summary(summary)
            }
        }
    }
}

fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Passed => AnsiColor::Green.on_default(),
        Verdict::Ignored | Verdict::NotRun => Style::new().dimmed(),
        _ => AnsiColor::Red.on_default().bold(),
    }
}
