//! Which types cross as they are, which lose something on their way, and which cannot cross, seen by the user of `check`.
//!
//! Each row of the tables is a `#[test]` with a check of its own, of a worker that returns its input.

#![cfg(feature = "check")]
#![expect(clippy::unwrap_used, reason = "all of this is a test")]

mod crossing;
mod failing;
mod losing;

use spawncheck::proptest::strategy::Just;
use spawncheck::{Config, Context, Error, Kind, Portable, Report, check};

/// What comes of a worker that returns its input.
fn back_and_forth<T: Portable + Clone>(value: T) -> Result<Report, Error> {
    check(|value: T| value).inputs(Just(value)).config(config()).try_run()
}

/// One context beside the reference is enough: all of them get the same bytes.
fn config() -> Config {
    Config { cases: 2, contexts: vec![Context::Inline], regressions: None, ..Config::default() }
}

/// The losses of a report, which may hold nothing else: `input FIELD: BEFORE → AFTER`.
#[track_caller]
fn losses(report: &Report) -> Vec<String> {
    assert!(report.errors.is_empty(), "{report}");
    let findings = report.findings.iter();
    let loss = findings.map(|finding| {
        assert_eq!(finding.kind, Kind::Lossy, "{report}");
        let loss = finding.loss.as_ref().unwrap();
        let which = if loss.output { "output" } else { "input" };
        format!("{which} {}: {} → {}", loss.field, loss.before, loss.after)
    });
    loss.collect()
}
