//! Lines about single tests, and what they print: as `--status-level` and its kin ask for it.

use super::super::finding::lines;
use super::super::levels::{Shown, Status, StatusLevel};
use super::super::message;
use super::super::progress::Progress;
use super::super::text::{INDENT, on_one_line};
use super::{Human, Verbosity, full_name, verdict_style};
use crate::finding::{Leg, Verdict};
use crate::report::TestName;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// What is asked for, and what waits for the end.
#[derive(Debug, Default)]
pub(super) struct Tests {
    shown: Shown,
    lines: Vec<String>,
    /// Whose output, and the output.
    outputs: Vec<(String, String)>,
}

impl<W: Write, S: Write> Human<W, S> {
    /// With these lines about single tests.
    pub(crate) fn showing(mut self, shown: Shown) -> Self {
        self.tests.shown = shown;
        let outputs = [shown.success_output, shown.failure_output];
        if self.level() > StatusLevel::None || outputs.iter().any(|when| when.at_once()) {
            // The bar would be drawn between the lines.
            self.progress = Progress::new(false);
        }
        self
    }

    fn level(&self) -> StatusLevel {
        let default = if self.verbosity == Verbosity::Verbose { StatusLevel::All } else { StatusLevel::None };
        self.tests.shown.status.unwrap_or(default)
    }

    pub(super) fn shows_failures_at_end(&self) -> bool {
        self.tests.shown.failure_output.at_end()
    }

    pub(super) fn status(&mut self, status: &Status<'_>) -> io::Result<()> {
        let Shown { slow, final_status, .. } = self.tests.shown;
        let line = || line(status, slow);
        if status.final_level(slow).is_some_and(|level| level <= final_status) {
            self.tests.lines.push(line());
        }
        if status.level(slow) <= self.level() {
            self.any = true;
            writeln!(self.out, "{}", line())?;
        }
        Ok(())
    }

    pub(super) fn test_output(
        &mut self,
        leg: Leg,
        name: TestName<'_>,
        verdict: Verdict,
        output: &str,
    ) -> io::Result<()> {
        let Shown { success_output, failure_output, .. } = self.tests.shown;
        let when = if verdict.is_bad() { failure_output } else { success_output };
        if output.is_empty() {
            return Ok(());
        }
        let whose = on_one_line(&format!("{leg} {}", full_name(name)));
        if when.at_once() {
            self.output(&whose, output)?;
        }
        // What failing tests print stands below their failure or finding at the end.
        if when.at_end() && !verdict.is_bad() {
            self.tests.outputs.push((whose, output.to_owned()));
        }
        Ok(())
    }

    fn output(&mut self, whose: &str, output: &str) -> io::Result<()> {
        self.headline("OUTPUT", Style::new().bold(), whose, "")?;
        self.details(&lines("", output, usize::MAX))
    }

    /// What has waited for the end.
    pub(super) fn finish_tests(&mut self) -> io::Result<()> {
        let Tests { lines, outputs, .. } = std::mem::take(&mut self.tests);
        for (whose, output) in &outputs {
            self.output(whose, output)?;
        }
        self.any |= !lines.is_empty();
        lines.iter().try_for_each(|line| writeln!(self.out, "{line}"))
    }
}

fn line(status: &Status<'_>, slow: std::time::Duration) -> String {
    let Status { leg, name, verdict, duration, attempt } = *status;
    let is_slow = attempt.is_none() && status.level(slow) == StatusLevel::Slow;
    let style = if is_slow { AnsiColor::Yellow.on_default().bold() } else { verdict_style(verdict) };
    let label = match attempt {
        Some(attempt) => message::attempt(attempt, verdict),
        None if is_slow => "SLOW".to_owned(),
        None => message::verdict(verdict).to_owned(),
    };
    let (line, name) = (message::test_line(leg, duration), on_one_line(&full_name(name)));
    format!("{style}{label:>INDENT$}{style:#}  {line} {name}")
}
