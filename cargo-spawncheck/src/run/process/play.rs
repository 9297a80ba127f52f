//! The calls of a worker, made again in a process that is stopped before each.

use super::command::{GRACE, KEEP_ALONE, check_unchanged, variables};
use super::{Environment, Processes};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::trace::{self, Next, Steering, Stopped, Stops, Trouble, Visit};
use spawncheck::child::Command;
use spawncheck::reproduce::{self, Played, Script};
use std::ffi::OsString;

/// One process that makes calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Play<'a> {
    /// Index of the binary.
    pub(crate) binary: usize,
    /// What the executable is started with.
    pub(crate) arguments: &'a [String],
    pub(crate) script: &'a Script,
    /// Whether to note which files change before the last call.
    pub(crate) watch: bool,
}

impl Processes<'_> {
    /// Plays it, with `visit` before each call, and returns what came of the last one. The inner error says why it could not be
    /// traced.
    pub(crate) fn play(
        &self,
        play: &Play<'_>,
        visit: &mut Visit<'_>,
    ) -> Result<std::result::Result<Played, Trouble>> {
        let steerable = &self.steerable[play.binary];
        let entries = match steerable.call_entries() {
            Ok(entries) => entries,
            Err(trouble) => return Ok(Err(trouble)),
        };
        check_unchanged(&self.suite.binaries[play.binary].launch)?;
        let order: Vec<usize> = (0..play.script.calls()).collect();
        let steering =
            Steering { entries: &entries, order: &order, table: 0, stops: Stops::Each, watch: play.watch };
        let mut visit = |index: usize, stopped: &mut Stopped<'_>| match index < order.len() {
            true => visit(index, stopped),
            false => Ok(Next::Run),
        };
        let command = self.play_command(play);
        let played = trace::play(&command, play.script, self.interrupt, &steering, &mut visit);
        if self.interrupt.is_raised() {
            return Err(Error::already_reported(ExitCode::Interrupted));
        }
        Ok(match played {
            Ok((played, Ok(()))) => Ok(played),
            Ok((_, Err(trouble))) => Err(trouble),
            Err(error) => Err(steerable.refused(&error)),
        })
    }

    /// Makes the calls of `script` in a process that nobody traces, and returns what came of the last one.
    pub(crate) fn play_through(
        &self,
        binary: usize,
        arguments: &[String],
        script: &Script,
    ) -> Result<Played> {
        let launch = &self.suite.binaries[binary].launch;
        check_unchanged(launch)?;
        let play = Play { binary, arguments, script, watch: false };
        let played = reproduce::play(&self.play_command(&play), script, self.interrupt);
        if self.interrupt.is_raised() {
            return Err(Error::already_reported(ExitCode::Interrupted));
        }
        played.map_err(|error| {
            let message = format!("failed to start `{}`", launch.executable.display());
            Error::new(ExitCode::Setup, message).source(error)
        })
    }

    /// As its tests are started to probe something, with other arguments, and without a place for findings.
    fn play_command(&self, play: &Play<'_>) -> Command {
        let launch = &self.suite.binaries[play.binary].launch;
        let (program, args) = launch.command_line(play.arguments.iter().map(OsString::from).collect());
        Command {
            program,
            args,
            dir: launch.dir.clone(),
            env: variables(launch, Environment::Probing),
            patience: self.timeout,
            grace: GRACE,
            keep: KEEP_ALONE,
        }
    }
}
