//! The last line: how many tests there are, and what of them.

use super::is_bad;
use crate::matrix::{Cell, Matrix, Row, Spread};
use crate::report::message::count;
use std::collections::BTreeSet;

pub(in crate::report) fn summary(matrix: &Matrix) -> String {
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
