//! Findings as a person reads them: a headline, then a label and its text on each line.

mod table;

use super::Report;
use crate::finding::{Finding, Kind, Loss};
use crate::printable::{on_one_line, printable};
use std::fmt::{self, Formatter};

/// Longer values are cut, in characters and in lines.
const LONGEST: usize = 200;
const MOST_LINES: usize = 8;

/// So much of a line belongs to its label.
const LABEL: usize = 11;

/// What can be broken is, if it has more characters than this: with its label, that is a line of 100.
const FITS: usize = 86;

/// Nothing where there is nothing to tell.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
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
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "worker `{}` {}", on_one_line(&self.worker), headline(self))?;
        match self.kind {
            Kind::Diverges => {
                let (differing, tried) = self.counts;
                table::write(self, f, &format!("smallest of {differing} that differ, {tried} tried"))?;
                line(f, "needs", &needs(self))?;
            }
            Kind::Flaky => table::write(self, f, "")?,
            Kind::Lossy => {
                table::write(self, f, "")?;
                if let Some(loss) = &self.loss {
                    line(f, "field", &changed(loss))?;
                }
            }
            Kind::Recursive => line(f, "where", &self.message)?,
            Kind::Oversized => line(f, "input", &self.message)?,
        }
        line(f, "help", help(self))?;
        line(f, "again", &again(self))
    }
}

fn headline(finding: &Finding) -> &'static str {
    match (finding.kind, &finding.loss) {
        (Kind::Diverges, _) => "depends on state that it inherited",
        (Kind::Lossy, Some(Loss { output: true, .. })) => "returns what changes on its way to the parent",
        (Kind::Lossy, _) => "gets an input that changes on its way",
        (Kind::Recursive, _) => "is handed out by a child again",
        (Kind::Oversized, _) => "gets an input that is larger than the limit",
        (Kind::Flaky, _) => "comes to different results in identical runs; that is no inherited state",
    }
}

fn changed(loss: &Loss) -> String {
    let field = if loss.field.is_empty() { "the value" } else { &loss.field };
    let (before, after) = (cut(&loss.before), cut(&loss.after));
    let text = format!("{field}: {before} → {after}");
    if fits(&text) { text } else { format!("{field}:\n  {before}\n→ {after}") }
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
            "a child runs the same code up to `run()`: hand out work after that,\nand neither in setup nor in a worker"
        }
        Kind::Oversized => "pass a path and load it inside the worker, or pass a `spawncheck::Shared`",
        Kind::Flaky => "take time, random numbers and the order of hash maps out of the result",
    }
}

/// How to see it again.
fn again(finding: &Finding) -> String {
    let command = crate::replay::command(&finding.test);
    let remark = match (&finding.kept, finding.kind) {
        (Some(kept), _) => format!("(kept in {kept}, tried first)"),
        // No input makes a difference to it.
        (None, Kind::Recursive) => return command,
        (None, _) => "(not kept: inputs are generated anew)".into(),
    };
    let text = format!("{command}   {remark}");
    if fits(&text) { text } else { format!("{command}\n{remark}") }
}

fn fits(text: &str) -> bool {
    text.chars().count() <= FITS
}

/// One line; further lines of its text are indented alike.
fn line(f: &mut Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    let (label, text) = (on_one_line(label), printable(text));
    let mut lines = text.lines();
    writeln!(f, "  {label:<LABEL$} {}", lines.next().unwrap_or_default())?;
    for more in lines {
        writeln!(f, "{}", format_args!("  {:<LABEL$} {more}", "").to_string().trim_end())?;
    }
    Ok(())
}

/// The beginning of a text, if it is long.
fn cut(text: &str) -> String {
    excerpt(text, 0)
}

/// What comes after the first `skip` characters, up to a length, with `…` for what is left out.
fn excerpt(text: &str, skip: usize) -> String {
    let start = text.char_indices().nth(skip).map_or(text.len(), |(at, _)| at);
    let rest = &text[start..];
    let by_length = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(at, _)| at);
    let by_lines = rest.match_indices('\n').nth(MOST_LINES - 1).map_or(rest.len(), |(at, _)| at);
    let end = by_length.min(by_lines);
    let [before, after] = [skip > 0, end < rest.len()].map(|more| if more { "…" } else { "" });
    format!("{before}{}{after}", &rest[..end])
}

#[cfg(test)]
mod tests;
