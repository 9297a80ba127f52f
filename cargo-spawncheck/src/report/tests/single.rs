//! Lines about single tests, and what they print.

use super::{finding, name, report_with};
use crate::finding::{Evidence, Kind, Leg, Level, Verdict};
use crate::report::{Event, FinalStatusLevel, OutputWhen, Shown, StatusLevel, Summary, Verbosity};
use std::time::Duration;

fn finished(test: &'static str, verdict: Verdict, milliseconds: u64) -> Event<'static> {
    let duration = Duration::from_millis(milliseconds);
    Event::TestFinished { leg: Leg::Spawned, name: name("p", test), verdict, duration }
}

fn printed(test: &'static str, verdict: Verdict, output: &'static str) -> Event<'static> {
    Event::TestOutput { leg: Leg::Spawned, name: name("p", test), verdict, output }
}

fn report(shown: Shown) -> String {
    let summary =
        Summary { tests: 5, passed: 2, failed: 1, not_run: 1, exit_code: 100, ..Summary::default() };
    let evidence = Evidence { leg: Leg::Spawned, text: "beyond repair".into() };
    let findings = [finding(Kind::Brittle, Level::Deny, "breaks", Some(&evidence))];
    let duration = Duration::from_millis(7);
    let events = [
        finished("skipped", Verdict::Ignored, 0),
        finished("passes", Verdict::Passed, 9),
        printed("passes", Verdict::Passed, "all \u{1b}[31mwell"),
        finished("dawdles", Verdict::Passed, 11),
        finished("breaks", Verdict::Failed, 1),
        printed("breaks", Verdict::Failed, "beyond repair"),
        finished("late", Verdict::NotRun, 0),
        Event::TestRetried { name: name("p", "wavers"), attempt: 2, verdict: Verdict::Failed, duration },
        Event::TestRetried { name: name("p", "wavers"), attempt: 3, verdict: Verdict::Passed, duration },
        Event::Findings(&findings),
        Event::RunFinished(&summary),
    ];
    report_with(Shown { slow: Duration::from_millis(10), ..shown }, Verbosity::Normal, &events).0
}

#[track_caller]
fn check_lines(status: StatusLevel, final_status: FinalStatusLevel, during: &[&str], at_end: &[&str]) {
    let text = report(Shown { status: Some(status), final_status, ..Shown::default() });
    let lines = |text: &str| {
        let lines = text.lines().filter(|line| line.contains("s] spawned"));
        let words = |line: &str| line.split("  [").next().unwrap().trim().to_owned();
        lines.map(words).collect::<Vec<_>>()
    };
    let (before, after) = text.split_once("BRITTLE").unwrap();
    assert_eq!((lines(before), lines(after)), (strings(during), strings(at_end)));
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn each_level_includes_those_before_it() {
    check_lines(StatusLevel::None, FinalStatusLevel::None, &[], &[]);
    check_lines(StatusLevel::Fail, FinalStatusLevel::Fail, &["FAIL"], &["FAIL"]);
    check_lines(
        StatusLevel::Retry,
        FinalStatusLevel::Flaky,
        &["FAIL", "TRY 2 FAIL", "TRY 3 PASS"],
        &["FAIL", "TRY 3 PASS"],
    );
    check_lines(
        StatusLevel::Slow,
        FinalStatusLevel::Skip,
        &["SLOW", "FAIL", "TRY 2 FAIL", "TRY 3 PASS"],
        &["IGNORED", "SLOW", "FAIL", "TRY 3 PASS"],
    );
    check_lines(
        StatusLevel::All,
        FinalStatusLevel::All,
        &["IGNORED", "PASS", "SLOW", "FAIL", "NOT RUN", "TRY 2 FAIL", "TRY 3 PASS"],
        &["IGNORED", "PASS", "SLOW", "FAIL", "NOT RUN", "TRY 3 PASS"],
    );
}

#[test]
fn outputs_at_once() {
    let (success_output, failure_output) = (OutputWhen::Immediate, OutputWhen::Immediate);
    insta::assert_snapshot!(report(Shown { success_output, failure_output, ..Shown::default() }));
}

#[test]
fn outputs_at_the_end() {
    insta::assert_snapshot!(report(Shown { success_output: OutputWhen::Final, ..Shown::default() }));
}

#[test]
fn no_outputs() {
    let text = report(Shown { failure_output: OutputWhen::Never, ..Shown::default() });
    assert!(!text.contains("beyond repair") && !text.contains("well"), "{text}");
}
