//! The report that people read.

mod footprint;
mod status;

use super::event::{Event, FindingEvent, Summary, TestName};
use super::finding::{Detail, EXCERPT_LINES, details, lines};
use super::groups::groups;
use super::levels::Status;
use super::progress::Progress;
use super::text::{INDENT, TEXT_WIDTH, labelled, printable, wrap_words};
use super::{Reporter, block, message};
use crate::finding::{Leg, Level, Verdict};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

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
    tests: status::Tests,
}

impl<W: Write, S: Write> Human<W, S> {
    pub(crate) fn new(out: W, status: S, verbosity: Verbosity, progress: bool) -> Self {
        let progress = Progress::new(progress && verbosity == Verbosity::Normal);
        Self { out, status, verbosity, progress, any: false, tests: status::Tests::default() }
    }

    pub(super) fn headline(&mut self, label: &str, style: Style, name: &str, text: &str) -> io::Result<()> {
        self.any = true;
        block::headline(&mut self.out, label, style, name, text)
    }

    pub(super) fn wrapped(&mut self, label: &str, style: Style, text: &str) -> io::Result<()> {
        block::wrapped(&mut self.out, label, style, text)
    }

    pub(super) fn details(&mut self, details: &[Detail]) -> io::Result<()> {
        block::details(&mut self.out, details)
    }

    fn started(&mut self, binaries: usize, tests: usize) -> io::Result<()> {
        if self.verbosity > Verbosity::Quiet {
            let style = AnsiColor::Green.on_default().bold();
            writeln!(self.status, "{style}{:>INDENT$}{style:#}  {}", "Legs", message::legs(tests, binaries))?;
        }
        self.progress.start(2 * tests);
        Ok(())
    }

    fn findings(&mut self, findings: &[FindingEvent<'_>]) -> io::Result<()> {
        let shown: Vec<_> = findings.iter().filter(|finding| self.shows(finding.level)).collect();
        groups(shown).iter().try_for_each(|group| self.group(group))
    }

    /// Findings that are one story.
    fn group(&mut self, group: &[&FindingEvent<'_>]) -> io::Result<()> {
        let FindingEvent { kind, level, name, in_process, spawned, accepted, culprits, .. } = group[0];
        let style = level_style(*level, accepted.is_some());
        let label = kind.name().to_uppercase();
        match group {
            [_] => {
                let text = message::finding(*kind, *in_process, *spawned, group[0].other_order);
                self.headline(&label, style, &full_name(*name), &text)?;
            }
            _ => {
                let text = message::group(*kind, group.len(), culprits.as_deref().unwrap_or_default());
                self.headline(&label, style, name.binary, &text)?;
            }
        }
        match accepted {
            Some(reason) => self.wrapped("accepted", Style::new().dimmed(), reason),
            None => self.details(&details(group, self.is_verbose(), self.shows_failures_at_end())),
        }
    }

    /// Whether findings of this level are told.
    pub(super) fn shows(&self, level: Level) -> bool {
        level != Level::Allow || self.is_verbose()
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
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
                let (leg, name, verdict, duration) = (*leg, *name, *verdict, *duration);
                self.status(&Status { leg, name, verdict, duration, attempt: None })?;
                self.progress.step();
                Ok(())
            }
            Event::TestRetried { name, attempt, verdict, duration } => {
                let (name, verdict, duration) = (*name, *verdict, *duration);
                self.status(&Status { leg: Leg::Spawned, name, verdict, duration, attempt: Some(*attempt) })
            }
            Event::TestOutput { leg, name, verdict, output } => {
                self.test_output(*leg, *name, *verdict, output)
            }
            Event::Confirming(step) => {
                self.progress.say(message::confirming(*step));
                Ok(())
            }
            Event::Searching(progress) => {
                self.progress.say(message::searching(*progress));
                Ok(())
            }
            Event::BinaryFailed { binary, reason, .. } => {
                self.progress.finish();
                self.any = true;
                let style = AnsiColor::Red.on_default().bold();
                writeln!(self.out, "{style}{:>INDENT$}{style:#}  {}", "FAIL", printable(binary))?;
                writeln!(self.out, "{:INDENT$}  {}", "", message::binary_failed(reason))
            }
            Event::Exploring(step) => {
                self.progress.say(message::exploring(*step));
                Ok(())
            }
            Event::Explored { .. } => Ok(()),
            Event::Limited { binary, reason, .. } => {
                self.progress.finish();
                if self.verbosity == Verbosity::Quiet {
                    return Ok(());
                }
                let style = AnsiColor::Yellow.on_default().bold();
                let text = format!("{}: {}", printable(binary), printable(reason));
                for (index, line) in wrap_words(&text, TEXT_WIDTH).iter().enumerate() {
                    labelled(&mut self.status, if index == 0 { "Limited" } else { "" }, style, line)?;
                }
                Ok(())
            }
            Event::FootprintStarted { binaries, tests, .. } => {
                self.progress.start(*tests);
                self.footprint_started(*binaries, *tests)
            }
            Event::Footprint { name, verdict, changes, library } => {
                self.footprint(*name, *verdict, changes, *library)
            }
            Event::FootprintFinished { tests, leaving, wall } => {
                self.progress.finish();
                self.footprint_finished(*tests, *leaving, *wall)
            }
            Event::Failure { name, in_process, spawned, output } => {
                self.progress.finish();
                let style = AnsiColor::Red.on_default().bold();
                self.headline("FAIL", style, &full_name(*name), &message::failure(*in_process, *spawned))?;
                match self.shows_failures_at_end() {
                    true => self.details(&lines("output", output, EXCERPT_LINES)),
                    false => Ok(()),
                }
            }
            Event::Findings(findings) => {
                self.progress.finish();
                self.findings(findings)
            }
            Event::Worker(finding) => {
                self.progress.finish();
                self.worker(finding)
            }
            Event::Unconfirmed { name, in_process, spawned } => {
                self.progress.finish();
                let style = AnsiColor::Yellow.on_default().bold();
                let text = message::unconfirmed(*in_process, *spawned);
                self.headline("UNCONFIRMED", style, &full_name(*name), &text)
            }
            Event::RunFinished(summary) => {
                self.progress.finish();
                self.finish_tests()?;
                self.summary(summary)
            }
        }
    }
}

pub(super) fn full_name(name: TestName<'_>) -> String {
    format!("{} {}", name.binary, name.test)
}

/// Of a finding's headline.
pub(super) fn level_style(level: Level, accepted: bool) -> Style {
    match (level, accepted) {
        (Level::Deny, false) => AnsiColor::Red.on_default().bold(),
        (Level::Warn, false) => AnsiColor::Yellow.on_default().bold(),
        _ => Style::new().dimmed(),
    }
}

fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Passed => AnsiColor::Green.on_default(),
        Verdict::Ignored | Verdict::NotRun => Style::new().dimmed(),
        _ => AnsiColor::Red.on_default().bold(),
    }
}
