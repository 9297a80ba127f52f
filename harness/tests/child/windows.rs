//! What only Windows has: consoles.

use crate::Case;
use crate::support::{is_wine, role, run, text};
use std::os::windows::process::CommandExt;
use std::process::Command;
use windows_sys::Win32::System::Threading::DETACHED_PROCESS;

pub(crate) const CASES: &[Case] = &[
    ("ctrl_c_is_not_the_childs", || is_not_the_childs("ctrl-c")),
    ("ctrl_break_is_not_the_childs", || {
        // Wine 8 sends no Ctrl-Break.
        if !is_wine() {
            is_not_the_childs("ctrl-break");
        }
    }),
    ("without_a_console", without_a_console),
];

/// A child that shared our console would end by itself, before we could say that it was interrupted.
fn is_not_the_childs(event: &str) {
    let ended = run(&role("interrupted", [event]));
    assert_eq!(text(&ended.stdout), "Some(Interrupted)\n", "{}", ended.stderr.to_text());
}

/// As under a service: there is nothing that a child could be given, or that it could need.
fn without_a_console() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--role", "relay", "raw"]).creation_flags(DETACHED_PROCESS);
    let output = command.output().unwrap();
    assert_eq!(output.stdout, b"Code(0) a\xff\xfeb\n\0c", "{}", String::from_utf8_lossy(&output.stderr));
}
