//! What it costs to explain a finding.
//!
//! ```sh
//! cargo run --release -p spawncheck-tests --bin explain [-- [--tool PATH] [--only time|memory]]
//! ```
//!
//! PATH is the executable to measure, by default a release build of this workspace.
//!
//! Time: binaries of a thousand tests with one dependence each. Measured is what the tool says itself (`explained_ms`):
//! searching for culprits and cause, and proving them; confirming the finding comes before that.
//!
//! Memory: the tool's own peak, without tests and cargo (Linux only), in binaries with a large `.bss` and with many symbols,
//! once with nothing changed in them but what matters, and once with everything changed. Sizes are ten times apart, so that
//! what grows faster than they do shows.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose purpose is its output")]

mod large;
mod timed;

use large::Shape;
use spawncheck_tests::benchmark::{Result, build_tool, median};
use spawncheck_tests::thousand::{Instance, Thousand};
use spawncheck_tests::{Kind, Tool};
use std::env;
use std::ffi::OsString;
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;
use timed::{Timed, cell};

/// How many dependences are timed for each number of culprits.
const DEPENDENCES: usize = 5;

fn main() -> ExitCode {
    match explain() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn explain() -> Result<()> {
    let Options { tool, only } = Options::read(env::args_os().skip(1))?;
    let tool = tool.map_or_else(build_tool, Ok)?;
    if only != Some(Part::Memory) {
        measure_time(&tool)?;
    }
    if only == Some(Part::Time) {
        return Ok(());
    }
    println!("\n{}", large::HEAD);
    for shape in large::SHAPES {
        for changed in [false, true] {
            measure_memory(&tool, *shape, changed)?;
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Time,
    Memory,
}

/// What is to be measured; both parts, if no one is named.
#[derive(Default)]
struct Options {
    tool: Option<PathBuf>,
    only: Option<Part>,
}

impl Options {
    fn read(mut args: impl Iterator<Item = OsString>) -> Result<Self> {
        let mut options = Self::default();
        while let Some(arg) = args.next() {
            if arg == "--tool" {
                // The tool is started in other directories.
                options.tool = Some(path::absolute(args.next().ok_or("`--tool` needs a path")?)?);
            } else if arg == "--only" {
                options.only = Some(match args.next() {
                    Some(part) if part == "time" => Part::Time,
                    Some(part) if part == "memory" => Part::Memory,
                    _ => return Err("`--only` needs `time` or `memory`".into()),
                });
            } else {
                return Err(format!("unknown argument `{}`", arg.display()).into());
            }
        }
        Ok(options)
    }
}

fn measure_time(tool: &Path) -> Result<()> {
    println!("| culprits | dependences | explained in (median) | at most | runs at most |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    let directory = tempfile::tempdir()?;
    let thousand = Thousand::prepare(Tool::new(tool, directory.path()), directory.path())?;
    for culprits in 1..=3 {
        let instances = (0..).map(|seed| Instance::random(seed, 1));
        let is_wanted = |instance: &Instance| {
            let dependence = &instance.dependences()[0];
            dependence.culprits == culprits && dependence.kind == Kind::Victim
        };
        let mut timed = Vec::new();
        for instance in instances.filter(is_wanted).take(DEPENDENCES) {
            thousand.with(&instance)?;
            timed.push(Timed::run(tool, directory.path())?);
        }
        let seconds = timed.iter().filter_map(|timed| timed.explained);
        println!(
            "| {culprits} | {} | {} | {} | {} |",
            timed.len(),
            cell(median(seconds.clone()).map(|seconds| format!("{:.0} ms", seconds * 1e3))),
            cell(seconds.max_by(f64::total_cmp).map(|seconds| format!("{:.0} ms", seconds * 1e3))),
            cell(timed.iter().filter_map(|timed| timed.runs).max()),
        );
    }
    Ok(())
}

fn measure_memory(tool: &Path, shape: Shape, changed: bool) -> Result<()> {
    let directory = tempfile::tempdir()?;
    shape.write(directory.path(), changed)?;
    let timed = Timed::run(tool, directory.path())?;
    println!(
        "| {shape} | {} | {} | {} | {} |",
        if changed { "all" } else { "one static" },
        cell(timed.explained.map(|seconds| format!("{:.0} ms", seconds * 1e3))),
        cell(timed.peak_memory.map(|kib| format!("{:.1} MiB", kib as f64 / 1024.0))),
        cell(timed.cause),
    );
    Ok(())
}
