//! Cargo as a child process that an interrupt ends, with the compilers and build scripts that it runs.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::os;
use spawncheck::child::Interrupt;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often to look at the interrupt.
const NAP: Duration = Duration::from_millis(20);

/// Starts `command` and lets `read` take what it writes, until it ends.
///
/// Builds take as long as they take: the only limit is the user's patience.
pub(super) fn run<T>(
    mut command: Command,
    interrupt: &Interrupt,
    read: impl FnOnce(&mut Child) -> io::Result<T>,
) -> Result<(ExitStatus, T)> {
    let failed = |error| Error::new(ExitCode::BuildFailed, "failed to run `cargo test`").source(error);
    let mut child = command.spawn().map_err(failed)?;
    let (pid, ended) = (child.id(), AtomicBool::new(false));
    let result = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !ended.load(Ordering::SeqCst) {
                if interrupt.is_raised() {
                    return os::end_tree(pid);
                }
                std::thread::park_timeout(NAP);
            }
        });
        let result = read(&mut child);
        // It is not waited for before the watcher has stopped, so that its number is its own until then.
        ended.store(true, Ordering::SeqCst);
        watcher.thread().unpark();
        result
    });
    let status = child.wait().map_err(failed)?;
    if interrupt.is_raised() {
        return Err(Error::already_reported(ExitCode::Interrupted));
    }
    Ok((status, result.map_err(failed)?))
}
