//! Signals that we were started to ignore.

use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::mem::MaybeUninit;

/// `nohup` has its program ignore the first, a script what it starts with `&` the others. Whoever ignores SIGTERM is asked in vain, but
/// that one ends the worker when its supervisor is gone, and stays ours.
const SIGNALS: [Signal; 3] = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT];

/// Does what installs handlers; what was ignored before is ignored again after it.
pub(crate) fn keeping_ignored<T>(install: impl FnOnce() -> T) -> T {
    let ignored: Vec<_> = SIGNALS.into_iter().filter(|signal| is_ignored(*signal)).collect();
    let result = install();
    let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    for signal in ignored {
        // SAFETY: to ignore a signal runs no code. It cannot fail for a signal that may be ignored.
        let _ = unsafe { sigaction(signal, &ignore) };
    }
    result
}

fn is_ignored(signal: Signal) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: nothing is installed; `action` is written if the call succeeds, and is read only then.
    unsafe {
        libc::sigaction(signal as libc::c_int, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}
