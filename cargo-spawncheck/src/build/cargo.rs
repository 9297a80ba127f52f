//! Cargo as a child process that an interrupt ends, with the compilers and build scripts that it runs.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::os;
use spawncheck::child::Interrupt;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often to look at the interrupt.
const NAP: Duration = Duration::from_millis(20);

/// Starts `command` and lets `read` take what it writes, until it ends. `code` is due if it cannot be run.
///
/// Builds take as long as they take, and so does a lock that another cargo holds: the only limit is the user's patience.
pub(super) fn run<T>(
    mut command: Command,
    code: ExitCode,
    interrupt: &Interrupt,
    read: impl FnOnce(&mut Child) -> io::Result<T>,
) -> Result<(ExitStatus, T)> {
    let name = command.get_args().next().unwrap_or_default().display().to_string();
    let failed = |error| Error::new(code, format!("failed to run `cargo {name}`")).source(error);
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

/// All that `child` writes to the one and to the other, read at the same time.
pub(super) fn output(child: &mut Child) -> io::Result<[Vec<u8>; 2]> {
    fn all(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        pipe.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes))?;
        Ok(bytes)
    }
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let stderr = scope.spawn(|| all(stderr));
        let stdout = all(stdout)?;
        let stderr = stderr.join().map_err(|_| io::Error::other("a thread of ours has panicked"))??;
        Ok([stdout, stderr])
    })
}
