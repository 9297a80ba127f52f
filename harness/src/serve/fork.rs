//! Calls in forks: each gets a copy of this process as it is after setup, and leaves it as it was.
//!
//! The fork writes its reply itself. How it ended goes through a pipe of its own, which its death cannot garble.

use super::{next_call, os};
use crate::channel::Channel;
use crate::child::aside;
use crate::protocol::{Frame, Kind, UNREACHABLE, write_frame};
use nix::libc;
use nix::unistd::{ForkResult, Pid, fork};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};

/// Runs `reply` in a fork, and says when that has ended.
pub(super) fn in_a_fork(channel: &Channel, number: u32, reply: impl FnOnce()) {
    // As a status, the other one reads as the exit code that says: not to be reached.
    tell(channel, number, start(reply).map_or(UNREACHABLE << 8, wait));
}

/// Serves each call in a fork that is there before the call comes: while one works, the next is made, so that the parent does
/// not wait for either. Only for a process that stays as it is until then.
pub(super) fn in_forks_made_ahead(channel: &Channel, reply: impl Fn(Frame)) -> ! {
    let Ok(turns) = Turns::new() else { os::leave(UNREACHABLE) };
    let turns = Cell::new(Some(turns));
    // What a fork takes out of the cell is still in ours.
    let call = |number| turns.take().and_then(|turns| turns.call(number, channel));
    let serve = |number| start(|| call(number).into_iter().for_each(&reply));
    let mut ahead = None;
    // As the parent counts its calls.
    for number in 1.. {
        let Some(current) = ahead.or_else(|| serve(number)) else { os::leave(UNREACHABLE) };
        ahead = serve(number + 1);
        tell(channel, number, wait(current));
        if channel.is_closed() {
            break;
        }
    }
    os::leave(0)
}

/// What the forks pass on from one to the next, so that they read from the channel one at a time and in their order: a byte.
/// There are never more than two of them, hence two pipes by turns; from a single one, a fork could take the byte of the one before.
struct Turns {
    take: [File; 2],
    pass: [File; 2],
}

impl Turns {
    fn new() -> io::Result<Self> {
        let ((even, to_even), (odd, to_odd)) = (aside()?, aside()?);
        // The first call is number one.
        (&to_odd).write_all(b"!")?;
        Ok(Self { take: [even, odd], pass: [to_even, to_odd] })
    }

    /// Waits for the turn of `number`, reads its call and passes the turn on. The worker will not find the pipes.
    fn call(self, number: u32, channel: &Channel) -> Option<Frame> {
        let odd = number % 2 == 1;
        (&self.take[usize::from(odd)]).read_exact(&mut [0]).ok()?;
        let call = next_call(channel);
        // At the end too: whoever waits has to see it.
        (&self.pass[usize::from(!odd)]).write_all(b"!").ok()?;
        call
    }
}

/// Runs `work` in a fork of this process, and ends it. `None` where the system has none to give.
fn start(work: impl FnOnce()) -> Option<Pid> {
    let us = std::process::id().cast_signed();
    // SAFETY: the child goes on with the user's code. That is what the context is about: a fork of this process as it is. Its
    // other threads, if setup has started any, are not there, and the locks that they held stay locked, as in any program
    // that forks its workers; the parent's deadline ends a child that waits for one.
    match unsafe { fork() } {
        Ok(ForkResult::Child) => {
            if os::die_with_parent(us).is_ok() {
                work();
            }
            os::leave(0)
        }
        Ok(ForkResult::Parent { child }) => Some(child),
        Err(_) => None,
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
