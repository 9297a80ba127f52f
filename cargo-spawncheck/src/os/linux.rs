//! Two processes watch over each other, and both adopt orphans.
//!
//! The process that the user started forks a worker that runs the tests, and waits. If the worker is killed, the test
//! processes die with it (by their parent-death signal) and what they had started is adopted, and ended, here. If this
//! process is killed, the worker is told by its own parent-death signal, and ends everything itself. It begins only after the
//! build: a compiler cache's server, say, is not ours to end.

use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getppid};
use std::io;
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

/// How long to go on ending orphans; one that a signal cannot end (in a device wait) is left alone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Signals that ask us to stop, passed on to the worker.
const FORWARDED: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

/// The worker's process ID, for the signal handler.
static WORKER: AtomicI32 = AtomicI32::new(0);

/// Returns `None` in the worker, which goes on, and the worker's exit code in the supervisor, once all is over.
///
/// Must be called while the process has one thread.
pub(crate) fn supervise() -> io::Result<Option<ExitCode>> {
    adopt_orphans()?;
    let supervisor = nix::unistd::getpid();
    // SAFETY: there is one thread, so the child may do whatever its parent might.
    match unsafe { fork() }? {
        ForkResult::Child => {
            adopt_orphans()?;
            die_with(supervisor)?;
            Ok(None)
        }
        ForkResult::Parent { child } => {
            WORKER.store(child.as_raw(), Ordering::SeqCst);
            let forward = SigAction::new(SigHandler::Handler(forward), SaFlags::empty(), SigSet::empty());
            for signal in FORWARDED {
                // SAFETY: the handler makes one system call that is safe in a signal handler.
                unsafe { sigaction(signal, &forward) }?;
            }
            let code = wait_for(child)?;
            end_orphans();
            Ok(Some(code))
        }
    }
}

/// Ends every child that is left, and theirs as they become ours.
pub(crate) fn end_orphans() {
    let until = Instant::now() + PATIENCE;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) if Instant::now() < until => {
                for child in children() {
                    // One that is gone by now is what we wanted.
                    let _ = kill(child, Signal::SIGKILL);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(WaitStatus::StillAlive) => return,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}

/// Our children, from `/proc/PID/stat` (`PID (NAME) STATE PPID …`, where NAME may hold anything).
fn children() -> Vec<Pid> {
    let this = std::process::id().to_string();
    let is_child = |stat: &str| {
        stat.rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1))
            .is_some_and(|parent| parent == this)
    };
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            let stat = std::fs::read(format!("/proc/{pid}/stat")).unwrap_or_default();
            is_child(&String::from_utf8_lossy(&stat))
        })
        .map(Pid::from_raw)
        .collect()
}

fn wait_for(child: Pid) -> io::Result<ExitCode> {
    loop {
        match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, code)) => return Ok(ExitCode::from(code as u8)),
            Ok(WaitStatus::Signaled(_, signal, _)) => return Ok(ExitCode::from(128 + signal as i32 as u8)),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

extern "C" fn forward(signal: libc::c_int) {
    // SAFETY: `kill` is safe in a signal handler; the worker is not reaped before the handler's last use, or the number is 0
    // and the signal goes to our own group, which a terminal's would have reached as well.
    unsafe { libc::kill(WORKER.load(Ordering::SeqCst), signal) };
}

fn adopt_orphans() -> io::Result<()> {
    nix::sys::prctl::set_child_subreaper(true).map_err(Into::into)
}

/// Has the kernel ask us to stop when `parent` dies.
fn die_with(parent: Pid) -> io::Result<()> {
    nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?;
    if getppid() != parent {
        return Err(io::Error::other("the process that started this one is gone"));
    }
    Ok(())
}
