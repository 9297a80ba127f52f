//! What happens to traced threads, one event at a time.

use super::stat::Stat;
use nix::errno::Errno;
use nix::libc;
use std::io;

/// Something that a thread waits to be released from, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// It is about to be given this signal.
    Signal { thread: i32, signal: i32 },
    /// It stopped for another reason that the tracer asked to hear of: `PTRACE_EVENT_…`.
    Notice { thread: i32, event: i32 },
    /// A thread other than the process itself is gone.
    Gone,
    /// The process has ended, and is somebody else's to wait for.
    Ended,
}

/// Waits for the next event of what this very thread traces: it has no other children.
///
/// There is no deadline here: whoever started the process ends it when its time is over, and that is an event.
pub(super) fn next(process: i32) -> io::Result<Event> {
    loop {
        let Some(happened) = wait(libc::P_ALL, 0, libc::WEXITED | libc::WSTOPPED | libc::WNOWAIT)? else {
            return Ok(Event::Ended);
        };
        if happened.thread == process && !happened.stopped {
            return Ok(Event::Ended);
        }
        if let Some(event) = take(&happened)? {
            return Ok(event);
        }
    }
}

/// Waits for the next event of one thread; `None` if that was its end, or the process's.
pub(super) fn next_of(thread: i32, process: i32) -> io::Result<Option<Event>> {
    loop {
        match wait(libc::P_PID, thread, libc::WEXITED | libc::WSTOPPED | libc::WNOWAIT)? {
            Some(happened) if happened.stopped => {
                if let Some(event) = take(&happened)? {
                    return Ok(Some(event));
                }
            }
            Some(happened) if thread != process => return take(&happened).map(|_| None),
            _ => return Ok(None),
        }
    }
}

/// Waits for the ends of threads that are about to end, of a process that stands still at `this`. Whoever joined them has been told
/// already, but they stay listed until their tracer has heard of it: the test would see
/// one thread too many, or not, by chance.
pub(super) fn see_off(process: i32, this: i32) -> io::Result<()> {
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let task = task?;
        let thread = task.file_name().to_str().and_then(|name| name.parse().ok());
        let Some(thread) = thread.filter(|thread| ![process, this].contains(thread)) else { continue };
        if Stat::of(&task.path()).is_some_and(Stat::is_exiting) {
            wait(libc::P_PID, thread, libc::WEXITED)?;
        }
    }
    Ok(())
}

/// Takes what is known to have happened; `None` if it is no longer so: a thread that stood still may have been killed.
fn take(happened: &Happened) -> io::Result<Option<Event>> {
    // One or the other: the end of the process, which may have come meanwhile, is not ours to take.
    let what = if happened.stopped { libc::WSTOPPED } else { libc::WEXITED };
    let Some(taken) = wait(libc::P_PID, happened.thread, what | libc::WNOHANG)? else { return Ok(None) };
    let thread = taken.thread;
    Ok(match (taken.stopped, taken.status >> 8) {
        (false, _) => Some(Event::Gone),
        (true, 0) => Some(Event::Signal { thread, signal: taken.status }),
        (true, event) => Some(Event::Notice { thread, event }),
    })
}

/// What `waitid` tells of a thread.
struct Happened {
    thread: i32,
    stopped: bool,
    /// Of one that stopped: the signal, and above its eight bits the event that the tracer asked to hear of.
    status: i32,
}

/// `waitid` on children of this thread; `None` if there is none to wait for, or nothing to be told at once.
fn wait(which: libc::idtype_t, id: i32, flags: i32) -> io::Result<Option<Happened>> {
    // SAFETY: zero is a valid value for every field of this plain C struct.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = flags | libc::__WALL | libc::__WNOTHREAD;
    // SAFETY: `info` is ours and outlives the call.
    while unsafe { libc::waitid(which, id.cast_unsigned(), &raw mut info, flags) } != 0 {
        match Errno::last() {
            Errno::EINTR => {}
            Errno::ECHILD => return Ok(None),
            error => return Err(error.into()),
        }
    }
    let stopped = [libc::CLD_STOPPED, libc::CLD_TRAPPED].contains(&info.si_code);
    // SAFETY: `waitid` filled the struct for a child, or left it zeroed where there is nothing to tell.
    let (thread, status) = unsafe { (info.si_pid(), info.si_status()) };
    Ok((thread != 0).then_some(Happened { thread, stopped, status }))
}
