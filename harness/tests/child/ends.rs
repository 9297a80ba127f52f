//! How a child starts and how it ends.

use crate::Case;
use crate::lifeline::Lifeline;
use crate::support::{LONG, arg, copy_program, is_wine, plain, role, run, system, text};
use spawncheck::Exit;
use spawncheck::child::{Interrupt, Killed, Mailbox};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[
    ("exit_code", exit_code),
    ("abort", abort),
    ("arguments_arrive_as_they_are", arguments_arrive_as_they_are),
    ("environment_is_what_was_given", environment_is_what_was_given),
    ("working_directory", working_directory),
    ("relative_program_starts_from_our_directory", relative_program_starts_from_our_directory),
    ("program_and_mailbox_in_odd_places", program_and_mailbox_in_odd_places),
    ("program_not_found", program_not_found),
    ("directory_not_found", directory_not_found),
    ("patience_runs_out", patience_runs_out),
    ("endless_patience", endless_patience),
    ("interrupt_from_another_thread", interrupt_from_another_thread),
    ("interrupt_before_the_start", interrupt_before_the_start),
    ("many_at_once", many_at_once),
    #[cfg(any(target_os = "linux", windows))]
    ("ends_with_the_process_that_started_it", ends_with_the_process_that_started_it),
];

fn exit_code() {
    for code in [0, 1, 100, 255] {
        let ended = run(&role("exit", [code.to_string()]));
        assert_eq!(ended.exit, Exit::Code(code));
        assert_eq!((ended.killed, ended.leak), (None, None));
        assert!(ended.duration < LONG);
    }
}

fn abort() {
    let exit = run(&plain("abort")).exit;
    if cfg!(windows) {
        assert_eq!(exit.to_string(), "exited: 0xC0000409");
    } else {
        assert_eq!(exit.to_string(), "killed: SIGABRT");
    }
}

fn arguments_arrive_as_they_are() {
    let args =
        ["", "a b", "tab\there", r#""quoted""#, r"back\slash\", r#"\\"both\" "#, "ünï", "*", "%PATH%", "^&|"];
    let command = role("args", args);
    let expected: Vec<OsString> = [vec![arg(&command.program)], command.args.clone()].concat();
    assert_eq!(text(&run(&command).stdout), format!("{expected:?}\n"));
}

fn environment_is_what_was_given() {
    let mut command = plain("env");
    command.env.extend([
        ("SPAWNCHECK_TEST_ÄÖÜ".into(), "wert = \"ß\"".into()),
        ("empty".into(), OsString::new()),
        ("MULTI".into(), "a\nb".into()),
    ]);
    let mut expected = command.env.clone();
    expected.sort();
    assert_eq!(text(&run(&command).stdout), format!("{expected:?}\n"));

    // Nothing may be added to an empty one either.
    command.env = system();
    assert_eq!(text(&run(&command).stdout), format!("{:?}\n", command.env));
}

fn working_directory() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = plain("dir");
    command.dir = folder.path().into();
    let printed = text(&run(&command).stdout);
    assert_eq!(Path::new(printed.trim_end()).canonicalize().unwrap(), folder.path().canonicalize().unwrap());
}

fn relative_program_starts_from_our_directory() {
    let is_name = |component: &Component<'_>| matches!(component, Component::Normal(_));
    let here = std::env::current_dir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = role("exit", ["7"]);
    command.program = std::iter::repeat_n(Component::ParentDir, here.components().filter(is_name).count())
        .chain(command.program.components().filter(is_name))
        .collect::<PathBuf>();
    command.dir = folder.path().into();
    assert_eq!(run(&command).exit, Exit::Code(7));
}

/// Names with spaces and of other scripts, and a path that is longer than the 260 units that Windows takes from old programs.
fn program_and_mailbox_in_odd_places() {
    let folder = tempfile::tempdir().unwrap();
    for place in [r"a folder/b %PATH% ^&/c d", "ünï/漢字/🦀", &["long".repeat(20).as_str(); 4].join("/")]
    {
        let place = place.split('/').fold(folder.path().to_owned(), |path, name| path.join(name));
        std::fs::create_dir_all(&place).unwrap();
        let mut mailbox = Mailbox::new(&place.join("the mail")).unwrap();
        let mut command = role("mail", [arg(mailbox.path()), "3".into(), "0".into()]);
        // Wine 8 starts no program that lies that deep.
        if !(is_wine() && place.as_os_str().len() > 260) {
            let copy = place.join("our program.exe");
            copy_program(&command.program, &copy);
            command.program = copy;
        }
        let mut received = Vec::new();
        let mut receive = |bytes: &[u8], _| received.extend_from_slice(bytes);
        let result = command.run(Some(&mut mailbox), &Interrupt::new().unwrap(), &mut receive);
        let ended = result.unwrap_or_else(|error| panic!("{}: {error:?}", place.display()));
        assert_eq!((ended.exit, &*received), (Exit::Code(0), &b"0\n1\n2\n"[..]), "{}", place.display());
    }
}

fn program_not_found() {
    for program in ["no-such-program-anywhere", "./no-such-program-here"] {
        let mut command = plain("exit");
        command.program = program.into();
        let error = command.run(None, &Interrupt::new().unwrap(), &mut |_, _| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{program}");
    }
}

fn directory_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = role("exit", ["0"]);
    command.dir = folder.path().join("missing");
    assert!(command.run(None, &Interrupt::new().unwrap(), &mut |_, _| ()).is_err());
}

fn patience_runs_out() {
    let lifeline = Lifeline::new();
    let mut command = role("hang", [lifeline.address()]);
    command.patience = Duration::from_millis(300);
    let ended = run(&command);
    assert_eq!((ended.killed, ended.leak), (Some(Killed::TimedOut), None));
    assert!(ended.duration >= command.patience);
    assert_eq!(ended.exit.to_string(), if cfg!(windows) { "exited: 1" } else { "killed: SIGKILL" });
}

fn endless_patience() {
    let mut command = role("exit", ["0"]);
    command.patience = Duration::MAX;
    command.grace = Duration::MAX;
    assert_eq!(run(&command).killed, None);
}

fn interrupt_from_another_thread() {
    let lifeline = Lifeline::new();
    let interrupt = Interrupt::new().unwrap();
    assert!(!interrupt.is_raised());
    let started = Instant::now();
    std::thread::scope(|scope| {
        // Several waits share one.
        for _ in 0..3 {
            scope.spawn(|| {
                let command = role("hang", [lifeline.address()]);
                let ended = command.run(None, &interrupt, &mut |_, _| ()).unwrap();
                assert_eq!((ended.killed, ended.leak), (Some(Killed::Interrupted), None));
            });
        }
        let lines = [lifeline.accept(), lifeline.accept(), lifeline.accept()];
        interrupt.clone().raise();
        interrupt.raise();
        lines.into_iter().for_each(|line| line.expect_end());
    });
    assert!(started.elapsed() < LONG);
}

fn interrupt_before_the_start() {
    let lifeline = Lifeline::new();
    let interrupt = Interrupt::new().unwrap();
    interrupt.raise();
    let command = role("hang", [lifeline.address()]);
    let ended = command.run(None, &interrupt, &mut |_, _| ()).unwrap();
    assert_eq!(ended.killed, Some(Killed::Interrupted));
    assert!(ended.duration < LONG);
}

/// One child's pipe must not reach another: its end would not be seen before the other's.
fn many_at_once() {
    std::thread::scope(|scope| {
        for thread in 0..4_u8 {
            scope.spawn(move || {
                for round in 0..5 {
                    let code = thread * 10 + round;
                    let ended = run(&role("exit", [code.to_string()]));
                    assert_eq!((ended.exit, ended.leak), (Exit::Code(code.into()), None));
                }
            });
        }
    });
}

#[cfg(any(target_os = "linux", windows))]
fn ends_with_the_process_that_started_it() {
    let lifeline = Lifeline::new();
    let mut starter = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--role", "start-and-wait", &lifeline.address()])
        .spawn()
        .unwrap();
    let line = lifeline.accept();
    starter.kill().unwrap();
    starter.wait().unwrap();
    line.expect_end();
}
