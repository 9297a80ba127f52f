//! What workers depend on, through each channel: no example has more than a static.

use spawncheck_tests::{Example, Explanation, WorkerFinding, tool};
use std::collections::BTreeMap;

/// A suite in the place of an example's own.
const SUITE: &str = include_str!("causes/suite.rs");

type Expected = (&'static str, &'static [(&'static str, &'static str)], Option<&'static str>);

/// By worker: channel and name of each cause, and what a note says where there is none. A name that is not the same in
/// each run is not written down.
const EXPECTED: &[Expected] = &[
    ("static", &[("static", "workers::RATE")], None),
    ("after_a_call", &[("static", "workers::FIRST")], None),
    ("after_two_calls", &[("static", "workers::STEPS")], None),
    ("either_of_two", &[("static", "workers::ONE"), ("static", "workers::OTHER")], None),
    ("both_of_two", &[("static", "workers::ONE"), ("static", "workers::OTHER")], None),
    ("on_the_heap", &[("static", "workers::TABLE")], None),
    ("panics", &[("static", "workers::RATE")], None),
    ("dies", &[("static", "workers::RATE")], None),
    ("large_output", &[("static", "workers::RATE")], None),
    ("panic_hook", &[("static", "std::panicking::HOOK")], None),
    ("variable", &[("env", "RATE")], None),
    ("directory", &[("cwd", "/")], None),
    ("file", &[("file", "")], None),
    ("thread", &[("thread", "helper")], None),
    ("thread_local", &[], Some("without effect")),
    ("only_in_forks", &[("static", "workers::RATE")], Some("the process that would fork")),
    ("in_another_process", &[], Some("only forks show it")),
    ("context", &[], None),
];

#[test]
fn causes_are_right_or_missing() {
    let example = Example::new(env!("CARGO_TARGET_TMPDIR"), "causes", "pyfork")
        .write("tests/workers.rs", SUITE)
        .write("src/main.rs", "fn main() {}");
    // By its own name, or cargo would take what it has built of one for the other.
    let example = ["Cargo.toml", "Cargo.lock"].into_iter().fold(example, |example, file| {
        let text = example.read(file).replace(r#"name = "pyfork""#, r#"name = "causes""#);
        example.write(file, &text)
    });
    let outcome = tool!().project("causes", example.root()).target_dir(example.target()).run();
    let report = outcome.report();
    let findings: BTreeMap<_, _> = report
        .workers
        .iter()
        .map(|(finding, explanation)| (&*finding.worker, (finding, explanation)))
        .collect();
    assert_eq!(findings.len(), EXPECTED.len(), "{outcome}");
    for (worker, causes, note) in EXPECTED {
        let (finding, explanation) = findings[worker];
        check(finding, explanation, causes, *note);
    }
}

#[track_caller]
fn check(finding: &WorkerFinding, explanation: &Explanation, expected: &[(&str, &str)], note: Option<&str>) {
    let confirmed = explanation.confirmed();
    let name = |index: usize, name| {
        if expected.get(index).is_some_and(|(_, name)| name.is_empty()) { "" } else { name }
    };
    let causes: Vec<_> = confirmed
        .iter()
        .enumerate()
        .map(|(index, cause)| (&*cause.channel, name(index, &*cause.name)))
        .collect();
    assert_eq!(causes, expected, "{finding:?} {explanation:?}");
    let together = if finding.worker == "either_of_two" { 1 } else { 0 };
    assert!(explanation.causes.iter().all(|cause| cause.together_with.len() == together), "{explanation:?}");
    match note {
        None => assert!(explanation.notes.is_empty(), "{finding:?} {explanation:?}"),
        Some(note) => {
            assert!(explanation.notes.iter().any(|text| text.contains(note)), "{finding:?} {explanation:?}")
        }
    }
}
