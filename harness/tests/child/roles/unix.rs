//! Roles that only Unix has, and what the others do in its way.

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::libc;
use nix::sys::signal::{SigSet, Signal, raise};
use nix::unistd::{Pid, getpgid, getppid, setpgid, setsid};
use std::ffi::OsString;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};
use std::process::Command;

pub(super) fn play(name: &str, args: &[OsString]) {
    match name {
        "raise" => raise(args[0].to_str().unwrap().parse().unwrap()).unwrap(),
        "signals" => println!("{:?}", signals()),
        "descriptors" => println!("{:?}", descriptors()),
        "escape" => {
            setsid().unwrap();
            super::hang(args);
        }
        "change-group" => {
            setpgid(Pid::from_raw(0), getpgid(Some(getppid())).unwrap()).unwrap();
            super::hang(args);
        }
        #[cfg(target_os = "linux")]
        "adopt" => {
            nix::sys::prctl::set_child_subreaper(true).unwrap();
            let ended = crate::support::run(&crate::leaks::short(super::role("leave", args)));
            println!("{:?}", ended.leak);
        }
        _ => panic!("no role `{name}`"),
    }
}

pub(super) fn close_stdout() {
    // SAFETY: nothing in this process writes to it from here on.
    drop(unsafe { OwnedFd::from_raw_fd(1) });
}

/// Nothing to do: a child gets the three descriptors that it is given.
pub(super) fn detach(_child: &mut Command) {}

pub(super) fn make_inheritable(fd: &impl AsFd) {
    fcntl(fd.as_fd(), FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
}

/// Which signals are ignored or blocked. The runtime has ignored `SIGPIPE` before `main`.
fn signals() -> Vec<Signal> {
    let blocked = SigSet::thread_get_mask().unwrap();
    let ignored = |signal: Signal| {
        // SAFETY: zero is a valid value for every field of this plain C struct.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        // SAFETY: without a new action the call only writes the present one, to a struct of ours.
        let result = unsafe { libc::sigaction(signal as i32, std::ptr::null(), &raw mut action) };
        assert_eq!(result, 0);
        action.sa_sigaction == libc::SIG_IGN
    };
    Signal::iterator()
        .filter(|signal| *signal != Signal::SIGPIPE && (blocked.contains(*signal) || ignored(*signal)))
        .collect()
}

/// Which descriptors above the standard ones are open.
fn descriptors() -> Vec<i32> {
    let is_open = |fd: &i32| {
        // SAFETY: only asked whether it is open.
        fcntl(unsafe { BorrowedFd::borrow_raw(*fd) }, FcntlArg::F_GETFD).is_ok()
    };
    (3..4096).filter(is_open).collect()
}
