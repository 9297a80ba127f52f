//! Measures checks of worker functions, and compares fresh cases with what else starts fresh processes.
//!
//! ```sh
//! cargo run --release --manifest-path tests/benchmarks/harness/Cargo.toml [-- PART...]
//! ```
//!
//! PART is `fresh`, `contexts`, `memory` or `payload`; by default all of them. `docs/harness-benchmark.md` says what the figures mean.
//! Only the public interface of `spawncheck` is used. It is a project of its own, so that procspawn is nobody's dependency.

mod contexts;
mod fresh;
mod memory;
mod payload;
mod python;
mod report;
mod testing;

use std::error::Error;
use std::process::ExitCode;
use std::{env, thread};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A name, and what measures and prints its table.
type Part = (&'static str, fn() -> Result<()>);

const PARTS: [Part; 4] = [
    ("fresh", fresh::measure),
    ("contexts", contexts::measure),
    // Before what fills the parent's heap.
    ("memory", memory::measure),
    ("payload", payload::measure),
];

fn main() -> ExitCode {
    // In a child of procspawn this does not return.
    procspawn::init();
    let arguments: Vec<_> = env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--exact") {
        testing::serve(&arguments[0]);
    }
    match measure(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(wanted: &[String]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        return Err(format!("`{unknown}` is no part of this benchmark").into());
    }
    let cores = thread::available_parallelism()?;
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("{}, {}, {cores} cores, {profile} build", env::consts::OS, env::consts::ARCH);
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            println!("\n### {name}\n");
            part()?;
        }
    }
    Ok(())
}
