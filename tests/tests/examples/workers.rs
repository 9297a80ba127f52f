//! The examples that check workers: each is run once, and all its findings are compared.

use crate::readme;
use spawncheck_tests::WorkerKind::{self, Diverges, Lossy, Oversized, Recursive};
use spawncheck_tests::{Example as Copy, TestId, WorkerFinding, tool};
use std::collections::BTreeMap;

pub(crate) struct Example {
    pub(crate) name: &'static str,
    findings: &'static [Expected],
}

/// What a finding has to say.
struct Expected {
    kind: WorkerKind,
    /// The target that has it.
    target: &'static str,
    worker: &'static str,
    input: Option<&'static str>,
    /// All contexts; where there is no fork, it is not expected.
    outcomes: &'static [(&'static str, &'static str)],
    /// How many earlier calls it takes.
    history: usize,
    needs_setup: Option<bool>,
    field: Option<&'static str>,
    /// The static that carries what it depends on.
    cause: Option<&'static str>,
}

const NOTHING: Expected = Expected {
    kind: Diverges,
    target: "workers",
    worker: "",
    input: None,
    outcomes: &[],
    history: 0,
    needs_setup: None,
    field: None,
    cause: None,
};

const PANICKED: &str = "panicked: the settings are not there";

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        name: "pyfork",
        findings: &[
            Expected {
                worker: "worker",
                input: Some("1"),
                outcomes: &[("inline", "2"), ("thread", "2"), ("fork", "2"), ("pool", "0"), ("spawn", "0")],
                needs_setup: Some(true),
                cause: Some("pyfork::ARGCOPY"),
                ..NOTHING
            },
            Expected {
                worker: "strict_worker",
                input: Some("0"),
                outcomes: &[
                    ("inline", "0"),
                    ("thread", "0"),
                    ("fork", "0"),
                    ("pool", PANICKED),
                    ("spawn", PANICKED),
                ],
                needs_setup: Some(true),
                cause: Some("pyfork::SETTINGS"),
                ..NOTHING
            },
        ],
    },
    Example {
        name: "missing-guard",
        findings: &[
            Expected { kind: Recursive, target: "before_run", worker: "largest", ..NOTHING },
            Expected {
                kind: Recursive,
                target: "inside",
                worker: "work_is_handed_out_by_a_worker",
                ..NOTHING
            },
        ],
    },
    Example { name: "nested-functions", findings: &[] },
    Example { name: "handles", findings: &[] },
    Example {
        name: "lossy",
        findings: &[Expected {
            kind: Lossy,
            worker: "field_is_lost",
            input: Some(r#"Order { number: 0, lines: [Line { article: 0, note: "a" }] }"#),
            field: Some("lines[0].note"),
            ..NOTHING
        }],
    },
    Example { name: "large-input", findings: &[Expected { kind: Oversized, worker: "plain", ..NOTHING }] },
    Example { name: "threads", findings: &[] },
    Example {
        name: "reused-pool",
        findings: &[Expected {
            worker: "second_call",
            input: Some("0"),
            outcomes: &[
                ("inline", r##""#0#0""##),
                ("thread", r##""#0#0""##),
                ("fork", r##""#0""##),
                ("pool", r##""#0#0""##),
                ("spawn", r##""#0""##),
            ],
            history: 1,
            needs_setup: Some(false),
            cause: Some("reused_pool::BUFFER"),
            ..NOTHING
        }],
    },
    Example {
        name: "executors",
        findings: &[Expected {
            worker: "quote",
            input: Some("1"),
            outcomes: &[
                ("inline", "2"),
                ("thread", "2"),
                ("fork", "2"),
                ("pool", "0"),
                ("rayon", "2"),
                ("procspawn", "0"),
                ("spawn", "0"),
            ],
            needs_setup: Some(true),
            cause: Some("executors::RATE"),
            ..NOTHING
        }],
    },
    Example { name: "notebook", findings: &[] },
];

#[test]
fn findings_are_those_of_the_table() {
    for example in EXAMPLES {
        let copy = Copy::new(env!("CARGO_TARGET_TMPDIR"), "workers", example.name);
        let (outcome, findings) = copy.test();
        assert_eq!(findings, all_of(example), "{}{outcome}", example.name);
        // `cargo test` fails where a finding makes a test fail, and only there.
        let fails = example.findings.iter().any(|finding| finding.kind.is_denied());
        outcome.assert_exit(if fails { 101 } else { 0 });
        if example.findings.iter().any(|finding| finding.kind == Oversized) {
            outcome.assert_stderr("; 2 workers hold ");
        }
    }
}

/// A test executable that is two suites has no results that could be told apart, whatever its workers do.
const TWO_SUITES: (&str, &str) = ("missing-guard::before_run", "largest");

#[test]
fn the_tool_shows_them_as_its_own() {
    for example in EXAMPLES {
        let copy = Copy::new(env!("CARGO_TARGET_TMPDIR"), "tool", example.name);
        let outcome = tool!().project(example.name, copy.root()).target_dir(copy.target()).run();
        let report = outcome.report();
        assert_eq!(
            Vec::from_iter(report.workers.keys()),
            Vec::from_iter(&all_of(example)),
            "{}{outcome}",
            example.name
        );
        let traced = cfg!(all(target_os = "linux", target_arch = "x86_64"));
        for (finding, explanation) in report.workers.iter().filter(|_| traced) {
            let expected = example.findings.iter().find(|expected| expected.of(example.name) == *finding);
            let causes: Vec<_> =
                explanation.confirmed().iter().map(|cause| (&*cause.channel, &*cause.name)).collect();
            let cause = expected.and_then(|expected| expected.cause).map(|name| ("static", name));
            assert_eq!(causes, Vec::from_iter(cause), "{}{outcome}", example.name);
        }
        assert!(report.findings.is_empty(), "{}{outcome}", example.name);
        let (binary, test) = TWO_SUITES;
        let fails = (example.name == "missing-guard").then(|| TestId::new(binary, test));
        assert_eq!(Vec::from_iter(report.failures), Vec::from_iter(fails), "{}{outcome}", example.name);
        let denied = example.findings.iter().any(|finding| finding.kind.is_denied());
        outcome.assert_exit(if denied { 120 } else { 0 });
    }
}

#[test]
fn readme_has_the_same_findings() {
    let readme = readme();
    for finding in EXAMPLES.iter().flat_map(|example| example.findings) {
        let text = format!("{} `{}`", format!("{:?}", finding.kind).to_lowercase(), finding.worker);
        assert!(readme.contains(&text), "{text}");
    }
}

/// In the order in which [`Copy::test`] gives them.
fn all_of(example: &Example) -> Vec<WorkerFinding> {
    let mut findings: Vec<_> = example.findings.iter().map(|finding| finding.of(example.name)).collect();
    findings.sort_unstable();
    findings
}

impl Expected {
    fn of(&self, package: &str) -> WorkerFinding {
        let present = |(context, _): &&(&str, &str)| cfg!(unix) || *context != "fork";
        let outcomes = self.outcomes.iter().filter(present);
        WorkerFinding {
            kind: self.kind,
            binary: format!("{package}::{}", self.target),
            test: self.worker.to_owned(),
            worker: self.worker.to_owned(),
            input: self.input.map(str::to_owned),
            outcomes: outcomes
                .map(|(context, what)| (context.to_string(), what.to_string()))
                .collect::<BTreeMap<_, _>>(),
            history: self.history,
            needs_setup: self.needs_setup,
            field: self.field.map(str::to_owned),
        }
    }
}
