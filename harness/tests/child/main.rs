//! Child control, seen from outside: real children, no shell.
//!
//! The children are this executable, started again with `--role NAME ARGUMENT…`; each role is a function in `roles`.

#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, reason = "all of this is a test")]

mod ends;
mod leaks;
mod lifeline;
mod mail;
mod roles;
mod streams;
mod support;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

/// Name and body of a test.
type Case = (&'static str, fn());

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    if args.next().is_some_and(|arg| arg == "--role") {
        let name = args.next().unwrap();
        return roles::play(name.to_str().unwrap(), &args.collect::<Vec<_>>());
    }
    let cases: &[&[Case]] = &[
        ends::CASES,
        leaks::CASES,
        mail::CASES,
        streams::CASES,
        #[cfg(unix)]
        unix::CASES,
        #[cfg(windows)]
        windows::CASES,
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
