//! A process that was started by a worker, and that comes to hand out work: it would start children that start it again.
//!
//! It has no channel, because none is inherited. On Linux its ancestors tell: one of them runs the same executable, and was
//! started with the variable of a child. (That one has removed it, but the system keeps what a process was started with.)
//! On Windows a child marks what it starts by a job, and the number of processes in a job is limited besides.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as os;
#[cfg(windows)]
use windows as os;

#[cfg(windows)]
pub(crate) use windows::mark;

/// What to say where this process must not start children; `here` is the suite or check that it came to.
pub(crate) fn check(here: &str) -> Result<(), String> {
    match os::child_among_ancestors() {
        None => Ok(()),
        Some(id) => Err(format!(
            "this process was started by process {id}, a child that serves a worker, and comes to {here}: it would \
             start itself again and again (hint: {HINT})"
        )),
    }
}

/// The way out.
const HINT: &str = "start another executable in the worker, or keep what is for the parent alone in `setup`";

/// Elsewhere a process cannot see what its ancestors were started with.
#[cfg(not(any(target_os = "linux", windows)))]
mod os {
    pub(super) fn child_among_ancestors() -> Option<u32> {
        None
    }
}
