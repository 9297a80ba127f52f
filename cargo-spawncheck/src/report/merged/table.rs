//! The table: the verdicts of the tests that matter, a column for each platform.

use super::Page;
use crate::finding::Verdict;
use crate::matrix::{Cell, Failure, Matrix, Name, Row};
use crate::report::block::wrapped;
use crate::report::human::level_style;
use crate::report::message::{self, count};
use crate::report::story::label;
use crate::report::text::{TEXT_WIDTH, labelled, on_one_line};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::io;

/// So many columns leave room for a test's name beside them.
const MOST_COLUMNS: usize = 3;

impl Page<'_> {
    /// With one platform, there is nothing in it that the stories do not say.
    pub(super) fn table(&mut self, matrix: &Matrix, failures: &[&Failure]) -> io::Result<()> {
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
        let rows: Vec<_> =
            matrix.tests.iter().filter(|row| self.verbose || labels.contains_key(&row.name)).collect();
        let cells = rows.iter().flat_map(|row| &row.cells);
        let width = cells.map(|cell| words(*cell).len()).max().unwrap_or(0);
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
            wrapped(self.out, if index == 0 { "Platforms" } else { "" }, dim, &text)?;
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
            wrapped(self.out, label, style, &name)?;
            return wrapped(self.out, "", style, &numbered.join(", "));
        }
        let columns: String = cells.iter().map(|cell| format!("{cell:<width$}  ")).collect();
        if columns.len() + name.chars().count() <= TEXT_WIDTH {
            return labelled(self.out, label, style, &format!("{columns}{name}"));
        }
        labelled(self.out, label, style, columns.trim_end())?;
        wrapped(self.out, "", style, &name)
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
