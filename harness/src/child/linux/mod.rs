//! What only Linux offers: notice of a child's end, its end with ours, and a look at what it left behind.

mod spawn;

pub(super) use spawn::spawn;

use nix::libc;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};
#[cfg(feature = "talk")]
use {
    nix::fcntl::{FcntlArg, fcntl},
    std::fs::File,
};

/// How many bytes a pipe holds by itself, and how many where it carries a large message.
#[cfg(feature = "talk")]
const USUAL: usize = 64 << 10;
#[cfg(feature = "talk")]
const WIDE: i32 = 256 << 10;

/// A descriptor that becomes readable when process `pid`, a child not yet waited for, has ended. `None` before
/// Linux 5.3, where the caller has to look again from time to time.
pub(super) fn pidfd(pid: i32) -> Option<OwnedFd> {
    // SAFETY: the call takes two integers and returns a new descriptor or -1.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let fd = i32::try_from(fd).ok().filter(|fd| *fd >= 0)?;
    // SAFETY: the kernel just returned it to us, and nobody else knows it. It is close-on-exec.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Between fork and exec: have the kernel kill this process when the thread that forked it dies.
///
/// `parent` is the process ID of that parent; where it died before this call, the child must not go on.
pub(crate) fn die_with_parent(parent: i32) -> io::Result<()> {
    // SAFETY: both are plain system calls, safe between fork and exec.
    unsafe {
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
            return Err(io::Error::last_os_error());
        }
        if libc::getppid() != parent {
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
    }
    Ok(())
}

/// Between fork and exec: from its exec on, this process is traced by the thread that forked it, and has the same addresses
/// in each run.
#[cfg(feature = "trace")]
pub(super) fn offer_to_trace() -> io::Result<()> {
    use nix::sys::personality::{self, Persona};
    personality::set(Persona::ADDR_NO_RANDOMIZE)?;
    // SAFETY: a plain system call, safe between fork and exec; it takes no pointer.
    match unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Between fork and exec: mark every descriptor from 3 on as close-on-exec. `false` before Linux 5.11.
pub(super) fn close_range_on_exec() -> bool {
    // SAFETY: a plain system call, safe between fork and exec; it closes nothing before the exec.
    unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) == 0 }
}

/// Has `pipe` hold more where a large message is to go through it: fewer turns between the two that write and read.
///
/// All pipes of a user together may hold so much without asking root; where they do already, this one stays as it is.
#[cfg(feature = "talk")]
pub(crate) fn widen(pipe: &File, message: usize) {
    if message > USUAL {
        let _ = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(WIDE));
    }
}

/// Whether orphaned descendants become our children (`PR_SET_CHILD_SUBREAPER`).
pub(super) fn is_subreaper() -> bool {
    let mut answer: libc::c_int = 0;
    // SAFETY: the kernel writes one int through the pointer, which is ours.
    let result = unsafe { libc::prctl(libc::PR_GET_CHILD_SUBREAPER, &raw mut answer) };
    result == 0 && answer != 0
}
