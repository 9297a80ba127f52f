//! The notebook: evaluates the cells that come through standard input, a line each.

use notebook::{call, define};
use spawncheck::Suite;
use spawncheck::proptest::strategy::Just;
use std::process::ExitCode;

fn main() -> ExitCode {
    for cell in std::io::stdin().lines() {
        if let Err(message) = cell.map_err(|error| error.to_string()).and_then(|cell| evaluate(&cell)) {
            eprintln!("error: {message}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn evaluate(cell: &str) -> Result<(), String> {
    let words: Vec<_> = cell.split_whitespace().collect();
    match &words[..] {
        ["let", name, "=", text @ ..] => define(name, &text.join(" ")),
        ["map", name, inputs @ ..] => {
            let number = |input: &&str| input.parse().map_err(|error| format!("`{input}`: {error}"));
            let outputs = inputs.iter().map(|input| call((name.to_string(), number(input)?)));
            println!("{:?}", outputs.collect::<Result<Vec<_>, _>>()?);
            Ok(())
        }
        ["check", name] => check(name),
        _ => Err(format!("`{cell}` is no cell")),
    }
}

/// Hands a function of the namespace to spawncheck, under its name.
fn check(name: &str) -> Result<(), String> {
    let inputs = (Just(name.to_owned()), -9..9_i64);
    match Suite::new("notebook").worker(name, call, inputs).run() {
        ExitCode::SUCCESS => Ok(()),
        _ => Err(format!("`{name}` was not checked, or is not in order")),
    }
}
