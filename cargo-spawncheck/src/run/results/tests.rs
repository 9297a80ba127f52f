use super::{AnyOrder, Record, Results};
use crate::finding::Verdict::{self, Failed, Passed};
use crate::suite::Dialect::{self, Libtest, Mimic};

/// Feeds `log` in every possible pair of pieces: where it is cut must not matter.
#[track_caller]
fn check(dialect: Dialect, names: &[&str], log: &str, expected: &[Verdict], garbled: bool) {
    for cut in 0..=log.len() {
        let mut results = Results::new(dialect, names.iter().map(|name| (*name).to_owned()).enumerate());
        let mut found = Vec::new();
        let mut note = |Record { test, verdict }: Record| found.push((test, verdict));
        results.push(&log.as_bytes()[..cut], &mut note);
        results.push(&log.as_bytes()[cut..], &mut note);
        assert_eq!(found, expected.iter().copied().enumerate().collect::<Vec<_>>(), "cut at {cut}");
        assert_eq!(results.is_garbled(), garbled, "cut at {cut}");
        assert_eq!(results.pending(), (expected.len() < names.len()).then_some(expected.len()));
    }
}

#[test]
fn libtest_results() {
    check(Libtest, &["a", "b::c"], "ok a\nignored b\nfailed b::c\nignored d\n", &[Passed, Failed], false);
    check(Libtest, &["a", "b"], "ok a\n", &[Passed], false);
    check(Libtest, &["a", "b"], "ok a\nok", &[Passed], false);
    check(Libtest, &["a"], "", &[], false);
}

#[test]
fn libtest_results_with_reasons() {
    check(
        Libtest,
        &["a", "b"],
        "failed: test did not panic as expected at src/lib.rs:3:4 a\nok b\n",
        &[Failed, Passed],
        false,
    );
    check(
        Libtest,
        &["a", "b"],
        "failed: x\n  panic message: \"ok b\"\n y a\nok b\n",
        &[Failed, Passed],
        false,
    );
    check(Libtest, &["b"], "ignored: too slow a\nok b\n", &[Passed], false);
    check(Libtest, &["b"], "ignored: see b\nand c\n\n for more a\nignored c\nok b\n", &[Passed], false);
}

#[test]
fn only_the_test_whose_turn_it_is() {
    check(Libtest, &["a", "b"], "ok b\n", &[], true);
    check(Libtest, &["a", "b"], "ok a\nok c\nok b\n", &[Passed], true);
    check(Libtest, &["a"], "okay a\n", &[], true);
    check(Libtest, &["ab"], "ok a\n", &[], true);
    // What follows the last result is nobody's.
    check(Libtest, &["a"], "ok a\nfailed a\n", &[Passed], false);
}

#[test]
fn another_order_than_was_asked_for() {
    let is_out_of_order = |dialect, log: &str| {
        let names = ["a", "b", "c"].map(str::to_owned);
        let mut results = Results::new(dialect, names.into_iter().enumerate());
        log.bytes().for_each(|byte| results.push(&[byte], &mut |_| {}));
        results.is_out_of_order()
    };
    assert!(is_out_of_order(Libtest, "ok a\nfailed c\n"));
    assert!(is_out_of_order(Mimic, "\nrunning 3 tests\ntest b ... ok\n"));
    assert!(!is_out_of_order(Libtest, "ok a\nok b\nok c\n"));
    // A copy of the process that goes on, and something else altogether.
    assert!(!is_out_of_order(Libtest, "ok a\nok a\n"));
    assert!(!is_out_of_order(Libtest, "ok a\nwritten by a test\n"));
}

#[test]
fn mimic_results() {
    let log = "\nrunning 3 tests\ntest [k] a     ... ok\ntest     d     ... ignored\ntest     b ... c ... FAILED\n\nfailures:\n";
    check(Mimic, &["[k] a", "b ... c"], log, &[Passed, Failed], false);
    check(Mimic, &["a"], "\nrunning 1 test\ntest a ... bench:       1 ns/iter (+/- 0)\n", &[Passed], false);
    check(Mimic, &["a", "b"], "\nrunning 2 tests\ntest b ... ok\n", &[], true);
    check(Mimic, &["a"], "\nrunning 1 test\ntest a ... ", &[], false);
}

#[test]
fn outputs() {
    let libtest = Results::new(Libtest, []);
    let stdout = "\nfailures:\n\n---- a stdout ----\n\nthread 'a' panicked\nmore\n\n---- b stdout ----\nx\n\n\nfailures:\n    a\n";
    assert_eq!(libtest.output_of("a", stdout, ""), "thread 'a' panicked\nmore");
    assert_eq!(libtest.output_of("b", stdout, ""), "x");
    assert_eq!(libtest.output_of("c", stdout, ""), "");
    let stdout = "\nsuccesses:\n\n---- a stdout ----\nsaid\n\n\nsuccesses:\n    a\n\nfailures:\n";
    assert_eq!(libtest.output_of("a", stdout, ""), "said");

    let mut mimic = Results::new(Mimic, [(0, "[k] a".to_owned())]);
    mimic.push(
        b"test [k] a ... FAILED\n\nfailures:\n\n---- a ----\nwrong\n\n\nfailures:\n    a\n",
        &mut |_| {},
    );
    assert_eq!(mimic.output_of("[k] a", "", "stderr"), "wrong");
    assert_eq!(mimic.output_of("b", "", "stderr\n"), "stderr");
}

/// Feeds `log` in every possible pair of pieces. `expected` are the tests that have a result, a failed one with a `!`.
#[track_caller]
fn check_any_order(dialect: Dialect, names: &[&str], log: &str, expected: &[&str], complete: bool) {
    for cut in 0..=log.len() {
        let mut results = AnyOrder::new(dialect, names.iter().map(|name| (*name).to_owned()).enumerate());
        let mut found = Vec::new();
        let mut note = |Record { test, verdict }: Record| {
            found.push(format!("{}{}", if verdict == Passed { "" } else { "!" }, names[test]));
        };
        results.push(&log.as_bytes()[..cut], &mut note);
        results.push(&log.as_bytes()[cut..], &mut note);
        assert_eq!(found, expected, "cut at {cut}");
        assert_eq!(results.is_complete(), complete, "cut at {cut}");
    }
}

#[test]
fn results_as_tests_end() {
    let names = ["a", "b::c", "d"];
    check_any_order(Libtest, &names, "ok d\nfailed a\nok b::c\n", &["d", "!a", "b::c"], true);
    check_any_order(Libtest, &names, "ignored: see\nok\n x\nok b::c\nok a\n", &["b::c", "a"], false);
    let should_panic = "ok d\nfailed: x\n  panic message: \"ok b\"\n y a\nok b::c\n";
    check_any_order(Libtest, &names, should_panic, &["d", "!a", "b::c"], true);
    // A result for nobody, or a second one, ends all trust.
    check_any_order(Libtest, &names, "ok d\nok d\nok a\n", &["d"], false);
    check_any_order(Libtest, &names, "ok e\nok a\n", &[], false);
    let log = "\nrunning 2 tests\ntest     b ... c ... FAILED\ntest [k] a     ... ok\n\nfailures:\n";
    check_any_order(Mimic, &["[k] a", "b ... c"], log, &["!b ... c", "[k] a"], true);
    // Names that differ in nothing that the log shows.
    check_any_order(Mimic, &["a", " a"], "test a ... ok\n", &[], false);
}
