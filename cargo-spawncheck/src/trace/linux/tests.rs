//! This very test executable, steered.

mod beside;

use super::super::{Entries, Next, Steering, Stops, Trouble, Visit};
use crate::image::Image;
use spawncheck::Exit;
use spawncheck::child::{Command, Ended, Interrupt, Mailbox};
use std::path::PathBuf;
use std::time::Duration;

/// Where the subjects note that they ran.
const NOTES: &str = "SPAWNCHECK_SUBJECT_NOTES";

/// Tests that are steered by those below; by themselves they say nothing.
mod subject {
    use std::io::Write;
    use std::sync::atomic::{AtomicU32, Ordering};

    static CALLS: AtomicU32 = AtomicU32::new(0);

    fn note(name: &str) {
        let Some(path) = std::env::var_os(super::NOTES) else { return };
        let calls = CALLS.fetch_add(1, Ordering::Relaxed);
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
        // At once: another test may do so at the same time.
        file.write_all(format!("{name}{calls} ").as_bytes()).unwrap();
    }

    #[test]
    fn a() {
        note("a");
    }

    #[test]
    fn b() {
        note("b");
    }

    #[test]
    #[should_panic(expected = "as it should")]
    fn c() {
        note("c");
        panic!("as it should");
    }

    /// Waits for the other one, which is on another thread.
    fn meet(name: &str) {
        static MET: AtomicU32 = AtomicU32::new(0);
        if std::env::var_os(super::NOTES).is_none() {
            return;
        }
        MET.fetch_add(1, Ordering::SeqCst);
        let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while MET.load(Ordering::SeqCst) < 2 {
            assert!(std::time::Instant::now() < until, "nobody came");
            std::thread::yield_now();
        }
        note(name);
    }

    #[test]
    fn f() {
        meet("f");
    }

    #[test]
    fn g() {
        meet("g");
    }

    /// Forks a process that outlives the test, and notes its number.
    #[test]
    fn e() {
        if std::env::var_os(super::NOTES).is_none() {
            return;
        }
        let (read, write) = nix::unistd::pipe().unwrap();
        // SAFETY: the child only makes system calls, and waits for a signal.
        match unsafe { nix::unistd::fork() }.unwrap() {
            nix::unistd::ForkResult::Child => loop {
                let _ = nix::unistd::write(&write, b"!");
                nix::unistd::pause();
            },
            nix::unistd::ForkResult::Parent { child } => {
                // Once it runs, whoever traces this process has seen it.
                nix::unistd::read(&read, &mut [0]).unwrap();
                note(&format!("{child}:"));
            }
        }
    }

    /// Has threads, a fork, an exec and a breakpoint of its own.
    #[test]
    fn d() {
        note("d");
        let threads: Vec<_> = (0..20).map(|_| std::thread::spawn(|| ())).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!(std::process::Command::new("true").status().unwrap().success());
        extern "C" fn handler(_: nix::libc::c_int) {
            CALLS.fetch_add(100, Ordering::Relaxed);
        }
        let before = CALLS.load(Ordering::Relaxed);
        // SAFETY: the handler adds to an atomic; the child of the fork ends at once.
        unsafe {
            nix::libc::signal(nix::libc::SIGTRAP, handler as *const () as nix::libc::sighandler_t);
            nix::libc::raise(nix::libc::SIGTRAP);
            match nix::unistd::fork().unwrap() {
                nix::unistd::ForkResult::Child => nix::libc::_exit(0),
                nix::unistd::ForkResult::Parent { child } => {
                    nix::sys::wait::waitpid(child, None).unwrap();
                }
            }
        }
        assert_eq!(CALLS.load(Ordering::Relaxed), before + 100);
    }
}

/// Runs subjects, by their letters, in one process; what they noted, how it ended, and whether it could be steered.
fn steer(order: &str, visit: Option<&mut Visit<'_>>) -> (String, Ended, Result<(), Trouble>) {
    let stops = if visit.is_some() { Stops::Each } else { Stops::Never };
    steer_on(1, order, stops, visit)
}

/// The same on so many threads.
fn steer_on(
    threads: usize,
    order: &str,
    stops: Stops,
    visit: Option<&mut Visit<'_>>,
) -> (String, Ended, Result<(), Trouble>) {
    let folder = tempfile::tempdir().unwrap();
    let executable = std::env::current_exe().unwrap();
    let entries = Entries::of(&Image::open(&executable, &Entries::keep).unwrap()).unwrap();
    let list = std::process::Command::new(&executable).args(["--list", "--format=terse"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let names: Vec<_> = list.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let index = |letter| {
        let name = format!("trace::linux::tests::subject::{letter}");
        names.iter().position(|known| *known == name).unwrap_or_else(|| panic!("{name} in {names:?}"))
    };
    let order: Vec<usize> = order.chars().map(index).collect();
    let notes = folder.path().join("notes");
    let env = std::env::vars_os().chain([(NOTES.into(), notes.clone().into())]).collect();
    let command = Command {
        program: executable,
        args: vec![format!("--test-threads={threads}").into()],
        dir: PathBuf::from("."),
        env,
        patience: Duration::from_secs(60),
        grace: Duration::from_millis(100),
        keep: 1 << 16,
    };
    let mut mailbox = Mailbox::new(&folder.path().join("mail")).unwrap();
    let steering =
        Steering { entries: &entries, order: &order, table: names.len(), stops, watch: visit.is_some() };
    let mut nothing = |_: usize, _: &mut super::Stopped<'_>| Ok(Next::Run);
    let (ended, result) = super::run(
        &command,
        &mut mailbox,
        &Interrupt::new().unwrap(),
        &mut |_, _| {},
        &steering,
        visit.unwrap_or(&mut nothing),
    )
    .unwrap();
    (std::fs::read_to_string(notes).unwrap_or_default(), ended, result)
}

#[track_caller]
fn check(order: &str, visit: Option<&mut Visit<'_>>, expected: &str) {
    let (notes, ended, result) = steer(order, visit);
    assert_eq!((notes.as_str(), ended.exit, result), (expected, Exit::Code(0), Ok(())), "{ended:?}");
}

#[test]
fn any_sequence() {
    check("a", None, "a0 ");
    check("cba", None, "c0 b1 a2 ");
    check("abdba", None, "a0 b1 d2 b103 a104 ");
    let many = "ab".repeat(500);
    let expected: String =
        many.chars().enumerate().map(|(index, letter)| format!("{letter}{index} ")).collect();
    check(&many, None, &expected);
}

#[test]
fn a_stop_at_each_test() {
    let mut seen = Vec::new();
    let mut visit = |index: usize, stopped: &mut super::Stopped<'_>| {
        let pid = stopped.syscall(nix::libc::SYS_getpid, [0; 6])?;
        assert_eq!(pid, stopped.pid() as u64);
        seen.push(index);
        Ok(if index == 1 { Next::Skip } else { Next::Run })
    };
    check("abdca", Some(&mut visit), "a0 d1 c102 a103 ");
    assert_eq!(seen, [0, 1, 2, 3, 4]);
}

#[test]
fn two_go_on_together() {
    for order in ["fg", "gf"] {
        let (notes, ended, result) = steer_on(2, order, Stops::Together { lead: 0 }, None);
        assert!(["f0 g1 ", "g0 f1 ", "f1 g0 ", "g1 f0 "].contains(&&*notes), "{notes} {ended:?}");
        assert_eq!((ended.exit, result), (Exit::Code(0), Ok(())), "{ended:?}");
    }
    // By itself, a test goes on at once.
    let (notes, ended, result) = steer_on(1, "a", Stops::Together { lead: 0 }, None);
    assert_eq!((notes.as_str(), ended.exit, result), ("a0 ", Exit::Code(0), Ok(())), "{ended:?}");
}

#[test]
fn a_fork_has_no_breakpoints() {
    let executable = std::env::current_exe().unwrap();
    let entries = Entries::of(&Image::open(&executable, &Entries::keep).unwrap()).unwrap();
    let mut forks = Vec::new();
    let mut visit = |_: usize, stopped: &mut super::Stopped<'_>| {
        // Under the thread that forked it, or under the first one after that has ended.
        let tasks = std::fs::read_dir(format!("/proc/{}/task", stopped.pid())).unwrap();
        let lists = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
        let text: String = lists.collect();
        for child in text.split_whitespace() {
            let memory = std::fs::File::open(format!("/proc/{child}/mem")).unwrap();
            let mut byte = [0];
            let at = stopped.base() + entries.stops[0];
            std::os::unix::fs::FileExt::read_exact_at(&memory, &mut byte, at).unwrap();
            let mut planted = [0];
            stopped.read(at, &mut planted).unwrap();
            forks.push((byte != planted, child.to_owned()));
            nix::sys::signal::kill(
                nix::unistd::Pid::from_raw(child.parse().unwrap()),
                nix::sys::signal::SIGKILL,
            )
            .unwrap();
        }
        Ok(Next::Run)
    };
    let (notes, _, result) = steer("aeb", Some(&mut visit));
    assert_eq!(result, Ok(()));
    assert_eq!(forks.len(), 1, "{notes}");
    assert!(forks[0].0, "the fork has the breakpoint of its parent");
    assert_eq!(notes, format!("a0 {}:1 b2 ", forks[0].1));
}

/// Set in a process that steers until it is killed.
const STEERS: &str = "SPAWNCHECK_STEERS_UNTIL_KILLED";

#[test]
fn steers_until_killed() {
    while std::env::var_os(STEERS).is_some() {
        let mut visit = |_: usize, _: &mut super::Stopped<'_>| Ok(Next::Run);
        let _ = steer(&"abd".repeat(20), Some(&mut visit));
    }
}

#[test]
fn nobody_survives_the_tracer() {
    let name = "trace::linux::tests::steers_until_killed";
    for delay in (0..40).map(|step| Duration::from_millis(step * 5)) {
        let mark = format!("{}-{}", std::process::id(), delay.as_millis());
        let mut tracer = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(STEERS, &mark)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Any moment will do; the later ones are within a steered run.
        std::thread::sleep(delay);
        tracer.kill().unwrap();
        tracer.wait().unwrap();
        let until = std::time::Instant::now() + Duration::from_secs(20);
        while let Some(survivor) = marked(&mark) {
            assert!(std::time::Instant::now() < until, "{survivor} survives");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A process that has `mark` in its environment, and is not just a remainder.
fn marked(mark: &str) -> Option<String> {
    let mark = format!("{STEERS}={mark}\0");
    let is_marked = |pid: &str| {
        let environ = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environ.windows(mark.len()).any(|window| window == mark.as_bytes())
    };
    let entries =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    entries.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).find(|pid| is_marked(pid))
}

#[test]
fn trouble_ends_the_process() {
    let mut visit = |_: usize, _: &mut super::Stopped<'_>| Err(Trouble("no".into()));
    let (notes, ended, result) = steer("ab", Some(&mut visit));
    assert_eq!((notes.as_str(), result), ("", Err(Trouble("no".into()))));
    assert_eq!(ended.exit, Exit::Signal(nix::libc::SIGKILL));
}
