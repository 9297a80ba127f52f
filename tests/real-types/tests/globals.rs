//! State of public crates that workers inherit: `cargo test --manifest-path tests/real-types/Cargo.toml`.

use spawncheck::{Config, Context, Finding, Kind, Report, any, check};
use std::time::Duration;

fn config() -> Config {
    Config { cases: 16, regressions: None, ..Config::default() }
}

#[track_caller]
fn only(report: &Report, kind: Kind) -> &Finding {
    let [finding] = &report.findings[..] else { panic!("{report}") };
    assert_eq!(finding.kind, kind, "{report}");
    finding
}

#[track_caller]
fn outcome(finding: &Finding, context: Context) -> String {
    let mut outcomes = finding.outcomes.iter();
    outcomes.find(|(other, _)| *other == context).unwrap().1.to_string()
}

/// A static that is set once for the whole process.
#[test]
fn the_level_of_log() {
    let report = check(|_: u8| log::max_level().to_string())
        .setup(|| log::set_max_level(log::LevelFilter::Debug))
        .inputs(any::<u8>())
        .config(config())
        .try_run()
        .unwrap();
    let finding = only(&report, Kind::Diverges);
    assert!(finding.needs_setup && finding.history.is_empty(), "{report}");
    assert_eq!(outcome(finding, Context::Thread), "\"DEBUG\"");
    assert_eq!(outcome(finding, Context::Spawn), "\"OFF\"");
}

/// A clock of each thread's own: a new thread does not see it either.
#[test]
fn the_clock_of_mock_instant() {
    let report = check(|_: u8| mock_instant::MockClock::time())
        .setup(|| mock_instant::MockClock::advance(Duration::from_secs(5)))
        .inputs(any::<u8>())
        .config(config())
        .try_run()
        .unwrap();
    let finding = only(&report, Kind::Diverges);
    assert_eq!(outcome(finding, Context::Inline), "5s");
    assert_eq!(outcome(finding, Context::Thread), "0ns");
    assert_eq!(outcome(finding, Context::Spawn), "0ns");
}

/// Random numbers: seeded in setup or not, fresh children do not agree among themselves.
#[test]
fn the_generator_of_fastrand() {
    let report = check(|_: u8| fastrand::u64(..))
        .setup(|| fastrand::seed(7))
        .inputs(any::<u8>())
        .config(config())
        .try_run()
        .unwrap();
    only(&report, Kind::Flaky);
    assert!(!report.fails());
}

/// Seeded in the worker, they are a function of the input.
#[test]
fn a_generator_in_the_worker() {
    let report = check(|seed: u64| fastrand::Rng::with_seed(seed).u64(..))
        .inputs(any::<u64>())
        .config(config())
        .try_run()
        .unwrap();
    assert!(report.findings.is_empty(), "{report}");
}
