//! Supervision: nothing that a test started may outlive the run, however the run ends.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(target_os = "linux")]
use linux as os;
#[cfg(not(target_os = "linux"))]
use other as os;

pub(crate) use os::{adopt_orphans, end_orphans, end_tree, supervise};
#[cfg(unix)]
pub(crate) use unix::keeping_ignored;

/// Does what installs handlers. Nothing else could be lost here.
#[cfg(not(unix))]
pub(crate) fn keeping_ignored<T>(install: impl FnOnce() -> T) -> T {
    install()
}

/// How the process that does the work ended, for the one that waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux needs a second process"))]
pub(crate) enum WorkerEnd {
    /// With this exit code.
    Exited(u8),
    /// By a signal of this number.
    Killed(i32),
}
