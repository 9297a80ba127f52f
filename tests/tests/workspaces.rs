//! A run of a part of the workspace says nothing of the rest.

use spawncheck_tests::{Project, tool};

const ROOT: &str = "[package]\nname = \"a\"\nedition = \"2024\"\n[workspace]\nmembers = [\"b\"]\n";
const MEMBER: &str = "[package]\nname = \"b\"\nedition = \"2024\"\n[features]\nmore = []\n";
const PASSES: &str = "#[test]\nfn passes() {}\n";

/// Two tests, of which the second needs the first, and the same again behind a feature.
const BRITTLE: &str = "
static RATE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
use std::sync::atomic::Ordering::SeqCst;
#[test]
fn a_sets() { RATE.store(1, SeqCst) }
#[test]
fn b_needs() { assert_eq!(RATE.load(SeqCst), 1) }
#[cfg(feature = \"more\")]
#[test]
fn c_needs_too() { assert_eq!(RATE.load(SeqCst), 1) }
";

/// Package `a`, where the tool is run, and member `b`, which is built only if it is asked for.
#[track_caller]
fn workspace(config: &str) -> Project {
    tool!()
        .empty()
        .file("Cargo.toml", ROOT)
        .file("src/lib.rs", PASSES)
        .file("b/Cargo.toml", MEMBER)
        .file("b/src/lib.rs", BRITTLE)
        .config(config)
}

fn accept(test: &str) -> String {
    format!("[[accept]]\ntest = \"{test}\"\nkind = \"brittle\"\nreason = \"known\"\n")
}

#[track_caller]
fn run(project: &Project, args: &[&str], exit: i32) -> String {
    let target = project.target().to_str().expect("the path is in UTF-8");
    let words = ["run", "--message-format", "json", "--culprit-runs", "0", "--target-dir", target];
    let outcome = project.run_command([&words, args].concat());
    outcome.assert_exit(exit);
    outcome.stderr
}

#[test]
fn an_accepted_finding_of_another_member() {
    let project = workspace(&(accept("b_needs") + &accept("c_needs_too")));
    run(&project, &[], 0);
    run(&project, &["--workspace"], 0);
    run(&project, &["--workspace", "--all-features"], 0);
    let project = workspace(&(accept("b_needs") + &accept("c_needs_too") + &accept("d_gone")));
    run(&project, &["--workspace"], 0);
    assert!(
        run(&project, &["--workspace", "--all-features"], 96)
            .contains("`d_gone` names a test that is in none")
    );
}

#[track_caller]
fn assert_kept(project: &Project, expected: &[&str]) {
    let target = project.target().to_str().expect("the path is in UTF-8");
    let outcome = project.run_command(["replay", "--message-format", "json", "--target-dir", target]);
    outcome.assert_exit(0);
    let events = outcome.events();
    let tests: Vec<_> = events.iter().filter_map(|event| event["test"].as_str()).collect();
    assert_eq!(tests, expected, "{outcome}");
}

#[test]
fn a_kept_finding_of_another_member() {
    let project = workspace("");
    run(&project, &["--workspace", "--all-features"], 120);
    assert_kept(&project, &["b_needs", "c_needs_too"]);
    // Neither the binary is there, nor, without its feature, the test.
    run(&project, &[], 0);
    run(&project, &["-p", "b", "--skip", "b_needs"], 0);
    assert_kept(&project, &["b_needs", "c_needs_too"]);
    // It is gone for good, as the run sees that found it.
    let project = project.file("b/src/lib.rs", PASSES);
    run(&project, &["--workspace"], 0);
    assert_kept(&project, &["b_needs", "c_needs_too"]);
    run(&project, &["--workspace", "--all-features"], 0);
    assert_kept(&project, &[]);
}
