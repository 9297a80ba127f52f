//! Ways to call the tool that are right, but not the usual ones.

use spawncheck_tests::{Kind, Outcome, TestId, tool};
use std::collections::BTreeSet;

const MANIFEST: &str = "[package]\nname = \"odd\"\nedition = \"2024\"\n\n[workspace]\n";
const TESTS: &str =
    "#[test]\nfn passes() {\n    assert!(std::path::Path::new(\"Cargo.toml\").exists());\n}\n";

/// The binaries of which tests ran.
#[track_caller]
fn binaries(outcome: &Outcome) -> BTreeSet<String> {
    outcome.report().verdicts.into_keys().map(|id| id.binary).collect()
}

#[track_caller]
fn check_binaries(args: &[&str], expected: &[&str]) {
    let outcome = tool!().fixture("workspace").args(args).run();
    assert_eq!(Vec::from_iter(binaries(&outcome)), expected, "{outcome}");
}

#[test]
fn selection_of_targets() {
    check_binaries(&["--package", "gamma"], &["gamma"]);
    check_binaries(&["-p", "beta", "--lib"], &["beta"]);
    check_binaries(&["--test", "cli"], &["beta::cli"]);
    check_binaries(
        &["--example", "demo", "--bin", "beta-tool"],
        &["beta::bin/beta-tool", "beta::example/demo"],
    );
    check_binaries(&["--workspace", "--exclude", "beta"], &["alpha", "delta", "gamma"]);
}

#[test]
fn selection_of_tests() {
    let outcome =
        tool!().fixture("workspace").args(["--exact", "tests::counts", "tests::in_a_binary", "tests"]).run();
    let expected =
        [TestId::new("beta::bin/beta-tool", "tests::in_a_binary"), TestId::new("gamma", "tests::counts")];
    assert_eq!(Vec::from_iter(outcome.report().verdicts.into_keys()), expected, "{outcome}");
}

#[test]
fn release_build() {
    let outcome =
        tool!().fixture("statics").args(["--release", "--lib", "atomic", "--skip", "c_needs"]).run();
    outcome.assert_exit(120);
    let brittle = TestId::new("statics", "atomic::tests::b_needs_the_rate");
    assert_eq!(outcome.report().findings.get(&brittle), Some(&Kind::Brittle), "{outcome}");
}

#[test]
fn path_that_needs_quoting() {
    let project = tool!()
        .empty()
        .file("it's a $path & ünd/more/Cargo.toml", MANIFEST)
        .file("it's a $path & ünd/more/src/lib.rs", TESTS)
        .args(["--manifest-path", "it's a $path & ünd/more/Cargo.toml"]);
    let outcome = project.run();
    outcome.assert_exit(0);
    assert_eq!(binaries(&outcome), BTreeSet::from(["odd".to_owned()]));
}

/// The caller's runner starts the binaries, in both legs.
#[cfg(unix)]
#[test]
fn runner_of_the_caller() {
    let tests = "#[test]\nfn has_a_runner() {\n    assert_eq!(std::env::var(\"RUNNER\").as_deref(), Ok(\"mine\"));\n}\n";
    let project = tool!()
        .empty()
        .file("Cargo.toml", MANIFEST)
        .file("src/lib.rs", tests)
        .file(".cargo/config.toml", "[target.'cfg(all())']\nrunner = [\"env\", \"RUNNER=mine\"]\n");
    let outcome = project.run();
    outcome.assert_exit(0);
    assert_eq!(binaries(&outcome), BTreeSet::from(["odd".to_owned()]));
}

/// Cargo sets it to the very value that the caller has, so that nothing seems to be set.
#[test]
fn variable_of_the_configuration_and_of_the_caller() {
    let tests = "#[test]\nfn has_it() {\n    assert_eq!(std::env::var(\"FOO\").as_deref(), Ok(\"1\"));\n}\n";
    let project = tool!()
        .empty()
        .file("Cargo.toml", MANIFEST)
        .file("src/lib.rs", tests)
        .file(".cargo/config.toml", "[env]\nFOO = \"1\"\n")
        .env("FOO", "1");
    let outcome = project.run();
    outcome.assert_exit(0);
    assert!(outcome.report().findings.is_empty(), "{outcome}");
}

#[test]
fn package_that_is_no_member() {
    let project = tool!()
        .empty()
        .file("Cargo.toml", "[package]\nname = \"odd\"\nedition = \"2024\"\n[workspace]\nexclude = [\"dep\"]\n[dependencies]\ndep = { path = \"dep\" }\n")
        .file("src/lib.rs", "")
        .file("dep/Cargo.toml", "[package]\nname = \"dep\"\nedition = \"2024\"\n")
        .file("dep/src/lib.rs", "#[test]\nfn passes() {}\n")
        .args(["-p", "dep"]);
    let outcome = project.run();
    outcome.assert_exit(0);
    assert_eq!(Vec::from_iter(binaries(&outcome)), ["dep"], "{outcome}");
}
