//! What shows everywhere, what shows somewhere, and what no run can see.

use super::{LINUX, Lines, WINDOWS, joined, story};
use crate::finding::{Kind, Level};
use crate::matrix::{Report, Spread, join};
use serde_json::{Value, json};

const NONE: fn() -> Value = || json!({});

fn both(linux: Lines, windows: Lines) -> [Lines; 2] {
    [linux.end(0), windows.end(0)]
}

#[test]
fn agreement() {
    let test = |target| Lines::of(target).test("a", "passed", "passed");
    let matrix = joined(both(test(LINUX), test(WINDOWS)));
    assert_eq!((matrix.platforms.len(), matrix.stories.len()), (2, 0));
    assert_eq!((&*matrix.platforms[1].os, &*matrix.platforms[1].arch), ("windows", "x86_64"));
    assert_eq!(matrix.exit_code() as u8, 0);
}

#[test]
fn found_on_both_is_one_story() {
    let cause =
        json!({"channel": "static", "name": "p::RATE", "fresh": "0", "inherited": "1", "confirmed": true});
    let report =
        |target, more| Lines::of(target).test("a", "passed", "failed").finding("brittle", "deny", "a", more);
    let evidence = |text: &str| json!({"evidence": {"leg": "spawned", "text": text}});
    let mut windows = evidence("of windows");
    windows["causes"] = json!([cause]);
    let matrix = joined(both(report(LINUX, evidence("of linux")), report(WINDOWS, windows)));
    let story = story(&matrix);
    assert_eq!((story.kind, story.spread), (Some(Kind::Brittle), Spread::Everywhere));
    assert_eq!(story.platforms, [0, 1]);
    assert_eq!(story.headline, "passes in-process, fails spawned");
    // Told by the report that knows the cause.
    assert_eq!(story.causes.len(), 1);
    assert_eq!(story.evidence, [(0, "of linux".to_owned()), (1, "of windows".to_owned())]);
    assert_eq!(matrix.exit_code() as u8, 120);
}

#[test]
fn found_on_one_of_two() {
    let linux = || Lines::of(LINUX).test("a", "passed", "passed");
    let windows = || Lines::of(WINDOWS).test("a", "passed", "failed").finding("brittle", "deny", "a", NONE());
    let matrix = joined(both(linux(), windows()));
    assert_eq!((story(&matrix).spread, &story(&matrix).platforms[..]), (Spread::Some, &[1][..]));
    // Where it does not exist, it cannot show.
    let matrix = joined(both(Lines::of(LINUX), windows()));
    assert_eq!(story(&matrix).spread, Spread::Everywhere);
}

/// No run can see it: on each platform both legs agree.
#[test]
fn between_platforms() {
    let linux = || Lines::of(LINUX).test("a", "passed", "passed");
    let windows = || Lines::of(WINDOWS).failure("a", "no such file");
    let matrix = joined(both(linux(), windows()));
    let story = story(&matrix);
    assert_eq!((story.kind, story.spread), (None, Spread::BetweenPlatforms));
    assert_eq!(story.headline, format!("passes on {LINUX}, fails on {WINDOWS}"));
    assert_eq!((&story.platforms[..], &*story.evidence[0].1), (&[1][..], "no such file"));
    assert_eq!(story.replay, "cargo spawncheck -p p --exact a");
    assert_eq!(matrix.exit_code() as u8, 120);
    let code = |level| join(both(linux(), windows()).map(Lines::report).into(), level).exit_code() as u8;
    assert_eq!((code(Level::Warn), code(Level::Allow)), (100, 100));
}

/// Passes in-process here, fails spawned there: neither run has both halves.
#[test]
fn between_legs_of_platforms() {
    let linux = Lines::of(LINUX).test("a", "passed", "not-run");
    let windows = Lines::of(WINDOWS).test("a", "passed", "failed");
    let macos = Lines::of("aarch64-apple-darwin").test("a", "passed", "passed");
    let matrix = joined([linux.end(0), windows.end(0), macos.end(0)]);
    assert_eq!(
        story(&matrix).headline,
        format!(
            "passes on aarch64-apple-darwin, on {LINUX} passes in-process and does not run spawned, on {WINDOWS} passes in-process and fails spawned"
        )
    );
}

#[test]
fn no_difference_between_platforms() {
    let passes = || Lines::of(LINUX).test("a", "passed", "passed");
    let stories = |linux, windows| joined(both(linux, windows)).stories.len();
    assert_eq!(stories(passes(), Lines::of(WINDOWS)), 0, "it ran on one only");
    assert_eq!(stories(passes(), Lines::of(WINDOWS).test("a", "ignored", "ignored")), 0);
    let fails = |verdict| Lines::of(WINDOWS).test("a", verdict, verdict);
    assert_eq!(stories(Lines::of(LINUX).failure("a", ""), fails("crashed")), 0, "how it fails");
    assert_eq!(stories(passes(), fails("failed")), 1);
}

/// What a run says of a test is the reason, whatever its level; unless it has nothing to do with passing.
#[test]
fn covered_by_a_finding() {
    let linux = || Lines::of(LINUX).test("a", "passed", "passed");
    let kinds = |kind, level| -> Vec<_> {
        let windows = Lines::of(WINDOWS).test("a", "failed", "failed").finding(kind, level, "a", NONE());
        joined(both(linux(), windows)).stories.iter().map(|story| story.kind).collect()
    };
    assert_eq!(kinds("flaky", "warn"), [Some(Kind::Flaky)]);
    assert_eq!(kinds("flaky", "allow"), []);
    assert_eq!(kinds("leak", "warn"), [None, Some(Kind::Leak)]);
}

#[test]
fn accepted_everywhere_or_not_at_all() {
    let report =
        |target, more| Lines::of(target).test("a", "passed", "failed").finding("brittle", "deny", "a", more);
    let accepted = || json!({"accepted": "being repaired"});
    let matrix = joined(both(report(LINUX, accepted()), report(WINDOWS, accepted())));
    assert_eq!(story(&matrix).accepted.as_deref(), Some("being repaired"));
    assert_eq!(matrix.exit_code() as u8, 0);
    let matrix = joined(both(report(LINUX, accepted()), report(WINDOWS, NONE())));
    assert_eq!((&story(&matrix).accepted, matrix.exit_code() as u8), (&None, 120));
}

fn worker(target: &str, outcomes: Value) -> Lines {
    let more =
        json!({"worker": "quote", "input": "1", "history": [], "needs_setup": true, "outcomes": outcomes});
    Lines::of(target).test("quote", "failed", "failed").finding("diverges", "deny", "quote", more)
}

#[test]
fn a_worker_is_one_story_with_all_its_outcomes() {
    let linux = worker(LINUX, json!({"spawn": "0", "fork": "2", "inline": "2"}));
    let windows = worker(WINDOWS, json!({"spawn": "0", "inline": "2"}));
    let matrix = joined(both(linux, windows));
    let story = story(&matrix);
    assert_eq!((story.worker.as_deref(), story.spread), (Some("quote"), Spread::Everywhere));
    let outcomes: Vec<_> = story.outcomes.iter().map(|(at, context, is)| (*at, &**context, &**is)).collect();
    assert_eq!(
        outcomes,
        [(0, "inline", "2"), (0, "fork", "2"), (0, "spawn", "0"), (1, "inline", "2"), (1, "spawn", "0")]
    );
    assert_eq!(story.headline, "depends on state that it inherited");
    assert_eq!(story.notes, ["needs setup, and no earlier call"]);
}

/// Windows has no `fork`, so that it does not show there says nothing.
#[test]
fn what_only_forks_show() {
    let outcomes = json!({"spawn": "0", "fork": "2", "inline": "0"});
    let passes = |target| Lines::of(target).test("quote", "passed", "passed");
    let matrix = joined(both(worker(LINUX, outcomes.clone()), passes(WINDOWS)));
    assert_eq!(story(&matrix).spread, Spread::Everywhere);
    let matrix = joined(both(worker(LINUX, outcomes), passes("aarch64-apple-darwin")));
    assert_eq!(story(&matrix).spread, Spread::Some);
    let matrix = joined(both(worker(LINUX, json!({"spawn": "0", "inline": "2"})), passes(WINDOWS)));
    assert_eq!(story(&matrix).spread, Spread::Some);
}

#[test]
fn losses_are_told_apart_by_field() {
    let lossy =
        |field: &str| json!({"worker": "w", "field": field, "value": "output", "before": "1", "after": "2"});
    let report = Lines::of(LINUX)
        .test("w", "failed", "failed")
        .finding("lossy", "deny", "w", lossy("a"))
        .finding("lossy", "deny", "w", lossy("b"));
    let matrix = joined([report.end(120)]);
    let notes: Vec<_> = matrix.stories.iter().map(|story| &*story.notes[0]).collect();
    assert_eq!(notes, ["a: 1 before, 2 after", "b: 1 before, 2 after"]);
    assert_eq!(matrix.stories[0].headline, "returns what changes on its way to the parent");
}

/// Whatever numbers and names somebody writes into a report.
#[test]
fn numbers_that_no_run_has() {
    let mut report = Report::new("");
    let start = br#"{"type":"run-started","schema":1,"version":"0","os":"","arch":"","target":""}"#;
    let test = br#"{"type":"test-finished","leg":"spawned","package":"","binary":"","test":"","verdict":"passed","duration_ms":1e300}"#;
    let end = br#"{"type":"run-finished","wall_ms":-1e300,"exit_code":255}"#;
    for line in [&start[..], test, test, end] {
        report.line(line).unwrap();
    }
    let matrix = join(vec![report], Level::Deny);
    assert_eq!(matrix.tests[0].micros, [u64::MAX]);
    assert_eq!(matrix.exit_code() as u8, 100);
}

/// A list of empty names takes three bytes for each, and many times that in memory.
#[test]
fn more_than_anybody_finds() {
    let names = vec![""; 3_000_000];
    let finding = json!({"type": "finding", "kind": "victim", "level": "deny", "package": "p", "binary": "p", "test": "a",
        "culprits": names, "help": "", "replay": ""});
    let line = finding.to_string();
    let mut report = Report::new("");
    report.line(br#"{"type":"run-started","schema":1,"version":"0","os":"","arch":""}"#).unwrap();
    report.line(line.as_bytes()).unwrap();
    let error = report.line(line.as_bytes()).unwrap_err();
    assert!(error.contains("more than 5000000"), "{error}");
}
