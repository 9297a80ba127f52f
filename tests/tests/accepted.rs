//! Accepted findings that a run without `--thorough` does not show: only a run that looks for them calls them gone.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use spawncheck_tests::{Kind, Outcome, TestId, tool};

/// A victim that shows only where the tests run in an order that no leg has.
const HIDDEN: &str = "c_needs_the_default_unit";
/// Neither of them has a finding.
const STEADY: &str = "b_puts_it_back";

fn entry(test: &str, kind: &str, more: &str) -> String {
    format!("[[accept]]\ntest = \"{test}\"\nkind = \"{kind}\"\nreason = \"known\"\n{more}\n")
}

#[track_caller]
fn check(config: &str, args: &[&str], exit: i32) -> Outcome {
    let project = tool!().copy("orders").config(config);
    let outcome = project.args(["--test", "hidden"]).args(args).run();
    outcome.assert_exit(exit);
    outcome
}

#[test]
fn what_only_a_thorough_run_shows() {
    let accepted = entry(HIDDEN, "victim", "only-with = \"thorough\"");
    check(&accepted, &[], 0);
    let outcome = check(&accepted, &["--thorough"], 0);
    let found = outcome.report().findings;
    assert_eq!(found.get(&TestId::new("orders::hidden", HIDDEN)), Some(&Kind::Victim), "{outcome}");
    // Nothing tells a plain run that it could not have seen it.
    check(&entry(HIDDEN, "victim", ""), &[], 96).assert_stderr("or say `only-with = \"thorough\"`");
    // Nor can it be seen without those who leave the state.
    check(&entry(HIDDEN, "victim", ""), &["--exact", HIDDEN], 0);
}

#[test]
fn what_is_gone() {
    let gone = |flag: &str| entry(STEADY, "victim", &format!("only-with = \"{flag}\""));
    check(&gone("thorough"), &["--predict"], 120);
    let found = entry(HIDDEN, "victim", "only-with = \"predict\"");
    check(&(gone("thorough") + &found), &["--thorough"], 96).assert_stderr(STEADY);
    check(&(gone("predict") + &found), &["--predict"], 96).assert_stderr(STEADY);
    check(&entry(STEADY, "repeat", ""), &[], 0);
    check(&(entry(STEADY, "repeat", "") + &found), &["--thorough"], 96).assert_stderr("accepted repeat");
    check(&(entry(STEADY, "racy", "") + &found), &["--thorough"], 0);
}
