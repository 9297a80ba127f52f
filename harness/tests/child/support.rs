//! Commands to start, and their results.

use spawncheck::child::{Captured, Command, Ended, Interrupt, Mailbox};
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longer than anything takes that works, on a loaded machine too.
pub(crate) const LONG: Duration = Duration::from_secs(30);
/// Long enough to be waited for.
pub(crate) const SHORT: Duration = Duration::from_millis(200);

/// This executable in a role, with limits that it does not meet.
pub(crate) fn role<A: Into<OsString>>(name: &str, args: impl IntoIterator<Item = A>) -> Command {
    let mut all = vec!["--role".into(), name.into()];
    all.extend(args.into_iter().map(Into::into));
    Command {
        program: std::env::current_exe().unwrap(),
        args: all,
        dir: std::env::temp_dir(),
        env: system(),
        patience: 2 * LONG,
        grace: 2 * LONG,
        keep: 64 << 10,
    }
}

/// Without arguments.
pub(crate) fn plain(name: &str) -> Command {
    role(name, None::<OsString>)
}

/// What a program needs that opens a socket: on Windows the place of the system's libraries.
pub(crate) fn system() -> Vec<(OsString, OsString)> {
    let names = if cfg!(windows) { &["SystemDrive", "SystemRoot"][..] } else { &[] };
    names.iter().filter_map(|name| Some((name.into(), std::env::var_os(name)?))).collect()
}

/// Wine tells its processes where it is.
pub(crate) fn is_wine() -> bool {
    cfg!(windows) && std::env::var_os("WINEPREFIX").is_some()
}

/// Runs it to its end, which must not take long.
#[track_caller]
pub(crate) fn run(command: &Command) -> Ended {
    let started = Instant::now();
    let ended = command.run(None, &Interrupt::new().unwrap(), &mut |_, _| ()).unwrap();
    assert!(started.elapsed() < LONG, "{ended:?}");
    ended
}

/// A mailbox in a folder of its own.
pub(crate) fn mailbox() -> (tempfile::TempDir, Mailbox) {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::new(&folder.path().join("mail")).unwrap();
    (folder, mailbox)
}

pub(crate) fn arg(path: &Path) -> OsString {
    path.as_os_str().into()
}

/// All of a short output.
#[track_caller]
pub(crate) fn text(captured: &Captured) -> String {
    assert_eq!(captured.omitted, 0);
    captured.to_text()
}

/// Copies a program, on Unix by another process: of a file that this one has open to write, a child that another test starts at that
/// moment has the same handle until it runs its own program, and until then nobody can run the file.
pub(crate) fn copy_program(from: &Path, to: &Path) {
    if cfg!(unix) {
        assert!(std::process::Command::new("cp").arg(from).arg(to).status().unwrap().success());
    } else {
        std::fs::copy(from, to).unwrap();
    }
}
