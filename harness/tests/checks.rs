//! `check` inside ordinary tests, which run at the same time and are each started again for it.

#![cfg(feature = "check")]
#![expect(clippy::unwrap_used, reason = "all of this is a test")]

use spawncheck::proptest::strategy::Just;
use spawncheck::{Config, ErrorKind, Kind, Report, any, check};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

static RATE: AtomicU64 = AtomicU64::new(0);
static CALLS: AtomicU64 = AtomicU64::new(0);

fn quote(n: u64) -> u64 {
    n.wrapping_mul(RATE.load(SeqCst))
}

fn count(_: u64) -> u64 {
    CALLS.fetch_add(1, SeqCst)
}

/// Nothing is kept: these findings are meant to be there.
fn config() -> Config {
    Config { cases: 16, seed: Some(7), regressions: None, ..Config::default() }
}

fn quoted() -> Report {
    check(quote).setup(|| RATE.store(2, SeqCst)).inputs(any::<u64>()).config(config()).try_run().unwrap()
}

fn kinds(report: &Report) -> Vec<Kind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_pure_worker_passes() {
    check(|n: u64| n / 2).setup(|| RATE.store(2, SeqCst)).inputs(any::<u64>()).config(config()).run();
}

#[test]
#[should_panic(expected = "worker `a_dependent_worker_fails` depends on state that it inherited")]
fn a_dependent_worker_fails() {
    check(quote).setup(|| RATE.store(2, SeqCst)).inputs(any::<u64>()).config(config()).run();
}

/// The children of the second pass by the first, and it returns to them what it returned here.
#[test]
fn several_checks_in_one_test() {
    let first = quoted();
    assert_eq!(kinds(&first), [Kind::Diverges]);
    let second = check(count).inputs(any::<u64>()).config(config()).try_run().unwrap();
    assert_eq!(kinds(&second), [Kind::Diverges]);
    assert_eq!(second.worker, "several_checks_in_one_test #2");
    for _ in 0..3 {
        let more = check(|n: u64| n).inputs(any::<u64>()).config(config()).try_run().unwrap();
        assert_eq!((more.cases, more.findings.len()), (16, 0));
    }
}

#[test]
fn what_a_check_does_stays_in_its_children() {
    assert_eq!(kinds(&quoted()), [Kind::Diverges]);
    assert_eq!((RATE.load(SeqCst), CALLS.load(SeqCst)), (0, 0));
}

#[test]
fn bytes_that_cross_are_counted() {
    let inputs = spawncheck::proptest::collection::vec(any::<u64>(), 100..101);
    let report = check(|all: Vec<u64>| all.len() as u64).inputs(inputs).config(config()).try_run().unwrap();
    assert_eq!(report.crossed.len(), 16);
    assert!(report.crossed.iter().all(|crossed| crossed.input > 800 && crossed.output > 0));
}

#[test]
fn only_the_thread_of_a_test_can_check() {
    let work = || check(quote).inputs(any::<u64>()).config(config()).try_run();
    let error = std::thread::spawn(work).join().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("thread of a `#[test]`"), "{error}");
    let named = std::thread::Builder::new().name("no_such_test".into());
    let error = named.spawn(work).unwrap().join().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Child);
    assert!(error.to_string().contains("no_such_test"), "{error}");
}

#[test]
fn contexts_have_names_of_their_own() {
    for (names, reason) in
        [(["mine", "mine"], "two contexts are called `mine`"), (["mine", "fork"], "`fork` is the name")]
    {
        let check = names.into_iter().fold(check(quote), |check, name| check.context(name, quote));
        let error = check.inputs(any::<u64>()).config(config()).try_run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains(reason), "{error}");
    }
}

/// The second check is reported by a name that is no test's.
#[test]
fn how_to_see_it_again() {
    let reports = [quoted(), quoted()];
    assert_eq!(reports[1].worker, "how_to_see_it_again #2");
    for report in reports {
        let text = report.to_string();
        let again =
            "again       cargo test -- --exact how_to_see_it_again   (not kept: inputs are generated anew)\n";
        assert!(text.ends_with(again), "{text}");
    }
}

#[test]
fn an_input_that_is_too_large_is_measured() {
    let config = Config { max_payload: 1 << 10, workers: 4, cases: 3, ..config() };
    let inputs = Just(vec![0_u8; 2 << 10]);
    let report = check(|bytes: Vec<u8>| bytes.len()).inputs(inputs).config(config).try_run().unwrap();
    assert_eq!(kinds(&report), [Kind::Oversized]);
    let finding = &report.findings[0];
    assert_eq!(finding.bytes, report.crossed[0].input);
    assert!(finding.message.contains(" KiB, limit 1 KiB; 4 workers hold "), "{}", finding.message);
    assert!(!report.fails());
}

mod nested {
    #[test]
    fn the_path_of_a_test_is_its_name() {
        assert_eq!(super::quoted().worker, "nested::the_path_of_a_test_is_its_name");
    }
}

#[test]
#[ignore = "run by the next one"]
fn ignored() {
    assert_eq!(kinds(&quoted()), [Kind::Diverges]);
}

/// Its children are told to run it although it is ignored.
#[test]
fn an_ignored_test_can_check() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ignored", "--ignored"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// What is left out of the comparison may differ; what is in it may not.
#[test]
fn a_comparison_of_ones_own_decides() {
    let numbered = |n: u64| (quote(n), std::process::id());
    let numbered = || check(numbered).setup(|| RATE.store(2, SeqCst)).inputs(1_u64..9).config(config());
    let nothing = numbered().compare(|_, _| true).try_run().unwrap();
    assert_eq!(kinds(&nothing), []);
    let quotes = numbered().compare(|one, other| one.0 == other.0).try_run().unwrap();
    assert_eq!(kinds(&quotes), [Kind::Diverges]);
    let all = numbered().try_run().unwrap();
    assert_eq!(kinds(&all), [Kind::Flaky]);
}
