//! Random suites: what the tool finds in them must be exactly what a model of a few lines predicts.
//!
//! A suite is a text file that the interpreter fixture runs, so nothing is compiled for it. Many suites are tried in
//! one run of the tool, each in a test binary of its own; one that differs is then shrunk alone.

mod interpreter;
mod model;
mod suite;

use interpreter::{Interpreter, SUITES};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use spawncheck_tests::{Report, TestId};
use std::iter::repeat_n;
use suite::{MAX_TESTS, Suite, suites};

#[test]
fn findings_are_those_of_the_model() {
    let interpreter = Interpreter::prepare();
    let mut runner =
        TestRunner::new(Config { max_shrink_iters: 300, max_shrink_time: 60_000, ..Config::default() });
    // Nearly every large suite has a finding; small ones, one at a time, show the other exit codes too.
    for (count, max_tests) in repeat_n((1, 3), 12).chain(repeat_n((SUITES, MAX_TESTS), 8)) {
        let trees: Vec<_> = (0..count).map(|_| suites(max_tests).new_tree(&mut runner).unwrap()).collect();
        let batch: Vec<_> = trees.iter().map(ValueTree::current).collect();
        let Err(difference) = check(&interpreter, &batch) else { continue };
        for tree in trees {
            let alone = |suite| check(&interpreter, &[suite]).map_err(TestCaseError::fail);
            match runner.run_one(tree, alone) {
                Ok(_) => {}
                // The reason has the smallest suite in the form in which the interpreter reads it.
                Err(TestError::Fail(reason, _)) => panic!("{reason}"),
                Err(abort) => panic!("{abort}"),
            }
        }
        panic!("no suite shows it alone: {difference}");
    }
}

/// Compares the tool with the model; the error shows where they differ.
fn check(interpreter: &Interpreter, suites: &[Suite]) -> Result<(), String> {
    let expected = model::predict(suites);
    let outcome = interpreter.run(suites);
    let actual = outcome.report();
    if content(&actual) == content(&expected) {
        return check_culprits(suites, &actual);
    }
    let mut difference = format!("exit code {} instead of {}\n", actual.exit_code, expected.exit_code);
    for (index, suite) in suites.iter().enumerate() {
        let binary = interpreter::binary(index);
        let (expected, actual) = (describe(&expected, &binary), describe(&actual, &binary));
        if actual != expected {
            difference += &format!("\nsuite:\n{suite}\nexpected:\n{expected}\nthe tool:\n{actual}");
        }
    }
    Err(difference)
}

/// A suite is so small that the search must always come to its end.
fn check_culprits(suites: &[Suite], report: &Report) -> Result<(), String> {
    for (index, suite) in suites.iter().enumerate() {
        let binary = interpreter::binary(index);
        for (test, _) in suite.0.iter().enumerate() {
            let id = TestId::new(&binary, Suite::test_name(test));
            let Some(explanation) = report.explanations.get(&id) else { continue };
            let names = explanation.culprits.as_deref().unwrap_or_default();
            let culprits: Option<Vec<usize>> = names.iter().map(|name| suite.index(name)).collect();
            if !culprits.is_some_and(|culprits| model::is_smallest(suite, &culprits, test)) {
                return Err(format!("suite:\n{suite}\nculprits of {}: {names:?}", id.test));
            }
        }
    }
    Ok(())
}

/// All that is compared.
fn content(report: &Report) -> impl PartialEq {
    let Report { verdicts, findings, workers, failures, skipped, exit_code, .. } = report;
    (verdicts, findings, workers.keys().collect::<Vec<_>>(), failures, skipped, *exit_code)
}

/// What a report says of the tests of one binary.
fn describe(report: &Report, binary: &str) -> String {
    let line = |id: &TestId| {
        let (verdicts, finding) = (report.verdicts[id], report.findings.get(id));
        let failure = report.failures.contains(id);
        format!("{}: {verdicts:?}, finding: {finding:?}, failure: {failure}\n", id.test)
    };
    report.verdicts.keys().filter(|id| id.binary == binary).map(line).collect()
}
