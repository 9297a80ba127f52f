//! The end of a child, and its stack, on Unix.

use nix::libc;
use std::io;

/// Ends this process at once: no handlers, no destructors, nothing that belongs to the parent of a fork.
pub(super) fn leave(code: i32) -> ! {
    // SAFETY: it only ends the process.
    unsafe { libc::_exit(code) }
}

/// The stack of the main thread, if this is it; other threads have the standard library's default.
pub(super) fn stack_size() -> Option<usize> {
    if std::thread::current().name() != Some("main") {
        return None;
    }
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the struct is ours and outlives the call.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) } == 0;
    // What has no limit grows until it meets something; so much is enough to behave alike.
    let most = 64 << 20;
    known.then(|| usize::try_from(limit.rlim_cur).unwrap_or(most).min(most))
}

/// In a fork of process `parent`: have the kernel end us with it.
#[cfg(target_os = "linux")]
pub(super) fn die_with_parent(parent: i32) -> io::Result<()> {
    crate::child::die_with_parent(parent)
}

/// Only Linux offers that; elsewhere the whole group is ended by the process that started it.
#[cfg(not(target_os = "linux"))]
pub(super) fn die_with_parent(_parent: i32) -> io::Result<()> {
    Ok(())
}
