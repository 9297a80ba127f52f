//! Steering on Linux, by `ptrace(2)`.
//!
//! The process is traced by the thread that started it, which has no other children, and dies with that thread
//! (`PTRACE_O_EXITKILL`). What it forks is let go at once, without breakpoints: it belongs to the test, which may trace it itself.

#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
mod arch;
mod event;
mod files;
mod meeting;
mod stat;
mod stopped;
mod table;
#[cfg(test)]
mod tests;
mod tracee;
mod tracer;
mod variables;

pub(crate) use files::{Before, Change};
pub(crate) use stat::Stat;
pub(crate) use stopped::Stopped;
pub(crate) use variables::{Access, Noted};

use super::{Steering, Trouble, Visit};
use event::Event;
use nix::libc;
use spawncheck::child::{Command, Ended, Interrupt, Mailbox};
use spawncheck::reproduce::{Played, Script, play_traced};
use std::io;
use std::time::Instant;
use tracer::Tracer;

/// Runs `command`, whose executable is the one that `steering` speaks of, in the order given there.
///
/// Returns how it ended, and whether it was steered; if not, it was killed.
///
/// # Errors
/// It could not be started, or is not allowed to be traced.
pub(crate) fn run(
    command: &Command,
    mailbox: &mut Mailbox,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
    steering: &Steering<'_>,
    visit: &mut Visit<'_>,
) -> io::Result<(Ended, Result<(), Trouble>)> {
    command.run_traced(Some(mailbox), interrupt, receive, |pid| follow(pid, steering, visit))
}

/// The same for a process that makes the calls of `script`, and is stopped before each; returns what came of the last one.
///
/// # Errors
/// As for [`run`].
pub(crate) fn play(
    command: &Command,
    script: &Script,
    interrupt: &Interrupt,
    steering: &Steering<'_>,
    visit: &mut Visit<'_>,
) -> io::Result<(Played, Result<(), Trouble>)> {
    play_traced(command, script, interrupt, |pid| follow(pid, steering, visit))
}

fn follow(pid: i32, steering: &Steering<'_>, visit: &mut Visit<'_>) -> Result<(), Trouble> {
    let result = Tracer::new(pid, steering).and_then(|mut tracer| tracer.follow(visit));
    if result.is_err() {
        end(pid);
    }
    result
}

/// Ends a process that cannot be followed any more; all of its threads have to be released for that.
fn end(pid: i32) {
    // SAFETY: plain integers; it is our child, and nobody takes its end before its tracer has returned.
    unsafe { libc::kill(pid, libc::SIGKILL) };
    while !matches!(event::next(pid), Ok(Event::Ended) | Err(_)) {}
}

/// Lets a stopped thread go on, and gives it a signal (0: none).
fn release(thread: i32, signal: i32) {
    resume(libc::PTRACE_CONT, thread, signal);
}

fn resume(how: libc::c_uint, thread: i32, signal: i32) {
    // SAFETY: plain integers. It fails only if the thread is gone, which will be an event of its own. (The library's own `cont`
    // takes no signal that it has no name for.)
    unsafe { libc::ptrace(how, thread, 0, signal) };
}
