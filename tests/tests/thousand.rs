//! A thousand tests in one binary: the culprits of each dependence are found in few runs, and they and the causes are right.

use spawncheck_tests::thousand::{Dependence, Instance, SLOTS, TESTS, Thousand, static_name, test_name};
use spawncheck_tests::{Explanation, Kind, Outcome, TestId, tool};
use std::collections::BTreeMap;
use std::path::Path;

/// How many processes the search may start for each culprit of a set.
const RUNS: usize = 14;

/// Twenty dependences, in four runs of the tool: each of these costs a thousand processes.
const SEEDS: [u64; 4] = [11, 12, 13, 14];
const DEPENDENCES: usize = 5;

#[test]
fn dependences_are_explained() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("thousand");
    let thousand = Thousand::prepare(tool!(), root).unwrap();
    for seed in SEEDS {
        let instance = Instance::random(seed, DEPENDENCES);
        let outcome = thousand.with(&instance).unwrap().run();
        check(seed, &instance, &outcome);
    }
}

#[track_caller]
fn check(seed: u64, instance: &Instance, outcome: &Outcome) {
    outcome.assert_exit(120);
    let report = outcome.report();
    let id = |dependence: &Dependence| TestId::new("thousand", test_name(dependence.test));
    let expected: BTreeMap<TestId, Kind> =
        instance.dependences().iter().map(|dependence| (id(dependence), dependence.kind)).collect();
    assert_eq!(report.findings, expected, "seed {seed}");
    for dependence in instance.dependences() {
        let explanation = &report.explanations[&id(dependence)];
        let wrong = misexplained(instance, dependence, explanation);
        assert_eq!(wrong, None, "seed {seed}: {dependence:?}: {explanation:#?}");
    }
}

/// What is wrong with an explanation.
fn misexplained(
    instance: &Instance,
    dependence: &Dependence,
    explanation: &Explanation,
) -> Option<&'static str> {
    let Some(names) = &explanation.culprits else { return Some("no culprits") };
    let culprits: Vec<usize> = (0..TESTS).filter(|test| names.contains(&test_name(*test))).collect();
    if culprits.iter().map(|test| test_name(*test)).ne(names.iter().cloned()) {
        return Some("culprits out of order");
    }
    if culprits.len() != dependence.culprits || !instance.is_smallest(&culprits, dependence.test) {
        return Some("not the smallest set");
    }
    if explanation.runs.is_none_or(|runs| runs > RUNS * culprits.len()) {
        return Some("too many runs");
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return None;
    }
    let slots: Option<Vec<usize>> =
        explanation.confirmed().iter().map(|carrier| slot(&carrier.name)).collect();
    match slots {
        Some(slots) if instance.carries(&slots, &culprits, dependence.test) => None,
        _ => Some("not the causes"),
    }
}

fn slot(name: &str) -> Option<usize> {
    (0..SLOTS).find(|slot| static_name(*slot) == name)
}
