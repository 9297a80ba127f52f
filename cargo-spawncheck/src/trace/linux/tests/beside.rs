//! What happens beside the one thread that a tracer is about: other threads run on, and the end may come.

use super::super::super::{Entries, Next, Steering, Stops, Trouble, Visit};
use crate::image::Image;
use nix::libc;
use spawncheck::Exit;
use spawncheck::child::{Command, Ended, Interrupt, Killed, Mailbox};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Set in processes that are to do as they are told below; all others do nothing.
const IS_SUBJECT: &str = "SPAWNCHECK_SUBJECT_BESIDE";

/// How many threads come to the same place, and how often.
const THREADS: usize = 8;
const TIMES: usize = 50;

static CAME: AtomicUsize = AtomicUsize::new(0);

/// Where subjects are stopped; keeps its arguments as it may be called by anybody.
#[used]
static HERE: extern "C" fn(u64, u64, u32) = here;

#[inline(never)]
extern "C" fn here(_: u64, _: u64, number: u32) {
    CAME.fetch_add(std::hint::black_box(number) as usize, Ordering::Relaxed);
}

fn is_subject() -> bool {
    std::env::var_os(IS_SUBJECT).is_some()
}

#[test]
fn subject_comes_on_many_threads() {
    let come = || {
        (0..TIMES).for_each(|_| here(0, 0, 1));
        here(0, 0, 2);
    };
    if is_subject() {
        std::thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(come))));
        assert_eq!(CAME.load(Ordering::Relaxed), THREADS * (TIMES + 2));
    }
}

#[test]
fn subject_makes_system_calls_for_ever() {
    if is_subject() {
        here(0, 0, 1);
        loop {
            nix::unistd::getppid();
        }
    }
}

/// Runs a subject with a stop wherever it comes `here`, as often as it says.
fn run(
    subject: &str,
    patience: Duration,
    visit: &mut Visit<'_>,
) -> std::io::Result<(Ended, Result<(), Trouble>)> {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let image = Image::open(&program, &|symbol| symbol.contains("here")).unwrap();
    let stops = image.functions(|name| name.ends_with("trace::linux::tests::beside::here"));
    assert_eq!(stops.len(), 1);
    let entries = Entries { program: image.entry, main: None, stops };
    let name = format!("trace::linux::tests::beside::{subject}");
    let command = Command {
        program,
        args: vec!["--test-threads=1".into(), "--exact".into(), name.into()],
        dir: PathBuf::from("."),
        env: std::env::vars_os().chain([(IS_SUBJECT.into(), "1".into())]).collect(),
        patience,
        grace: Duration::from_millis(100),
        keep: 1 << 16,
    };
    let mut mailbox = Mailbox::new(&folder.path().join("mail")).unwrap();
    let steering = Steering { entries: &entries, order: &[0, 1], table: 0, stops: Stops::Each, watch: true };
    let interrupt = Interrupt::new().unwrap();
    super::super::run(&command, &mut mailbox, &interrupt, &mut |_, _| {}, &steering, visit)
}

#[test]
fn other_threads_run_on() {
    let mut visits = 0;
    let mut visit = |_: usize, stopped: &mut super::super::Stopped<'_>| {
        visits += 1;
        let pid = stopped.syscall(libc::SYS_getpid, [0; 6])?;
        assert_eq!(pid, stopped.pid() as u64);
        Ok(Next::Run)
    };
    let (ended, result) = run("subject_comes_on_many_threads", Duration::from_secs(60), &mut visit).unwrap();
    assert_eq!((ended.exit, result), (Exit::Code(0), Ok(())), "{ended:?}");
    assert!(visits > 0);
}

/// The end is for whoever started the process, and comes at any moment.
#[test]
fn the_end_is_not_taken() {
    let mut come = 0;
    for round in 0..40 {
        let before = come;
        let mut visit = |_: usize, _: &mut super::super::Stopped<'_>| {
            come += 1;
            Ok(Next::Run)
        };
        let patience = Duration::from_millis(150 + round);
        let (ended, result) = run("subject_makes_system_calls_for_ever", patience, &mut visit).unwrap();
        assert_eq!((ended.exit, ended.killed), (Exit::Signal(libc::SIGKILL), Some(Killed::TimedOut)));
        // On a busy machine it may not have come to its beginning.
        assert!(result == Ok(()) || come == before, "{result:?}");
    }
    assert!(come > 0);
}
