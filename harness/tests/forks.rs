//! Fresh children that are forks.

#![cfg(all(feature = "check", unix))]

use spawncheck::proptest::strategy::Strategy;
use spawncheck::{Config, Context, any, check};

/// A fork that was noticed too late would look as if it hung, and a check gives up after a few of those.
#[test]
#[expect(clippy::exit, reason = "an end without a reply")]
fn the_end_of_each_fork_is_noticed() {
    let contexts = vec![Context::Spawn];
    let config = Config { cases: 300, contexts, regressions: None, ..Config::default() };
    let report = check(|_: u8| -> u8 { std::process::exit(7) }).inputs(any::<u8>()).config(config).try_run();
    let report = report.unwrap();
    assert_eq!((report.cases, report.findings.len()), (300, 0), "{report}");
}

/// Larger than a pipe, there and back.
#[test]
fn a_large_input_and_output_arrive_in_a_fork_and_in_an_executed_child() {
    for execute in [false, true] {
        let contexts = vec![Context::Pool, Context::Spawn];
        let config = Config {
            cases: 3,
            contexts,
            execute,
            max_payload: 4 << 20,
            regressions: None,
            ..Config::default()
        };
        let large = "[a-z]{3}".prop_map(|text| text.repeat(1 << 20));
        let report = check(|text: String| text + "!").inputs(large).config(config).try_run().unwrap();
        assert!(report.findings.is_empty(), "{report}");
        assert!(report.crossed.iter().all(|crossed| crossed.input > 3 << 20 && crossed.output > 3 << 20));
    }
}
