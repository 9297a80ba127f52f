//! Shards: together they find exactly what one run finds, and each of them has its part of the tests.

use spawncheck_tests::table::{Case, HAS_CAUSES, ORDERS_PREDICTED, ORDERS_THOROUGH};
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

/// Beyond both legs too, a shard finds of its own tests what the whole run finds of them: the others leave their state, and keep
/// it company on threads, in each shard of their binary.
#[track_caller]
fn check_beyond_both_legs(case: &Case, targets: &[&str], shards: usize) {
    let flags = targets.iter().flat_map(|target| ["--test", target]);
    let mut judged = BTreeSet::new();
    let mut parts = BTreeMap::<String, usize>::new();
    for shard in 1..=shards {
        let partition = format!("slice:{shard}/{shards}");
        let outcome = tool!().case(case).args(flags.clone()).args(["--partition", &partition]).run();
        let report = outcome.report();
        let own: BTreeSet<TestId> = report.verdicts.into_keys().collect();
        // The rest of the case holds for each shard; the exit code is that of its own findings.
        let case = Case { exit: report.exit_code, ..*case };
        case.check(&outcome, |row| own.contains(&TestId::new(row.binary, row.test)), HAS_CAUSES);
        for binary in own.iter().map(|id| id.binary.clone()).collect::<BTreeSet<_>>() {
            *parts.entry(binary).or_default() += 1;
        }
        for id in own {
            assert!(judged.insert(id.clone()), "{id} is in two shards");
        }
    }
    let binaries: BTreeSet<String> = targets.iter().map(|target| format!("orders::{target}")).collect();
    let rows = case.rows.iter().filter(|row| binaries.contains(row.binary));
    assert_eq!(judged.len(), rows.count());
    assert!(parts.values().all(|shards| *shards > 1), "not all binaries are split: {parts:?}");
}

#[test]
fn orders_that_are_predicted() {
    check_beyond_both_legs(&ORDERS_PREDICTED, &["hidden", "reversed"], 4);
}

#[test]
fn thoroughly() {
    check_beyond_both_legs(&ORDERS_THOROUGH, &["hidden", "racy", "repeated", "reversed"], 7);
}

/// Two checks of workers that find something, in one binary that is split. What the harness writes is written here by hand: this is
/// about who tells of it.
#[test]
fn findings_about_workers() {
    let tests = r#"
        fn finds(test: &str) {
            use std::io::Write;
            let file = std::env::var_os("SPAWNCHECK_EVENTS").expect("somebody wants to know");
            let line = format!(
                "{{\"type\":\"finding\",\"kind\":\"diverges\",\"package\":\"workers\",\"test\":\"{test}\",\
                 \"worker\":\"{test}\",\"input\":\"1\",\"outcomes\":{{\"inline\":\"2\",\"spawn\":\"0\"}}}}\n"
            );
            std::fs::File::options().append(true).create(true).open(file).unwrap().write_all(line.as_bytes()).unwrap();
            panic!("it diverges");
        }
        #[test] fn a_diverges() { finds("a_diverges"); }
        #[test] fn b_passes() {}
        #[test] fn c_passes() {}
        #[test] fn d_diverges() { finds("d_diverges"); }
    "#;
    let manifest = "[package]\nname = \"workers\"\nedition = \"2024\"\n[workspace]\n";
    let project = tool!().empty().file("Cargo.toml", manifest).file("src/lib.rs", tests);
    let found = |partition: Option<String>| -> BTreeSet<String> {
        let (report, _) = run(&project, partition);
        let denied = if report.workers.is_empty() { 0 } else { 120 };
        assert_eq!((report.exit_code, report.failures.len()), (denied, 0));
        report.workers.into_keys().map(|finding| finding.test).collect()
    };
    assert_eq!(found(None), ["a_diverges", "d_diverges"].map(str::to_owned).into());
    assert_eq!(found(Some("slice:1/2".into())), ["a_diverges".to_owned()].into());
    assert_eq!(found(Some("slice:2/2".into())), ["d_diverges".to_owned()].into());
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
    let words = ["list", "--target-dir", target, "--message-format", "json", "--partition", "slice:1/3"];
    let listed = project.run_command(words);
    assert!(listed.stdout.contains(r#"{"status":"mismatch","reason":"partition"}"#), "{listed}");
}
