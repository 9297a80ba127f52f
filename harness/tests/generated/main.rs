//! Random workers in real processes: what a check finds must be exactly what a model of a few lines predicts.
//!
//! A worker is a small program, named by its number and run by an interpreter. The test starts this executable again as a
//! suite of such workers, a batch at a time, and reads the findings from the events. A few hundred programs by default;
//! more, and others:
//!
//! ```text
//! GENERATED_PROGRAMS=2000 GENERATED_SEED=7 cargo test -p spawncheck --test generated
//! ```
//!
//! One that differs is named with its number; `GENERATED_FIRST` is where to begin.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "all of this is a test")]

mod batch;
mod model;
mod places;
mod program;
mod random;
mod scene;

use batch::{Checked, Found};
use libtest_mimic::{Arguments, Failed, Trial};
use model::Model;
use scene::Scene;
use spawncheck::Context;
use std::collections::{BTreeMap, VecDeque};
use std::process::ExitCode;
use std::sync::Mutex;

/// Programs in one suite. Each child makes all checks of its suite before it serves one, so small suites are faster.
const BATCH: u64 = 25;

fn main() -> ExitCode {
    if let Some((seed, numbers)) = batch::asked_for() {
        return batch::be(seed, numbers);
    }
    let test = Trial::test("findings_are_those_of_the_model", findings_are_those_of_the_model);
    libtest_mimic::run(&Arguments::from_args(), vec![test]).exit_code()
}

fn findings_are_those_of_the_model() -> Result<(), Failed> {
    let seed = setting("GENERATED_SEED", 1);
    let first = setting("GENERATED_FIRST", 0);
    let last = first + setting("GENERATED_PROGRAMS", 200);
    let directory = tempfile::tempdir().unwrap();
    for number in 1..program::NUMBERS {
        std::fs::create_dir(directory.path().join(number.to_string())).unwrap();
    }
    let starts = (first..last).step_by(BATCH as usize);
    let batches: Mutex<VecDeque<_>> =
        Mutex::new(starts.map(|start| start..last.min(start + BATCH)).collect());
    let tally = Mutex::new(BTreeMap::new());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let next = || batches.lock().unwrap().pop_front();
                while let Some(numbers) = next() {
                    for (number, checked) in batch::run(seed, &numbers, directory.path()) {
                        match judge(Scene { seed, number }, &checked) {
                            Ok(kind) => *tally.lock().unwrap().entry(kind).or_insert(0) += 1,
                            Err(why) => wrong.lock().unwrap().push(why),
                        }
                    }
                }
            });
        }
    });
    println!("{:?}", tally.into_inner().unwrap());
    let wrong = wrong.into_inner().unwrap();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What the program turned out to be, or how the findings differ from what they should be.
fn judge(scene: Scene, checked: &Checked) -> Result<String, String> {
    let (program, inputs, contexts) = (scene.program(), scene.inputs(), scene.contexts());
    let model = Model { program: &program, contexts: &contexts };
    let expected = match (scene.is_noisy(), model.differs(&inputs)) {
        (true, _) => Some("flaky"),
        (false, true) => Some("diverges"),
        (false, false) => None,
    };
    let verdict = match (expected, &*checked.findings) {
        (None, []) => Ok("nothing".to_owned()),
        (Some(kind), [found]) if found.kind == kind && found.number == scene.number => match kind {
            "diverges" => model.verify(&found.claim).map(|()| describe(found)),
            _ => Ok(kind.to_owned()),
        },
        _ => Err("it is another kind".to_owned()),
    };
    let fails = expected == Some("diverges");
    let verdict = verdict.and_then(|kind| {
        if checked.failed == fails { Ok(kind) } else { Err(format!("the test fails: {}", checked.failed)) }
    });
    verdict.map_err(|why| {
        format!("{scene:?}: expected {expected:?}, {why}\n{checked:?}\n{program:?}\ninputs: {inputs:?}")
    })
}

fn describe(found: &Found) -> String {
    let setup = if found.claim.needs_setup { "setup and " } else { "" };
    format!("diverges by {setup}{} calls", found.claim.history.len())
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}
