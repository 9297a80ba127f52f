//! The part of libtest that a check relies on: a thread that has the name of the test, and a child that runs only that test.
//!
//! So a child costs what one of procspawn does until `main`, and the two can be compared. A test executable of libtest adds the same
//! to each executed child of either.

use crate::{Result, contexts, fresh, memory, payload};
use spawncheck::{Check, Portable};
use std::thread;
use std::time::{Duration, Instant};

/// What a test does, by its name.
pub(crate) type Test = (&'static str, fn());

/// Does a check on a thread of that name, and returns how long it took: what a user waits for.
pub(crate) fn time<T: Portable, R: Portable>(
    name: &str,
    check: impl FnOnce() -> Check<T, R> + Send + 'static,
) -> Result<Duration> {
    let test = move || {
        let started = Instant::now();
        let report = check().try_run()?;
        Ok::<_, spawncheck::Error>((report, started.elapsed()))
    };
    let thread = thread::Builder::new().name(name.to_owned()).spawn(test)?;
    let (report, time) = thread.join().map_err(|_| format!("`{name}` panicked"))??;
    match report.findings.is_empty() && report.errors.is_empty() {
        true => Ok(time),
        false => Err(format!("there should be nothing to find:\n{report}").into()),
    }
}

/// In a child: comes to the check of the test `name`, which serves.
pub(crate) fn serve(name: &str) {
    let all = fresh::TESTS.iter().chain(payload::TESTS).chain(contexts::TESTS).chain(memory::TESTS);
    for (_, test) in all.filter(|(test, _)| *test == name) {
        let thread = thread::Builder::new().name(name.to_owned()).spawn(test);
        // The process ends in there.
        let _ = thread.map(thread::JoinHandle::join);
    }
}
