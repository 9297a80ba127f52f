//! How the children of this process are started: the same executable, in the same place, with the same surroundings.

use crate::channel::VARIABLE;
use crate::child::Command;
use crate::error::{Error, ErrorKind};
use crate::events;
use crate::protocol::{Executable, Target};
use std::ffi::OsString;
use std::sync::OnceLock;
use std::time::Duration;

/// How much of the beginning and the end of a child's output to keep, in bytes.
const KEEP: usize = 4 << 10;

/// What all children of this process have in common.
pub(crate) struct Launch {
    command: Command,
    executable: Option<Executable>,
}

impl Launch {
    /// Finds out at the first call what this process was started from; later changes of its environment or directory do not
    /// reach children.
    pub(crate) fn of_this_process() -> Result<&'static Self, Error> {
        static LAUNCH: OnceLock<Result<Launch, Error>> = OnceLock::new();
        LAUNCH.get_or_init(Self::new).as_ref().map_err(Clone::clone)
    }

    fn new() -> Result<Self, Error> {
        let cannot = |what: &str| Error::new(ErrorKind::Child, format!("cannot find out {what}"));
        let program =
            std::env::current_exe().map_err(|e| cannot("which executable this is").with_source(e))?;
        let dir = std::env::current_dir().map_err(|e| cannot("the current directory").with_source(e))?;
        let ours = [VARIABLE, events::VARIABLE];
        let env = std::env::vars_os().filter(|(name, _)| !ours.iter().any(|our| name == our)).collect();
        let (patience, grace) = (Duration::MAX, Duration::ZERO);
        let command = Command { program, args: Vec::new(), dir, env, patience, grace, keep: KEEP };
        Ok(Self { command, executable: Executable::current() })
    }

    /// What starts a child for `target`.
    pub(crate) fn command(&self, target: &Target) -> Command {
        Command { args: arguments(target), ..self.command.clone() }
    }

    /// Whether a child that was started from `other` runs the code of this process, as far as can be told.
    pub(crate) fn is_same_executable(&self, other: Option<Executable>) -> bool {
        self.executable.is_none() || other.is_none() || self.executable == other
    }

    pub(crate) fn program(&self) -> String {
        self.command.program.display().to_string()
    }
}

/// A suite's child gets the arguments of its parent, as the code before `run` may read them. A check's child gets what makes
/// libtest run the one test; the parent's flags would be libtest's to understand, and its filters could leave the test out.
fn arguments(target: &Target) -> Vec<OsString> {
    match target {
        Target::Worker { .. } => std::env::args_os().skip(1).collect(),
        Target::Check { test, .. } => {
            let flags = ["--exact", "--include-ignored", "--nocapture", "--test-threads=1"];
            [test.as_str()].into_iter().chain(flags).map(OsString::from).collect()
        }
    }
}
