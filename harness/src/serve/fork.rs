//! Calls in forks: each gets a copy of this process as it is after setup, and leaves it as it was.
//!
//! The fork writes its reply itself. How it ended goes through a pipe of its own, which its death cannot garble.

use super::os;
use crate::channel::Channel;
use crate::protocol::{Kind, UNREACHABLE, write_frame};
use nix::libc;
use nix::unistd::{ForkResult, Pid, fork};
use std::io;

/// Runs `reply` in a fork, and says when that has ended.
pub(super) fn in_a_fork(channel: &Channel, number: u32, reply: impl FnOnce()) {
    let us = std::process::id().cast_signed();
    // SAFETY: the child goes on with the user's code. That is what the context is about: a fork of this process as it is. Its
    // other threads, if setup has started any, are not there, and the locks that they held stay locked, as in any program
    // that forks its workers; the parent's deadline ends a child that waits for one.
    match unsafe { fork() } {
        Ok(ForkResult::Child) => {
            if os::die_with_parent(us).is_ok() {
                reply();
            }
            os::leave(0)
        }
        Ok(ForkResult::Parent { child }) => tell(channel, number, wait(child)),
        // As a status, this reads as the exit code that says: not to be reached.
        Err(_) => tell(channel, number, UNREACHABLE << 8),
    }
}

fn tell(channel: &Channel, number: u32, status: i32) {
    let written = channel.statuses().map(|mut statuses| {
        write_frame(&mut statuses, channel.nonce, Kind::ForkEnded, number, &status.to_le_bytes())
    });
    if !matches!(written, Some(Ok(()))) {
        os::leave(UNREACHABLE);
    }
}

/// Waits for the fork; the parent, which knows how long it may take, ends both of us if need be.
fn wait(child: Pid) -> i32 {
    let mut status = 0;
    loop {
        // SAFETY: `status` is ours and outlives the call. (The library's own `waitpid` refuses signals that it has no name for.)
        let result = unsafe { libc::waitpid(child.as_raw(), &raw mut status, 0) };
        if result == child.as_raw() {
            return status;
        }
        if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            // The user's code ignores SIGCHLD or has waited for it: how it ended cannot be known.
            return UNREACHABLE << 8;
        }
    }
}
