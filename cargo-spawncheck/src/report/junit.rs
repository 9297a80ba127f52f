//! `--junit`: the format that Jenkins reads, and most other services with it.
//!
//! A suite for each binary, as nextest has it, and a case for each test with both its legs: what a case says is whether the test keeps
//! its verdict, and half of that is no test of its own. Levels are kept: what only warns is told on standard output of a case that
//! passes. The format has no place for warnings, and a service that turns a build red for one would say more than the exit code does.

use super::message;
use super::story::{details, label, text};
use super::text::{on_one_line, printable};
use crate::finding::{Level, Verdict};
use crate::matrix::{Failure, Matrix, Name, Row, Run, Story, Unsettled};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

pub(super) fn junit(matrix: &Matrix) -> io::Result<String> {
    let mut report = Report::new("cargo-spawncheck");
    let wall: f64 = matrix.runs.iter().map(|run| run.wall_ms).sum();
    report.set_time(Duration::try_from_secs_f64(wall / 1e3).unwrap_or_default());
    let known = Known::new(matrix);
    for platform in 0..matrix.platforms.len() {
        report.add_test_suites(known.suites(platform));
    }
    report.add_test_suites(runs(matrix));
    let text = report.to_string().map_err(io::Error::other)?;
    // Jenkins' schema does not know it there, and refuses the whole file. It is the first of its name.
    Ok(text.replacen(&format!(" skipped=\"{}\"", report.skipped), "", 1))
}

/// What there is to say, by test.
struct Known<'a> {
    matrix: &'a Matrix,
    stories: BTreeMap<&'a Name, Vec<&'a Story>>,
    failures: BTreeMap<&'a Name, &'a Failure>,
    unsettled: BTreeMap<(&'a Name, usize), &'a Unsettled>,
}

impl<'a> Known<'a> {
    fn new(matrix: &'a Matrix) -> Self {
        let mut stories: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for story in &matrix.stories {
            stories.entry(&story.name).or_default().push(story);
        }
        let failures = matrix.failures.iter().map(|failure| (&failure.name, failure)).collect();
        let unsettled =
            matrix.unsettled.iter().map(|unsettled| ((&unsettled.name, unsettled.platform), unsettled));
        Self { matrix, stories, failures, unsettled: unsettled.collect() }
    }

    fn suites(&self, platform: usize) -> Vec<TestSuite> {
        let binary = |row: &Row| (row.name.package.clone(), row.name.binary.clone());
        let binaries = self.matrix.tests.chunk_by(|one, other| binary(one) == binary(other));
        binaries
            .filter_map(|rows| {
                let suite = self.suite(platform, rows);
                (!suite.test_cases.is_empty()).then_some(suite)
            })
            .collect()
    }

    /// `rows`: those of one binary, not empty.
    fn suite(&self, platform: usize, rows: &[Row]) -> TestSuite {
        let Name { package, binary, .. } = &rows[0].name;
        let name = match &self.matrix.platforms[..] {
            [_] => on_one_line(binary),
            many => on_one_line(&format!("{binary} on {}", many[platform].target)),
        };
        let mut suite = TestSuite::new(&*name);
        let ran = rows.iter().filter(|row| row.cells[platform].legs() != [None, None]);
        suite.add_test_cases(ran.clone().map(|row| self.case(platform, row, &name)));
        let process = Name { package: package.clone(), binary: binary.clone(), test: String::new() };
        if let Some(unsettled) = self.unsettled.get(&(&process, platform)) {
            let status = status(NonSuccessKind::Error, "binary", &unsettled.text, "");
            suite.add_test_case(TestCase::new("(the process of all tests)", status));
        }
        suite.set_time(Duration::from_micros(
            ran.fold(0, |sum, row| row.micros[platform].saturating_add(sum)),
        ));
        suite
    }

    fn case(&self, platform: usize, row: &Row, suite: &str) -> TestCase {
        let stories = self.stories.get(&row.name).map_or(&[][..], Vec::as_slice);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            stories.iter().copied().partition(|story| story.platforms.contains(&platform));
        let mut case = TestCase::new(on_one_line(&row.name.test), self.status(platform, row, &here));
        case.set_classname(suite).set_time(Duration::from_micros(row.micros[platform]));
        let only_told = here.into_iter().filter(|story| !fails(story) && story.accepted.is_none());
        let told: Vec<_> = only_told.map(|story| self.text(story, platform)).collect();
        let elsewhere = elsewhere.into_iter().map(|story| {
            let targets = super::story::targets(&story.platforms, &self.matrix.platforms);
            format!("{}: {} (on {targets})\n", label(story), on_one_line(&story.headline))
        });
        let told: String = told.into_iter().chain(elsewhere).collect();
        if !told.is_empty() {
            case.set_system_out(told);
        }
        case
    }

    /// The worst that is known; what else fails the test is in the same text.
    fn status(&self, platform: usize, row: &Row, here: &[&Story]) -> TestCaseStatus {
        let failing: Vec<_> = here.iter().filter(|story| fails(story)).collect();
        if let [first, ..] = failing[..] {
            let text: String = failing.iter().map(|story| self.text(story, platform)).collect();
            return status(NonSuccessKind::Failure, &label(first).to_lowercase(), &first.headline, &text);
        }
        let failure = self.failures.get(&row.name).and_then(|failure| failure.output.get(&platform));
        let [in_process, spawned] = row.cells[platform].legs().map(|leg| leg.unwrap_or(Verdict::NotRun));
        if let Some(output) = failure {
            let message = message::failure(in_process, spawned);
            return status(NonSuccessKind::Failure, "failure", &message, output);
        }
        if let Some(unsettled) = self.unsettled.get(&(&row.name, platform)) {
            return status(NonSuccessKind::Error, "unconfirmed", &unsettled.text, "");
        }
        let accepted = here.iter().find_map(|story| Some((story, story.accepted.as_ref()?)));
        match (accepted, in_process, spawned) {
            (Some((story, reason)), ..) => {
                skipped(&label(story).to_lowercase(), &format!("accepted: {reason}"))
            }
            (_, Verdict::Ignored, _) => skipped("ignored", "marked #[ignore]"),
            (_, Verdict::NotRun, _) | (_, _, Verdict::NotRun) => {
                skipped("not-run", "did not come to run both ways")
            }
            _ => TestCaseStatus::success(),
        }
    }

    fn text(&self, story: &Story, platform: usize) -> String {
        let head = format!("{}: {}\n", label(story), on_one_line(&story.headline));
        let output = story.evidence.iter().find(|(of, _)| *of == platform);
        let output = output.map(|(_, output)| format!("\n{}\n", printable(output))).unwrap_or_default();
        format!("{head}{}{output}", text(&details(&[story], &self.matrix.platforms, true)))
    }
}

/// A suite of those that came to no end of their own, if there are any: a service that reads only this file is not to take it for a success.
fn runs(matrix: &Matrix) -> Option<TestSuite> {
    let mut suite = TestSuite::new("(runs)");
    for (index, trouble) in matrix.runs.iter().filter_map(Run::trouble).enumerate() {
        let status = status(NonSuccessKind::Error, "run", &trouble, "");
        suite.add_test_case(TestCase::new(format!("run {}", index + 1), status));
    }
    (!suite.test_cases.is_empty()).then_some(suite)
}

fn fails(story: &Story) -> bool {
    story.level == Level::Deny && story.accepted.is_none()
}

fn status(kind: NonSuccessKind, ty: &str, message: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(ty).set_message(on_one_line(message));
    if !text.is_empty() {
        status.set_description(printable(text));
    }
    status
}

fn skipped(ty: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_type(ty).set_message(on_one_line(message));
    status
}

#[cfg(test)]
mod tests;
