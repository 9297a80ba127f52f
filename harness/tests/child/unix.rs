//! What only Unix has: signals, numbered descriptors, process groups and sessions that can be left.

use crate::Case;
use crate::leaks::short;
use crate::lifeline::Lifeline;
use crate::support::{LONG, arg, plain, role, run, system, text};
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use nix::sys::signal::{SigSet, Signal};
use spawncheck::Exit;
use spawncheck::child::{Interrupt, Killed, Leak};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Instant;

pub(crate) const CASES: &[Case] = &[
    ("signal", signal),
    ("dispositions_and_mask_are_not_inherited", dispositions_and_mask_are_not_inherited),
    ("descriptors_are_not_inherited", descriptors_are_not_inherited),
    ("names_that_are_not_utf8", names_that_are_not_utf8),
    ("grandchild_that_has_left_the_group", grandchild_that_has_left_the_group),
    ("child_that_has_left_the_group", child_that_has_left_the_group),
];

fn signal() {
    for signal in [Signal::SIGTERM, Signal::SIGKILL, Signal::SIGUSR1] {
        let ended = run(&role("raise", [signal.as_str()]));
        assert_eq!((ended.exit, ended.killed), (Exit::Signal(signal as i32), None));
    }
}

fn dispositions_and_mask_are_not_inherited() {
    for signal in [libc::SIGUSR1, libc::SIGINT, libc::SIGCHLD] {
        // SAFETY: to ignore it needs no handler. `SIGCHLD` is put back below.
        assert_ne!(unsafe { libc::signal(signal, libc::SIG_IGN) }, libc::SIG_ERR);
        if signal == libc::SIGCHLD {
            // SAFETY: as above. Ignored, it would take the children's ends from everybody in this process.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGUSR2);
    blocked.thread_block().unwrap();
    let ended = run(&plain("signals"));
    blocked.thread_unblock().unwrap();
    assert_eq!(text(&ended.stdout), "[]\n");
}

fn descriptors_are_not_inherited() {
    let file = std::fs::File::open("/").unwrap();
    // Without close-on-exec, and beyond what a loop over the first few would find.
    for lowest in [3, 100, 900] {
        fcntl(&file, FcntlArg::F_DUPFD(lowest)).unwrap();
    }
    assert_eq!(text(&run(&plain("descriptors")).stdout), "[]\n");
}

fn names_that_are_not_utf8() {
    let odd = || OsString::from_vec(b"a\xffb".to_vec());
    let mut command = role("args", [odd()]);
    let expected: Vec<OsString> = [vec![arg(&command.program)], command.args.clone()].concat();
    assert_eq!(text(&run(&command).stdout), format!("{expected:?}\n"));
    command = plain("env");
    command.env = [vec![(odd(), odd())], system()].concat();
    assert_eq!(text(&run(&command).stdout), format!("{:?}\n", command.env));
}

/// It cannot be ended, and must not be waited for.
fn grandchild_that_has_left_the_group() {
    let lifeline = Lifeline::new();
    let ended = run(&short(role("leave", ["hold", "escape", &lifeline.address()])));
    assert_eq!((ended.exit, ended.leak), (Exit::Code(0), Some(Leak::OpenPipe)));
    lifeline.accept().expect_alive();
}

/// Its group is not the one that it was started in: it is ended all the same.
fn child_that_has_left_the_group() {
    let lifeline = Lifeline::new();
    let interrupt = Interrupt::new().unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let child = scope.spawn(|| {
            role("change-group", [lifeline.address()]).run(None, &interrupt, &mut |_, _| ()).unwrap()
        });
        let line = lifeline.accept();
        interrupt.raise();
        line.expect_end();
        assert_eq!(child.join().unwrap().killed, Some(Killed::Interrupted));
    });
    assert!(started.elapsed() < LONG);
}
