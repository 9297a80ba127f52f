//! The command that starts a test process: arguments, variables, limits.

use super::Processes;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::run::arguments::Call;
use crate::run::executor::{Environment, Schedule};
use crate::suite::{Dialect, Launch, Stamp};
use crate::worker;
use spawncheck::child::Command;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How long what a test started may outlive it before it counts as left behind.
pub(super) const GRACE: Duration = Duration::from_millis(200);

/// How much of each end of a process's output to hold: one test's, or the failures of a whole binary.
pub(super) const KEEP_ALONE: usize = 64 << 10;
const KEEP_TOGETHER: usize = 2 << 20;

/// Tests one after another.
pub(in crate::run) const ONE_THREAD: &str = "--test-threads=1";

impl Processes<'_> {
    pub(in crate::run) fn command(&self, schedule: &Schedule, call: &Call, log: &Path) -> Command {
        let launch = &self.suite.binaries[schedule.binary].launch;
        let mut args: Vec<OsString> = vec![ONE_THREAD.into(), "--logfile".into(), launch.platform.path(log)];
        if self.show_passed && self.suite.binaries[schedule.binary].dialect == Dialect::Libtest {
            args.push("--show-output".into());
        }
        args.extend(call.args.iter().map(OsString::from));
        let (program, args) = launch.command_line(args);
        let mut env = variables(launch, schedule.environment);
        let events = worker::file(self.temp, schedule.binary);
        env.push((worker::VARIABLE.into(), launch.platform.path(&events)));
        Command {
            program,
            args,
            dir: launch.dir.clone(),
            env,
            patience: self.timeout,
            grace: GRACE,
            keep: if call.runs.len() == 1 { KEEP_ALONE } else { KEEP_TOGETHER },
        }
    }
}

/// The variables of a process, without ours.
pub(super) fn variables(launch: &Launch, environment: Environment) -> Vec<(OsString, OsString)> {
    let mut env = match environment {
        Environment::Sealed => launch.sealed.clone(),
        Environment::Inherited => launch.inherited.clone(),
        Environment::Probing => launch.inherited.iter().cloned().map(without_backtraces).collect(),
    };
    env.retain(|(name, _)| name != worker::VARIABLE);
    env
}

/// The variable stays, with a value that means no.
fn without_backtraces((name, value): (OsString, OsString)) -> (OsString, OsString) {
    let off = ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"].iter().any(|known| name == *known);
    (name, if off { "0".into() } else { value })
}

pub(in crate::run) fn check_unchanged(launch: &Launch) -> Result<()> {
    let path = launch.executable.display();
    let changed = |what: &str| {
        Error::new(ExitCode::Setup, format!("test binary `{path}` was {what} during the run"))
            .hint("wait for other builds in the same target directory, and run again")
    };
    match Stamp::of(&launch.executable) {
        Ok(stamp) if stamp == launch.stamp => Ok(()),
        Ok(_) => Err(changed("replaced")),
        Err(error) => Err(changed("deleted").source(error)),
    }
}
