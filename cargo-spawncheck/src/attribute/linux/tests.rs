//! What a look at a process costs, on this very test executable.

use super::objects::Images;
use super::state::State;
use crate::args::FilterArgs;
use crate::run::{Environment, Executor, Processes, Schedule};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, Launch, Stamp};
use crate::trace::{Next, Stopped};
use spawncheck::child::Interrupt;
use std::time::{Duration, Instant};

const ROUNDS: usize = 101;

/// `cargo test --release -p cargo-spawncheck --lib -- --ignored --no-capture cost_of_a_probe`
#[test]
#[ignore = "a benchmark"]
fn cost_of_a_probe() {
    let executable = std::env::current_exe().unwrap();
    let list = std::process::Command::new(&executable).args(["--list", "--format=terse"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let names: Vec<&str> = list.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let mut tested = binary("this", Dialect::Libtest, &names);
    let env: Vec<_> = std::env::vars_os().collect();
    let stamp = Stamp::of(&executable).unwrap();
    tested.launch =
        Launch { executable, dir: ".".into(), inherited: env.clone(), sealed: env, stamp, ..tested.launch };
    let suite = suite([tested]);
    let folder = tempfile::tempdir().unwrap();
    let interrupt = Interrupt::new().unwrap();
    let filter = FilterArgs::default();
    let processes = Processes::new(&suite, &filter, Duration::from_secs(60), folder.path(), &interrupt);
    let subjects = ["a", "b"].map(|letter| format!("trace::linux::tests::subject::{letter}"));
    let tests = subjects.map(|subject| names.iter().position(|name| *name == subject).unwrap()).to_vec();
    let schedule = Schedule { binary: 0, tests, environment: Environment::Inherited };
    let images = Images::default();
    let untraced = || assert_eq!(processes.execute(&schedule, &mut |_| {}).unwrap().len(), 2);
    let probe = || {
        let mut look = |index: usize, stopped: &mut Stopped<'_>| {
            if index == 1 {
                State::of(stopped, &images)?;
            }
            Ok(Next::Run)
        };
        assert_eq!(processes.visit(&schedule, &mut look).unwrap().unwrap().len(), 2);
    };
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (time, work) in times.iter_mut().zip([&untraced as &dyn Fn(), &probe]) {
            let started = Instant::now();
            work();
            time.push(started.elapsed());
        }
    }
    let [untraced, probe] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2].as_secs_f64() * 1e3
    });
    eprintln!(
        "medians of {ROUNDS}: untraced {untraced:.2} ms, probe {probe:.2} ms, {:.2} times",
        probe / untraced
    );
}
