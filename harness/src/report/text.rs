//! Findings as a person reads them.

use super::Report;
use crate::finding::{Finding, Kind, Loss};
use std::fmt;

/// Longer values are cut, in characters.
const LONGEST: usize = 200;

/// Nothing where there is nothing to tell.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for finding in &self.findings {
            write!(f, "{separator}{finding}")?;
            separator = "\n";
        }
        for error in &self.errors {
            writeln!(f, "{separator}error: {error}")?;
            separator = "";
        }
        Ok(())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "worker `{}` {}", self.worker, headline(self.kind, self.loss.as_ref()))?;
        match self.kind {
            Kind::Diverges => diverges(self, f)?,
            Kind::Lossy => lossy(self, f)?,
            Kind::Recursive => line(f, "where", &self.message)?,
            Kind::Oversized => line(f, "input", &self.message)?,
            Kind::Flaky => table(self, f, "")?,
        }
        if let Some(kept) = &self.kept {
            line(f, "kept", &format!("{kept}, tried first in the next run"))?;
        }
        line(f, "help", help(self))
    }
}

fn headline(kind: Kind, loss: Option<&Loss>) -> &'static str {
    match (kind, loss) {
        (Kind::Diverges, _) => "depends on state that it inherited",
        (Kind::Lossy, Some(Loss { output: true, .. })) => "returns what changes on its way to the parent",
        (Kind::Lossy, _) => "gets an input that changes on its way",
        (Kind::Recursive, _) => "is handed out by a child again",
        (Kind::Oversized, _) => "gets an input that is larger than the limit",
        (Kind::Flaky, _) => "gives another result in each fresh child; that is no inherited state",
    }
}

fn diverges(finding: &Finding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (differing, tried) = finding.counts;
    table(finding, f, &format!("(smallest of {differing} that differ, {tried} tried)"))?;
    line(f, "needs", &needs(finding))
}

fn lossy(finding: &Finding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    table(finding, f, "")?;
    let Some(Loss { field, before, after, .. }) = &finding.loss else { return Ok(()) };
    let field = if field.is_empty() { "the value" } else { field };
    line(f, "field", &format!("{field}: {} → {}", cut(before), cut(after)))
}

/// The input, and what came of it in each context.
fn table(finding: &Finding, f: &mut fmt::Formatter<'_>, remark: &str) -> fmt::Result {
    if let Some(input) = &finding.input {
        let input = cut(input);
        line(f, "input", format!("{input:<14} {remark}").trim_end())?;
    }
    for (context, outcome) in &finding.outcomes {
        let outcome = cut(&outcome.to_string());
        line(f, &context.to_string(), format!("{outcome:<14} {}", context.note()).trim_end())?;
    }
    Ok(())
}

fn needs(finding: &Finding) -> String {
    let calls = match &*finding.history {
        [] => "no earlier call".to_owned(),
        [one] => format!("an earlier call with {}", cut(one)),
        more => {
            let inputs: Vec<_> = more.iter().map(|input| cut(input)).collect();
            format!("earlier calls with {}", inputs.join(", then "))
        }
    };
    match (finding.needs_setup, finding.history.is_empty()) {
        (true, _) => format!("setup, and {calls}"),
        (false, false) => format!("{calls}; no setup"),
        (false, true) => "neither setup nor an earlier call: the context itself".to_owned(),
    }
}

fn help(finding: &Finding) -> &'static str {
    match finding.kind {
        Kind::Diverges if finding.needs_setup => {
            "pass what `setup` provides as part of the input, or set it up inside the worker"
        }
        Kind::Diverges if !finding.history.is_empty() => {
            "do not keep anything between calls, or make it part of input and output"
        }
        Kind::Diverges => "do not depend on the thread or process that the worker runs in",
        Kind::Lossy => "serialize the field, or leave it out of the type that crosses",
        Kind::Recursive => {
            "a child runs the same code up to `run()`: hand out work after that, and neither in setup nor in a worker"
        }
        Kind::Oversized => "pass a path and load it inside the worker, or pass a `spawncheck::Shared`",
        Kind::Flaky => "take time, random numbers and the order of hash maps out of the result",
    }
}

/// One line; further lines of its text are indented alike.
fn line(f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    let mut lines = text.lines();
    writeln!(f, "  {label:<11} {}", lines.next().unwrap_or_default())?;
    for more in lines {
        writeln!(f, "  {:<11} {more}", "")?;
    }
    Ok(())
}

/// Shortened, and without control characters that a terminal would obey.
fn cut(text: &str) -> String {
    let clean = |c: char| if c.is_control() && c != '\n' { '\u{fffd}' } else { c };
    let mut short: String = text.chars().map(clean).take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
