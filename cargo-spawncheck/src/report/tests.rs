//! The human report, as it is read. Inline snapshots: one that is no longer used goes with its test.

mod explained;
mod replayed;
mod replayed_calls;
mod single;

use super::{Event, FindingEvent, Human, Reporter, Shown, Summary, TestName, Verbosity, help};
use crate::finding::{Evidence, Kind, Leg, Level, Verdict};
use anstream::StripStream;
use std::time::Duration;

/// What goes to standard output, and what to standard error.
fn report(verbosity: Verbosity, events: &[Event<'_>]) -> (String, String) {
    report_with(Shown::default(), verbosity, events)
}

fn report_with(shown: Shown, verbosity: Verbosity, events: &[Event<'_>]) -> (String, String) {
    let (mut out, mut status) = (Vec::new(), Vec::new());
    let human = Human::new(StripStream::new(&mut out), StripStream::new(&mut status), verbosity, false);
    let mut human = human.showing(shown);
    events.iter().for_each(|event| human.event(event).unwrap());
    (String::from_utf8(out).unwrap(), String::from_utf8(status).unwrap())
}

fn name<'a>(binary: &'a str, test: &'a str) -> TestName<'a> {
    TestName { package: "pricing", binary, test }
}

fn started() -> Event<'static> {
    Event::RunStarted {
        schema: 1,
        version: "0",
        os: "o",
        arch: "a",
        target: Some("t"),
        partition: None,
        commit: None,
        binaries: 3,
        tests: 412,
        ignored: 0,
    }
}

fn finding<'a>(kind: Kind, level: Level, test: &'a str, evidence: Option<&'a Evidence>) -> FindingEvent<'a> {
    let (in_process, spawned) = match kind {
        Kind::Victim | Kind::Repeat | Kind::Racy => (Verdict::Failed, Verdict::Passed),
        Kind::Leak => (Verdict::Passed, Verdict::Passed),
        _ => (Verdict::Passed, Verdict::Failed),
    };
    FindingEvent {
        kind,
        level,
        name: name("pricing", test),
        in_process,
        spawned,
        culprits: None,
        search: None,
        explained: std::time::Duration::ZERO,
        causes: &[],
        also: &[],
        notes: &[],
        other_order: false,
        suspects: Vec::new(),
        evidence,
        help: help(kind, &[], &[]),
        accepted: None,
        replay: format!("cargo spawncheck replay pricing {test}"),
    }
}

#[test]
fn findings_and_summary() {
    let panic = "thread 'tests::quote_uses_rate' (4711) panicked at src/lib.rs:31:9:\nassertion `left == right` failed\n  left: 0\n right: 2\nstack backtrace:\n   0: main\n";
    let evidence = Evidence { leg: Leg::Spawned, text: panic.into() };
    let summary = Summary {
        tests: 412,
        passed: 409,
        failed: 1,
        findings: 2,
        wall: Duration::from_millis(912),
        exit_code: 120,
        by_kind: vec![(Kind::Brittle, 1), (Kind::Victim, 1)],
        ..Summary::default()
    };
    let (out, status) = report(
        Verbosity::Normal,
        &[
            started(),
            Event::BinarySkipped {
                package: "pricing",
                binary: "pricing::old",
                reason: "does not speak the test protocol",
            },
            Event::Failure {
                name: name("pricing::it", "totals"),
                in_process: Verdict::Failed,
                spawned: Verdict::Failed,
                output: "no such file",
            },
            Event::Findings(&[
                finding(Kind::Brittle, Level::Deny, "tests::quote_uses_rate", Some(&evidence)),
                finding(
                    Kind::Victim,
                    Level::Deny,
                    "tests::a_name_so_long_that_it_needs_a_line_of_its_own",
                    None,
                ),
            ]),
            Event::RunFinished(&summary),
        ],
    );
    insta::assert_snapshot!(status, @r"
       Legs  412 tests in 3 binaries, in-process and spawned
    Skipped  pricing::old: does not speak the test protocol
    ");
    insta::assert_snapshot!(out, @r"
            FAIL  pricing::it totals  fails both ways
          output  no such file
         BRITTLE  pricing tests::quote_uses_rate  passes in-process, fails spawned
         spawned  panicked at src/lib.rs:31:9:
                  assertion `left == right` failed
                    left: 0
                   right: 2
            help  set up what it needs inside the test itself
           again  cargo spawncheck replay pricing tests::quote_uses_rate
          VICTIM  pricing tests::a_name_so_long_that_it_needs_a_line_of_its_own
                  fails in-process, passes spawned
            help  reset what an earlier test changed, or do not share it
           again  cargo spawncheck replay pricing tests::a_name_so_long_that_it_needs_a_line_of_its_own
    ────────────
         Summary  [   0.9s] 412 tests both ways: 409 agree, 1 fails both ways, 2 depend on inherited state
    ");
}

#[test]
fn every_kind_has_its_words() {
    let findings = Kind::ALL.map(|kind| finding(kind, Level::Warn, "t", None));
    let (out, _) = report(Verbosity::Normal, &[Event::Findings(&findings)]);
    insta::assert_snapshot!(out, @r"
        BRITTLE  pricing t  passes in-process, fails spawned
           help  set up what it needs inside the test itself
          again  cargo spawncheck replay pricing t
         VICTIM  pricing t  fails in-process, passes spawned
           help  reset what an earlier test changed, or do not share it
          again  cargo spawncheck replay pricing t
       DIVERGES  pricing t  depends on state that it inherited
           help  pass what setup provides as part of the input
          again  cargo spawncheck replay pricing t
          LOSSY  pricing t  gets an input that changes on its way
           help  serialize the field, or leave it out of the type
          again  cargo spawncheck replay pricing t
      RECURSIVE  pricing t  is handed out by a child again
           help  hand out work after `run()`, not in setup or a worker
          again  cargo spawncheck replay pricing t
         REPEAT  pricing t  passes at first, fails when run twice in one process
           help  put back what the test changes before it ends, or do not share it
          again  cargo spawncheck replay pricing t
           RACY  pricing t
                 passes one test at a time, fails beside others on threads
           help  do not share what tests change, or guard it with a lock for the
                 whole test
          again  cargo spawncheck replay pricing t
    ENVIRONMENT  pricing t  fails without a variable that is not allow-listed
           help  set it in the test, or name it in `[env] pass`
          again  cargo spawncheck replay pricing t
     CONTENTION  pricing t  fails only while other tests run
           help  give each test its own file, directory or port
          again  cargo spawncheck replay pricing t
           LEAK  pricing t  leaves a process or an open pipe behind
           help  wait for, or end, what the test starts
          again  cargo spawncheck replay pricing t
      OVERSIZED  pricing t  gets an input that is larger than the limit
           help  pass a path, or a `spawncheck::Shared`
          again  cargo spawncheck replay pricing t
          FLAKY  pricing t  passes or fails in identical runs
           help  look for time, randomness, threads, left-over files
          again  cargo spawncheck replay pricing t
    ");
}

#[test]
fn accepted_allowed_unconfirmed() {
    let mut accepted = finding(Kind::Victim, Level::Deny, "known", None);
    accepted.accepted = Some("being \u{1b}[31mrepaired");
    let unconfirmed = Event::Unconfirmed {
        name: name("pricing", "late"),
        in_process: Some(Verdict::TimedOut),
        spawned: None,
    };
    let summary =
        Summary { tests: 3, passed: 1, accepted: 1, unconfirmed: 1, exit_code: 100, ..Summary::default() };
    let findings = [accepted, finding(Kind::Leak, Level::Allow, "daemon", None)];
    let events = [Event::Findings(&findings), unconfirmed, Event::RunFinished(&summary)];
    insta::assert_snapshot!(report(Verbosity::Normal, &events).0, @r"
          VICTIM  pricing known  fails in-process, passes spawned
        accepted  being repaired
     UNCONFIRMED  pricing late
                  times out in-process, does not run spawned; not confirmed
    ────────────
         Summary  [   0.0s] 3 tests both ways: 1 agree, 1 accepted, 1 not confirmed
    ");
}

#[test]
fn verbose_shows_every_test_and_quiet_no_status() {
    let summary = Summary { tests: 1, passed: 1, ignored: 2, ..Summary::default() };
    let events = || {
        [
            started(),
            Event::TestFinished {
                leg: Leg::InProcess,
                name: name("pricing", "tests::totals"),
                verdict: Verdict::Passed,
                duration: Duration::from_micros(1234),
            },
            Event::RunFinished(&summary),
        ]
    };
    insta::assert_snapshot!(report(Verbosity::Verbose, &events()).0, @r"
            PASS  [   0.001s] in-process pricing tests::totals
    ────────────
         Summary  [   0.0s] 1 test both ways: 1 agree, 2 ignored
    ");
    let (out, status) = report(Verbosity::Quiet, &events());
    assert_eq!(status, "");
    assert_eq!(out, "     Summary  [   0.0s] 1 test both ways: 1 agree, 2 ignored\n");
}
