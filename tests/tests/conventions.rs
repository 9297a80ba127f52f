//! What users of other test runners expect: when to stop, retries, what is shown of each test, lists, profiles, files to begin with.

use serde_json::Value;
use spawncheck_tests::{Outcome, Project, tool};
use std::fs;

const MANIFEST: &str = "[package]\nname = \"usual\"\nedition = \"2024\"\n\n[workspace]\n";

#[track_caller]
fn project(tests: &str) -> Project {
    tool!().empty().file("Cargo.toml", MANIFEST).file("src/lib.rs", tests)
}

/// `run` with nothing but these arguments: the human report.
#[track_caller]
fn human(project: &Project, args: &[&str]) -> Outcome {
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    project.run_command([&["run", "--target-dir", target], args].concat())
}

#[track_caller]
fn events(outcome: &Outcome, kind: &str) -> Vec<Value> {
    let parse = |line: &str| -> Value {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}{outcome}"))
    };
    outcome.stdout.lines().map(parse).filter(|event| event["type"] == kind).collect()
}

const TWO_FAIL: &str = "#[test]\nfn a_passes() { println!(\"fine\"); }\n#[test]\nfn b_fails() { panic!(\"no good\") }\n#[test]\nfn c_fails() { panic!() }\n#[test]\nfn d_passes() {}\n";

/// The in-process leg is one process, which goes on to its end; of the spawned tests, those after the failure are left out. Nothing is
/// said of a finding that is accepted in one of them.
#[test]
fn enough_failures() {
    let accept = "[[accept]]\ntest = \"d_passes\"\nkind = \"victim\"\nreason = \"known\"\n";
    let project = project(TWO_FAIL).config(accept).args(["--test-jobs", "1", "--fail-fast"]);
    let outcome = project.run();
    outcome.assert_exit(100).assert_stderr("the rest was not run");
    let not_run: Vec<_> = events(&outcome, "test-finished")
        .into_iter()
        .filter(|event| event["verdict"] == "not-run")
        .map(|event| format!("{} {}", event["leg"], event["test"]).replace('"', ""))
        .collect();
    assert_eq!(not_run, ["spawned c_fails", "spawned d_passes"], "{outcome}");
    let failed: Vec<_> = events(&outcome, "failure").iter().map(|event| event["test"].clone()).collect();
    assert_eq!(failed, ["b_fails"], "{outcome}");
    assert_eq!(events(&outcome, "run-finished")[0]["not_run"], 2, "{outcome}");
}

#[test]
fn levels_and_outputs() {
    let project = project(TWO_FAIL);
    let quiet = human(&project, &["--failure-output", "never"]);
    quiet.assert_exit(100);
    assert!(!quiet.stdout.contains("no good") && !quiet.stdout.contains("PASS"), "{quiet}");

    let loud = human(
        &project,
        &["--status-level", "pass", "--final-status-level", "fail", "--success-output", "immediate"],
    );
    loud.assert_exit(100);
    let count = |text: &str| loud.stdout.lines().filter(|line| line.contains(text)).count();
    // Two tests in two legs, twice for those that fail; their headlines have no time.
    assert_eq!((count("PASS  ["), count("FAIL  [")), (4, 8), "{loud}");
    assert_eq!((count("OUTPUT  "), count("              fine")), (2, 2), "{loud}");
}

/// Fails in both legs and alone, and once more; each run leaves a line.
const WAVERS: &str = r#"
#[test]
fn wavers() {
    use std::io::Write;
    let mut file = std::fs::File::options().create(true).append(true).open("runs").unwrap();
    file.write_all(b"run\n").unwrap();
    assert!(std::fs::read_to_string("runs").unwrap().lines().count() > 4);
}
"#;

#[test]
fn a_retry_that_passes() {
    let outcome = project(WAVERS).args(["--retries", "3"]).run();
    outcome.assert_exit(0);
    let retries: Vec<_> = events(&outcome, "test-retried")
        .iter()
        .map(|event| (event["attempt"].clone(), event["verdict"].clone()))
        .collect();
    assert_eq!(retries, [(2.into(), "failed".into()), (3.into(), "passed".into())], "{outcome}");
    let findings = events(&outcome, "finding");
    assert_eq!((&findings[0]["kind"], &findings[0]["level"]), (&"flaky".into(), &"warn".into()), "{outcome}");
}

#[test]
fn no_retry_unless_asked_for() {
    let outcome = project(WAVERS).run();
    outcome.assert_exit(100);
    assert_eq!(events(&outcome, "failure").len(), 1, "{outcome}");
    assert!(events(&outcome, "test-retried").is_empty(), "{outcome}");
}

#[test]
fn profiles() {
    let config =
        "[profile.ci]\nrun.retries = 1\n[profile.strict]\ninherits = \"ci\"\nlints.flaky = \"deny\"\n";
    let retried = WAVERS.replace("> 4", "> 3");
    let strict = project(&retried).config(config).args(["-P", "strict"]);
    strict.run().assert_exit(120);
    project(&retried).config(config).env("SPAWNCHECK_PROFILE", "ci").run().assert_exit(0);

    let unknown = tool!().copy("plain").config(config).args(["-P", "stritc"]).run();
    unknown.assert_exit(96).assert_stderr("no profile `stritc`").assert_stderr("did you mean `strict`?");
}

#[test]
fn list_as_json() {
    let project = project("#[test]\nfn a() {}\n#[test]\n#[ignore]\nfn b() {}\n#[test]\nfn left_out() {}\n");
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    for format in ["json", "json-pretty"] {
        let args = ["list", "--target-dir", target, "--message-format", format, "--skip", "left_out"]
            .map(str::to_owned);
        let outcome = project.run_command(args);
        outcome.assert_exit(0);
        let list: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(list["test-count"], 3, "{outcome}");
        let suite = &list["rust-suites"]["usual"];
        assert_eq!((&suite["binary-id"], &suite["status"]), (&"usual".into(), &"listed".into()), "{outcome}");
        let matches: Vec<_> = ["a", "b", "left_out"]
            .map(|test| suite["testcases"][test]["filter-match"]["status"].as_str())
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(matches, ["matches", "mismatch", "mismatch"], "{outcome}");
        assert_eq!(outcome.stdout.lines().count() > 1, format == "json-pretty");
    }
}

#[test]
fn files_to_begin_with() {
    let project = project(TWO_FAIL).file(".github/workflows/spawncheck.yml", "mine");
    let outcome = project.run_command(["init"]);
    outcome.assert_exit(0);
    let expected = ["Created", "spawncheck.toml", "Exists", "spawncheck.yml, and stays as it is"];
    assert!(expected.iter().all(|text| outcome.stdout.contains(text)), "{outcome}");
    let read = |path: &str| fs::read_to_string(project.root().join(path)).unwrap();
    assert_eq!(read(".github/workflows/spawncheck.yml"), "mine");
    let config = read(".config/spawncheck.toml");
    project.run_command(["init"]).assert_exit(0);
    assert_eq!(read(".config/spawncheck.toml"), config);
    // What it wrote changes nothing.
    project.args(["a_passes"]).run().assert_exit(0);
}

#[test]
fn scripts_and_pages() {
    let project = tool!().empty();
    let script = project.run_command(["completions", "bash"]);
    script.assert_exit(0);
    assert!(script.stdout.contains("--final-status-level"), "{script}");
    project.run_command(["completions", "csh"]).assert_exit(2);

    let page = project.run_command(["man"]);
    page.assert_exit(0);
    assert!(page.stdout.contains(".TH cargo-spawncheck 1"), "{page}");
    project.run_command(["man", "pages"]).assert_exit(0);
    let run = fs::read_to_string(project.root().join("pages/cargo-spawncheck-run.1")).unwrap();
    assert!(run.contains("cargo spawncheck run"), "{run}");
}
