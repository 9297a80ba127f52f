//! The examples for `cargo spawncheck`.

use crate::{examples, readme};
use spawncheck_tests::Kind::{self, Brittle, Victim};
use spawncheck_tests::{TestId, tool};
use std::collections::BTreeMap;

pub(crate) struct Example {
    pub(crate) name: &'static str,
    /// How many tests it has, those without a finding included.
    tests: usize,
    /// All are tests of the library.
    findings: &'static [(Kind, &'static str)],
}

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        name: "pricing",
        tests: 11,
        findings: &[(Brittle, "tests::quote_uses_rate"), (Victim, "tests::starts_empty")],
    },
    Example {
        name: "environment",
        tests: 3,
        findings: &[(Victim, "tests::greets_in_english"), (Brittle, "tests::knows_the_polite_form")],
    },
    Example {
        name: "directory",
        tests: 4,
        findings: &[
            (Brittle, "tests::finds_the_list_from_the_data"),
            (Victim, "tests::finds_the_list_from_the_package"),
        ],
    },
    Example {
        name: "first-use",
        tests: 3,
        findings: &[(Victim, "tests::can_be_verbose"), (Brittle, "tests::knows_its_level")],
    },
    Example { name: "clean", tests: 10, findings: &[] },
];

#[test]
fn findings_are_those_of_the_table() {
    for example in EXAMPLES {
        let outcome = tool!().project(example.name, examples().join(example.name)).run();
        let report = outcome.report();
        let expected: BTreeMap<_, _> =
            example.findings.iter().map(|&(kind, test)| (TestId::new(example.name, test), kind)).collect();
        assert_eq!(report.findings, expected, "{}{outcome}", example.name);
        assert!(report.failures.is_empty(), "{}: {:?}{outcome}", example.name, report.failures);
        assert_eq!(report.verdicts.len(), example.tests, "{}: tests{outcome}", example.name);
        outcome.assert_exit(if expected.is_empty() { 0 } else { 120 });
    }
}

#[test]
fn readme_has_the_same_table() {
    let readme = readme();
    for example in EXAMPLES {
        for (kind, test) in example.findings {
            let finding = format!("{kind:?} `{test}`").to_lowercase();
            assert!(readme.contains(&finding), "{finding}");
        }
    }
}
