//! A script in a pipe, for a process that somebody else starts.

use super::play::{Heard, fork_ended};
use super::{Played, Script};
use crate::child::Pipes;
#[cfg(all(feature = "trace", target_os = "linux"))]
use crate::child::{Command, Interrupt};
use crate::protocol::VARIABLE;
use std::ffi::OsString;
use std::io;
use std::os::fd::RawFd;

/// The channel of a process that is yet to be started.
///
/// 1. Add [`variable`](Self::variable) to its environment. Between fork and exec, `dup2` each of
///    [`descriptors`](Self::descriptors) to its number; ours are all above those numbers, and close themselves at the exec.
/// 2. Call [`started`](Self::started), whether or not it could be started.
/// 3. Call [`played`](Self::played) from time to time: a reply that is larger than a pipe keeps the process waiting until
///    somebody reads. If there is none when the process has ended, that end is what came of it.
#[derive(Debug)]
pub struct Prepared {
    script: Script,
    pipes: Pipes,
    heard: Heard,
}

impl Prepared {
    /// # Errors
    /// The system has no pipes to give.
    pub fn new(script: &Script) -> io::Result<Self> {
        Ok(Self { script: script.clone(), pipes: Pipes::holding(&script.bytes)?, heard: Heard::default() })
    }

    /// Name and value of what tells the process where its channel is.
    pub fn variable(&self) -> (OsString, OsString) {
        (VARIABLE.into(), self.pipes.value(&format!("{:x}", self.script.nonce)).into())
    }

    /// For each descriptor its number in the process, and the one that it has here.
    pub fn descriptors(&self) -> [(RawFd, RawFd); 3] {
        self.pipes.descriptors()
    }

    /// Closes what belongs to the process.
    pub fn started(&mut self) {
        self.pipes.close_ends();
    }

    /// What came of the last call, if that has been told by now. Does not wait.
    ///
    /// # Errors
    /// The system refuses to read.
    pub fn played(&mut self) -> io::Result<Option<Played>> {
        // Statuses first: what a fork has replied is there before its status is.
        let ended = fork_ended(&self.script, self.pipes.statuses()?);
        let played = self.heard.reply(&self.script, self.pipes.replies()?);
        Ok(played.or(ended.map(Played::Ended)))
    }
}

/// Has `command`, which has the arguments of a reproduction, play `script` while `trace` follows it: see
/// [`Command::run_traced`]. If `interrupt` is raised, what came of it is [`Played::TimedOut`].
///
/// # Errors
/// As there.
#[cfg(all(feature = "trace", target_os = "linux"))]
pub fn play_traced<T: Send>(
    command: &Command,
    script: &Script,
    interrupt: &Interrupt,
    trace: impl FnOnce(i32) -> T + Send,
) -> io::Result<(Played, T)> {
    let mut prepared = Prepared::new(script)?;
    let mut command = command.clone();
    command.env.push(prepared.variable());
    let (ended, traced) = prepared.pipes.run_traced(&command, interrupt, trace)?;
    let otherwise = if ended.killed.is_some() { Played::TimedOut } else { Played::Ended(ended.exit) };
    Ok((prepared.played()?.unwrap_or(otherwise), traced))
}
