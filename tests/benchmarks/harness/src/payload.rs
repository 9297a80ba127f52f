//! What one case costs as its input grows.

use crate::Result;
use crate::report::{self, Sample};
use crate::testing::{self, Test};
use spawncheck::proptest::strategy::Strategy;
use spawncheck::{Check, Config, Context, Portable, Shared, check};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

const SIZES: [usize; 7] = [1, 1 << 10, 64 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20];

pub(crate) const TESTS: &[Test] = &[
    ("text", || drop(text(1, 0, false).try_run())),
    ("text-executed", || drop(text(1, 0, true).try_run())),
    ("echo", || drop(echo(1, 0).try_run())),
    ("bytes", || drop(bytes(1, 0).try_run())),
    ("shared", || drop(shared(1, 0).try_run())),
];

fn length(text: String) -> usize {
    text.len()
}

/// `make` is called in the parent alone, once a case.
fn checked<T: Portable, R: Portable>(
    worker: Check<T, R>,
    cases: u32,
    execute: bool,
    make: impl Fn() -> T + 'static,
) -> Check<T, R> {
    let config = Config {
        cases,
        execute,
        contexts: vec![Context::Spawn],
        max_payload: usize::MAX,
        timeout: Duration::from_secs(120),
        regressions: None,
        ..Default::default()
    };
    worker.inputs((0..1_u8).prop_map(move |_| make())).config(config)
}

fn text(cases: u32, size: usize, execute: bool) -> Check<String, usize> {
    checked(check(length), cases, execute, move || "x".repeat(size))
}

fn echo(cases: u32, size: usize) -> Check<String, String> {
    checked(check(|text: String| text), cases, false, move || "x".repeat(size))
}

fn bytes(cases: u32, size: usize) -> Check<Vec<u8>, usize> {
    checked(check(|bytes: Vec<u8>| bytes.len()), cases, false, move || vec![b'x'; size])
}

fn shared(cases: u32, size: usize) -> Check<Shared<u8>, usize> {
    let make = move || Shared::new(&vec![b'x'; size]).expect("the temporary folder has room");
    checked(check(|bytes: Shared<u8>| bytes.len()), cases, false, make)
}

pub(crate) fn measure() -> Result<()> {
    println!(
        "| input | `String` | and echoed | `Vec<u8>` | `Shared<u8>` | `String`, executed | `String`, procspawn |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for size in SIZES {
        let mut samples: [Sample; 6] = std::array::from_fn(|_| Sample::new());
        let cases = u32::try_from((16 << 20) / size)?.clamp(2, 200);
        for _ in 0..if size > 4 << 20 { 3 } else { ROUNDS } {
            let times = [
                testing::time("text", move || text(cases, size, false))?,
                testing::time("echo", move || echo(cases, size))?,
                testing::time("bytes", move || bytes(cases, size))?,
                testing::time("shared", move || shared(cases, size))?,
                testing::time("text-executed", move || text(cases, size, true))?,
                by_procspawn(cases, size)?,
            ];
            for (sample, time) in samples.iter_mut().zip(times) {
                sample.push(time.as_secs_f64() / f64::from(cases));
            }
        }
        let cells =
            samples.iter().filter_map(Sample::median).map(|seconds| format!(" {} |", report::time(seconds)));
        println!("| {} |{}", report::size(size), cells.collect::<String>());
    }
    Ok(())
}

fn by_procspawn(cases: u32, size: usize) -> Result<Duration> {
    let started = Instant::now();
    for _ in 0..cases {
        if procspawn::spawn("x".repeat(size), length).join()? != size {
            return Err("procspawn returned something else".into());
        }
    }
    Ok(started.elapsed())
}
