//! Ask cargo how it starts each test binary, by being its target runner once.
//!
//! Cargo sets the working directory, `CARGO_*`, `OUT_DIR` and the library path of what it runs by rules that differ
//! between versions. Recomputing them would make differences between the legs that are ours; so cargo itself starts
//! each binary once, through this executable in place of the runner, which writes down what it was given and
//! runs nothing.

use super::{cargo, runner};
use crate::args::CargoArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::platform::Platform;
use serde::{Deserialize, Serialize};
use spawncheck::child::Interrupt;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

/// The first argument that makes this executable a recording runner.
const RECORD: &str = "__spawncheck-record";

/// What is built for, in the order of the numbers that runners are given.
const TARGETS: &str = "targets.json";

/// Room for one large environment; a larger file is not ours.
const MAX_RECORD: u64 = 64 << 20;

pub(crate) type Variable = (OsString, OsString);

/// How cargo started one executable.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) executable: PathBuf,
    pub(crate) dir: PathBuf,
    pub(crate) env: Vec<Variable>,
    /// The user's own runner for this target.
    pub(crate) runner: Vec<OsString>,
    pub(crate) platform: Platform,
}

impl Start {
    /// The value of a variable that it was given.
    pub(crate) fn variable(&self, name: &str) -> Option<&OsStr> {
        let same = |other: &OsStr| match cfg!(windows) {
            true => other.eq_ignore_ascii_case(name),
            false => other == name,
        };
        self.env.iter().find(|(other, _)| same(other)).map(|(_, value)| &**value)
    }
}

/// If this process was started as a runner, records and returns the process's result.
pub(crate) fn act_as_runner() -> Option<std::process::ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != RECORD {
        return None;
    }
    let (folder, index) = (PathBuf::from(args.next()?), args.next()?.to_str()?.parse::<usize>().ok()?);
    Some(match record(&folder, index, args.next()?.into()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(_) => std::process::ExitCode::FAILURE,
    })
}

fn record(folder: &Path, index: usize, executable: PathBuf) -> io::Result<()> {
    let targets: Vec<Target> = serde_json::from_slice(&std::fs::read(folder.join(TARGETS))?)?;
    let (triple, runner) = targets.into_iter().nth(index).ok_or(io::ErrorKind::NotFound)?;
    let start = Start {
        executable,
        dir: std::env::current_dir()?,
        env: std::env::vars_os().collect(),
        runner,
        platform: Platform { triple },
    };
    // Cargo runs one at a time, so the process ID is name enough.
    std::fs::write(folder.join(format!("{}.start", std::process::id())), serde_json::to_vec(&start)?)
}

/// Has cargo start everything that was built.
///
/// Also returns the names of the variables that cargo's configuration sets.
pub(super) fn starts(
    args: &CargoArgs,
    temp: &Path,
    interrupt: &Interrupt,
) -> Result<(Vec<Start>, Vec<String>)> {
    let failed = |what: &str| Error::new(ExitCode::Setup, format!("failed to {what}"));
    let folder = temp.join("starts");
    let (targets, configured) =
        targets(args).map_err(|error| failed("read cargo's configuration").source(error))?;
    std::fs::create_dir(&folder)
        .and_then(|()| std::fs::write(folder.join(TARGETS), serde_json::to_vec(&targets)?))
        .map_err(|error| failed(&format!("write to `{}`", folder.display())).source(error))?;
    let this = std::env::current_exe().map_err(|error| failed("find this executable").source(error))?;

    let (mut status, mut said) = run_cargo(args, &targets, interrupt, |index| array(&this, &folder, index))?;
    if !status.success() && said.contains("expected string, but found array") {
        // Cargo merges settings only with settings of the same type, and the user's runner is a string.
        if [&this, &folder].iter().any(|path| path.to_string_lossy().contains(char::is_whitespace)) {
            return Err(failed("take the place of the target runner: a path of ours has a space in it")
                .hint("write the runner in `.cargo/config.toml` as an array"));
        }
        (status, said) = run_cargo(args, &targets, interrupt, |index| string(&this, &folder, index))?;
    }
    if !status.success() {
        return Err(failed("have cargo start the test binaries").source(said));
    }
    let starts =
        read_all(&folder).map_err(|error| failed(&format!("read `{}`", folder.display())).source(error))?;
    Ok((starts, configured))
}

/// A triple, and the user's runner for it.
type Target = (String, Vec<OsString>);

/// What is built for, and the variables that `[env]` sets.
fn targets(args: &CargoArgs) -> std::result::Result<(Vec<Target>, Vec<String>), cargo_config2::Error> {
    let config = cargo_config2::Config::load()?;
    let given = args.targets();
    let mut triples = config.build_target_for_cli(&given)?;
    if triples.is_empty() {
        triples.push(config.host_triple()?.into());
    }
    let with_runner = |triple: String| {
        let runner = runner::command(config.runner(&*triple)?);
        Ok((triple, runner))
    };
    let targets =
        triples.into_iter().map(with_runner).collect::<std::result::Result<_, cargo_config2::Error>>()?;
    Ok((targets, config.env.into_keys().collect()))
}

/// The result, and what cargo said on standard error.
fn run_cargo(
    args: &CargoArgs,
    targets: &[Target],
    interrupt: &Interrupt,
    runner: impl Fn(usize) -> String,
) -> Result<(ExitStatus, String)> {
    let mut command = args.start_command();
    for (index, (triple, _)) in targets.iter().enumerate() {
        command.arg("--config").arg(format!("target.'{triple}'.runner={}", runner(index)));
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let (status, [_, said]) = cargo::run(command, ExitCode::BuildFailed, interrupt, cargo::output)?;
    Ok((status, String::from_utf8_lossy(&said).trim().to_owned()))
}

fn array(this: &Path, folder: &Path, index: usize) -> String {
    let items = [this.to_string_lossy(), RECORD.into(), folder.to_string_lossy(), index.to_string().into()];
    toml::Value::from(items.map(|item| toml::Value::from(&*item)).to_vec()).to_string()
}

fn string(this: &Path, folder: &Path, index: usize) -> String {
    toml::Value::from(format!("{} {RECORD} {} {index}", this.display(), folder.display())).to_string()
}

fn read_all(folder: &Path) -> io::Result<Vec<Start>> {
    let mut starts = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "start") {
            if path.metadata()?.len() > MAX_RECORD {
                return Err(io::Error::other(format!("`{}` is too large", path.display())));
            }
            starts.push(serde_json::from_slice(&std::fs::read(path)?)?);
        }
    }
    Ok(starts)
}
