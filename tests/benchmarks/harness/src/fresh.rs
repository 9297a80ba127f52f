//! Fresh cases a second: one process for each call of a trivial function.

use crate::report::{self, Sample};
use crate::testing::{self, Test};
use crate::{Result, python};
use spawncheck::{Check, Config, Context, any, check};
use std::time::Instant;

/// How often each takes its turn.
const ROUNDS: usize = 9;

/// Cases of one turn; each takes about as long.
const TEMPLATE: u32 = 2000;
const EXECUTED: u32 = 400;
const PROCSPAWN: u32 = 400;
const PYTHON: u32 = 10;

pub(crate) const TESTS: &[Test] =
    &[("template", || drop(checked(1, false).try_run())), ("executed", || drop(checked(1, true).try_run()))];

fn worker(number: u64) -> u64 {
    number.wrapping_add(1)
}

fn checked(cases: u32, execute: bool) -> Check<u64, u64> {
    let contexts = vec![Context::Spawn];
    let config = Config { cases, contexts, execute, regressions: None, ..Default::default() };
    check(worker).inputs(any::<u64>()).config(config)
}

pub(crate) fn measure() -> Result<()> {
    let python = python::version();
    if python.is_none() {
        println!("note: there is no `python3`, so there is nothing to compare with\n");
    }
    let (mut template, mut executed, mut procspawn, mut multiprocessing) =
        (Sample::new(), Sample::new(), Sample::new(), Sample::new());
    for _ in 0..ROUNDS {
        // All of them by turns: a machine that slows down meanwhile slows all.
        procspawn.push(by_procspawn(PROCSPAWN)? / f64::from(PROCSPAWN));
        let time = testing::time("template", || checked(TEMPLATE, false))?;
        template.push(time.as_secs_f64() / f64::from(TEMPLATE));
        let time = testing::time("executed", || checked(EXECUTED, true))?;
        executed.push(time.as_secs_f64() / f64::from(EXECUTED));
        if python.is_some() {
            multiprocessing.push(python::fresh_cases(PYTHON)? / f64::from(PYTHON));
        }
    }
    println!("{ROUNDS} rounds\n");
    println!("| one fresh process a case | a case | cases a second |\n| --- | ---: | ---: |");
    let python = python.unwrap_or_default();
    for (name, sample) in [
        ("spawncheck, template forks", &template),
        ("spawncheck, executed", &executed),
        ("procspawn 1.0, `spawn().join()`", &procspawn),
        (&format!("{python}, `multiprocessing`, `spawn`"), &multiprocessing),
    ] {
        if let Some(seconds) = sample.median() {
            println!("| {name} | {} | {:.0} |", report::time(seconds), 1.0 / seconds);
        }
    }
    println!("\n| as many cases as | times | bar |\n| --- | ---: | ---: |");
    for (name, base, sample, bar) in [
        ("template / procspawn", &procspawn, &template, 6.0),
        ("executed / procspawn", &procspawn, &executed, 1.1),
        ("template / multiprocessing", &multiprocessing, &template, 200.0),
    ] {
        if let Some(ratio) = base.ratio(sample) {
            println!("| {name} | {ratio:.2} | {bar} |");
        }
    }
    Ok(())
}

/// So many calls of the same function in seconds, one after the other as a check makes them.
fn by_procspawn(cases: u32) -> Result<f64> {
    let started = Instant::now();
    for case in 0..u64::from(cases) {
        if procspawn::spawn(case, worker).join()? != case + 1 {
            return Err("procspawn returned something else".into());
        }
    }
    Ok(started.elapsed().as_secs_f64())
}
