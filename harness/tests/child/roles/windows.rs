//! What roles do in the way of Windows.

use std::ffi::OsString;
use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, FromRawHandle, OwnedHandle};
use std::os::windows::process::CommandExt;
use std::process::Command;
use windows_sys::Win32::Foundation::{HANDLE_FLAG_INHERIT, SetHandleInformation};
use windows_sys::Win32::System::Threading::DETACHED_PROCESS;

pub(super) fn play(name: &str, _args: &[OsString]) {
    panic!("no role `{name}`");
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
