//! Compares `cargo spawncheck` with `cargo nextest run` on generated crates of trivial tests.
//!
//! ```sh
//! cargo run --release -p spawncheck-tests --bin compare-nextest [-- [--tool PATH] [TESTS...]]
//! ```
//!
//! TESTS are the sizes of the crates, by default 10, 1000 and 10000. PATH is the executable to measure, by default a
//! release build of this workspace.
//!
//! Measured are the wall time of a command on a crate that is already built, and the peak memory of the runner itself,
//! without the tests and cargo (Linux only). Both commands find the same test binary in the same target directory. They
//! take turns, so that a machine that slows down meanwhile slows both, and a ratio is the median of the ratios of
//! neighbours. nextest runs each test once, in a process of its own; spawncheck does the same and also runs all of
//! them in one process. `cargo test -- --test-threads=1` does only the latter. A test alone is one start of the test
//! binary without any runner: the larger the binary, the longer it takes, and both runners with it.
//!
//! Trivial tests show the cost of the runner and nothing else. Real tests take the same time in both runners, and
//! twice in spawncheck.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose purpose is its output")]

mod measure;
mod project;
mod report;

use measure::Row;
use project::Project;
use spawncheck_tests::benchmark::{Result, build_tool};
use std::env;
use std::ffi::OsString;
use std::path::{self, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match compare() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare() -> Result<()> {
    let options = Options::parse(env::args_os().skip(1))?;
    let spawncheck = options.tool.map_or_else(build_tool, Ok)?;
    let nextest = nextest_version();
    if nextest.is_none() {
        eprintln!("note: `cargo-nextest` was not found, so there is nothing to compare with");
    }

    println!("{}\n{}", report::machine(nextest.as_deref()), report::HEAD);
    let mut rows = Vec::new();
    for tests in options.sizes {
        eprintln!("building a crate of {tests} tests");
        let project = Project::build(tests)?;
        eprintln!("measuring");
        let row = Row::measure(&project, nextest.is_some(), &spawncheck)?;
        // At once: what comes later may fail, and takes minutes.
        println!("{}", report::line(&row));
        rows.push(row);
    }
    println!("\n{}", report::growth(&rows));
    Ok(())
}

struct Options {
    tool: Option<PathBuf>,
    sizes: Vec<usize>,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Self> {
        let mut options = Self { tool: None, sizes: Vec::new() };
        while let Some(arg) = args.next() {
            if arg == "--tool" {
                let path = PathBuf::from(args.next().ok_or("`--tool` needs a path")?);
                // The commands run in the generated crates, where a relative path would lead elsewhere.
                options.tool = Some(path::absolute(path)?);
            } else {
                let size = arg.to_str().and_then(|arg| arg.parse().ok()).filter(|&size| size > 0);
                options.sizes.push(size.ok_or_else(|| format!("`{}` is no number of tests", arg.display()))?);
            }
        }
        if options.sizes.is_empty() {
            options.sizes = vec![10, 1_000, 10_000];
        }
        Ok(options)
    }
}

/// The first line of `cargo nextest --version`; `None` if it is not installed.
fn nextest_version() -> Option<String> {
    let output = Command::new("cargo-nextest").args(["nextest", "--version"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned)
}
