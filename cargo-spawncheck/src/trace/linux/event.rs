//! What happens to traced threads, one event at a time.

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

/// Waits for the next event of a child of this very thread.
///
/// There is no deadline here: whoever started the process ends it when its time is over, and that is an event.
pub(super) fn next(process: i32) -> io::Result<Event> {
    loop {
        // SAFETY: zero is a valid value for every field of this plain C struct.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOWAIT | libc::__WALL | libc::__WNOTHREAD;
        // SAFETY: `info` is ours and outlives the call.
        if unsafe { libc::waitid(libc::P_ALL, 0, &raw mut info, flags) } != 0 {
            match Errno::last() {
                Errno::EINTR => continue,
                // The one who started it was quicker.
                Errno::ECHILD => return Ok(Event::Ended),
                error => return Err(error.into()),
            }
        }
        // SAFETY: `waitid` filled the struct for a child.
        let thread = unsafe { info.si_pid() };
        let stopped = [libc::CLD_STOPPED, libc::CLD_TRAPPED].contains(&info.si_code);
        if thread == process && !stopped {
            return Ok(Event::Ended);
        }
        if let Some(event) = take(thread)? {
            return Ok(event);
        }
    }
}

/// Waits for the next event of one thread; `None` if that was its end, or the process's.
pub(super) fn next_of(thread: i32, process: i32) -> io::Result<Option<Event>> {
    // SAFETY: zero is a valid value for every field of this plain C struct.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOWAIT | libc::__WALL | libc::__WNOTHREAD;
    // SAFETY: `info` is ours and outlives the call.
    while unsafe { libc::waitid(libc::P_PID, thread.cast_unsigned(), &raw mut info, flags) } != 0 {
        match Errno::last() {
            Errno::EINTR => {}
            Errno::ECHILD => return Ok(None),
            error => return Err(error.into()),
        }
    }
    let stopped = [libc::CLD_STOPPED, libc::CLD_TRAPPED].contains(&info.si_code);
    match (thread == process, stopped) {
        (true, false) => Ok(None),
        _ => Ok(take(thread)?.filter(|event| *event != Event::Gone)),
    }
}

/// Takes the event that a thread is known to have; `None` if it is gone by now.
fn take(thread: i32) -> io::Result<Option<Event>> {
    let mut status = 0;
    // SAFETY: `status` is ours and outlives the call. (The library's own `waitpid` refuses signals that it has no name for.)
    let result = unsafe { libc::waitpid(thread, &raw mut status, libc::__WALL | libc::WNOHANG) };
    match result {
        -1 if Errno::last() == Errno::ECHILD => Ok(None),
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(None),
        _ if !libc::WIFSTOPPED(status) => Ok(Some(Event::Gone)),
        _ => Ok(Some(match status >> 16 {
            0 => Event::Signal { thread, signal: libc::WSTOPSIG(status) },
            event => Event::Notice { thread, event },
        })),
    }
}
