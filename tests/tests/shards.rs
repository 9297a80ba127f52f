//! Shards: together they find exactly what one run finds, and each of them has its part of the tests.

use spawncheck_tests::{Kind, Project, Report, TestId, Verdicts, tool};
use std::collections::{BTreeMap, BTreeSet};

/// Its kind, culprits, and the names of confirmed causes.
type Finding = (Kind, Option<Vec<String>>, Vec<String>);

/// What does not depend on how long something took.
#[derive(Debug, Default, PartialEq)]
struct Said {
    verdicts: BTreeMap<TestId, Verdicts>,
    findings: BTreeMap<TestId, Finding>,
    workers: BTreeSet<String>,
    failures: BTreeSet<TestId>,
    /// Binaries that ended badly after all results.
    bad_ends: Vec<String>,
}

impl Said {
    fn add(&mut self, report: Report, stdout: &str) {
        for (id, verdicts) in report.verdicts {
            assert!(self.verdicts.insert(id.clone(), verdicts).is_none(), "{id} is in two shards");
        }
        for (id, kind) in report.findings {
            let explanation = &report.explanations[&id];
            let causes = explanation.confirmed().iter().map(|cause| cause.name.clone()).collect();
            let said = (kind, explanation.culprits.clone(), causes);
            assert!(self.findings.insert(id.clone(), said).is_none(), "{id} is found in two shards");
        }
        self.workers.extend(report.workers.keys().map(|finding| format!("{finding:?}")));
        self.failures.extend(report.failures);
        let bad_end = |line: &&str| line.contains(r#""type":"binary-failed""#);
        self.bad_ends.extend(stdout.lines().filter(bad_end).map(str::to_owned));
        self.bad_ends.sort();
    }
}

fn run(project: &Project, partition: Option<String>) -> (Report, String) {
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    let mut args = vec!["run", "--message-format", "json", "--target-dir", target];
    args.extend(partition.as_deref().into_iter().flat_map(|shard| ["--partition", shard]));
    let outcome = project.run_command(args);
    (outcome.report(), outcome.stdout)
}

/// Four shards find what one run does; `split`: whether a binary is in several of them.
#[track_caller]
fn check(fixture: &str, scheme: &str, split: bool) {
    let project = tool!().fixture(fixture);
    let mut whole = Said::default();
    let (report, stdout) = run(&project, None);
    whole.add(report, &stdout);
    let mut together = Said::default();
    let mut homes: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for shard in 1..=4 {
        let partition = format!("{scheme}:{shard}/4");
        let (report, stdout) = run(&project, Some(partition.clone()));
        assert!(stdout.lines().next().is_some_and(|line| line.contains(&partition)), "{stdout}");
        for id in report.verdicts.keys() {
            homes.entry(id.binary.clone()).or_default().insert(shard);
        }
        together.add(report, &stdout);
    }
    assert_eq!(together, whole);
    assert_eq!(homes.values().any(|shards| shards.len() > 1), split, "{homes:?}");
    assert!(!whole.findings.is_empty() || !whole.failures.is_empty(), "nothing to find");
}

#[test]
fn a_binary_that_is_split() {
    check("statics", "slice", true);
}

#[test]
fn a_binary_that_is_split_by_name() {
    check("verdicts", "hash", true);
}

#[test]
fn binaries_of_several_packages() {
    check("workspace", "slice", true);
}

/// The end of a process is told once, and not at all where a test answers for it.
#[test]
fn processes_that_end_badly() {
    check("endings", "slice", true);
    check("endings", "hash", true);
}

#[test]
fn another_harness() {
    check("mimic", "slice", true);
}

#[test]
fn a_single_binary() {
    let project = tool!().fixture("plain");
    let (report, stdout) = run(&project, Some("slice:1/4".into()));
    assert_eq!(report.exit_code, 0);
    let started: serde_json::Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    assert_eq!(started["partition"], "slice:1/4");
}

/// More shards than tests: that is no error, it says so.
#[test]
fn a_shard_without_tests() {
    let project = tool!().fixture("plain").args(["--partition", "slice:10000/10000"]);
    let outcome = project.run();
    outcome.assert_exit(0).assert_stderr("no tests in shard slice:10000/10000, of ");
    assert!(outcome.report().verdicts.is_empty());
    // What is empty in any case is one.
    project.args(["no_such_test"]).run().assert_exit(4).assert_stderr("no tests to run");
}

#[test]
fn shards_that_do_not_exist() {
    for partition in ["slice:5/4", "hash:0/4", "slice:1/0", "thirds:1/3", "slice:1/10001"] {
        let outcome = tool!().fixture("plain").args(["--partition", partition]).run();
        outcome.assert_exit(2).assert_stderr(&format!("`{partition}`"));
    }
}

/// The list of a shard is what it judges, not all that it runs.
#[test]
fn lists() {
    let project = tool!().fixture("verdicts");
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    let list = |more: &[&str]| -> Vec<String> {
        let outcome = project.run_command([&["list", "--target-dir", target], more].concat());
        outcome.assert_exit(0);
        let tests = outcome.stdout.lines().filter(|line| line.starts_with(' '));
        tests.map(|line| line.trim().to_owned()).collect()
    };
    let shards = (1..=3).flat_map(|shard| list(&["--partition", &format!("slice:{shard}/3")]));
    assert_eq!(shards.collect::<Vec<_>>(), list(&[]));
}
