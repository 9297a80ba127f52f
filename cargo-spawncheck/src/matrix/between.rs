//! Tests on which platforms disagree although no run found anything: a run sees one platform only.
//!
//! Compared is whether a leg passes. How it fails is no difference: what is an abort here is an exit code there. A test that
//! ran on one platform only is no difference either; it may not exist on the other.

use super::model::{Cell, Matrix, Name, Platform, Row, Spread, Story};
use crate::finding::{Level, Verdict};
use std::collections::BTreeSet;

/// One story for each such test. `covered` are those of which some run says something that may be the reason.
pub(super) fn differences(matrix: &Matrix, covered: &BTreeSet<Name>, level: Level) -> Vec<Story> {
    let unsettled: BTreeSet<_> = matrix.unsettled.iter().map(|unsettled| &unsettled.name).collect();
    matrix
        .tests
        .iter()
        .filter(|row| !covered.contains(&row.name) && !unsettled.contains(&row.name) && differs(row))
        .map(|row| story(matrix, row, level))
        .collect()
}

fn differs(row: &Row) -> bool {
    let leg = |of: fn(&Cell) -> Option<Verdict>| {
        let ran: BTreeSet<_> = row
            .cells
            .iter()
            .filter_map(of)
            .filter(|verdict| verdict.has_run())
            .map(Verdict::is_bad)
            .collect();
        ran.len() > 1
    };
    leg(|cell| cell.in_process) || leg(|cell| cell.spawned)
}

fn story(matrix: &Matrix, row: &Row, level: Level) -> Story {
    let Row { name, cells, .. } = row;
    let is_bad = |cell: &Cell| cell.legs().into_iter().flatten().any(Verdict::is_bad);
    let failure = matrix.failures.binary_search_by(|failure| failure.name.cmp(name));
    let output = failure.map(|index| matrix.failures[index].output.clone()).unwrap_or_default();
    Story {
        platforms: (0..cells.len()).filter(|index| is_bad(&cells[*index])).collect(),
        headline: headline(cells, &matrix.platforms),
        evidence: output.into_iter().collect(),
        help: "look for what one platform alone has: `fork`, paths, line ends, permissions, clocks"
            .to_owned(),
        replay: replay(name),
        ..Story::new(None, level, name.clone(), Spread::BetweenPlatforms)
    }
}

/// Platforms that do the same are named together, those on which it passes first.
fn headline(cells: &[Cell], platforms: &[Platform]) -> String {
    let mut groups: Vec<(String, bool, Vec<&str>)> = Vec::new();
    for (cell, platform) in cells.iter().zip(platforms).filter(|(cell, _)| cell.ran()) {
        let (what, in_one_leg) = words(*cell);
        match groups.iter_mut().find(|group| group.0 == what) {
            Some(group) => group.2.push(&platform.target),
            None => groups.push((what, in_one_leg, vec![&platform.target])),
        }
    }
    groups.sort_by_key(|(what, ..)| what != Verdict::Passed.verb());
    let parts: Vec<_> = groups
        .into_iter()
        .map(|(what, in_one_leg, targets)| {
            let targets = targets.join(", ");
            if in_one_leg { format!("on {targets} {what}") } else { format!("{what} on {targets}") }
        })
        .collect();
    parts.join(", ")
}

/// What a test does, and whether the legs must be named for that.
fn words(cell: Cell) -> (String, bool) {
    match cell.legs() {
        [Some(one), Some(other)] if one == other => (one.verb().to_owned(), false),
        [one, other] => {
            let verb = |verdict: Option<Verdict>| verdict.unwrap_or(Verdict::NotRun).verb();
            (format!("{} in-process and {} spawned", verb(one), verb(other)), true)
        }
    }
}

fn replay(name: &Name) -> String {
    let hyphen = name.test.starts_with('-').then_some("--");
    let words = ["cargo", "spawncheck", "-p", &name.package, "--exact"];
    shell_words::join(words.into_iter().chain(hyphen).chain([name.test.as_str()]))
}
