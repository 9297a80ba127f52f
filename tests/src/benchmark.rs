//! What the benchmarks share: wall time and peak memory of whole commands.

mod memory;

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

/// The errors of rustc still go to the terminal.
pub const JSON: &str = "--message-format=json-render-diagnostics";

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What was measured of one run.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub seconds: f64,
    /// Of the command without what it starts, in KiB; `None` where it cannot be read.
    pub peak_memory: Option<u64>,
}

impl Sample {
    /// The median of the times and the peak of the peaks.
    #[must_use]
    pub fn of(samples: &[Self]) -> Option<Self> {
        Some(Self {
            seconds: median(samples.iter().map(|sample| sample.seconds))?,
            peak_memory: samples.iter().filter_map(|sample| sample.peak_memory).max(),
        })
    }
}

/// The median; `None` of nothing.
#[must_use]
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
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
///
/// # Errors
/// It cannot be started, or it fails.
pub fn run(command: &mut Command) -> Result<Sample> {
    measure(command.stdout(Stdio::null()), |_| ())
}

/// The same, and hands over each line that it writes, as it comes.
///
/// # Errors
/// It cannot be started, or it fails.
pub fn run_reading(command: &mut Command, on_line: impl FnMut(&str)) -> Result<Sample> {
    measure(command.stdout(Stdio::piped()), on_line)
}

fn measure(command: &mut Command, on_line: impl FnMut(&str)) -> Result<Sample> {
    // To a file: nobody reads a pipe meanwhile, and a reader would take time from what is measured.
    let mut messages = tempfile::tempfile()?;
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stderr(messages.try_clone()?).spawn()?;
    let pid = child.id();
    let ended = AtomicBool::new(false);
    let (status, seconds, peak_memory) = thread::scope(|scope| {
        let watcher = scope.spawn(|| watch_peak_memory(pid, &ended));
        let status = read_to_end(&mut child, on_line);
        let seconds = started.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (status, seconds, watcher.join().expect("the watcher does not panic"))
    });
    let status = status?;
    if status.success() {
        return Ok(Sample { seconds, peak_memory });
    }
    messages.rewind()?;
    let messages = io::read_to_string(messages)?;
    Err(format!("`{}`: {status}\n{messages}", command.get_program().display()).into())
}

fn read_to_end(child: &mut Child, mut on_line: impl FnMut(&str)) -> io::Result<ExitStatus> {
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            on_line(&line?);
        }
    }
    child.wait()
}

/// A command that runs in a crate as if a user had typed it: without what the cargo that started this program set.
pub fn command(program: impl AsRef<OsStr>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if (text.starts_with("CARGO_") && text != "CARGO_HOME") || text.starts_with("NEXTEST") {
            command.env_remove(&name);
        }
    }
    command.current_dir(directory).env("CARGO_TARGET_DIR", directory.join("target"));
    command
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

/// `cargo run` builds only the binary that it runs, so the one beside it may be missing or old.
///
/// # Errors
/// Cargo fails.
pub fn build_tool() -> Result<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(cargo())
        .args(["build", "--release", "--package", "cargo-spawncheck", JSON])
        .current_dir(workspace)
        .stderr(Stdio::inherit())
        .output()?;
    executable(&output.stdout).ok_or_else(|| "cargo-spawncheck was not built".into())
}

/// The executable that a cargo with JSON messages says it has built.
#[must_use]
pub fn executable(messages: &[u8]) -> Option<PathBuf> {
    let mut messages = serde_json::Deserializer::from_slice(messages).into_iter::<serde_json::Value>();
    messages.find_map(|message| message.ok()?["executable"].as_str().map(PathBuf::from))
}

/// The cargo that started this program, else the one on the path.
#[must_use]
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
