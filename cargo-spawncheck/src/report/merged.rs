//! What `cargo spawncheck merge` shows people: a table of the tests that matter, then each story.

mod summary;
mod table;

pub(super) use summary::summary;

use super::block::{self, wrapped};
use super::finding::{Detail, EXCERPT_LINES, lines};
use super::groups::groups_of_stories;
use super::human::level_style;
use super::message;
use super::story::{details, excerpts, label, targets};
use crate::exit::ExitCode;
use crate::finding::Verdict;
use crate::matrix::{Cell, Failure, Matrix, Name, Platform, Story};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Shows `matrix` on `out`; all of its tests if `verbose`.
pub(crate) fn merged(out: &mut dyn Write, matrix: &Matrix, verbose: bool) -> io::Result<()> {
    let mut page = Page { out, platforms: &matrix.platforms, verbose };
    for warning in &matrix.warnings {
        wrapped(page.out, "Warning", AnsiColor::Yellow.on_default().bold(), warning)?;
    }
    let told: BTreeSet<_> = matrix.stories.iter().map(|story| &story.name).collect();
    let failures: Vec<_> = matrix.failures.iter().filter(|failure| !told.contains(&failure.name)).collect();
    page.table(matrix, &failures)?;
    for group in groups_of_stories(&matrix.stories) {
        page.stories(&group)?;
    }
    for failure in failures {
        page.failure(failure)?;
    }
    let style = match (matrix.exit_code(), matrix.stories.is_empty() && matrix.warnings.is_empty()) {
        (ExitCode::Ok, true) => AnsiColor::Green,
        (ExitCode::Ok, false) => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    writeln!(page.out, "────────────")?;
    wrapped(page.out, "Summary", style.on_default().bold(), &summary(matrix))?;
    page.out.flush()
}

struct Page<'a> {
    out: &'a mut dyn Write,
    platforms: &'a [Platform],
    verbose: bool,
}

impl Page<'_> {
    /// Those that are told as one; not empty.
    fn stories(&mut self, group: &[&Story]) -> io::Result<()> {
        let story = group[0];
        let (label, style) = (label(story), level_style(story.level, story.accepted.is_some()));
        match (group, story.kind) {
            ([_, _, ..], Some(kind)) => {
                let culprits: Vec<_> = story.culprits.iter().flatten().map(String::as_str).collect();
                let text = message::group(kind, group.len(), &culprits);
                block::headline(self.out, &label, style, &story.name.binary, &text)?;
            }
            _ => block::headline(self.out, &label, style, &full_name(&story.name), &story.headline)?,
        }
        if story.accepted.is_none() || self.verbose {
            block::details(self.out, &details(group, self.platforms, self.verbose))?;
            block::details(self.out, &excerpts(story, self.platforms))
        } else {
            let reason = story.accepted.iter().map(|reason| Detail::new("accepted", reason));
            block::details(self.out, &reason.collect::<Vec<_>>())
        }
    }

    fn failure(&mut self, Failure { name, platforms, output }: &Failure) -> io::Result<()> {
        let text = match self.platforms {
            [_] => "fails both ways".to_owned(),
            all => format!("fails both ways on {}", targets(platforms, all)),
        };
        let style: Style = AnsiColor::Red.on_default().bold();
        block::headline(self.out, "FAIL", style, &full_name(name), &text)?;
        let first = output.values().next().map(String::as_str).unwrap_or_default();
        block::details(self.out, &lines("output", first, EXCERPT_LINES))
    }
}

fn full_name(name: &Name) -> String {
    format!("{} {}", name.binary, name.test)
}

fn is_bad(cell: Cell) -> bool {
    cell.legs().into_iter().flatten().any(Verdict::is_bad)
}

#[cfg(test)]
mod tests;
