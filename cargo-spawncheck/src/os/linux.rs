//! Two processes watch over each other, and both adopt orphans.
//!
//! The process that the user started forks a worker that does everything, and waits. If the worker is killed, the test
//! processes die with it (by their parent-death signal) and what they had started is adopted, and ended, here. If this
//! process is killed, the worker is told by its own parent-death signal, and ends everything itself.
//!
//! The worker adopts only after the build: a compiler cache's server, say, is not ours to end.

use super::WorkerEnd;
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getppid};
use std::io;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

/// How long to go on ending orphans; one that a signal cannot end (in a device wait) is left alone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Signals that ask us to stop, passed on to the worker.
const FORWARDED: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

/// The worker's process ID, for the signal handler.
static WORKER: AtomicI32 = AtomicI32::new(0);

/// Returns `None` in the worker, which goes on, and the worker's end in the supervisor, once all is over.
///
/// Must be called while the process has one thread.
pub(crate) fn supervise() -> io::Result<Option<WorkerEnd>> {
    adopt_orphans()?;
    let supervisor = nix::unistd::getpid();
    // SAFETY: there is one thread, so the child may do whatever its parent might.
    match unsafe { fork() }? {
        ForkResult::Child => {
            nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?;
            if getppid() != supervisor {
                return Err(io::Error::other("the process that started this one is gone"));
            }
            Ok(None)
        }
        ForkResult::Parent { child } => {
            WORKER.store(child.as_raw(), Ordering::SeqCst);
            let forward = SigAction::new(SigHandler::Handler(forward), SaFlags::empty(), SigSet::empty());
            super::keeping_ignored(|| {
                FORWARDED.into_iter().try_for_each(|signal| {
                    // SAFETY: the handler makes one system call that is safe in a signal handler.
                    unsafe { sigaction(signal, &forward) }.map(drop)
                })
            })?;
            let end = wait_for(child)?;
            if let WorkerEnd::Killed(_) = end {
                // One that ended by itself has ended its orphans too; what is left is the build's.
                end_orphans();
            }
            Ok(Some(end))
        }
    }
}

/// From now on, orphaned descendants become our children.
pub(crate) fn adopt_orphans() -> io::Result<()> {
    nix::sys::prctl::set_child_subreaper(true).map_err(Into::into)
}

/// Ends process `root`, a child not yet waited for, and all that descends from it.
pub(crate) fn end_tree(root: u32) {
    let processes = processes();
    let mut tree = vec![root.cast_signed()];
    let mut next = 0;
    while let Some(parent) = tree.get(next).copied() {
        tree.extend(processes.iter().filter(|process| process.parent == parent).map(|process| process.pid));
        next += 1;
    }
    for pid in tree {
        // One that is gone by now is what we wanted.
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}

/// Ends every child that is left, and theirs as they become ours.
pub(crate) fn end_orphans() {
    let until = Instant::now() + PATIENCE;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) if Instant::now() < until => {
                let this = std::process::id().cast_signed();
                for process in processes().iter().filter(|process| process.parent == this) {
                    // One that is gone by now is what we wanted.
                    let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(WaitStatus::StillAlive) => return,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}

struct Process {
    pid: i32,
    parent: i32,
}

/// All processes, from `/proc/PID/stat` (`PID (NAME) STATE PPID …`, where NAME may hold anything).
fn processes() -> Vec<Process> {
    let parent = |stat: &str| stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok();
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| {
            let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
            Some(Process { pid, parent: parent(&String::from_utf8_lossy(&stat))? })
        })
        .collect()
}

fn wait_for(child: Pid) -> io::Result<WorkerEnd> {
    loop {
        match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, code)) => return Ok(WorkerEnd::Exited(code as u8)),
            Ok(WaitStatus::Signaled(_, signal, _)) => return Ok(WorkerEnd::Killed(signal as i32)),
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
