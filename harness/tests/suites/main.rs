//! Suites, seen by those who run them: real processes, well-behaved and hostile workers.
//!
//! The suites are this executable, started again with `SUITE=NAME` in its environment; each is a function in `under_test`.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "all of this is a test")]

mod broken_suites;
mod command_line;
mod findings;
mod hostile_workers;
mod kept_cases;
#[cfg(target_os = "linux")]
mod lifelines;
#[cfg(feature = "reproduce")]
mod reproductions;
#[cfg(target_os = "linux")]
mod stopping;
mod support;
mod under_test;
#[cfg(all(unix, feature = "reproduce"))]
mod unix;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

/// Name and body of a test.
type Case = (&'static str, fn());

fn main() -> ExitCode {
    if let Ok(name) = std::env::var(support::SUITE) {
        return under_test::run(&name);
    }
    let cases: &[&[Case]] = &[
        findings::CASES,
        command_line::CASES,
        kept_cases::CASES,
        broken_suites::CASES,
        hostile_workers::CASES,
        #[cfg(target_os = "linux")]
        lifelines::CASES,
        #[cfg(target_os = "linux")]
        stopping::CASES,
        #[cfg(feature = "reproduce")]
        reproductions::CASES,
        #[cfg(all(unix, feature = "reproduce"))]
        unix::CASES,
    ];
    let trial = |(name, body): Case| {
        Trial::test(name, move || {
            body();
            Ok(())
        })
    };
    let trials = cases.concat().into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
