//! Wall time and peak memory of whole commands.

use crate::project::{FIRST_TEST, Project};
use crate::{Result, cargo, memory};
use std::io::Seek;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How often one test is run by itself: each run is too short to say much.
const SINGLE_TESTS: usize = 50;

/// What was measured on one crate.
pub(crate) struct Row {
    pub(crate) tests: usize,
    pub(crate) pairs: usize,
    /// A single test, alone in its process, without any runner.
    pub(crate) alone: Option<Sample>,
    pub(crate) serial: Option<Sample>,
    pub(crate) nextest: Option<Sample>,
    pub(crate) spawncheck: Option<Sample>,
    /// Time of spawncheck / time of nextest, the median over neighbouring runs.
    pub(crate) ratio: Option<f64>,
}

#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) seconds: f64,
    /// Of the command without what it starts, in KiB; `None` where it cannot be read.
    pub(crate) peak_memory: Option<u64>,
}

impl Row {
    pub(crate) fn measure(project: &Project, with_nextest: bool, spawncheck: &Path) -> Result<Self> {
        // Neither is started through `cargo`: that would add the same constant to both.
        let run_nextest = || run(project.command("cargo-nextest").args(["nextest", "run"]));
        let run_spawncheck = || run(project.command(spawncheck).arg("spawncheck"));
        let run_serial = || run(project.command(cargo()).args(["test", "--lib", "--", "--test-threads=1"]));
        let run_alone = || run(project.command(&project.binary).args(["--exact", FIRST_TEST]));

        let pairs = (20_000 / project.tests).clamp(2, 7);
        let (mut nextest, mut spawncheck, mut serial) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..pairs {
            if with_nextest {
                nextest.push(run_nextest()?);
            }
            spawncheck.push(run_spawncheck()?);
            serial.push(run_serial()?);
        }
        let neighbours = spawncheck.iter().zip(&nextest);
        Ok(Self {
            tests: project.tests,
            pairs,
            alone: Sample::of(&(0..SINGLE_TESTS).map(|_| run_alone()).collect::<Result<Vec<_>>>()?),
            ratio: median(neighbours.map(|(spawncheck, nextest)| spawncheck.seconds / nextest.seconds)),
            serial: Sample::of(&serial),
            nextest: Sample::of(&nextest),
            spawncheck: Sample::of(&spawncheck),
        })
    }
}

impl Sample {
    /// The median of the times and the peak of the peaks.
    fn of(samples: &[Self]) -> Option<Self> {
        Some(Self {
            seconds: median(samples.iter().map(|sample| sample.seconds))?,
            peak_memory: samples.iter().filter_map(|sample| sample.peak_memory).max(),
        })
    }
}

/// `None` of nothing.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        len if len % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

/// Runs a command to its end. A command that fails did not do the work that was to be measured.
fn run(command: &mut Command) -> Result<Sample> {
    // To a file: nobody reads a pipe meanwhile, and a reader would take time from what is measured.
    let mut messages = tempfile::tempfile()?;
    let started = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(messages.try_clone()?).spawn()?;
    let pid = child.id();
    let ended = AtomicBool::new(false);
    let (status, seconds, peak_memory) = thread::scope(|scope| {
        let watcher = scope.spawn(|| watch_peak_memory(pid, &ended));
        let status = child.wait();
        let seconds = started.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (status, seconds, watcher.join().expect("the watcher does not panic"))
    });
    let status = status?;
    if status.success() {
        return Ok(Sample { seconds, peak_memory });
    }
    messages.rewind()?;
    let messages = std::io::read_to_string(messages)?;
    Err(format!("`{}`: {status}\n{messages}", command.get_program().display()).into())
}

/// The highest peak that was seen while the process ran. The rusage of `wait4` would be simpler, but counts the peak
/// of cargo, which both runners start, as that of the runner.
fn watch_peak_memory(pid: u32, ended: &AtomicBool) -> Option<u64> {
    let mut peak = None;
    while !ended.load(Ordering::Relaxed) {
        peak = peak.max(memory::peak(pid));
        thread::sleep(Duration::from_millis(5));
    }
    peak
}
