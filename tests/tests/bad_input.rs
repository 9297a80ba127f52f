//! What the tool says when it is given something wrong: the exit code, and a message that helps.

use spawncheck_tests::{Kind, Project, TestId, tool};

/// Two tests, one of which needs the other: a single finding.
const ONE_FINDING: [&str; 3] = ["atomic::tests", "--skip", "c_needs"];

#[test]
fn no_project() {
    let outcome = tool!().empty().run();
    outcome.assert_exit(102).assert_stderr("Cargo.toml");
}

#[test]
fn broken_manifest() {
    let outcome = tool!().empty().file("Cargo.toml", "[package\n").run();
    outcome.assert_exit(102).assert_stderr("Cargo.toml");
}

#[test]
fn broken_code() {
    let outcome = tool!().fixture("broken").run();
    // Cargo's own words, rendered.
    outcome.assert_exit(101).assert_stderr("error[E0308]").assert_stderr("could not compile `broken`");
    assert_eq!(outcome.stdout, "");
}

#[test]
fn target_directory_that_is_a_file() {
    let project = tool!().copy("plain").file("in-the-way", "").target_dir("in-the-way");
    project.run().assert_exit(101).assert_stderr("in-the-way");
}

#[track_caller]
fn check_runner(runner: &str) {
    let config = format!("[target.'cfg(all())']\nrunner = '{runner}'\n");
    let project = tool!().copy("plain").file("no-program/file", "").file(".cargo/config.toml", &config);
    project.run().assert_exit(104).assert_stderr("no-program");
}

#[test]
fn runner_that_does_not_exist() {
    check_runner("no-program/missing");
}

/// Nobody may execute it, not even root.
#[test]
fn runner_without_permission() {
    check_runner("no-program/file");
}

/// Cargo would start what it builds without us.
#[test]
fn target_that_is_configured_on_the_command_line() {
    let outcome = tool!().copy("plain").args(["--config", "build.target='x86_64-unknown-linux-gnu'"]).run();
    outcome.assert_exit(2).assert_stderr("build.target").assert_stderr("use --target");
    assert!(!outcome.stderr.contains("Compiling"), "{outcome}");
}

/// There is no cargo to ask, so nothing is even unpacked.
#[test]
fn selection_that_an_archive_cannot_tell() {
    for args in [["--benches", "--lib"], ["-p", "pl*"]] {
        let outcome = tool!().empty().run_command([&["run", "--archive", "missing"][..], &args].concat());
        outcome.assert_exit(2).assert_stderr("for cargo to understand");
    }
}

#[test]
fn unknown_flag() {
    let outcome = tool!().fixture("plain").args(["--thredas", "2"]).run();
    outcome.assert_exit(2).assert_stderr("--thredas");
}

#[test]
fn unknown_package() {
    let outcome = tool!().fixture("plain").args(["--package", "plane"]).run();
    outcome.assert_exit(101).assert_stderr("plane");
}

#[test]
fn timeout_that_is_none() {
    let outcome = tool!().fixture("plain").args(["--timeout", "soon"]).run();
    outcome.assert_exit(2).assert_stderr("soon").assert_stderr("30s");
}

/// A filter with a typing error names the tests that may have been meant.
#[test]
fn filter_without_match() {
    let outcome = tool!().fixture("plain").args(["tests::doubels_one"]).run();
    outcome.assert_exit(4).assert_stderr("tests::doubles_one");
}

#[test]
fn filter_without_match_is_no_error() {
    let plain = || tool!().fixture("plain").args(["no_such_test"]);
    let outcome = plain().args(["--no-tests", "fail"]).run();
    outcome.assert_exit(4);
    let outcome = plain().args(["--no-tests", "warn"]).run();
    outcome.assert_exit(0).assert_stderr("warning");
    let outcome = plain().args(["--no-tests", "pass"]).run();
    outcome.assert_exit(0);
    assert!(!outcome.stderr.contains("warning"), "{outcome}");
}

/// An exact name that is only part of another one matches nothing, whatever libtest's own exit code says.
#[test]
fn exact_filter_without_match() {
    let outcome = tool!().fixture("plain").args(["--exact", "doubles_one"]).run();
    outcome.assert_exit(4).assert_stderr("tests::doubles_one");
}

#[track_caller]
fn check_config(config: &str, line: u32, expected: &[&str]) {
    let outcome = tool!().copy("plain").config(config).run();
    outcome.assert_exit(96).assert_stderr("spawncheck.toml").assert_stderr(&format!("line {line}"));
    for text in expected {
        outcome.assert_stderr(text);
    }
    assert_eq!(outcome.stdout, "", "{outcome}");
}

#[test]
fn config_with_an_unknown_key() {
    check_config("[run]\ntimeuot = \"1s\"\n", 2, &["`timeuot`", "did you mean `timeout`?"]);
    check_config("\n[lint]\nflaky = \"deny\"\n", 2, &["`lint`", "did you mean `lints`?"]);
}

#[test]
fn config_with_a_misspelt_kind() {
    check_config("[lints]\n# A comment.\nvictm = \"warn\"\n", 3, &["`victm`", "did you mean `victim`?"]);
    check_config("[lints]\nvictim = \"wran\"\n", 2, &["`wran`", "did you mean `warn`?"]);
}

#[test]
fn config_with_an_invalid_date() {
    let accept = "[[accept]]\ntest = \"a\"\nkind = \"leak\"\nreason = \"r\"\n";
    check_config(&format!("{accept}until = \"2027-02-30\"\n"), 5, &["2027-02-30"]);
    check_config(&format!("{accept}until = \"tomorrow\"\n"), 5, &["tomorrow"]);
}

#[test]
fn config_with_a_wrong_type() {
    check_config("[run]\njobs = \"many\"\n", 2, &["many"]);
    check_config("[env]\npass = \"PATH\"\n", 2, &["PATH"]);
    check_config("[run]\njobs = 0\n", 2, &["0"]);
}

#[test]
fn config_that_is_no_toml() {
    check_config("[run]\n\njobs = [1,\n", 3, &[]);
}

fn with_one_finding(config: &str) -> Project {
    tool!().copy("statics").config(config).args(["--lib"]).args(ONE_FINDING)
}

fn the_finding() -> TestId {
    TestId::new("statics", "atomic::tests::b_needs_the_rate")
}

const ACCEPT: &str = "[[accept]]\ntest = \"atomic::tests::b_needs_the_rate\"\nkind = \"brittle\"\nreason = \"being repaired\"\n";

/// It is listed with its reason, and fails nothing.
#[test]
fn accepted_finding() {
    let outcome = with_one_finding(ACCEPT).run();
    outcome.assert_exit(0);
    assert_eq!(outcome.report().findings.get(&the_finding()), Some(&Kind::Brittle), "{outcome}");
    assert!(outcome.stdout.contains("being repaired"), "{outcome}");
}

#[test]
fn accepted_finding_that_is_gone() {
    let accept =
        "[[accept]]\ntest = \"tests::doubles_one\"\nkind = \"victim\"\nreason = \"being repaired\"\n";
    let outcome = tool!().copy("plain").config(accept).run();
    outcome.assert_exit(96).assert_stderr("tests::doubles_one").assert_stderr("no longer");
}

/// Accepted is one kind of finding, not the test.
#[test]
fn accepted_finding_of_another_kind() {
    let outcome = with_one_finding(&ACCEPT.replace("brittle", "leak")).run();
    outcome.assert_exit(96).assert_stderr("leak");
}

#[test]
fn accepted_finding_that_has_expired() {
    let outcome = with_one_finding(&format!("{ACCEPT}until = \"2020-01-31\"\n")).run();
    outcome.assert_exit(120);
    assert_eq!(outcome.report().findings.get(&the_finding()), Some(&Kind::Brittle), "{outcome}");
}

#[test]
fn levels_of_the_configuration() {
    with_one_finding("[lints]\nbrittle = \"warn\"\n").run().assert_exit(0);
}

/// The command line wins.
#[test]
fn levels_of_the_command_line() {
    let project = with_one_finding("[lints]\nbrittle = \"warn\"\n");
    project.args(["--deny", "brittle"]).run().assert_exit(120);
}

/// A test whose body changes its own executable, among others that come after it.
#[track_caller]
fn check_changed_binary(body: &str, expected: &str) {
    let tests = format!(
        "#[test]\nfn a_changes() {{\n{body}\n}}\n#[test]\nfn b_passes() {{}}\n#[test]\nfn c_passes() {{}}\n"
    );
    let project = tool!()
        .empty()
        .file("Cargo.toml", "[package]\nname = \"changing\"\nedition = \"2024\"\n\n[workspace]\n")
        .file("src/lib.rs", &tests);
    let outcome = project.args(["--test-jobs", "1"]).run();
    outcome.assert_exit(96).assert_stderr(expected).assert_stderr("(hint: ");
}

#[test]
fn binary_deleted_during_the_run() {
    let delete = "std::fs::remove_file(std::env::current_exe().unwrap()).unwrap();";
    check_changed_binary(delete, "was deleted during the run");
}

#[test]
#[cfg(unix)]
fn binary_replaced_during_the_run() {
    let replace = "let path = std::env::current_exe().unwrap();\nstd::fs::remove_file(&path).unwrap();\nstd::fs::write(&path, \"other\").unwrap();";
    check_changed_binary(replace, "was replaced during the run");
}

/// It is the standard harness, so that it does not list its tests is no matter of another protocol.
#[test]
#[cfg(target_os = "linux")]
fn binary_that_ends_before_main() {
    let tests = "unsafe extern \"C\" { fn _exit(code: i32) -> !; }\nextern \"C\" fn die() { unsafe { _exit(3) } }\n#[used]\n#[unsafe(link_section = \".init_array\")]\nstatic DIE: extern \"C\" fn() = die;\n#[test]\nfn passes() {}\n";
    let project = tool!()
        .empty()
        .file("Cargo.toml", "[package]\nname = \"early\"\nedition = \"2024\"\n\n[workspace]\n")
        .file("src/lib.rs", tests);
    project.run().assert_exit(104).assert_stderr("does not list its tests: exited: 3");
}
