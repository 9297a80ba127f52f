//! How much memory the workers take together while each of them holds the same large input.
//!
//! The kernel's Pss counts a page that several processes have mapped once, divided among them.

use crate::Result;
use crate::testing::{self, Test};
use serde::{Deserialize, Serialize};
use spawncheck::proptest::strategy::Strategy;
use spawncheck::{Check, Config, Context, Portable, Shared, check};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{fs, process};

/// Each is a process of its own here.
const CONTEXTS: [Context; 4] = [Context::Inline, Context::Thread, Context::Pool, Context::Spawn];

const SIZE: usize = 64 << 20;

pub(crate) const TESTS: &[Test] = &[
    ("plain", || drop(plain(PathBuf::new(), 0).try_run())),
    ("shared-memory", || drop(shared(PathBuf::new(), 0).try_run())),
];

/// An input, and the folder where the workers that hold it meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Held<T> {
    meeting: PathBuf,
    data: T,
}

fn plain(meeting: PathBuf, size: usize) -> Check<Held<String>, u64> {
    let worker = check(|held: Held<String>| meet(&held.meeting, held.data.as_bytes()));
    checked(worker, meeting, move || "x".repeat(size))
}

fn shared(meeting: PathBuf, size: usize) -> Check<Held<Shared<u8>>, u64> {
    let worker = check(|held: Held<Shared<u8>>| meet(&held.meeting, &held.data));
    checked(worker, meeting, move || Shared::new(&vec![b'x'; size]).expect("the temporary folder has room"))
}

fn checked<T: Portable>(
    worker: Check<Held<T>, u64>,
    meeting: PathBuf,
    make: impl Fn() -> T + 'static,
) -> Check<Held<T>, u64> {
    let config = Config {
        cases: 1,
        contexts: CONTEXTS.into(),
        execute: true,
        max_payload: usize::MAX,
        timeout: Duration::from_secs(120),
        regressions: None,
        ..Default::default()
    };
    worker.inputs((0..1_u8).prop_map(move |_| Held { meeting: meeting.clone(), data: make() })).config(config)
}

pub(crate) fn measure() -> Result<()> {
    if pss(process::id().into()).is_none() {
        println!("note: there is no `/proc/PID/smaps_rollup`, so memory cannot be measured");
        return Ok(());
    }
    println!("{} workers that hold the same input, in MiB of Pss\n", CONTEXTS.len());
    println!(
        "| input | size | all workers | one of them | with the parent |\n| --- | ---: | ---: | ---: | ---: |"
    );
    row("plain", 1, |meeting| testing::time("plain", || plain(meeting, 1)))?;
    row("plain", SIZE, |meeting| testing::time("plain", || plain(meeting, SIZE)))?;
    row("`Shared`", SIZE, |meeting| testing::time("shared-memory", || shared(meeting, SIZE)))
}

fn row(name: &str, size: usize, hold: impl FnOnce(PathBuf) -> Result<Duration>) -> Result<()> {
    let meeting = tempfile::tempdir()?;
    hold(meeting.path().into())?;
    let [workers, parents] = ["worker", "parent"].map(|kind| numbers(meeting.path(), kind));
    let (all, parent) = (workers.iter().sum::<u64>(), parents.into_iter().max().unwrap_or_default());
    let mib = |kib: u64| kib as f64 / 1024.0;
    println!(
        "| {name} | {} | {:.1} | {:.1} | {:.1} |",
        crate::report::size(size),
        mib(all),
        mib(all) / workers.len() as f64,
        mib(all + parent)
    );
    Ok(())
}

/// Waits until all workers hold their input, notes the memory of this one, and lets go when all have done so.
fn meet(meeting: &Path, data: &[u8]) -> u64 {
    let sum = data.iter().map(|byte| u64::from(*byte)).sum();
    note(meeting, "here", 0);
    wait_for_all(meeting, "here");
    let parent = number("/proc/self/status", "PPid:").and_then(pss);
    note(meeting, "parent", parent.expect("the parent lives"));
    note(meeting, "worker", pss(process::id().into()).expect("this process lives"));
    wait_for_all(meeting, "worker");
    sum
}

fn note(meeting: &Path, kind: &str, number: u64) {
    let path = meeting.join(format!("{}.{kind}", process::id()));
    let unfinished = path.with_extension("new");
    let written = fs::write(&unfinished, number.to_string()).and_then(|()| fs::rename(&unfinished, &path));
    written.expect("the meeting place can be written to");
}

fn wait_for_all(meeting: &Path, kind: &str) {
    let until = Instant::now() + Duration::from_secs(60);
    while numbers(meeting, kind).len() < CONTEXTS.len() {
        assert!(Instant::now() < until, "the other workers have not come");
        sleep(Duration::from_millis(5));
    }
}

/// What was noted of this kind.
fn numbers(meeting: &Path, kind: &str) -> Vec<u64> {
    let files = fs::read_dir(meeting).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == kind));
    files.filter_map(|path| fs::read_to_string(path).ok()?.parse().ok()).collect()
}

/// In KiB.
fn pss(id: u64) -> Option<u64> {
    number(&format!("/proc/{id}/smaps_rollup"), "Pss:")
}

/// The number behind `name` in one of the kernel's tables.
fn number(table: &str, name: &str) -> Option<u64> {
    let table = fs::read_to_string(table).ok()?;
    table.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
