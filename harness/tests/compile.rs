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
    let workers = Trial::test("workers", || {
        trybuild::TestCases::new().pass("tests/compile/good/*.rs");
        Ok(())
    });
    let messages = messages.with_kind(format!("{COMPILER}x")).with_ignored_flag(!is_known_compiler());
    libtest_mimic::run(&Arguments::from_args(), vec![messages, workers]).exit_code()
}

fn is_known_compiler() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    output.is_ok_and(|output| output.stdout.starts_with(COMPILER.as_bytes()))
}
