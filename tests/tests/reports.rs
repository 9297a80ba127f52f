//! Reports in files, and many of them put together.

use spawncheck_tests::{Outcome, Project, tool};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// Three tests: a setter, one that needs it, and one that it breaks.
const ATOMIC: &str = "atomic::tests";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().expect("cannot create a temporary directory"))
    }

    fn path(&self, name: &str) -> String {
        self.0
            .path()
            .join(name)
            .into_os_string()
            .into_string()
            .expect("the temporary directory has a readable name")
    }

    #[track_caller]
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("cannot read `{name}`: {error}"))
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap_or_else(|error| panic!("cannot write `{name}`: {error}"));
        self.path(name)
    }
}

fn statics(args: &[&str]) -> Project {
    tool!().fixture("statics").args(["--lib"]).args(args)
}

#[track_caller]
fn merge(args: &[&str]) -> Outcome {
    tool!().empty().run_command(["merge"].iter().chain(args))
}

/// The same events in the file as on standard output, and all files in one run.
#[test]
fn files_of_a_run() {
    let folder = Folder::new();
    let (events, junit, summary) =
        (folder.path("events.json"), folder.path("junit.xml"), folder.path("summary.md"));
    let project = statics(&[ATOMIC, "--report-file", &events, "--junit", &junit, "--github"]);
    let outcome = project.env("GITHUB_STEP_SUMMARY", &summary).run();
    outcome.assert_exit(120).assert_schema();
    assert_eq!(folder.read("events.json"), outcome.stdout);
    let junit = folder.read("junit.xml");
    assert!(junit.contains(r#"<testsuite name="statics" tests="3""#), "{junit}");
    assert_eq!(junit.matches("<failure").count(), 2, "{junit}");
    assert!(junit.contains("atomic::tests::a_configures") && junit.contains("RATE"), "{junit}");
    // Standard output is the events' alone.
    outcome.assert_stderr("::error ");
    if cfg!(target_os = "linux") {
        outcome.assert_stderr("::error file=src/atomic.rs,line=5,title=brittle%3A statics ");
    }
    let summary = folder.read("summary.md");
    assert_eq!(summary.matches("\n| BRITTLE |").count(), 1, "{summary}");
}

/// What a run writes itself is what `merge` writes later.
#[test]
fn merge_of_one_report_is_that_report() {
    let folder = Folder::new();
    let (events, own, merged) =
        (folder.path("events.json"), folder.path("own.xml"), folder.path("merged.xml"));
    statics(&[ATOMIC, "--report-file", &events, "--junit", &own]).run().assert_exit(120);
    let outcome = merge(&[&events, "--junit", &merged]);
    outcome.assert_exit(120);
    assert!(outcome.stdout.contains("3 tests in 1 report of 1 platform: 1 agree, 2 found"), "{outcome}");
    assert_eq!(folder.read("own.xml"), folder.read("merged.xml"));
    let outcome = merge(&[&events, "--message-format", "json"]);
    outcome.assert_exit(120).assert_schema();
}

/// Those of runs are compared with it wherever a test reads them.
#[test]
fn events_of_footprints_are_in_the_schema() {
    let project = statics(&[]);
    let target = project.target().to_str().expect("the target directory has a readable name").to_owned();
    let line = ["footprint", "--message-format", "json", "--lib", ATOMIC, "--target-dir", &target];
    let outcome = project.run_command(line);
    outcome.assert_exit(0).assert_schema();
    assert!(outcome.stdout.contains("footprint-finished"), "{outcome}");
}

/// Two halves of a suite, one of them of another commit, and the same on a second platform.
#[test]
fn merge_of_shards_and_platforms() {
    let folder = Folder::new();
    let part = |name: &str, filter: &str| {
        let events = folder.path(name);
        statics(&[filter, "--report-file", &events]).run().assert_exit(120);
        events
    };
    let (atomic, cell) = (part("atomic.json", ATOMIC), part("cell.json", "cell::tests"));
    let whole = merge(&[&atomic, &cell]);
    whole.assert_exit(120);
    assert!(whole.stdout.contains("in 2 reports of 1 platform"), "{whole}");
    let other = |name: &str, from: &str| {
        let (start, rest) = from.split_once('\n').unwrap();
        let mut start: serde_json::Value = serde_json::from_str(start).unwrap();
        start["target"] = "x86_64-pc-windows-gnu".into();
        start["commit"] = "0123456789".into();
        folder.write(name, &format!("{start}\n{rest}"))
    };
    let windows = other("windows.json", &folder.read("atomic.json"));
    let both = merge(&[&atomic, &windows]);
    both.assert_exit(120);
    assert!(both.stdout.contains("of 2 platforms: 1 agree, 2 found everywhere"), "{both}");
}

#[test]
fn difference_between_platforms() {
    let folder = Folder::new();
    let report = |name: &str, target: &str, verdict: &str, code: i32| {
        let tests: String = ["in-process", "spawned"]
            .iter()
            .map(|leg| format!("{{\"type\":\"test-finished\",\"leg\":\"{leg}\",\"package\":\"p\",\"binary\":\"p\",\"test\":\"reads\",\"verdict\":\"{verdict}\",\"duration_ms\":1}}\n"))
            .collect();
        let start = format!(
            "{{\"type\":\"run-started\",\"schema\":1,\"version\":\"0\",\"os\":\"o\",\"arch\":\"a\",\"target\":\"{target}\"}}\n"
        );
        folder.write(
            name,
            &format!("{start}{tests}{{\"type\":\"run-finished\",\"wall_ms\":1,\"exit_code\":{code}}}\n"),
        )
    };
    let linux = report("linux.json", "x86_64-unknown-linux-gnu", "passed", 0);
    let windows = report("windows.json", "x86_64-pc-windows-gnu", "failed", 100);
    let outcome = merge(&[&linux, &windows]);
    outcome.assert_exit(120);
    assert!(outcome.stdout.contains("DIFFERS  p reads"), "{outcome}");
    merge(&[&linux, &windows, "--platform-differences", "warn"]).assert_exit(100);
    let allowed = merge(&[&linux, &windows, "--platform-differences", "allow"]);
    assert!(!allowed.stdout.contains("DIFFERS"), "{allowed}");
}

/// All of it is found before anything is built, so that no hour of tests is lost.
#[test]
fn files_that_cannot_be_written() {
    let folder = Folder::new();
    let missing = folder.path("missing/report");
    for option in ["--report-file", "--junit"] {
        let outcome = statics(&[option, &missing]).run();
        outcome.assert_exit(110).assert_stderr("missing").assert_stderr("(hint: ");
        assert_eq!(outcome.stdout, "", "{outcome}");
    }
    let outcome = statics(&["--github"]).env("GITHUB_STEP_SUMMARY", &missing).run();
    outcome.assert_exit(110).assert_stderr("missing");
    let same = folder.path("same");
    let spelled = folder.path("./same");
    for again in [&same, &spelled] {
        statics(&["--report-file", &same, "--junit", again])
            .run()
            .assert_exit(2)
            .assert_stderr("two reports");
    }
    let read = folder.write("same", "");
    merge(&[&read, "--html", &spelled]).assert_exit(2).assert_stderr("two reports");
}

/// Nothing that a test says of workers is a workflow command, on standard error either.
#[test]
fn complaints_are_no_commands() {
    let line = r#"{\"type\":\"finding\",\"kind\":\"x\\n::error::injected\"}"#;
    let code = format!(
        "#[test]\nfn tells() {{\n    let file = std::env::var_os(\"SPAWNCHECK_EVENTS\").unwrap();\n    std::fs::write(file, \"{line}\\n\").unwrap();\n}}\n"
    );
    let manifest = "[package]\nname = \"odd\"\nedition = \"2024\"\n[workspace]\n";
    let project = tool!().empty().file("Cargo.toml", manifest).file("src/lib.rs", &code).args(["--github"]);
    let outcome = project.run();
    outcome.assert_stderr("injected");
    assert!(!outcome.stderr.lines().any(|line| line.starts_with("::error::injected")), "{outcome}");
}

#[test]
fn reports_that_cannot_be_merged() {
    let folder = Folder::new();
    let start = r#"{"type":"run-started","schema":7,"version":"9","os":"o","arch":"a"}"#;
    let later = folder.write("later.json", start);
    merge(&[&later])
        .assert_exit(96)
        .assert_stderr("later.json")
        .assert_stderr("schema 7")
        .assert_stderr("schema 1");
    merge(&[&folder.path("missing.json")]).assert_exit(96).assert_stderr("missing.json");
    merge(&[&folder.write("empty.json", "")]).assert_exit(96).assert_stderr("empty");
    merge(&[]).assert_exit(2);
    // What is cut off is read as far as it goes, and is no success.
    let cut = folder.write("cut.json", &format!("{}\n{{\"type\":\"test-fin", start.replace('7', "1")));
    let outcome = merge(&[&cut]);
    outcome.assert_exit(100);
    assert!(outcome.stdout.contains("ends before its"), "{outcome}");
}

/// What a test prints is quoted in the report, and is no command to who reads it.
#[test]
fn output_is_no_workflow_command() {
    let tests = "#[test]\nfn fails() {\n    panic!(\"first\\n::error::hello\\n\");\n}\n";
    let project = tool!()
        .empty()
        .file("Cargo.toml", "[package]\nname = \"loud\"\nedition = \"2024\"\n\n[workspace]\n")
        .file("src/lib.rs", tests);
    let target: PathBuf = project.target().to_owned();
    let outcome = project.run_command(["--github".into(), "--target-dir".into(), target.into_os_string()]);
    outcome.assert_exit(100);
    let quoted = outcome.stdout.find("::error::hello").unwrap_or_else(|| panic!("{outcome}"));
    let token =
        outcome.stdout.strip_prefix("::stop-commands::").and_then(|rest| rest.lines().next()).unwrap();
    let on_again = outcome.stdout.find(&format!("\n::{token}::\n")).unwrap_or_else(|| panic!("{outcome}"));
    assert!(quoted < on_again, "{outcome}");
    let after = &outcome.stdout[on_again..];
    assert!(after.contains("\n::error file=src/lib.rs,line=3,title=failure%3A loud fails::"), "{outcome}");
    assert!(!after.contains("\n::error::hello"), "{outcome}");
}
