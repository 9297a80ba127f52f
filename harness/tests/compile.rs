//! What compiles, and what the compiler says where something does not.
//!
//! The messages are those of one compiler: others word and arrange theirs differently, and a table of them for each version would
//! pin the compiler and not us. So they are compared for that one, and for others the test is listed as ignored. Rejected: to
//! look for our own sentences only, since what matters is that they stand in the right place, with nothing above them.
//!
//! `TRYBUILD=overwrite cargo test -p spawncheck --test compile` writes the messages anew.

use libtest_mimic::{Arguments, Trial};
use std::process::{Command, ExitCode};

/// The compiler whose messages `tests/compile/bad` holds.
const COMPILER: &str = "rustc 1.95.";

fn main() -> ExitCode {
    let messages = Trial::test("messages", || {
        let cases = trybuild::TestCases::new();
        // With a case that passes, the others are built and not only checked; what a worker carries shows only then.
        cases.pass("tests/compile/good/*.rs");
        cases.compile_fail("tests/compile/bad/*.rs");
        Ok(())
    });
    // Test executables can be run without it, on another machine than they were built on.
    let has_cargo = says_its_version("CARGO", "cargo", "cargo ");
    let workers = Trial::test("workers", || {
        trybuild::TestCases::new().pass("tests/compile/good/*.rs");
        Ok(())
    });
    let messages = messages
        .with_kind(format!("{COMPILER}x"))
        .with_ignored_flag(!says_its_version("RUSTC", "rustc", COMPILER));
    let workers = workers.with_kind("cargo").with_ignored_flag(!has_cargo);
    libtest_mimic::run(&Arguments::from_args(), vec![messages, workers]).exit_code()
}

fn says_its_version(variable: &str, name: &str, version: &str) -> bool {
    let program = std::env::var_os(variable).unwrap_or_else(|| name.into());
    let output = Command::new(program).arg("--version").output();
    output.is_ok_and(|output| output.stdout.starts_with(version.as_bytes()))
}
