//! Findings are kept, and shown again by `cargo spawncheck replay`.

use spawncheck_tests::{Outcome, Project, tool};
use std::fs;
use std::path::PathBuf;

const ATOMIC: &str = "src/atomic.rs";
const VICTIM: &str = "atomic::tests::c_needs_the_default";
const BRITTLE: &str = "atomic::tests::b_needs_the_rate";

#[track_caller]
fn replay(project: &Project, args: &[&str]) -> Outcome {
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    project.run_command([&["replay", "--target-dir", target], args].concat())
}

#[track_caller]
fn listed(project: &Project) -> Vec<String> {
    let outcome = replay(project, &["--message-format", "json"]);
    outcome.assert_exit(0);
    let test =
        |event: &serde_json::Value| event["test"].as_str().expect("a kept finding has a test").to_owned();
    outcome.events().iter().map(test).collect()
}

fn kept(project: &Project) -> PathBuf {
    project.target().join("spawncheck").join("findings.json")
}

/// A copy of `statics`, of which only the first module runs.
fn statics() -> Project {
    tool!().copy("statics").args(["atomic::"])
}

#[test]
fn from_the_finding_to_the_repair() {
    let project = statics();
    let found = project.run();
    found.assert_exit(120);
    let commands: Vec<_> = found
        .events()
        .iter()
        .filter(|event| event["type"] == "finding")
        .map(|event| event["replay"].as_str().expect("a finding says how to replay it").to_owned())
        .collect();
    let target = project.target().display();
    let expected =
        [BRITTLE, VICTIM].map(|test| format!("cargo spawncheck replay --target-dir {target} statics {test}"));
    assert_eq!(commands, expected, "{found}");

    let shown = replay(&project, &["statics", VICTIM]);
    shown.assert_exit(120);
    shown.assert_stdout(&["alone", "passes, as before", "fails, as before", "src/atomic.rs", "Reproduced"]);
    let events =
        replay(&project, &["statics", BRITTLE, "--message-format", "json"]).assert_exit(120).events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["reproduced"], true, "{events:?}");
    let verdict = |process: usize| events[0]["processes"][process]["verdict"].clone();
    assert_eq!([verdict(0), verdict(1)], ["failed", "passed"]);

    // The repair of one of them: replay says which half has changed.
    let source = fs::read_to_string(project.root().join(ATOMIC)).expect("the copy has a source");
    let repaired = source.replace("quote(20), 20", "{ configure(1); quote(20) }, 20");
    let project = project.file(ATOMIC, &repaired);
    let gone = replay(&project, &["statics", VICTIM]);
    gone.assert_exit(0);
    gone.assert_stdout(&["passes (kept: fails)", "Gone", "no longer reproduces: now after"]);
    replay(&project, &["statics", BRITTLE]).assert_exit(120);

    // A run on the repaired test alone: its finding goes, the other one stays.
    assert_eq!(listed(&project), [BRITTLE, VICTIM]);
    let project = project.args(["--exact", VICTIM, "atomic::tests::a_configures"]);
    project.run().assert_exit(0);
    assert_eq!(listed(&project), [BRITTLE]);
}

#[test]
fn a_run_forgets_only_what_it_looked_at() {
    let project = statics();
    project.run().assert_exit(120);
    assert_eq!(listed(&project), [BRITTLE, VICTIM]);
    // In a run without the one that sets the rate there is nothing to find about the second.
    let project = project.args(["--skip", "a_configures", "--skip", "c_needs"]);
    project.run().assert_exit(100);
    assert_eq!(listed(&project), [VICTIM]);
}

/// Two projects of the same name that are built in one directory know nothing of each other.
#[test]
fn shared_target_directory() {
    let project = statics();
    project.run().assert_exit(120);
    let other = statics().target_dir(project.target());
    assert_eq!(listed(&other), [""; 0]);
    let other = other.args(["--skip", "c_needs"]);
    other.run().assert_exit(120);
    assert_eq!(listed(&other), [BRITTLE]);
    assert_eq!(listed(&project), [BRITTLE, VICTIM]);
}

#[test]
fn what_is_not_kept() {
    let project = statics();
    replay(&project, &[]).assert_exit(0).assert_stdout(&["nothing to replay"]);
    replay(&project, &["statics", VICTIM])
        .assert_exit(2)
        .assert_stderr("`cargo spawncheck` looks for findings");
    project.run().assert_exit(120);
    replay(&project, &["statics", "atomic::tests::c_needs_default"])
        .assert_exit(2)
        .assert_stderr("did you mean `atomic::tests::c_needs_the_default`");
    replay(&project, &["statics", VICTIM, "more"]).assert_exit(2);
}

#[test]
fn a_test_that_is_gone() {
    let project = statics();
    project.run().assert_exit(120);
    let source = fs::read_to_string(project.root().join(ATOMIC)).expect("the copy has a source");
    let project = project.file(ATOMIC, &source.replace("c_needs_the_default", "c_needs_the_defaults"));
    replay(&project, &["statics", VICTIM])
        .assert_exit(4)
        .assert_stderr("`atomic::tests::c_needs_the_defaults` now?");
    let project = project.file(ATOMIC, "broken");
    replay(&project, &["statics", VICTIM]).assert_exit(101);
}

/// A run goes on without it, and says so; replay cannot.
#[test]
fn corrupt_file() {
    let project = statics().file("target/spawncheck/findings.json", "{\"schema\":");
    replay(&project, &["statics", VICTIM])
        .assert_exit(96)
        .assert_stderr("findings.json")
        .assert_stderr("delete the file");
    let outcome = project.run();
    outcome.assert_exit(120).assert_stderr("warning: ").assert_stderr("findings.json");
    assert!(!outcome.stdout.contains("spawncheck replay"), "{outcome}");
    assert_eq!(fs::read_to_string(kept(&project)).expect("the file is as it was"), "{\"schema\":");
}

#[test]
fn no_room_for_the_file() {
    let project = statics().file("target/spawncheck", "in the way");
    project.run().assert_exit(120).assert_stderr("warning: ");
}

/// The flags that were kept are given to cargo: what somebody else has put there has to be ours.
#[test]
fn flags_of_somebody_else() {
    let project = statics();
    project.run().assert_exit(120);
    let text = fs::read_to_string(kept(&project)).expect("findings are kept");
    let project =
        project.file("target/spawncheck/findings.json", &text.replace("\"--lib\"", "\"--frobnicate\""));
    replay(&project, &["statics", VICTIM]).assert_exit(96).assert_stderr("--frobnicate");
}

#[test]
fn a_variable_of_the_caller() {
    let project = tool!().fixture("caller-env").env("FIXTURE_TOKEN", "from the caller");
    project.run();
    let shown = replay(&project, &["caller-env", "tests::needs_the_token"]);
    // Its level is warn.
    shown.assert_exit(0);
    shown.assert_stdout(&["with your whole environment", "Reproduced", "(not denied)"]);
}

#[cfg(unix)]
#[test]
fn a_process_left_behind() {
    let project = tool!().fixture("leaks");
    project.run();
    let shown = replay(&project, &["leaks", "tests::b_leaves_a_silent_child"]);
    shown.assert_exit(0);
    shown.assert_stdout(&["leaves something behind, as before", "Reproduced"]);
}

/// libtest-mimic lets tests have any name, and takes one filter only.
#[test]
fn odd_names() {
    let name = " a's $HOME \\\"q\\\" ; `x` -- ok";
    let tests = format!(
        "use std::sync::atomic::{{AtomicBool, Ordering::SeqCst}};\n\
         use libtest_mimic::{{Arguments, Trial}};\n\
         static SET: AtomicBool = AtomicBool::new(false);\n\
         fn main() -> std::process::ExitCode {{\n\
             let first = Trial::test(\"-first\", || {{ SET.store(true, SeqCst); Ok(()) }});\n\
             let second = Trial::test(\"{name}\", || if SET.load(SeqCst) {{ Err(\"set\".into()) }} else {{ Ok(()) }});\n\
             libtest_mimic::run(&Arguments::from_args(), vec![first, second]).exit_code()\n\
         }}\n"
    );
    let project = tool!().copy("mimic").file("tests/names.rs", &tests).args(["--test", "names"]);
    project.run().assert_exit(120);
    let shown = replay(&project, &["mimic", &name.replace('\\', "")]);
    shown.assert_exit(120);
    shown.assert_stdout(&["Reproduced", "after -first it fails"]);
}
