//! Some programs as one suite: the process that checks them, and how it is started and understood.

use crate::model::Claim;
use crate::places;
use crate::random::Sequence;
use crate::scene::{CASES, OWN, Scene};
use proptest::strategy::Strategy;
use serde_json::Value;
use spawncheck::{Config, Suite, check};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Seed, first number and the number after the last one, for a process that is to be a suite.
const VARIABLE: &str = "GENERATED_BATCH";

/// What a check came to.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) failed: bool,
    pub(crate) findings: Vec<Found>,
}

/// A finding, read from the events.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: String,
    pub(crate) number: u64,
    pub(crate) claim: Claim,
}

/// The suite that this process is to be, if it is.
pub(crate) fn asked_for() -> Option<(u64, Range<u64>)> {
    let text = std::env::var(VARIABLE).ok()?;
    let numbers: Vec<u64> = text.split(',').map(|number| number.parse().expect("a number")).collect();
    Some((numbers[0], numbers[1]..numbers[2]))
}

/// Is a suite of these programs. Its children are as well, so nothing is made here that a child does not need.
pub(crate) fn be(seed: u64, numbers: Range<u64>) -> ExitCode {
    places::begin();
    let config = Config { cases: CASES as u32, regressions: None, ..Config::default() };
    let suite = Suite::new("generated").config(config);
    numbers.fold(suite, |suite, number| suite.check(number.to_string(), one(Scene { seed, number }))).run()
}

fn one(scene: Scene) -> spawncheck::Check<(u64, u64, u8), Vec<u8>> {
    let Scene { seed, number } = scene;
    let inputs = Sequence::new(scene.inputs()).prop_map(move |input| (seed, number, input));
    let check = check(work).setup(move || places::set_up(&scene.program())).inputs(inputs);
    if scene.has_own_context() { check.context(OWN, on_a_thread) } else { check }
}

fn work((seed, number, input): (u64, u64, u8)) -> Vec<u8> {
    places::work(&Scene { seed, number }.program(), input)
}

fn on_a_thread(input: (u64, u64, u8)) -> Vec<u8> {
    std::thread::spawn(move || work(input)).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Checks these programs in a process of their own, started in `directory`.
pub(crate) fn run(seed: u64, numbers: &Range<u64>, directory: &Path) -> BTreeMap<u64, Checked> {
    let events = directory.join(format!("{}.jsonl", numbers.start));
    let output = Command::new(std::env::current_exe().unwrap())
        .env(VARIABLE, format!("{seed},{},{}", numbers.start, numbers.end))
        .env("SPAWNCHECK_EVENTS", &events)
        .current_dir(directory)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let mut checked: BTreeMap<u64, Checked> = said.lines().filter_map(verdict).collect();
    assert!(checked.keys().copied().eq(numbers.clone()), "not all were checked: {output:?}");
    let events = std::fs::read_to_string(events).unwrap();
    for (worker, found) in events.lines().map(found) {
        checked.get_mut(&worker).unwrap().findings.push(found);
    }
    checked
}

/// Of a line such as `test 12 ... ok`.
fn verdict(line: &str) -> Option<(u64, Checked)> {
    let words: Vec<_> = line.split_whitespace().collect();
    let ["test", number, "...", verdict] = words[..] else { return None };
    Some((number.parse().ok()?, Checked { failed: verdict != "ok", findings: Vec::new() }))
}

/// Of an event: the worker, and what was found about it.
fn found(event: &str) -> (u64, Found) {
    let event: Value = serde_json::from_str(event).unwrap();
    let (number, input) = read_input(&event["input"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let outcomes = event["outcomes"].as_object().unwrap().iter();
    let claim = Claim {
        history: event["history"].as_array().unwrap().iter().map(|call| read_input(call).1).collect(),
        input,
        needs_setup: event["needs_setup"] == true,
        outcomes: outcomes.map(|(context, outcome)| (context.clone(), text(outcome))).collect(),
    };
    (text(&event["worker"]).parse().unwrap(), Found { kind: text(&event["kind"]), number, claim })
}

/// The number of the program, and its input, of an input as it is shown.
fn read_input(shown: &Value) -> (u64, u8) {
    let text = shown.as_str().unwrap().trim_matches(['(', ')']);
    let numbers: Vec<u64> = text.split(", ").map(|number| number.parse().unwrap()).collect();
    (numbers[1], numbers[2] as u8)
}
