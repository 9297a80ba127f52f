//! What `cargo spawncheck merge` shows people: a table of the tests that matter, then each story.

use super::finding::{Detail, EXCERPT_LINES, lines};
use super::human::level_style;
use super::message::{self, count};
use super::story::{details, excerpts, label, targets};
use super::text::{TEXT_WIDTH, labelled, on_one_line, wrap_words};
use crate::exit::ExitCode;
use crate::finding::Verdict;
use crate::matrix::{Cell, Failure, Matrix, Name, Platform, Row, Spread, Story};
use anstyle::{AnsiColor, Style};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// So many columns leave room for a test's name beside them.
const MOST_COLUMNS: usize = 3;

/// Shows `matrix` on `out`; all of its tests if `verbose`.
pub(crate) fn merged(out: &mut dyn Write, matrix: &Matrix, verbose: bool) -> io::Result<()> {
    let mut page = Page { out, platforms: &matrix.platforms, verbose };
    for warning in &matrix.warnings {
        page.wrapped("Warning", AnsiColor::Yellow.on_default().bold(), warning)?;
    }
    let told: BTreeSet<_> = matrix.stories.iter().map(|story| &story.name).collect();
    let failures: Vec<_> = matrix.failures.iter().filter(|failure| !told.contains(&failure.name)).collect();
    page.table(matrix, &failures)?;
    for story in &matrix.stories {
        page.story(story)?;
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
    page.wrapped("Summary", style.on_default().bold(), &summary(matrix))?;
    page.out.flush()
}

/// How many tests there are, and what of them.
pub(super) fn summary(matrix: &Matrix) -> String {
    let stories = || matrix.stories.iter().filter(|story| story.accepted.is_none());
    let of = |spread| stories().filter(|story| story.spread == spread).count();
    let told: BTreeSet<_> = matrix.stories.iter().map(|story| &story.name).collect();
    let failures = matrix.failures.iter().filter(|failure| !told.contains(&failure.name)).count();
    let bad: BTreeSet<_> =
        told.into_iter().chain(matrix.failures.iter().map(|failure| &failure.name)).collect();
    let agrees = |row: &&Row| !bad.contains(&row.name) && row.cells.iter().all(|cell| !is_bad(*cell));
    let ran = |row: &&Row| row.cells.iter().any(Cell::ran);
    let agree = matrix.tests.iter().filter(ran).filter(agrees).count();
    let accepted = matrix.stories.len() - stories().count();
    let several = matrix.platforms.len() > 1;
    let mut parts = vec![format!("{agree} agree")];
    for (number, what) in [
        (of(Spread::Everywhere), if several { "found everywhere" } else { "found" }),
        (of(Spread::Some), "found on some platforms only"),
        (of(Spread::BetweenPlatforms), "between platforms"),
        (failures, "failing both ways"),
        (accepted, "accepted"),
        (matrix.unsettled.len(), "not settled"),
        (matrix.tests.len() - matrix.tests.iter().filter(ran).count(), "not run"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let tests = count(matrix.tests.len(), "test");
    let (reports, platforms) =
        (count(matrix.runs.len(), "report"), count(matrix.platforms.len(), "platform"));
    format!("{tests} in {reports} of {platforms}: {}", parts.join(", "))
}

fn is_bad(cell: Cell) -> bool {
    cell.legs().into_iter().flatten().any(Verdict::is_bad)
}

struct Page<'a> {
    out: &'a mut dyn Write,
    platforms: &'a [Platform],
    verbose: bool,
}

impl Page<'_> {
    /// With one platform, there is nothing in it that the stories do not say.
    fn table(&mut self, matrix: &Matrix, failures: &[&Failure]) -> io::Result<()> {
        let mut labels: BTreeMap<&Name, (String, Style)> = BTreeMap::new();
        for failure in failures {
            labels.insert(&failure.name, ("FAIL".to_owned(), AnsiColor::Red.on_default().bold()));
        }
        // The first story of a test is its worst.
        for story in matrix.stories.iter().rev() {
            labels.insert(&story.name, (label(story), level_style(story.level, story.accepted.is_some())));
        }
        if !self.verbose && (self.platforms.len() < 2 || labels.is_empty()) {
            return Ok(());
        }
        let rows = || matrix.tests.iter().filter(|row| self.verbose || labels.contains_key(&row.name));
        let width = rows().flat_map(|row| &row.cells).map(|cell| words(*cell).len()).max().unwrap_or(0);
        let rows: Vec<_> = rows().collect();
        self.head(matrix, width)?;
        for row in rows {
            let (label, style) = labels.get(&row.name).cloned().unwrap_or_default();
            self.row(&label, style, row, width)?;
        }
        writeln!(self.out, "────────────")
    }

    fn head(&mut self, matrix: &Matrix, width: usize) -> io::Result<()> {
        let dim = Style::new().dimmed();
        for (index, platform) in self.platforms.iter().enumerate() {
            let reports = matrix.runs.iter().filter(|run| run.platform == index).count();
            let text = format!("{}: {} ({})", index + 1, platform.target, count(reports, "report"));
            self.wrapped(if index == 0 { "Platforms" } else { "" }, dim, &text)?;
        }
        let columns: String =
            (1..=self.platforms.len()).map(|number| format!("{number:<width$}  ")).collect();
        if self.platforms.len() <= MOST_COLUMNS {
            labelled(self.out, "", dim, &format!("{columns}in-process/spawned"))?;
        }
        Ok(())
    }

    fn row(&mut self, label: &str, style: Style, row: &Row, width: usize) -> io::Result<()> {
        let name = on_one_line(&format!("{} {}", row.name.binary, row.name.test));
        let cells: Vec<_> = row.cells.iter().map(|cell| words(*cell)).collect();
        if cells.len() > MOST_COLUMNS {
            let numbered: Vec<_> =
                cells.iter().enumerate().map(|(index, cell)| format!("{}:{cell}", index + 1)).collect();
            self.wrapped(label, style, &name)?;
            return self.wrapped("", style, &numbered.join(", "));
        }
        let columns: String = cells.iter().map(|cell| format!("{cell:<width$}  ")).collect();
        if columns.len() + name.chars().count() <= TEXT_WIDTH {
            return labelled(self.out, label, style, &format!("{columns}{name}"));
        }
        labelled(self.out, label, style, columns.trim_end())?;
        self.wrapped("", style, &name)
    }

    fn story(&mut self, story: &Story) -> io::Result<()> {
        let style = level_style(story.level, story.accepted.is_some());
        self.headline(&label(story), style, &story.name, &story.headline)?;
        if story.accepted.is_none() || self.verbose {
            self.details(&details(story, self.platforms, self.verbose))?;
            self.details(&excerpts(story, self.platforms))
        } else {
            let reason = story.accepted.iter().map(|reason| Detail::new("accepted", reason));
            self.details(&reason.collect::<Vec<_>>())
        }
    }

    fn failure(&mut self, Failure { name, platforms, output }: &Failure) -> io::Result<()> {
        let text = match self.platforms {
            [_] => "fails both ways".to_owned(),
            all => format!("fails both ways on {}", targets(platforms, all)),
        };
        self.headline("FAIL", AnsiColor::Red.on_default().bold(), name, &text)?;
        let first = output.values().next().map(String::as_str).unwrap_or_default();
        self.details(&lines("output", first, EXCERPT_LINES))
    }

    /// Over two lines where one is too short.
    fn headline(&mut self, label: &str, style: Style, name: &Name, text: &str) -> io::Result<()> {
        let (name, text) = (on_one_line(&format!("{} {}", name.binary, name.test)), on_one_line(text));
        if name.chars().count() + 2 + text.chars().count() <= TEXT_WIDTH {
            return labelled(self.out, label, style, &format!("{name}  {text}"));
        }
        self.wrapped(label, style, &name)?;
        self.wrapped("", style, &text)
    }

    fn details(&mut self, details: &[Detail]) -> io::Result<()> {
        let dim = Style::new().dimmed();
        for Detail { label, text, verbatim } in details {
            match verbatim {
                true => labelled(self.out, label, dim, text)?,
                false => self.wrapped(label, dim, text)?,
            }
        }
        Ok(())
    }

    fn wrapped(&mut self, label: &str, style: Style, text: &str) -> io::Result<()> {
        for (index, line) in wrap_words(&on_one_line(text), TEXT_WIDTH).iter().enumerate() {
            labelled(self.out, if index == 0 { label } else { "" }, style, line)?;
        }
        Ok(())
    }
}

/// `PASS/FAIL`; nothing where it does not exist.
fn words(cell: Cell) -> String {
    let word = |verdict: Option<Verdict>| verdict.map_or("-", message::verdict);
    match cell.legs() {
        [None, None] => String::new(),
        [in_process, spawned] => format!("{}/{}", word(in_process), word(spawned)),
    }
}

#[cfg(test)]
mod tests;
