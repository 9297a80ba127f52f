//! Compares a report with the rows of its case.

use super::{Case, Row};
use crate::{Outcome, Report, TestId, Verdict, Verdicts};
use std::collections::{BTreeMap, BTreeSet};

impl Case {
    /// # Panics
    /// The run says anything else than the rows that are `there`, with their `causes` if it has the means to find them.
    #[track_caller]
    pub fn check(&self, outcome: &Outcome, there: impl Fn(&Row) -> bool, causes: bool) {
        let report = outcome.report();
        let rows: Vec<&Row> = self.rows.iter().filter(|row| there(row)).collect();
        let expected = rows.iter().map(|row| expected(row)).collect();
        let differences = differences(&expected, &actual(&report, &rows));
        assert!(differences.is_empty(), "{}:\n{}{outcome}", self.name, differences.join("\n"));
        let skipped: Vec<&str> = report.skipped.keys().map(String::as_str).collect();
        assert_eq!(skipped, self.skipped, "{}: skipped binaries{outcome}", self.name);
        if causes {
            let limited: Vec<_> = report.limited.iter().map(|(one, other)| (&**one, &**other)).collect();
            assert_eq!(limited, self.limited, "{}: limits{outcome}", self.name);
        }
        let misexplained = misexplained(&report, &rows, causes);
        assert!(misexplained.is_empty(), "{}:\n{}{outcome}", self.name, misexplained.join("\n"));
        outcome.assert_exit(self.exit);
    }
}

/// What is said of a test, on either side of the comparison.
type Lines = BTreeMap<TestId, String>;

fn line(in_process: Option<Verdict>, spawned: Option<Verdict>, remarks: &[Option<String>]) -> String {
    let verdict = |verdict: Option<Verdict>| verdict.map_or("-".to_owned(), |verdict| format!("{verdict:?}"));
    let remarks: Vec<_> = remarks.iter().flatten().cloned().collect();
    format!("{} in-process, {} spawned: {}", verdict(in_process), verdict(spawned), remarks.join(", "))
}

fn remarks(kind: Option<impl std::fmt::Debug>, is_failure: bool) -> [Option<String>; 2] {
    [kind.map(|kind| format!("{kind:?}")), is_failure.then(|| "failure".to_owned())]
}

fn expected(row: &Row) -> (TestId, String) {
    let remarks = remarks(row.kind, row.fails_both_ways());
    (TestId::new(row.binary, row.test), line(row.in_process, row.spawned, &remarks))
}

/// What the report says of every test that it mentions anywhere, without the verdicts that the table leaves open.
fn actual(report: &Report, rows: &[&Row]) -> Lines {
    let open: BTreeSet<TestId> =
        rows.iter().filter(|row| row.in_process.is_none()).map(|row| expected(row).0).collect();
    let ids = report.verdicts.keys().chain(report.findings.keys()).chain(&report.failures);
    ids.map(|id| {
        let verdicts = report.verdicts.get(id).copied().unwrap_or_default();
        let verdicts = if open.contains(id) { Verdicts::default() } else { verdicts };
        let remarks = remarks(report.findings.get(id), report.failures.contains(id));
        (id.clone(), line(verdicts.in_process, verdicts.spawned, &remarks))
    })
    .collect()
}

/// One line for each test on which the two sides disagree.
fn differences(expected: &Lines, actual: &Lines) -> Vec<String> {
    let ids: BTreeSet<_> = expected.keys().chain(actual.keys()).collect();
    ids.into_iter()
        .filter(|id| expected.get(id) != actual.get(id))
        .map(|id| {
            let side = |lines: &Lines| lines.get(id).map_or("nothing".to_owned(), String::clone);
            format!("{id}\n    expected {}\n    but got  {}", side(expected), side(actual))
        })
        .collect()
}

/// One line for each thing that is wrong with an explanation.
fn misexplained(report: &Report, rows: &[&Row], causes: bool) -> Vec<String> {
    let explained = rows.iter().filter(|row| row.kind.is_some());
    explained
        .flat_map(|row| {
            let id = TestId::new(row.binary, row.test);
            let explanation = &report.explanations[&id];
            let mut differences = row.explained.differences(explanation, causes);
            if row.is_dependence() && explanation.confirmed().is_empty() && explanation.notes.is_empty() {
                differences.push("no cause, and no word why".to_owned());
            }
            differences.into_iter().map(move |difference| format!("{id}\n    {difference}"))
        })
        .collect()
}
