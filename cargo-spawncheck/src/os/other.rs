//! Where there are no subreapers: on Windows each child's job object does the same, elsewhere its process group has to do.

use super::WorkerEnd;
use std::io;

/// The run needs no second process here.
pub(crate) fn supervise() -> io::Result<Option<WorkerEnd>> {
    Ok(None)
}

/// Nobody can.
pub(crate) fn adopt_orphans() -> io::Result<()> {
    Ok(())
}

/// Ends process `root`. What it started sees the same Ctrl-C at the terminal, where there is one.
pub(crate) fn end_tree(root: u32) {
    let mut command = match cfg!(windows) {
        true => std::process::Command::new("taskkill"),
        false => std::process::Command::new("kill"),
    };
    match cfg!(windows) {
        true => command.args(["/T", "/F", "/PID", &root.to_string()]),
        false => command.args(["-KILL", &root.to_string()]),
    };
    // Where it cannot be started, cargo goes on building: nothing more can be done about it.
    let _ = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status();
}

/// Children were ended with their groups or jobs.
pub(crate) fn end_orphans() {}
