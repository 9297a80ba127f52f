//! Every fixture crate gives exactly what the table says: each verdict, each finding, nothing else.

use spawncheck_tests::table::{self, Case, Culprits, HAS_CAUSES, Row};
use spawncheck_tests::{Kind, Report, TestId, Verdict, Verdicts, tool};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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
fn actual(report: &Report, rows: &[Row]) -> Lines {
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

#[track_caller]
fn check(case: &Case) {
    let mut project = tool!().fixture(case.fixture).args(case.args);
    for (name, value) in case.env {
        project = project.env(name, value);
    }
    let outcome = project.run();
    let report = outcome.report();
    let differences = differences(&case.rows.iter().map(expected).collect(), &actual(&report, case.rows));
    assert!(differences.is_empty(), "{}:\n{}{outcome}", case.name, differences.join("\n"));
    let skipped: Vec<&str> = report.skipped.keys().map(String::as_str).collect();
    assert_eq!(skipped, case.skipped, "{}: skipped binaries{outcome}", case.name);
    if HAS_CAUSES {
        let limited: Vec<_> = report.limited.iter().map(|(one, other)| (&**one, &**other)).collect();
        assert_eq!(limited, case.limited, "{}: limits{outcome}", case.name);
    }
    let misexplained = misexplained(&report, case.rows);
    assert!(misexplained.is_empty(), "{}:\n{}{outcome}", case.name, misexplained.join("\n"));
    outcome.assert_exit(case.exit);
}

/// One line for each thing that is wrong with an explanation.
fn misexplained(report: &Report, rows: &[Row]) -> Vec<String> {
    let explained = rows.iter().filter(|row| row.kind.is_some());
    explained
        .flat_map(|row| {
            let id = TestId::new(row.binary, row.test);
            let explanation = &report.explanations[&id];
            let mut differences = row.explained.differences(explanation);
            if is_dependence(row) && explanation.confirmed().is_empty() && explanation.notes.is_empty() {
                differences.push("no cause, and no word why".to_owned());
            }
            differences.into_iter().map(move |difference| format!("{id}\n    {difference}"))
        })
        .collect()
}

/// Whether it depends on what another test left.
fn is_dependence(row: &Row) -> bool {
    matches!(row.kind, Some(Kind::Brittle | Kind::Victim))
}

/// Whoever adds a test that depends on inherited state says which tests leave it.
#[test]
fn every_dependence_has_culprits() {
    for case in table::ALL {
        for row in case.rows.iter().filter(|row| is_dependence(row)) {
            let unchecked = matches!(row.explained.culprits, Culprits::Unchecked);
            assert!(!unchecked, "{}: no culprits of {} {}", case.name, row.binary, row.test);
        }
    }
}

/// One test for each case, so that they run beside each other.
macro_rules! fixtures {
    ($($(#[$attribute:meta])* $name:ident => $case:ident;)*) => {$(
        #[test]
        $(#[$attribute])*
        fn $name() {
            check(&table::$case);
        }
    )*};
}

fixtures! {
    apart => APART;
    caller_env => CALLER_ENV;
    caller_env_inherited => CALLER_ENV_INHERITED;
    caller_env_passed => CALLER_ENV_PASSED;
    contention => CONTENTION;
    endings => ENDINGS;
    flaky => FLAKY;
    hanging => HANGING;
    leaks => LEAKS;
    mimic => MIMIC;
    mimic_thorough => MIMIC_THOROUGH;
    no_protocol => NO_PROTOCOL;
    orders => ORDERS;
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    orders_predicted => ORDERS_PREDICTED;
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    orders_thorough => ORDERS_THOROUGH;
    output => OUTPUT;
    #[ignore = "two gibibytes of output"]
    output_gibibyte => OUTPUT_GIBIBYTE;
    plain => PLAIN;
    process_state => PROCESS_STATE;
    statics => STATICS;
    statics_ignored => STATICS_IGNORED;
    statics_libtest_env => STATICS_LIBTEST_ENV;
    #[cfg(target_os = "linux")]
    unexplained => UNEXPLAINED;
    verdicts => VERDICTS;
    verdicts_all => VERDICTS_ALL;
    verdicts_only_ignored => VERDICTS_ONLY_IGNORED;
    workspace => WORKSPACE;
}

/// Fixtures of other tests.
const ELSEWHERE: &[&str] = &["broken", "interpreter"];

#[test]
fn every_fixture_has_a_case() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in directory.read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let has_case = table::ALL.iter().any(|case| case.fixture == name);
        assert!(has_case || ELSEWHERE.contains(&name.as_str()), "the fixture `{name}` has no case");
    }
}
