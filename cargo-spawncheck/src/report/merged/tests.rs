//! The matrix as people read it.

use super::merged;
use crate::matrix::Matrix;
use crate::matrix::tests::{LINUX, Lines, WINDOWS, joined};
use anstream::StripStream;
use serde_json::json;

fn shown(matrix: &Matrix, verbose: bool) -> String {
    let mut out = Vec::new();
    merged(&mut StripStream::new(&mut out), matrix, verbose).unwrap();
    let text = String::from_utf8(out).unwrap();
    let commands = |line: &&str| !line.starts_with("       again");
    for line in text.lines().filter(commands) {
        assert!(line.chars().count() <= 80 && !line.ends_with(' '), "{line:?}");
    }
    text
}

fn two_platforms() -> Matrix {
    let explained =
        json!({"culprits": ["a_sets"], "evidence": {"leg": "spawned", "text": "left: 1\nright: 2"}});
    let outcomes = json!({"worker": "quote", "input": "1", "needs_setup": true, "in_process": null, "spawned": null,
        "outcomes": {"inline": "2", "spawn": "0"}});
    let report = |target| {
        Lines::of(target)
            .test("a_sets", "passed", "passed")
            .test("b_needs", "passed", "failed")
            .finding("brittle", "deny", "b_needs", explained.clone())
            .test("quote", "failed", "failed")
            .finding("diverges", "deny", "quote", outcomes.clone())
    };
    let linux = report(LINUX)
        .test("reads_a_path_with_a_name_that_does_not_fit_beside_all_the_columns", "passed", "passed")
        .test("wavers", "passed", "failed")
        .finding("flaky", "warn", "wavers", json!({}))
        .failure("fails", "no such file")
        .started("commit", "1111111");
    let windows = report(WINDOWS)
        .failure("reads_a_path_with_a_name_that_does_not_fit_beside_all_the_columns", "C:\\")
        .test("wavers", "passed", "passed")
        .failure("fails", "not found")
        .started("commit", "2222222");
    joined([linux.end(120), windows.end(120)])
}

#[test]
fn what_matters_of_two_platforms() {
    insta::assert_snapshot!(shown(&two_platforms(), false));
}

/// Told as one is what is the same: who leaves it, what carries it, where it shows.
#[test]
fn one_culprit_of_many() {
    let explained = |culprit: &str, inherited: &str| {
        let cause = json!({"channel": "static", "name": "p::RATE", "fresh": "0", "inherited": inherited, "confirmed": true});
        json!({"culprits": [culprit], "causes": [cause], "in_process": "failed", "spawned": "passed"})
    };
    let mut accepted = explained("a_sets", "1");
    accepted["accepted"] = "being repaired".into();
    let mut noted = explained("a_sets", "1");
    noted["notes"] = json!(["the search ended early"]);
    let report = |target| {
        ["c", "d", "e"].into_iter().fold(
            Lines::of(target).test("a_sets", "passed", "passed"),
            |lines, test| {
                let inherited = if test == "d" { "2" } else { "1" };
                lines.test(test, "failed", "passed").finding(
                    "victim",
                    "deny",
                    test,
                    explained("a_sets", inherited),
                )
            },
        )
    };
    let linux = report(LINUX)
        .test("f", "failed", "passed")
        .finding("victim", "deny", "f", explained("b_sets", "1"))
        .test("g", "failed", "passed")
        .finding("victim", "deny", "g", accepted)
        .test("h", "failed", "passed")
        .finding("victim", "deny", "h", noted)
        .test("i", "failed", "passed")
        .finding("victim", "deny", "i", explained("a_sets", "1"))
        .test("j", "failed", "passed")
        .finding("victim", "warn", "j", explained("a_sets", "1"));
    // What ran there and shows nothing shows on one only.
    let windows = report(WINDOWS).test("i", "passed", "passed");
    let text = shown(&joined([linux.end(120), windows.end(120)]), false);
    let (_, stories) = text.split_once("────────────\n").unwrap();
    insta::assert_snapshot!(stories);
}

#[test]
fn verbose_shows_every_test() {
    let text = shown(&two_platforms(), true);
    assert!(text.contains("PASS/PASS  PASS/PASS  p::it a_sets\n"), "{text}");
}

#[test]
fn nothing_to_tell() {
    let report = || Lines::of(LINUX).test("a", "passed", "passed").end(0);
    insta::assert_snapshot!(shown(&joined([report(), report()]), false), @r"
    ────────────
         Summary  1 test in 2 reports of 1 platform: 1 agree
    ");
}

#[test]
fn many_platforms_still_fit() {
    let of = |number: usize| format!("a-platform-with-a-long-name-{number}");
    let reports = (0..9).map(|number| {
        let lines = Lines::of(&of(number));
        if number == 4 { lines.failure("a", "").end(100) } else { lines.test("a", "passed", "passed").end(0) }
    });
    let text = shown(&joined(reports), false);
    assert!(text.contains(" 5:FAIL/FAIL,"), "{text}");
}

#[test]
fn names_cannot_steer_a_terminal() {
    let hostile = "a\u{1b}[2J\n     Summary  all is well\u{202e}";
    let text = shown(&joined([Lines::of(hostile).failure(hostile, hostile).end(100)]), false);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    assert_eq!(text.lines().filter(|line| line.starts_with("     Summary")).count(), 1, "{text}");
}
