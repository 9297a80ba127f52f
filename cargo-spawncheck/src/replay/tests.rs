use super::plan::{Expected, Observed, Plan, command};
use crate::args::{Command, RunArgs, parse};
use crate::finding::{Kind, Verdict};
use crate::keep::KeptFinding;
use crate::keep::tests::kept;
use crate::run::{Environment, Observation};
use crate::suite::Dialect;
use crate::suite::tests::binary;
use std::time::Duration;

fn args() -> RunArgs {
    let Ok(Command::Run(args)) = parse(["cargo-spawncheck", "spawncheck"].map(Into::into)) else {
        panic!("no arguments are a run")
    };
    *args
}

fn plan(finding: &KeptFinding) -> crate::error::Result<Plan> {
    let binary = binary("p", Dialect::Libtest, &["a", "b", "!ignored", "v", "z"]);
    Plan::new(finding, &binary, &args(), Environment::Sealed)
}

#[track_caller]
fn check(kind: Kind, culprits: Option<&[&str]>, expected: &[(&[usize], Environment)]) -> Plan {
    let mut finding = kept(kind, "p", "v");
    finding.culprits = culprits.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let plan = plan(&finding).unwrap();
    let actual: Vec<_> = plan
        .processes
        .iter()
        .map(|process| (&*process.schedule.tests, process.schedule.environment))
        .collect();
    assert_eq!(actual, expected);
    plan
}

#[test]
fn the_fewest_processes() {
    use Environment::{Inherited, Sealed};
    check(Kind::Victim, Some(&["b"]), &[(&[3], Sealed), (&[1, 3], Inherited)]);
    check(Kind::Brittle, None, &[(&[3], Sealed), (&[0, 1, 3], Inherited)]);
    check(Kind::Environment, None, &[(&[3], Sealed), (&[3], Inherited)]);
    check(Kind::Leak, None, &[(&[3], Sealed)]);
}

#[test]
fn culprits_that_are_gone() {
    use Environment::{Inherited, Sealed};
    for gone in ["renamed", "ignored"] {
        let plan = check(Kind::Victim, Some(&["b", gone]), &[(&[3], Sealed), (&[0, 1, 3], Inherited)]);
        assert!(plan.notes[0].contains(gone), "{:?}", plan.notes);
    }
}

#[test]
fn tests_that_are_gone() {
    let error = plan(&kept(Kind::Victim, "p", "vv")).unwrap_err();
    assert_eq!(error.code() as u8, 4);
    assert!(error.to_string().contains("is it `v` now?"), "{error}");
    assert!(plan(&kept(Kind::Victim, "p", "ignored")).unwrap_err().to_string().contains("#[ignore]"));
}

#[test]
fn what_counts_as_shown() {
    let plan = plan(&kept(Kind::Victim, "p", "v")).unwrap();
    let [alone, after] = &*plan.processes else { panic!("two processes") };
    assert_eq!(after.expected, Expected::Verdict(Verdict::Failed));
    for (process, verdict, shown) in [
        (alone, Verdict::Passed, true),
        (alone, Verdict::Crashed, false),
        (alone, Verdict::NotRun, false),
        (after, Verdict::Crashed, true),
        (after, Verdict::Passed, false),
        (after, Verdict::NotRun, false),
    ] {
        let duration = Duration::ZERO;
        let observation =
            Observation { test: 3, verdict, duration, leak: None, output: String::new(), bad_end: None };
        let observed = Observed { process, observation: Some(observation) };
        assert_eq!(observed.as_kept(), shown, "{verdict:?} of {process:?}");
    }
    assert!(!Observed { process: after, observation: None }.as_kept());
}

#[test]
fn commands_for_cargo() {
    let libtest = binary("p", Dialect::Libtest, &["a", "it's", "!ignored"]);
    let expected = r#"cargo test -p p --lib --release -- --test-threads=1 --include-ignored --exact a 'it'\''s' ignored"#;
    assert_eq!(command(&libtest, &[0, 1, 2], "--release").as_deref(), Some(expected));
    let mimic = binary("p", Dialect::Mimic, &["a", "b"]);
    assert_eq!(command(&mimic, &[0, 1], ""), None);
    assert_eq!(
        command(&mimic, &[1], "").as_deref(),
        Some("cargo test -p p --lib -- --test-threads=1 --exact b")
    );
}
