//! Child control: start an executable, follow it to its end, leave nothing of it behind.
//!
//! Each child gets a process group (Unix) or a job object (Windows) of its own, so that what it started can
//! be ended with it; a null standard input; no inherited descriptor or handle above the standard ones; default
//! signal dispositions; and exactly the environment that the [`Command`] names. On Linux the kernel ends it
//! when the thread that started it dies, on Windows when the last handle of its job is closed. On Windows it has a
//! console of its own too, without a window.
//!
//! There is no way to wait without a deadline.

mod capture;
mod interrupt;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(feature = "talk")]
mod live;
mod lookup;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use capture::Captured;
pub use interrupt::Interrupt;
#[cfg(unix)]
use unix as os;
#[cfg(windows)]
use windows as os;

pub use os::Mailbox;

#[cfg(all(feature = "check", target_os = "linux"))]
pub(crate) use linux::{die_with_parent, widen};
#[cfg(all(feature = "reproduce", unix))]
pub(crate) use os::Pipes;
#[cfg(all(feature = "check", unix))]
pub(crate) use os::aside;
#[cfg(feature = "talk")]
pub(crate) use {
    live::{Sent, Wake, exit_of},
    os::Live,
};

use crate::Exit;

/// How long to wait for the end of a process that was killed. Only the system itself can hold it up (a wait for a
/// device, say).
const UNKILLABLE: Duration = Duration::from_secs(10);

/// What to start, and under which limits.
#[derive(Clone, Debug)]
pub struct Command {
    /// The executable: looked up in the caller's `PATH` if it is a bare name, else a path from the caller's directory.
    /// A batch file is refused.
    pub program: PathBuf,
    /// Its arguments, without the program's own name.
    pub args: Vec<OsString>,
    /// Its working directory.
    pub dir: PathBuf,
    /// Its whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// How long it may go without a message in its [`Mailbox`], counted from its start.
    pub patience: Duration,
    /// How long after its end others may hold its output open or live on in its group before they count as left behind.
    pub grace: Duration,
    /// How many bytes to keep of the beginning, and as many of the end, of each output stream.
    pub keep: usize,
}

/// How a child ended and what it wrote.
#[derive(Debug)]
pub struct Ended {
    /// The end of the child itself; on Windows it reads as exit code 1 where we ended it.
    pub exit: Exit,
    /// Why we ended it, if we did.
    pub killed: Option<Killed>,
    /// Its standard output.
    pub stdout: Captured,
    /// Its standard error.
    pub stderr: Captured,
    /// What outlived it, and was ended by us.
    pub leak: Option<Leak>,
    /// From just before its start to its end.
    pub duration: Duration,
}

/// Why a child was ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Killed {
    /// Its patience ran out.
    TimedOut,
    /// The [`Interrupt`] was raised.
    Interrupted,
}

/// What outlived a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leak {
    /// A process of its group still ran. Seen on Linux where the caller is a child subreaper, and on Windows.
    Process,
    /// Its output was still held open.
    OpenPipe,
}

impl Command {
    /// Starts the child and follows it until it and its output have ended.
    ///
    /// `receive` gets what came through `mailbox`, in pieces of any size, with the time of its arrival, before the next
    /// wait. If it panics, the child is ended.
    ///
    /// # Errors
    /// The child could not be started, the system refused a wait, or the child could not be ended within ten seconds.
    /// In the first two cases nothing is left of it.
    pub fn run(
        &self,
        mailbox: Option<&mut Mailbox>,
        interrupt: &Interrupt,
        receive: &mut dyn FnMut(&[u8], Instant),
    ) -> io::Result<Ended> {
        os::run(self, mailbox, interrupt, receive)
    }

    /// The same for a child that a thread of its own traces (`ptrace(2)`), with addresses that are the same in each run.
    ///
    /// `trace` is called on that thread once the child exists, with its process ID. The child stops at the end of its exec; from
    /// there on all of its stops are `trace`'s to wait for, until it has detached from every thread of it or seen its end, which
    /// it must not take (`WNOWAIT`): nobody does before it has returned. That thread has no other children. If the time
    /// is over meanwhile, the child is ended from here.
    ///
    /// # Errors
    /// As for [`run`](Self::run), and where the system does not let the child be traced.
    #[cfg(all(feature = "trace", target_os = "linux"))]
    pub fn run_traced<T: Send>(
        &self,
        mailbox: Option<&mut Mailbox>,
        interrupt: &Interrupt,
        receive: &mut dyn FnMut(&[u8], Instant),
        trace: impl FnOnce(i32) -> T + Send,
    ) -> io::Result<(Ended, T)> {
        os::run_traced(self, mailbox, interrupt, receive, trace)
    }
}

impl Leak {
    /// Where `we` ended the child, what outlived it is our doing and no leak.
    fn of(we: bool, process: bool, open_pipe: bool) -> Option<Self> {
        match (we, process, open_pipe) {
            (true, ..) | (false, false, false) => None,
            (false, true, _) => Some(Self::Process),
            (false, false, true) => Some(Self::OpenPipe),
        }
    }
}

/// The time `span` after `start`, or a century later where the clock does not reach that far.
pub(crate) fn after(start: Instant, span: Duration) -> Instant {
    let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    start + span.min(century)
}

fn unkillable(id: u32) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("process `{id}` does not end though it was killed"))
}
