//! A child and the process group that it leads: waiting for it, ending all of it.

use super::NAP;
use super::stream::wait_for;
#[cfg(target_os = "linux")]
use crate::child::linux;
use crate::child::{Interrupt, UNKILLABLE, after, unkillable};
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Instant;

/// A child and the process group that it was started in. Ended when dropped, so that nothing outlives an early way out.
pub(super) struct Group {
    pid: Pid,
    notice: Option<OwnedFd>,
    /// The child was waited for: its number may be somebody else's from then on.
    reaped: bool,
}

impl Group {
    /// `pid` is a child that leads a group, and that nobody else waits for.
    pub(super) fn new(pid: Pid) -> Self {
        #[cfg(target_os = "linux")]
        let notice = linux::pidfd(pid.as_raw());
        #[cfg(not(target_os = "linux"))]
        let notice = None;
        Self { pid, notice, reaped: false }
    }

    /// Ends everybody in the group, and the child even if it has moved to another one.
    pub(super) fn kill(&mut self) {
        // Both fail only where nobody is left to be killed.
        let _ = killpg(self.pid, Signal::SIGKILL);
        if !self.reaped {
            let _ = kill(self.pid, Signal::SIGKILL);
        }
    }

    /// Readable when the child has ended, where the system offers that.
    pub(super) fn notice(&self) -> Option<BorrowedFd<'_>> {
        self.notice.as_ref().map(AsFd::as_fd)
    }

    /// Whether the child has ended; it stays a zombie, so that its number remains ours until it is waited for.
    pub(super) fn has_ended(&self) -> io::Result<bool> {
        // SAFETY: zero is a valid value for every field of this plain C struct.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY: `info` is ours and outlives the call.
        if unsafe { libc::waitid(libc::P_PID, self.pid.as_raw().cast_unsigned(), &raw mut info, flags) } != 0
        {
            return Err(io::Error::last_os_error());
        }
        // Where another thread of ours traces the child, its stops are told as well, whatever the flags say.
        let is_end = [libc::CLD_EXITED, libc::CLD_KILLED, libc::CLD_DUMPED].contains(&info.si_code);
        // SAFETY: `waitid` filled the struct, or left it zeroed where nothing has ended.
        Ok(is_end && unsafe { info.si_pid() } == self.pid.as_raw())
    }

    /// Waits for a child that has ended or been killed.
    pub(super) fn wait(&mut self) -> io::Result<ExitStatus> {
        let until = after(Instant::now(), UNKILLABLE);
        loop {
            if let Some(status) = self.try_wait()? {
                return Ok(status);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(unkillable(self.pid.as_raw().cast_unsigned()));
            }
            let nap = if self.notice.is_some() { left } else { left.min(NAP) };
            wait_for([self.notice()], nap)?;
        }
    }

    fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let mut status = 0;
        // SAFETY: `status` is ours and outlives the call. (The library's own `waitpid` refuses signals that it has no name for.)
        match unsafe { libc::waitpid(self.pid.as_raw(), &raw mut status, libc::WNOHANG) } {
            0 => Ok(None),
            -1 => Err(io::Error::last_os_error()),
            // The last stop of a traced child that was killed.
            _ if libc::WIFSTOPPED(status) => Ok(None),
            _ => {
                self.reaped = true;
                Ok(Some(ExitStatus::from_raw(status)))
            }
        }
    }

    /// After the child was waited for: whether a process of its group, adopted by us, still ran at `until`; ends it. An
    /// interrupt ends the wait, and so does `killed`, which says that they have been ended already.
    ///
    /// Only a child subreaper adopts; elsewhere the answer is always no.
    pub(super) fn left_behind(&mut self, until: Instant, killed: bool, interrupt: &Interrupt) -> bool {
        let members = Pid::from_raw(-self.pid.as_raw());
        let mut kills = 0;
        loop {
            match waitpid(members, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) if kills < 20 => {
                    // The group's number is still ours: somebody is in it. After the first kill the rest is reaping; an
                    // unkillable process is not waited for.
                    if kills > 0 || killed || Instant::now() >= until || interrupt.is_raised() {
                        self.kill();
                        kills += 1;
                    }
                    std::thread::sleep(NAP);
                }
                Ok(WaitStatus::StillAlive) => return !killed,
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => return kills > 0 && !killed,
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            self.kill();
            // There is nobody to tell, and a child that cannot be killed is not worth more than the wait.
            let _ = self.wait();
        }
    }
}

/// Whether descendants that lose their parent become our children, so that we learn of them.
pub(super) fn adopts_orphans() -> bool {
    #[cfg(target_os = "linux")]
    return linux::is_subreaper();
    #[cfg(not(target_os = "linux"))]
    false
}
