//! What roles do in the way of Windows.

use crate::lifeline::Lifeline;
use crate::support::{plain, role, run};
use spawncheck::child::Interrupt;
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::windows::io::{AsHandle, AsRawHandle, FromRawHandle, OwnedHandle};
use std::os::windows::process::CommandExt;
use std::process::Command;
use std::sync::OnceLock;
use windows_sys::Win32::Foundation::{FALSE, HANDLE_FLAG_INHERIT, SetHandleInformation, TRUE};
use windows_sys::Win32::System::Console::{
    AllocConsole, CTRL_BREAK_EVENT, CTRL_C_EVENT, GenerateConsoleCtrlEvent, SetConsoleCtrlHandler,
};
use windows_sys::Win32::System::Threading::DETACHED_PROCESS;
use windows_sys::core::BOOL;

pub(super) fn play(name: &str, args: &[OsString]) {
    match name {
        "interrupted" => interrupted(if args[0] == "ctrl-c" { CTRL_C_EVENT } else { CTRL_BREAK_EVENT }),
        "relay" => {
            let ended = run(&plain(args[0].to_str().unwrap()));
            print!("{:?} ", ended.exit);
            io::stdout().write_all(&ended.stdout.head).unwrap();
        }
        _ => panic!("no role `{name}`"),
    }
}

static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();

/// Starts a child, has our console send an event to all that use it, and says why the child ended.
fn interrupted(event: u32) {
    extern "system" fn handle(_event: u32) -> BOOL {
        INTERRUPT.get().unwrap().raise();
        TRUE
    }
    // There is one already, without a window; but Wine does not always keep what it was asked for there.
    // SAFETY: the call takes nothing, and fails where there is a console.
    unsafe { AllocConsole() };
    let interrupt = INTERRUPT.get_or_init(|| Interrupt::new().unwrap());
    // SAFETY: the handler raises an interrupt, which any thread may do.
    assert_ne!(unsafe { SetConsoleCtrlHandler(Some(handle), TRUE) }, FALSE);
    let lifeline = Lifeline::new();
    std::thread::scope(|scope| {
        let child = scope.spawn(|| role("hang", [lifeline.address()]).run(None, interrupt, &mut |_, _| ()));
        let line = lifeline.accept();
        // SAFETY: the call takes numbers; 0 is everybody at this console.
        assert_ne!(unsafe { GenerateConsoleCtrlEvent(event, 0) }, FALSE, "{}", io::Error::last_os_error());
        line.expect_end();
        println!("{:?}", child.join().unwrap().unwrap().killed);
    });
}

pub(super) fn close_stdout() {
    // SAFETY: nothing in this process writes to it from here on.
    drop(unsafe { OwnedHandle::from_raw_handle(io::stdout().as_raw_handle()) });
}

/// The standard library lets a child inherit all that can be inherited, and our own output can. So does Wine with the
/// host of our console, which lives as long as somebody uses the console.
pub(super) fn detach(child: &mut Command) {
    set_inheritable(&io::stdout(), 0);
    set_inheritable(&io::stderr(), 0);
    child.creation_flags(DETACHED_PROCESS);
}

pub(super) fn make_inheritable(handle: &impl AsHandle) {
    set_inheritable(handle, HANDLE_FLAG_INHERIT);
}

fn set_inheritable(handle: &impl AsHandle, flag: u32) {
    let handle = handle.as_handle().as_raw_handle();
    // SAFETY: the handle is open.
    let done = unsafe { SetHandleInformation(handle, HANDLE_FLAG_INHERIT, flag) };
    assert_ne!(done, 0);
}
